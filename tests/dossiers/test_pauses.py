"""While the dossier's clock stands still, that of the step people have here stands still, too; and each stretch has its name."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from motcua.desk import process
from motcua.dossiers import actions
from motcua.dossiers.clock import moved_steps, stands_since, step_due_at
from motcua.dossiers.control import control_slip
from motcua.dossiers.models import Dossier, Segment, Step
from motcua.organisations.models import calendar_for, decided
from tests import given
from tests.desk.conftest import accepted  # noqa: F401 — dossiers Sa Pa has received

pytestmark = pytest.mark.django_db

WEEKS = timedelta(weeks=4)


def weeks_ago(dossier):
    """Everything that has happened so far, happened four weeks earlier; the steps had as much working time left then."""
    calendar, now = calendar_for(dossier.agency), timezone.now()
    for model, names in ((Step, ("started_at", "ended_at")), (Segment, ("began_at", "ended_at"))):
        model.objects.filter(dossier=dossier).update(**{name: F(name) - WEEKS for name in names})
    for step in dossier.steps.exclude(due_at=None):
        step.due_at = calendar.add(now - WEEKS, calendar.between(now, step.due_at))
        step.save()
    Dossier.objects.filter(pk=dossier.pk).update(due_at=F("due_at") - WEEKS)
    return Dossier.objects.get(pk=dossier.pk)


def supplemented(dossier):
    actions.request_supplement(dossier, by=given.officer("receiver"), reason="Thiếu giấy chứng sinh.")
    dossier, standing = weeks_ago(dossier), control_slip(Dossier.objects.get(pk=dossier.pk))
    actions.resume(dossier, by=given.SYSTEM, papers=[], note="", sent_at=timezone.now())
    return standing


def restarted(dossier):
    actions.stop(dossier, by=given.officer("registrar"), reason="Chưa đủ căn cứ.")
    dossier, standing = weeks_ago(dossier), control_slip(Dossier.objects.get(pk=dossier.pk))
    actions.restart(dossier, by=given.officer("registrar"), reason="Đã có căn cứ.")
    return standing


@pytest.mark.parametrize(
    ("pause", "named"), [(supplemented, "Chờ bổ sung hồ sơ, "), (restarted, "Đã dừng giải quyết, ")]
)
def test_a_step_stands_still_with_the_clock_and_each_stretch_has_its_name(accepted, pause, named):  # noqa: F811
    (dossier,) = accepted(8)
    step, calendar = dossier.steps.get(state="running"), calendar_for(dossier.agency)
    left = calendar.between(timezone.now(), step.due_at)
    slips = [pause(dossier), control_slip(dossier := Dossier.objects.get(pk=dossier.pk))]
    assert [line.result for slip in slips for line in slip.hand_overs].count("Quá hạn") == 0
    step.refresh_from_db()
    stretches, now = list(dossier.segments.order_by("id")), timezone.now()
    # What comes late in the day lets the clock run again from the next working day on.
    asked, again = stretches[-2].began_at, stretches[-1].began_at
    assert calendar.between(again, step.due_at) == pytest.approx(left, abs=0.1)
    assert float(step.paused) == pytest.approx(calendar.between(asked, again), abs=0.1)
    assert (list(moved_steps([step], decided())), step_due_at(step, calendar)) == ([], step.due_at)
    assert stands_since(stretches) is None
    assert named in process.clock(dossier, stretches, calendar=calendar, now=now)[1]
    look = process.Look(calendar, now, given.actor("lam"), {}, {})
    assert "ngày" not in process.time_of(dossier, step, look)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    step.refresh_from_db()
    assert (step.is_on_time, step.took < 1) == (True, True)
