"""The engine: every pattern of the catalogue is carried from receipt to result, back and forth and side by side."""

from contextlib import nullcontext

import pytest
from django.utils import timezone

from motcua.desk.process import Look, boxes, loops_of
from motcua.desk.story import story
from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.states import State
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.lib.actors import Actor, Grant
from motcua.lib.working_time import Calendar
from motcua.procedures import actions as procedures
from motcua.procedures import patterns
from motcua.procedures.loading import load
from motcua.procedures.schema import Definition
from tests import given
from tests.post import settle
from tests.procedures.samples import written

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("tests")


@pytest.fixture
def specialist():
    return Actor(
        "person:00000000-0000-4000-8000-000000000001",
        "Chuyên viên",
        frozenset({Grant("specialist", given.SA_PA)}),
    )


@pytest.fixture
def arrived(tmp_path):
    def arrived(pattern, **changes) -> Dossier:
        given.country()
        base = load(written(tmp_path)).as_content()
        base |= {"pattern": pattern, "steps": patterns.contents(pattern)}
        base |= {"terms": [{"value": 30, "unit": "working_days"}], **changes}
        base["results"] = [base["results"][0] | {"template": "certificate", "issued_by": "sign"}]
        version = procedures.publish(Definition.from_content(base), by=SYSTEM)
        dossier = Dossier(
            version=version,
            channel=2,
            agency=given.SA_PA,
            origin="G22",
            applicant_name="Trần Hạ Mây",
            applicant_number=given.BY_KEY["may"].number,
            answers={"name": "Mây", "married": False},
            sent_at=timezone.now(),
        )
        actions.arrive(dossier, by=SYSTEM, papers=[])
        return dossier

    return arrived


def running(dossier):
    return sorted(dossier.steps.filter(state=Step.State.RUNNING).values_list("key", flat=True))


def walk(dossier, specialist):
    """Everyone does what the next step asks of them, until the dossier ends."""
    given.keys()
    registrar, chair = given.officer("registrar"), given.officer("chair")
    actions.accept(dossier, by=given.officer("receiver"))
    for _turn in range(12):
        if dossier.has_ended:
            return
        for key in running(dossier):
            step = dossier.steps.get(key=key)
            verbs = dossier.version.definition.step(key).verbs
            by = {"specialist": specialist, "registrar": registrar, "chair": chair}.get(step.role)
            if step.kind == "service":
                actions.complete_step(dossier, by=SYSTEM, key=key, answer={})
            elif "sign" in verbs:
                actions.sign(dossier, by=by)
            elif "propose" in verbs:
                actions.propose(dossier, by=by, opinion="Đủ điều kiện.")
            else:
                actions.complete(dossier, by=by, key=key, note="Đúng như khai.")
        dossier.refresh_from_db()


# What is decided above is walked through in test_levels.
@pytest.mark.parametrize("pattern", [name for name in patterns.names() if name != "decided_above"])
def test_every_pattern_runs_to_its_end(arrived, specialist, pattern):
    dossier = arrived(pattern)
    walk(dossier, specialist)
    assert (dossier.state, set(dossier.steps.values_list("state", flat=True))) == (State.RETURNED, {"done"})
    assert Document.objects.about(dossier).get(kind="certificate").state == Document.State.SIGNED


def test_steps_side_by_side_are_both_awaited(arrived, specialist):
    dossier = arrived("opinions")
    actions.accept(dossier, by=given.officer("receiver"))
    assert running(dossier) == ["consult", "examine"]
    actions.complete(dossier, by=specialist, key="examine", note="Đủ.")
    assert running(dossier) == ["consult"]
    with pytest.raises(NotNow):
        actions.propose(dossier, by=specialist, opinion="Đủ.")
    actions.complete(dossier, by=specialist, key="consult", note="Công an tỉnh: đồng ý, văn bản số 12/CAT.")
    assert running(dossier) == ["draft"]
    [reported] = [
        entry for entry in Entry.objects.of("dossiers.StepReported") if entry.facts["step"] == "consult"
    ]
    assert reported.facts["note"] == "Công an tỉnh: đồng ý, văn bản số 12/CAT."


def test_a_consultation_is_due_in_the_working_time_of_who_is_asked(arrived, specialist):
    steps = patterns.contents("consult_agency")
    steps[2]["agency"] = "G01"
    dossier = arrived("consult_agency", steps=steps)
    actions.accept(dossier, by=given.officer("receiver"))
    actions.complete(dossier, by=specialist, key="appraise", note="Cần hỏi Bộ Công an.")
    asked = dossier.steps.get(key="consult")
    assert (asked.state, asked.agency, asked.role) == ("running", "G01", "specialist")
    assert asked.due_at > timezone.now()


