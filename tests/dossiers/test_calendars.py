"""Days of the whole country, decided at the nation's node, hold at every other and move the due dates there."""

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from motcua.demo.carrying import message_of
from motcua.demo.nodes import NODES, RIGHTS
from motcua.dossiers import calendars, tasks
from motcua.dossiers.models import Dossier
from motcua.dossiers.reactions.calendar import take_days
from motcua.exchange.messages import HANDLERS, Unfit
from motcua.exchange.models import DirectoryVersion, Outbox
from motcua.journal.models import Entry
from motcua.organisations import actions as organisations
from motcua.organisations.models import CalendarDay, calendar_for
from tests import given
from tests.post import run_jobs, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_node(settings, monkeypatch):
    """Be the node of this name; each stands in the same database, so what one decided is taken away before the other is asked."""
    monkeypatch.setattr(calendars, "one_a_node", lambda kind, *, sender: [one.agency for one in NODES])

    def become(name):
        node = next(one for one in NODES if one.name == name)
        settings.NODE = settings.NODE.model_copy(update={"agency": node.agency, "agencies": node.agencies})

    return become


def told():
    """The messages that go to the province, in order; the others' are dropped."""
    rows = Outbox.objects.filter(kind=calendars.KIND).order_by("position")
    found = [message_of(row) for row in rows if row.recipient == "H38"]
    rows.delete()
    return found


def test_a_day_of_the_whole_country_moves_the_due_dates_of_a_province(as_node):
    dossier = given.dossier(at="accepted")
    due = calendar_for(given.SA_PA).on_or_after(timezone.localdate(dossier.due_at))
    settle()
    as_node("vpcp")
    off = {"date": due, "agency": None, "works": False, "name_vi": "Nghỉ bù", "source": "Công điện"}
    decided = organisations.set_day(CalendarDay(**off), by=given.actor("soan"))
    run_jobs()
    assert {row.recipient for row in Outbox.objects.filter(kind=calendars.KIND)} == {
        "H38",
        "G15",
        "G01",
        "G24",
    }
    (message,) = told()
    assert (message.sender, message.stream) == ("G22", "calendar:G22")
    decided.delete()
    Dossier.objects.filter(pk=dossier.pk).update(due_at=dossier.due_at)
    # At the province: it is kept, due dates move, nothing is told on; the same message once more changes nothing.
    as_node("laocai")
    for _time in range(2):
        HANDLERS[calendars.KIND](message)
        settle()
    held = CalendarDay.objects.get(agency=None, date=due)
    dossier.refresh_from_db()
    assert (held.works, held.name_vi, timezone.localdate(dossier.due_at) > due) == (False, "Nghỉ bù", True)
    assert Entry.objects.filter(about=held.urn, event="organisations.DaySet").count() == 2  # one at each node
    assert not told()
    # The nation takes it back.
    as_node("vpcp")
    organisations.clear_day(held, by=given.actor("soan"))
    run_jobs()
    (message,) = told()
    CalendarDay.objects.create(**off)
    as_node("laocai")
    HANDLERS[calendars.KIND](message)
    settle()
    dossier.refresh_from_db()
    assert timezone.localdate(dossier.due_at) == due
    assert not CalendarDay.objects.filter(agency=None, date=due).exists()


def test_a_province_tells_of_no_day_of_the_country_and_believes_none_but_the_nation():
    body = {"year": 2027, "days": []}
    message = SimpleNamespace(sender="H38", json=lambda: body)
    with pytest.raises(Unfit, match="cơ quan trung ương"):
        take_days(message)
    message.sender = "G22"
    whole = {"works": False, "name_vi": "Nghỉ", "name_en": "", "source": "x"}
    for wrong in (
        {"date": "2027-02-30"},
        {"date": "2027-02-28", "works": True},
        {"date": "2028-01-01", **whole},
    ):
        body["days"] = [wrong]
        with pytest.raises(Unfit):
            take_days(message)
    assert ("G22", calendars.KIND, "*") in RIGHTS
    assert {kind for sender, kind, _to in RIGHTS if sender != "G22"}.isdisjoint({calendars.KIND})


def test_a_node_that_joins_later_gets_the_whole_calendar_also_what_was_withdrawn_before(as_node):
    """The nation decided a day in two years and withdrew a holiday long ago; the newcomer loaded what the law says."""
    year = timezone.localdate().year
    given.country()
    organisations.load_coming_years(by=given.SYSTEM)
    held = CalendarDay.objects.filter(agency=None, date__year__gte=year)
    law = list(held)
    withdrawn, later = held.get(date=f"{year + 1}-01-01"), date(year + 2, 5, 4)
    DirectoryVersion.objects.update(at=timezone.now() - timedelta(days=1))
    as_node("vpcp")
    organisations.clear_day(withdrawn, by=given.actor("soan"))
    off = {"agency": None, "works": False, "name_vi": "Nghỉ", "source": "Công điện"}
    organisations.set_day(CalendarDay(date=later, **off), by=given.actor("soan"))
    run_jobs()
    told()
    tasks.newcomers(0)
    assert not told()  # nobody has joined
    DirectoryVersion.objects.create(version=10**6, text=b"", at=timezone.now())
    tasks.newcomers(0)
    messages, nation = told(), list(held.order_by("date").values_list("date", flat=True))
    held.delete()
    CalendarDay.objects.bulk_create(law)
    as_node("laocai")
    for message in messages:
        HANDLERS[calendars.KIND](message)
    assert list(held.order_by("date").values_list("date", flat=True)) == nation
    assert (withdrawn.date in nation, later in nation) == (False, True)


def test_every_night_the_coming_year_has_its_holidays_and_other_nodes_know_them(as_node):
    """A node that came later, or that missed a message, knows all days of the year with the next one."""
    year = timezone.localdate().year + 1
    given.country()
    days = CalendarDay.objects.filter(agency=None, date__year=year)
    days.delete()
    by_hand = {"agency": None, "works": False, "name_vi": "Nghỉ thêm", "source": "Công điện"}
    CalendarDay.objects.create(date=f"{year}-03-03", **by_hand)
    as_node("vpcp")
    tasks.calendar(0)
    run_jobs()
    message = told()[-1]
    assert [day["date"] for day in json.loads(message.body)["days"][:1]] == [f"{year}-01-01"]
    assert days.filter(date=f"{year}-03-03").exists()
    # What was withdrawn stays so: a year that has its holidays is left alone.
    days.get(date=f"{year}-01-01").delete()
    as_node("laocai")
    tasks.calendar(0)
    assert not days.filter(date=f"{year}-01-01").exists()
    assert not told()
    # A node that has missed a message: what the nation has withdrawn does not hold there, of this year alone.
    others = CalendarDay.objects.exclude(date__year=year).count()
    CalendarDay.objects.create(date=f"{year}-04-04", **by_hand)
    HANDLERS[calendars.KIND](message)
    held = [day.isoformat() for day in days.order_by("date").values_list("date", flat=True)]
    assert held == [day["date"] for day in json.loads(message.body)["days"]]
    assert others == CalendarDay.objects.exclude(date__year=year).count() > 0
