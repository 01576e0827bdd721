"""The one new date of a late dossier: form 04, who hears of it, and that there is no second."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.extensions import Extension
from motcua.dossiers.models import Application, Dossier
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.notices.models import Notice
from motcua.organisations.models import calendar_for
from motcua.tracking.models import Tracked
from tests import given
from tests.documents import reading
from tests.post import settle

pytestmark = pytest.mark.django_db

WHY = "Cơ sở dữ liệu dân cư bảo trì.\nChúng tôi chưa nhận được xác nhận."


@pytest.fixture
def accepted():
    given.keys()
    return given.dossier(at="accepted")


def later(dossier, days=20):
    return calendar_for(dossier.agency).on_or_after(timezone.localdate(dossier.due_at) + timedelta(days=days))


def extended(dossier, **about):
    return actions.extend(
        dossier, **{"by": given.officer("chair"), "on": later(dossier), "reason": WHY} | about
    )


def test_the_chair_names_one_new_date_and_form_04_is_signed(accepted):
    was = accepted.due_at
    extension = extended(accepted)
    accepted.refresh_from_db()
    document = Document.objects.about(accepted).get(kind="apology")
    assert accepted.due_at == extension.due_at == calendar_for(given.SA_PA).closes(later_than(was))
    assert (extension.number, extension.was_due_at, document.state) == (1, was, "signed")
    assert len(document.signatures) == 2


def later_than(was):
    return calendar_for(given.SA_PA).on_or_after(timezone.localdate(was) + timedelta(days=20))


def test_form_04_says_what_the_law_wants_said(accepted):
    extended(accepted)
    document = Document.objects.about(accepted).get(kind="apology")
    said = reading.text(document.content())
    wanted = [
        "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        "Số: 1/PXL",
        accepted.code,
        "Trần Hạ Mây",
        "Cơ sở dữ liệu dân cư bảo trì.",
    ]
    assert [line for line in wanted if line.replace(" ", "") not in said] == []
    assert reading.media_box(document.content()) == [0, 0, 148, 210]


def test_the_applicant_the_portal_and_the_country_hear_of_it(accepted):
    extension = extended(accepted)
    settle()
    application = Application.objects.get(pk=accepted.pk)
    assert application.due_at == extension.due_at == Tracked.objects.get(pk=accepted.pk).due_at
    assert list(application.attachments.filter(kind="apology").values_list("paper", flat=True)) == ["apology"]
    told = Notice.objects.get(code="dossiers.extended")
    assert told.subject.startswith(f"Hồ sơ {accepted.code} bị trễ")
    assert told.body.count("Cơ sở dữ liệu dân cư bảo trì.") == 1


def test_a_second_new_date_is_refused_in_words_and_by_the_database(accepted):
    first = extended(accepted)
    with pytest.raises(Invalid, match="Pháp luật không cho hẹn lại lần hai"):
        extended(accepted, on=later(accepted, 40))
    copy = Extension.objects.get(pk=first.pk)
    copy.pk, copy.number = None, 2
    with pytest.raises(IntegrityError, match="dossier_id"), transaction.atomic():
        copy.save(force_insert=True)
    assert Dossier.objects.get(pk=accepted.pk).due_at == first.due_at


def test_only_the_chair_and_not_about_their_own(accepted):
    with pytest.raises(Refused):
        extended(accepted, by=given.officer("registrar"))
    Dossier.objects.filter(pk=accepted.pk).update(applicant_number=given.BY_KEY["lua"].number)
    with pytest.raises(Refused):
        extended(accepted)


def test_not_before_it_is_received_nor_after_it_ended():
    given.keys()
    arrived = given.dossier()
    with pytest.raises(NotNow):
        actions.extend(arrived, by=given.officer("chair"), on=date(2030, 1, 2), reason=WHY)


@pytest.mark.parametrize(
    ("days", "words"), [(0, "sau hôm nay và sau ngày đã hẹn"), (-5, "sau hôm nay và sau ngày đã hẹn")]
)
def test_the_new_date_comes_after_the_old(accepted, days, words):
    on = timezone.localdate(accepted.due_at) + timedelta(days=days)
    with pytest.raises(Invalid, match=words):
        extended(accepted, on=on)
    assert not Extension.objects.exists()


def test_the_new_date_is_a_working_day(accepted):
    day = timezone.localdate(accepted.due_at) + timedelta(days=7)
    sunday = day + timedelta(days=7 - day.isoweekday())
    with pytest.raises(Invalid, match="không làm việc ngày đó"):
        extended(accepted, on=sunday)


def test_without_a_reason_nothing_changes(accepted):
    with pytest.raises(Invalid):
        extended(accepted, reason=" ")
    assert (Extension.objects.count(), Document.objects.filter(kind="apology").count()) == (0, 0)


@pytest.mark.parametrize(("hours", "in_time"), [(48, True), (0, False), (-48, False)])
def test_the_journal_says_whether_the_apology_came_a_day_before(accepted, hours, in_time):
    Dossier.objects.filter(pk=accepted.pk).update(due_at=timezone.now() + timedelta(hours=hours))
    accepted.refresh_from_db()
    extended(accepted)
    (entry,) = Entry.objects.about(accepted).filter(event="dossiers.TermExtended")
    assert entry.facts["in_time"] == in_time


def test_numbers_count_up_within_the_year(accepted):
    other = given.dossier("suoi", at="accepted")
    assert [extended(one).notation for one in (accepted, other)] == ["1/PXL", "2/PXL"]
