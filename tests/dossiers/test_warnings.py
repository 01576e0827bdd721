"""A working day before time is up, whoever holds the dossier is told, once."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.notices.models import Notice
from motcua.organisations.models import Post, calendar_for
from motcua.people import actions as people
from motcua.people.models import Substitution
from tests import given
from tests.desk.conftest import accepted, arrived  # noqa: F401 — dossiers on the desks of Sa Pa

pytestmark = pytest.mark.django_db


def due_in(dossier, hours):
    """Due so many working hours from now."""
    due = calendar_for(dossier.agency).add(timezone.now(), hours)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=due)


def warn():
    return actions.warn_all(by=given.SYSTEM)


def told():
    return sorted(Notice.objects.filter(code="dossiers.due_soon").values_list("recipient__name", flat=True))


def test_who_holds_the_step_is_warned_a_working_day_before(accepted):  # noqa: F811
    soon, later = accepted(1, 1)
    due_in(soon, 7.9)
    due_in(later, 8.2)
    given.officer("registrar")
    assert (warn(), told()) == (1, ["Đỗ Minh Lâm"])
    assert Notice.objects.get(code="dossiers.due_soon").link == f"/desk/dossiers/{soon.pk}/"
    assert Entry.objects.of("dossiers.OfficersWarned").get().about == soon.urn


def test_each_due_date_is_warned_of_once(accepted):  # noqa: F811
    (dossier,) = accepted(1)
    given.officer("registrar")
    due_in(dossier, 5)
    assert (warn(), warn(), len(told())) == (1, 0, 1)
    due_in(dossier, 6)
    assert (warn(), len(told())) == (1, 2)


def test_who_stands_in_for_an_officer_who_is_away_is_warned_too(accepted):  # noqa: F811
    (dossier,) = accepted(1)
    due_in(dossier, 5)
    away, today = given.officer("registrar"), timezone.localdate()
    post = given.account("lam").appointments.get(post__role="registrar")
    lent = Substitution(
        appointment=post, stand_in=given.account("suong"), since=today, until=today, reason="Họp."
    )
    people.stand_in(lent, by=away)
    assert (warn(), told()) == (1, ["Phạm Thu Sương", "Đỗ Minh Lâm"])
    people.end_substitution(lent, by=away)
    due_in(dossier, 6)
    assert (warn(), told()[-2:]) == (1, ["Đỗ Minh Lâm"] * 2)


def test_what_lies_elsewhere_is_watched_by_who_examines_it_and_what_was_given_to_one_by_that_one(accepted):  # noqa: F811
    given_away, elsewhere, unheld = made = accepted(1, 1, 1)
    registrar, second, specialist = given.officer("registrar"), given.account("suong"), given.actor("dua")
    post = Post.objects.get(agency=given.SA_PA, role="registrar")
    people.appoint(post, by=given.officer("administrator"), account=second, since=timezone.localdate())
    actions.assign(given_away, by=registrar, to=second, reason="Bạn biết việc này.")
    Dossier.objects.filter(pk__in=[elsewhere.pk, unheld.pk]).update(turns=[])
    for dossier, role in ((elsewhere, "specialist"), (unheld, "accountant")):
        dossier.steps.filter(role="registrar").update(role=role)
    chair = given.officer("chair")
    for dossier in made:
        due_in(dossier, 5)
    assert warn() == 3
    notices = Notice.objects.filter(code="dossiers.due_soon").values_list("about", "recipient__name")
    assert dict(notices) == {
        given_away.urn: second.name,
        elsewhere.urn: specialist.name,
        unheld.urn: chair.name,
    }
    assert len(notices) == 3


@pytest.mark.parametrize("hours", [-1, 100])
def test_what_is_late_or_far_off_is_not_warned_of(accepted, hours):  # noqa: F811
    (dossier,) = accepted(1)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=timezone.now() + timedelta(days=hours))
    assert warn() == 0


def test_what_stands_still_is_not_warned_of(accepted):  # noqa: F811
    (dossier,) = accepted(1)
    due_in(dossier, 5)
    actions.request_supplement(dossier, by=given.officer("registrar"), reason="Thiếu giấy chứng sinh.")
    assert warn() == 0


def test_in_the_morning_of_the_third_working_day_the_examiner_hears_that_it_is_the_last_for_form_02(accepted):  # noqa: F811
    """Received on a Friday, so that the third working day is the Wednesday; on the Monday, the Thursday."""
    given.officer("registrar")
    zone = calendar_for(given.SA_PA).zone

    def received(day, count=1):
        made = accepted(*[40] * count)
        Dossier.objects.filter(pk__in=[one.pk for one in made]).update(
            accepted_at=datetime(2026, 11, day, 10, tzinfo=zone)
        )
        return made

    def told(day, hour=8):
        with CaptureQueriesContext(connection) as queries:
            actions.remind_to_ask(datetime(2026, 11, day, hour, tzinfo=zone), by=given.SYSTEM)
        found = Notice.objects.filter(code="dossiers.ask_today")
        return sorted(found.values_list("about", "recipient__name")), len(queries)

    (due, asked), _later = received(6, 2), received(9)
    Dossier.objects.filter(pk=asked.pk).update(supplements_asked=1)
    assert [told(*now)[0] for now in ((10, 8), (11, 6), (11, 11), (14, 8))] == [[]] * 4
    only, statements = told(11)
    assert only == told(11, 9)[0] == [(due.urn, "Đỗ Minh Lâm")]
    assert "mẫu 02 phải gửi trước 17:00" in Notice.objects.get(code="dossiers.ask_today").body
    received(6, 5)
    assert (len(told(11)[0]), told(11)[1] <= statements) == (6, True)


def test_only_the_system_warns():
    with pytest.raises(Refused):
        actions.warn(timezone.now(), by=given.officer("chair"))


def test_the_work_list_shows_what_was_warned_of(accepted, client):  # noqa: F811
    (dossier,) = accepted(1)
    due_in(dossier, 5)
    given.sign_in(client, "lam")
    warn()
    assert client.get("/desk/").content.decode().count("Đã báo: còn không quá một ngày làm việc") == 1


def test_many_are_warned_of_with_as_many_statements_as_one(accepted):  # noqa: F811
    given.officer("registrar")

    def statements(count):
        for dossier in accepted(*[1] * count):
            due_in(dossier, 5)
        with CaptureQueriesContext(connection) as queries:
            assert actions.warn(timezone.now(), by=given.SYSTEM) == count
        return len(queries)

    assert statements(1) == statements(20)
