"""Until a dossier is received the desk has a clock of its own: a working day to receive it, or to say why not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.models import Application, Dossier
from motcua.journal.models import Entry
from motcua.notices.models import Notice
from motcua.organisations import actions as organisations
from motcua.organisations.models import CalendarDay, calendar_for
from tests import given
from tests.desk.conftest import arrived  # noqa: F401 — dossiers on the desks of Sa Pa
from tests.post import settle

pytestmark = pytest.mark.django_db


def a_working_day_from(moment):
    return calendar_for(given.SA_PA).add(moment, 8)


def received_in(dossier, hours):
    """To be received so many working hours from now."""
    by = calendar_for(dossier.agency).add(timezone.now(), hours)
    Dossier.objects.filter(pk=dossier.pk).update(receive_by=by)


def told():
    found = Notice.objects.filter(code="dossiers.receive_soon").order_by("recipient__name")
    return list(found.values_list("recipient__name", flat=True))


def test_what_arrives_is_to_be_received_within_a_working_day_and_has_no_legal_term_yet(arrived):  # noqa: F811
    (dossier,) = arrived()
    assert (dossier.receive_by, dossier.due_at) == (a_working_day_from(dossier.arrived_at), None)
    later = dossier.receive_by + timedelta(minutes=1)
    assert list(Dossier.objects.unreceived(later)) == [dossier]
    assert list(Dossier.objects.overdue(later)) == []
    actions.accept(dossier, by=given.officer("receiver"))
    dossier.refresh_from_db()
    assert (dossier.deadline, list(Dossier.objects.unreceived(later))) == (dossier.due_at, [])


def test_what_was_added_before_receipt_begins_a_new_working_day(arrived):  # noqa: F811
    (dossier,) = arrived()
    actions.request_supplement(dossier, by=given.officer("receiver"), reason="Thiếu giấy chứng sinh.")
    assert not Dossier.objects.unreceived(timezone.now() + timedelta(days=9))
    later = timezone.now() + timedelta(days=7)
    actions.resume(dossier, by=given.SYSTEM, papers=[], note="", sent_at=later)
    assert dossier.receive_by == a_working_day_from(later)


def test_a_day_off_moves_it_and_the_applicant_sees_it_at_once():
    dossier = given.dossier()
    was = dossier.receive_by
    day = CalendarDay(date=timezone.localdate(was), agency=given.agency(), works=False, name_vi="Mất điện")
    organisations.set_day(day, by=given.SYSTEM)
    settle()
    dossier.refresh_from_db()
    assert dossier.receive_by > was
    assert dossier.receive_by == a_working_day_from(dossier.arrived_at)
    application = Application.objects.get(pk=dossier.pk)
    assert (application.receive_by, application.state) == (dossier.receive_by, dossier.state)
    assert Entry.objects.about(dossier).of("dossiers.ReceptionMoved").count() == 1


def test_who_receives_is_warned_two_hours_before_once(arrived):  # noqa: F811
    soon, later = arrived(2)
    received_in(soon, 1.9)
    received_in(later, 2.2)
    given.officer("receiver")
    given.officer("registrar")
    assert [actions.warn_all(by=given.SYSTEM) for _time in range(2)] == [1, 0]
    assert told() == ["Phạm Thu Sương"]
    notice = Notice.objects.get(code="dossiers.receive_soon")
    assert (notice.about, notice.subject[:25]) == (soon.urn, "Hồ sơ cần được tiếp nhận ")
    actions.accept(soon, by=given.officer("receiver"))
    due = calendar_for(given.SA_PA).add(timezone.now(), 5)
    Dossier.objects.filter(pk=soon.pk).update(due_at=due)
    assert (actions.warn_all(by=given.SYSTEM), Notice.objects.filter(code="dossiers.due_soon").count()) == (
        1,
        1,
    )


def test_many_days_off_move_many_with_as_many_statements_as_one(arrived):  # noqa: F811
    def statements(count):
        made = arrived(count)
        CalendarDay.objects.update_or_create(
            date=timezone.localdate(made[0].receive_by),
            agency=None,
            defaults={"works": False, "name_vi": "Mất điện", "edited_at": timezone.now()},
        )
        with CaptureQueriesContext(connection) as queries:
            actions.follow_calendar("", by=given.SYSTEM)
        return len(queries)

    assert statements(1) == statements(20)
