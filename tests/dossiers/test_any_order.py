"""Whatever is done in whatever order, and however late messages come: the clock, the steps, the fee and both sides agree."""

import random

import pytest
from django.db import transaction
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.actions.warning import warn_all
from motcua.dossiers.clock import ends_at, step_due_at
from motcua.dossiers.models import Application, Dossier
from motcua.dossiers.states import State
from motcua.lib.actions import Invalid, NotNow
from motcua.organisations.models import calendar_for
from motcua.payments.models import Charge
from tests import given
from tests.post import carry_messages, run_jobs, settle

pytestmark = pytest.mark.django_db

WHY = "Chưa đủ căn cứ."
# Which stretch of the clock is open in each state; in all others none is.
STRETCH = {
    State.ACCEPTED: [("running", "")],
    State.PROCESSING: [("running", "")],
    State.FEE: [("paused", "fee")],
    State.SUPPLEMENT: [("paused", "supplement")],
    State.STOPPED: [("paused", "stopped")],
}


def deeds(pk):
    """What can be done, each with how often it is tried."""
    receiver, registrar, chair = (given.officer(role) for role in ("receiver", "registrar", "chair"))
    may, page = given.actor("may"), Dossier.objects.get(pk=pk).definition.form[0].id

    def dossier():
        return Dossier.objects.get(pk=pk)

    def application():
        return Application.objects.get(pk=pk)

    def last_day_passes():
        now = timezone.now()
        for side in (Application, Dossier):
            side.objects.filter(pk=pk, state=State.SUPPLEMENT).update(answer_by=now)

    return {
        lambda: actions.accept(dossier(), by=receiver): 3,
        lambda: actions.request_supplement(dossier(), by=receiver, reason=WHY): 2,
        lambda: actions.request_supplement(dossier(), by=registrar, reason=WHY, pages=[page]): 1,
        lambda: actions.supply(application(), by=may, note=WHY): 3,
        last_day_passes: 2,
        lambda: actions.refuse(dossier(), by=receiver, reason=WHY): 1,
        lambda: actions.stop(dossier(), by=registrar, reason=WHY): 2,
        lambda: actions.restart(dossier(), by=registrar, reason=WHY): 3,
        lambda: given.pay(dossier()) if dossier().state == State.FEE else None: 2,
        lambda: actions.propose(dossier(), by=registrar, opinion="Đủ."): 2,
        lambda: actions.return_to_examiner(dossier(), by=chair, reason=WHY): 2,
        lambda: actions.remind_all(by=given.SYSTEM): 1,
        lambda: warn_all(by=given.SYSTEM): 1,
        carry_messages: 2,
        run_jobs: 2,
        settle: 3,
    }


def check(dossier, steps, *, is_settled):
    """All that must hold between one deed and the next."""
    state, stretches = State(dossier.state), list(dossier.segments.filter(ended_at=None))
    assert [(one.kind, one.cause) for one in stretches] == STRETCH.get(state, [])
    assert {one["key"] for one in dossier.standing} == {
        one.key for one in steps if one.state in {"running", "refused"}
    }
    assert Charge.objects.about(dossier).filter(state=Charge.State.DUE).exists() == (state == State.FEE)
    assert (dossier.ended_at is not None) == dossier.has_ended
    assert dossier.answer_by is None or dossier.has_ended or state == State.SUPPLEMENT
    if stretches and stretches[0].kind == "running":
        assert dossier.due_at == ends_at(stretches[0], calendar_for(dossier.agency))
        running = [one for one in steps if one.state == "running"]
        assert [one.due_at for one in running] == [
            step_due_at(one, calendar_for(one.agency)) for one in running
        ]
    if is_settled:
        told = Application.objects.get(pk=dossier.pk)
        names = ("state", "due_at", "answer_by")
        assert [getattr(told, name) for name in names] == [getattr(dossier, name) for name in names]
        assert state != State.SUPPLEMENT or told.supplied_at is None


@pytest.mark.parametrize("seed", range(2))
def test_in_any_order_the_clock_the_steps_the_fee_and_both_sides_agree(seed):
    dossier, chance = given.copy() if seed % 2 else given.dossier(), random.Random(seed)  # noqa: S311 — to be had again
    ways = deeds(dossier.pk)
    for deed in chance.choices([*ways], [*ways.values()], k=36):
        try:
            with transaction.atomic():
                deed()
        except (Invalid, NotNow):
            continue
        dossier.refresh_from_db()
        check(dossier, list(dossier.steps.all()), is_settled=deed is settle)
