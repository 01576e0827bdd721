"""What a merger does, how it survives being killed, and how old codes go on working."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.dossiers import actions as dossiers
from motcua.dossiers.models import Application, Dossier
from motcua.dossiers.states import State
from motcua.indicators.models import Standing
from motcua.journal import followers
from motcua.journal.models import Entry
from motcua.lib.actions import NotNow
from motcua.organisations.heirs import answering
from motcua.organisations.models import Agency, Post
from motcua.payments.models import Charge
from motcua.people.models import actor_of
from motcua.queues.models import Queue
from motcua.reorganisations import actions, tasks
from motcua.reorganisations.models import Plan
from motcua.reorganisations.trial import Trial
from motcua.tracking.models import Tracked
from tests import given
from tests.post import run_jobs, settle
from tests.reorganisations.conftest import MACHINE, approved, carried_out, merger


def test_a_merger_moves_open_dossiers_and_leaves_code_and_clock_alone(lying):
    held, waiting = lying(2)
    before = Dossier.objects.values_list("code", "due_at", "state").get(pk=held.pk)
    plan = carried_out(merger())
    held.refresh_from_db()
    waiting.refresh_from_db()
    assert (held.code, held.due_at, held.state) == before
    assert [(one.agency, one.former_agencies) for one in (held, waiting)] == [
        (given.SA_PA, [given.TA_VAN])
    ] * 2
    assert {step.agency for step in held.steps.filter(kind="human").exclude(state="done")} == {given.SA_PA}
    assert {one["agency"] for one in held.standing} == {given.SA_PA}
    assert (plan.state, plan.report["dossiers"]) == ("done", {f"{given.TA_VAN} {given.SA_PA}": 2})
    entry = Entry.objects.about(held).of("dossiers.DossierPassedOn").get()
    assert entry.facts == {
        "code": held.code,
        "was_agency": given.TA_VAN,
        "was_name": "UBND xã Tả Van",
        "agency": given.SA_PA,
        "name": "UBND phường Sa Pa",
        "plan": "Nhập xã Tả Van vào phường Sa Pa",
        "decision": "Nghị quyết 12/NQ-HĐND",
    }


def test_officers_hold_their_posts_at_the_heir_and_work_on_there(lying):
    (held,) = lying(1)
    carried_out(merger())
    officer, head = actor_of(given.account("pa")), actor_of(given.account("dung"))
    assert {(grant.role, grant.place) for grant in officer.grants} == {
        ("registrar", given.SA_PA),
        ("receiver", given.SA_PA),
    }
    assert head.grants == frozenset()
    held.refresh_from_db()
    dossiers.propose(held, by=officer, opinion="Đủ điều kiện.")
    assert Post.objects.filter(agency=given.SA_PA, role="chair").count() == 1
    assert Agency.objects.get(code=given.TA_VAN).valid_to == timezone.localdate() - timedelta(days=1)


def test_new_dossiers_count_in_the_heirs_series(lying):
    (_held,) = lying(1)
    carried_out(merger())
    (fresh,) = lying(1, agency=given.SA_PA, key="")
    dossiers.accept(fresh, by=actor_of(given.account("pa")))
    assert fresh.code == f"{given.SA_PA}-{timezone.localdate():%y%m%d}-0001"


def test_what_is_still_to_be_paid_is_paid_to_the_heir(lying):
    (held,) = lying(1)
    Charge.objects.create(
        subject=held.urn, payee=given.TA_VAN, payer="Lưu Thị Sim", what="Trích lục", amount=8000
    )
    carried_out(merger())
    assert Charge.objects.about(held).get().payee == given.SA_PA


def test_queues_come_along_where_their_letter_is_free(communes):
    for code, letter in ((given.TA_VAN, "A"), (given.TA_VAN, "B"), (given.SA_PA, "A")):
        Queue.objects.create(agency=code, letter=letter, name_vi=f"{letter} {code}")
    carried_out(merger())
    assert list(Queue.objects.filter(agency=given.SA_PA).values_list("name_vi", flat=True)) == [
        f"A {given.SA_PA}",
        f"B {given.TA_VAN}",
    ]


def test_killed_in_the_middle_and_started_again_it_ends_alike(lying, monkeypatch):
    made = lying(5)
    monkeypatch.setattr("motcua.reorganisations.actions.carrying.BATCH", 2)
    plan = approved(merger())
    actions.set_up(plan, by=MACHINE)
    actions.move_on(plan, by=MACHINE)
    assert Dossier.objects.filter(agency=given.TA_VAN).count() == 3
    tasks.carry_out()
    tasks.carry_out()
    plan = Plan.objects.get()
    assert (plan.state, plan.report["dossiers"]) == ("done", {f"{given.TA_VAN} {given.SA_PA}": 5})
    assert Entry.objects.of("dossiers.DossierPassedOn").count() == len(made)
    assert Entry.objects.of("reorganisations.PlanCarriedOut").get().facts == {
        "title": plan.title,
        "dossiers": 5,
        "officers": 2,
    }


def test_what_reached_the_old_desk_meanwhile_is_moved_on_afterwards(lying):
    carried_out(merger())
    (late,) = lying(1, key="")
    tasks.carry_out()
    late.refresh_from_db()
    assert late.agency == given.SA_PA


def test_before_its_day_nothing_happens(communes):
    plan = approved(merger(on=(timezone.localdate() + timedelta(days=3)).isoformat()))
    tasks.carry_out()
    plan.refresh_from_db()
    assert (plan.state, Agency.objects.get(code=given.TA_VAN).valid_to) == ("approved", None)
    with pytest.raises(NotNow):
        actions.finish(plan, by=MACHINE)


@pytest.mark.parametrize(("days", "jobs"), [(0, 1), (3, 0)])
def test_a_plan_whose_day_is_today_is_not_kept_waiting(communes, days, jobs):
    approved(merger(on=(timezone.localdate() + timedelta(days=days)).isoformat()))
    run_jobs()
    assert ProcrastinateJob.objects.filter(task_name="reorganisations.carry_out").count() == jobs


def test_what_hinders_it_on_the_day_is_written_down_once_and_mended(communes):
    plan = approved(merger())
    Agency.objects.create(
        code=f"{given.TA_VAN}.01", name_vi="Trạm", short_name="Trạm", level=3, parent_id=given.TA_VAN
    )
    tasks.carry_out()
    tasks.carry_out()
    plan.refresh_from_db()
    assert (plan.state, f"{given.TA_VAN}.01" in plan.trouble) == ("approved", True)
    assert Entry.objects.of("reorganisations.PlanHindered").count() == 1
    Agency.objects.filter(code=f"{given.TA_VAN}.01").delete()
    tasks.carry_out()
    plan.refresh_from_db()
    assert (plan.state, plan.trouble) == ("done", "")


def test_the_applicant_and_the_country_hear_of_it_and_old_codes_go_on(communes):
    sent = given.application(at="sent", agency_code=given.TA_VAN)
    settle()
    held = Dossier.objects.get(pk=sent.pk)
    dossiers.accept(held, by=given.actor("pa"))
    settle()
    followers.advance_all()
    carried_out(merger())
    settle()
    sent.refresh_from_db()
    assert (sent.agency, sent.agency_name) == (given.SA_PA, "Ủy ban nhân dân phường Sa Pa")
    tracked = Tracked.objects.coded(held.code).get()
    assert (tracked.agency, tracked.state) == (given.SA_PA, State.ACCEPTED)
    dossiers.withdraw(sent, by=given.citizen(), reason="Chuyển nhà.")
    settle()
    held.refresh_from_db()
    assert held.state == State.WITHDRAWN


def test_what_is_sent_to_the_old_code_arrives_at_the_heir(communes):
    late = given.application(at="filled", agency_code=given.TA_VAN)
    carried_out(merger())
    dossiers.send(late, by=given.citizen())
    settle()
    came = Dossier.objects.get(pk=late.pk)
    assert (came.agency, came.former_agencies) == (given.SA_PA, [given.TA_VAN])
    late.refresh_from_db()
    assert late.agency == given.SA_PA


def test_what_the_applicant_still_sends_to_the_old_code_reaches_the_dossier(communes):
    sent = given.application(at="sent", agency_code=given.TA_VAN)
    settle()
    carried_out(merger())
    # The applicant's page has not heard of the merger yet.
    dossiers.withdraw(Application.objects.get(pk=sent.pk), by=given.citizen(), reason="Chuyển nhà.")
    settle()
    assert Dossier.objects.get(pk=sent.pk).state == State.WITHDRAWN


def test_a_chain_of_mergers_leads_to_whoever_answers_now(communes):
    carried_out(merger())
    second = merger(
        title="Nhập Sa Pa vào Bắc Hà",
        old=[{"code": given.SA_PA, "into": given.BAC_HA, "posts": [{"roles": ["chair"], "ends": True}]}],
        on=(timezone.localdate() + timedelta(days=1)).isoformat(),
    )
    plan = approved(second)
    actions.set_up(plan, by=MACHINE)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert [answering(code, tomorrow) for code in (given.TA_VAN, given.SA_PA, given.BAC_HA)] == [
        given.BAC_HA
    ] * 3
    assert answering(given.TA_VAN) == given.SA_PA


def test_the_number_of_statements_does_not_grow_with_the_dossiers(lying, django_assert_max_num_queries):
    lying(2, key="")
    plan = approved(merger())
    actions.set_up(plan, by=MACHINE)
    with django_assert_max_num_queries(24):
        actions.move_on(plan, by=MACHINE)
    lying(12, key="")
    with django_assert_max_num_queries(24):
        actions.move_on(plan, by=MACHINE)


def test_the_trial_says_what_then_happens(lying):
    made = lying(3)
    trial = Trial(merger())
    promised = {(one.pk, one.new) for one in trial.dossiers}
    carried_out(merger())
    assert promised == {(one.pk, one.agency) for one in Dossier.objects.all()}
    assert len(promised) == len(made)
    assert Standing.objects.count() == 0
