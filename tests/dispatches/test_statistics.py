"""The tables the country prints, counted from the journal: documents, electronic, signed how, with which faults, how soon."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given as drawn
from hypothesis import strategies as st
from openpyxl import load_workbook

from motcua.dispatches import actions
from motcua.dispatches.models import Incoming
from motcua.dispatches.statistics import Period, counted, percent, total
from motcua.documents.verification import Fault
from motcua.journal.models import Entry
from motcua.organisations.models import Agency
from tests import given
from tests.dispatches.conftest import clerk_there, head_there, issued, there


def numbers(*codes, period=""):
    return counted(Agency.objects.filter(code__in=codes), Period.read(period, timezone.localdate()))


def test_what_went_and_came_is_counted_with_its_signatures():
    issued()
    lines = {one.code: one for one in numbers(given.SA_PA, given.BAC_HA)}
    sent, received = lines[given.SA_PA], lines[given.BAC_HA]
    assert (sent.sent, sent.sent_electronic, sent.percent_electronic, sent.received) == (1, 1, 100.0, 0)
    assert (received.received, received.both, received.percent_signed, received.percent_both) == (
        1,
        1,
        100.0,
        100.0,
    )
    assert received.seconds_to_register is None


def test_what_bears_no_signature_is_counted_as_such_with_its_fault():
    issued()
    bare = {
        "name": "a.pdf",
        "check": {"signed": [], "faults": [Fault.UNSIGNED.value], "breaches": ["seal_missing"]},
    }
    person = {"name": "b.pdf", "check": {"signed": ["personal"], "faults": [], "breaches": ["seal_missing"]}}
    for place, files in enumerate([[bare], [person], []]):
        actions.arrive(
            Incoming(
                agency=given.BAC_HA, sender=given.SA_PA, subject="x", message=f"{place:064x}", files=files
            ),
            by=given.SYSTEM,
        )
    (line,) = numbers(given.BAC_HA)
    assert (line.received, line.signed, line.personal, line.seal, line.both) == (4, 2, 1, 0, 1)
    assert line.percent_signed == 50.0
    assert line.faults["seal_missing"] == 2
    assert line.faults[Fault.UNSIGNED.value] == 1


def test_how_soon_it_was_entered_and_done_and_what_was_late():
    issued()
    issued()
    first, second = Incoming.objects.order_by("arrived_at")
    for one in (first, second):
        actions.register(one, by=clerk_there())
    past = timezone.now() - timedelta(hours=1)
    actions.assign(second, by=head_there(), to=given.account("man"), instruction="Làm.", due_at=past)
    actions.finish(second, by=head_there())
    (line,) = numbers(given.BAC_HA)
    assert (line.registered, line.done, line.late) == (2, 1, 1)
    assert line.seconds_to_register is not None
    assert line.seconds_to_register > 0 < line.seconds_to_done
    assert total([line, line]).registered == 4


def test_another_month_counts_nothing():
    issued()
    assert numbers(given.SA_PA, given.BAC_HA, period="2020-01") == []


@drawn(st.text(max_size=12), st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_any_text_names_a_period(typed, today):
    period = Period.read(typed, today)
    assert period.first < period.after
    assert Period.read(str(period), today) == period


def test_shares_are_printed_with_two_digits():
    assert [percent(8853, 10000), percent(179, 1000), percent(0, 0)] == [88.53, 17.9, None]


def test_the_page_and_the_workbook_say_the_same():
    issued()
    clerk = given.signed_in(given.CLERK)
    page = clerk.get(reverse("desk:document_numbers"))
    assert page.context["whole"].sent == 1
    assert "100,00 %" in page.content.decode()
    book = load_workbook(io.BytesIO(clerk.get(reverse("desk:document_table")).content))
    heads, line = list(book.worksheets[0].values)
    assert dict(zip(heads, line, strict=True))["Văn bản đi"] == 1
    assert line[0] == given.SA_PA


def test_the_province_sees_those_below_it_and_a_commune_only_itself():
    issued()
    above = given.signed_in("phong").get(reverse("desk:document_numbers")).context["lines"]
    assert {one.code for one in above} == {given.SA_PA, given.BAC_HA}
    own = given.signed_in(given.CLERK).get(reverse("desk:document_numbers")).context["lines"]
    assert [one.code for one in own] == [given.SA_PA]


@pytest.mark.parametrize("typed", ["", "2026-13", "abc", "0000", "9999", "9999-12", "２０２６"])
def test_rubbish_for_a_period_is_the_present_month_or_a_period(typed):
    clerk = given.signed_in(given.CLERK)
    assert clerk.get(reverse("desk:document_numbers"), {"period": typed}).status_code == 200


def test_it_is_counted_from_the_journal_alone():
    issued()
    entries = Entry.objects.of("dispatches.DispatchArrived", "dispatches.DispatchIssued").count()
    Incoming.objects.update(files=[])
    assert entries == 2
    assert there().signatures == ""
    assert numbers(given.BAC_HA)[0].both == 1
