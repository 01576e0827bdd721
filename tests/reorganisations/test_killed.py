"""A process that carries a plan out is killed with SIGKILL, at one statement after another; the next one ends it alike."""

from collections import Counter

import pytest

from motcua.dossiers.models import Dossier, Step
from motcua.journal.models import Entry
from motcua.organisations.heirs import Heir
from motcua.organisations.models import Agency
from motcua.payments.models import Charge
from motcua.people.models import Appointment
from motcua.reorganisations import reactions, tasks
from motcua.reorganisations.models import Plan
from tests import given
from tests.killing import killed_at
from tests.reorganisations.conftest import approved, merger, message

STRIDE = 13  # statements from one death to the next
pytestmark = pytest.mark.django_db(transaction=True)


def whole():
    """What must hold at every moment: an agency has ended with all that goes along at once, a dossier has gone with all of its own."""
    eve = Agency.objects.values_list("valid_to", flat=True).get(code=given.TA_VAN)
    ended = [
        Heir.objects.filter(old=given.TA_VAN).exists(),
        Plan.objects.exclude(state="approved").exists(),
        not Appointment.objects.in_force().filter(post__agency=given.TA_VAN).exists(),
        Entry.objects.of("reorganisations.PlanBegun").exists(),
    ]
    assert set(ended) == {eve is not None}
    moved = set(Dossier.objects.filter(agency=given.SA_PA).values_list("pk", flat=True))
    assert {pk for pk in moved if given.TA_VAN in Dossier.objects.get(pk=pk).former_agencies} == moved
    open_steps = Step.objects.filter(kind="human").exclude(state="done").values_list("dossier", "agency")
    assert {(pk, given.SA_PA if pk in moved else given.TA_VAN) for pk, _agency in open_steps} == set(
        open_steps
    )
    assert {(f"dossier:{pk}", given.SA_PA) for pk in moved} >= set(
        Charge.objects.filter(payee=given.SA_PA).values_list("subject", "payee")
    )
    assert Entry.objects.of("dossiers.DossierPassedOn").count() == len(moved)
    counted = sum(Plan.objects.get().report.get("dossiers", {}).values())
    assert counted == len(moved)
    return len(moved)


def test_a_process_killed_while_it_carries_a_plan_out_leaves_whole_steps_and_the_next_ends_it_once(
    lying, monkeypatch
):
    monkeypatch.setattr("motcua.reorganisations.actions.carrying.BATCH", 2)
    made = lying(5)
    Charge.objects.create(
        subject=made[0].urn, payee=given.TA_VAN, payer="Lưu Thị Sim", what="Lệ phí", amount=8000
    )
    plan = approved(merger())
    stood, statement = [], 2
    while killed_at(statement, tasks.carry_out):
        stands = (whole(), Plan.objects.get().state)
        # As soon as something is done the next is killed early again, so that every part is struck at its beginning and its end.
        statement = 2 if stands not in stood else statement + STRIDE
        stood += [stands] if stands not in stood else []
    moments = [(0, "approved"), (0, "running"), (2, "running"), (4, "running")]
    assert stood in (
        moments,
        [*moments, (5, "running")],
    )  # struck between the last dossier and the end, or not
    tasks.carry_out()
    assert whole() == len(made)
    plan.refresh_from_db()
    assert (plan.state, plan.report["dossiers"]) == ("done", {f"{given.TA_VAN} {given.SA_PA}": 5})
    happened = Counter(
        Entry.objects.filter(event__startswith="reorganisations.").values_list("event", flat=True)
    )
    assert set(happened.values()) == {1}
    assert Charge.objects.get().payee == given.SA_PA


def test_a_node_killed_while_it_hears_of_a_reorganisation_knows_all_of_it_or_nothing(communes):
    told = message({"plan": "x", "scheme": merger().as_content()}, sender="H38", kind="agency.reorganised")
    statement = 2
    while killed_at(statement, lambda: reactions.take_reorganisation(told)):
        agency = Agency.objects.get(code=given.TA_VAN)
        assert (agency.valid_to, agency.successor_id, Heir.objects.count()) == (None, None, 0)
        statement += 3
    reactions.take_reorganisation(told)
    assert Agency.objects.get(code=given.TA_VAN).successor_id == given.SA_PA
    assert Entry.objects.of("reorganisations.ReorganisationLearned").count() == 1