def test_who_is_to_sign_can_send_the_dossier_back(arrived, specialist):
    dossier = arrived("verify")
    actions.accept(dossier, by=given.officer("receiver"))
    actions.complete(dossier, by=specialist, key="verify", note="Đúng.")
    actions.propose(dossier, by=specialist, opinion="Đủ.")
    due = dossier.due_at
    actions.return_to_examiner(dossier, by=given.officer("chair"), reason="Nêu rõ căn cứ.")
    assert (running(dossier), dossier.due_at) == (["examine"], due)
    assert dict(dossier.steps.values_list("key", "state")) == {
        "receive": "done",
        "verify": "done",
        "examine": "running",
        "sign": "waiting",
        "deliver": "waiting",
    }
    [returned] = Entry.objects.of("dossiers.StepReturned")
    assert returned.facts == {"step": "sign", "back_to": "examine", "reason": "Nêu rõ căn cứ."}
    actions.propose(dossier, by=specialist, opinion="Đã nêu.")
    assert running(dossier) == ["sign"]


def test_a_step_that_names_an_earlier_one_sends_back_there(arrived, specialist):
    dossier = arrived("council")
    actions.accept(dossier, by=given.officer("receiver"))
    actions.complete(dossier, by=specialist, key="appraise", note="Đủ.")
    due = dossier.due_at
    for reason in (" ", "Hội đồng cần thêm biên bản."):
        with nullcontext() if reason.strip() else pytest.raises(Invalid):
            actions.return_to_examiner(dossier, by=specialist, reason=reason)
    dossier.refresh_from_db()
    assert (running(dossier), dossier.due_at, dossier.turns) == (["appraise"], due, ["specialist"])
    actions.complete(dossier, by=specialist, key="appraise", note="Đã thêm.")
    assert running(dossier) == ["council"]
    assert loops_of(Entry.objects.about(dossier)) == {"appraise": 1}
    lines = story(dossier, Entry.objects.about(dossier), offices={})
    (told,) = [line for line in lines if line.note == "Hội đồng cần thêm biên bản."]
    assert told.title == "Chuyên viên trả hồ sơ về bước “Thẩm định hồ sơ”, từ bước: Hội đồng thẩm định họp"
    look = Look(Calendar(), timezone.now(), specialist, {}, {"appraise": 2})
    drawn = boxes(dossier, dossier.steps.all(), look)
    assert [box.time.endswith("bị trả về 2 lần") for box in drawn] == [
        False,
        True,
        False,
        False,
        False,
        False,
    ]


def test_what_registers_have_done_stays_done_when_the_chair_sends_back(arrived):
    dossier = arrived("interconnected")
    actions.accept(dossier, by=given.officer("receiver"))
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ.")
    for key in ("first", "second"):
        actions.complete_step(dossier, by=SYSTEM, key=key, answer={"full_name": "Mây"})
    actions.return_to_examiner(dossier, by=given.officer("chair"), reason="Sửa ý kiến.")
    assert dossier.steps.get(key="first").state == "done"
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đã sửa.")
    assert running(dossier) == ["sign"]


def test_a_step_is_finished_in_words(arrived, specialist):
    dossier = arrived("verify")
    actions.accept(dossier, by=given.officer("receiver"))
    with pytest.raises(Invalid):
        actions.complete(dossier, by=specialist, key="verify", note="  ")
    assert running(dossier) == ["verify"]


@pytest.mark.parametrize("key", ["man", "che", "may", "thong", "guong"])
def test_only_who_holds_a_step_of_the_agency_finishes_one(arrived, key):
    dossier = arrived("verify")
    actions.accept(dossier, by=given.officer("receiver"))
    with pytest.raises(Refused):
        actions.complete(dossier, by=given.actor(key), key="verify", note="Đúng.")


def test_another_post_of_the_agency_waits_for_its_own_turn(arrived):
    dossier = arrived("verify")
    actions.accept(dossier, by=given.officer("receiver"))
    with pytest.raises(NotNow):
        actions.complete(dossier, by=given.officer("chair"), key="verify", note="Đúng.")
    with pytest.raises(NotNow):
        actions.return_to_examiner(dossier, by=given.officer("registrar"), reason="Không.")
    with pytest.raises(Refused):
        actions.return_to_examiner(dossier, by=given.actor("man"), reason="Không.")


def test_an_own_dossier_is_not_worked_on(arrived):
    dossier = arrived("verify")
    actions.accept(dossier, by=given.officer("receiver"))
    Dossier.objects.filter(pk=dossier.pk).update(applicant_number=given.account("lua").username)
    for act, more in ((actions.complete, {"key": "verify", "note": "Đúng."}), (actions.sign, {})):
        with pytest.raises(Refused):
            act(dossier, by=given.officer("chair"), **more)


def test_messages_of_the_post_are_settled(arrived, specialist):
    dossier = arrived("appraise")
    walk(dossier, specialist)
    settle()
    assert Document.objects.about(dossier).filter(kind="certificate").count() == 1
