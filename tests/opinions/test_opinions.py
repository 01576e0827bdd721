"""Other agencies are asked, each with its own clock; the step waits for them, and silence speaks only where a law says so."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from motcua.dossiers import actions as dossiers
from motcua.dossiers.models import Dossier, Step
from motcua.exchange.messages import HANDLERS, Message, Unfit
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.notices.models import Notice
from motcua.opinions import actions, tasks
from motcua.opinions.models import Inquiry, Question, waited_for
from motcua.organisations import actions as organisations
from motcua.organisations.models import calendar_for
from motcua.people import actions as people
from tests import given
from tests.post import carry_messages, message_of, run_jobs

QUESTION = "Thửa đất có nằm trong quy hoạch không?"


@pytest.fixture
def dossier(accepted):
    (found,) = accepted(8)
    return found


def consult(dossier, *codes, by="registrar", days=5, one_is_enough=False):
    return dossiers.consult(
        dossier,
        by=given.officer(by),
        agencies=[given.agency(code) for code in codes],
        question=QUESTION,
        papers=[],
        days=days,
        one_is_enough=one_is_enough,
    )


def answer(agency=given.BAC_HA, *, key="man", verdict="agrees", text="Không nằm trong quy hoạch."):
    question = Question.objects.get(agency=agency)
    actions.answer_question(question, by=given.actor(key), verdict=verdict, answer=text)


def test_a_question_goes_out_with_its_clock_and_the_answer_comes_back(dossier):
    [inquiry] = consult(dossier, given.BAC_HA)
    calendar = calendar_for(given.BAC_HA)
    assert inquiry.due_at == calendar.add_days(inquiry.asked_at, 5)
    carry_messages(times=2)
    question = Question.objects.get()
    assert (question.agency, question.question, question.due_at, question.reference) == (
        given.BAC_HA,
        QUESTION,
        inquiry.due_at,
        dossier.code,
    )
    answer()
    carry_messages(times=2)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.verdict, inquiry.answered_by) == ("answered", "agrees", "Sùng Thị Mận")
    told = [one.event for one in Entry.objects.about(dossier) if one.event.startswith("opinions.")]
    assert told == ["opinions.OpinionAsked", "opinions.OpinionReceived"]


def test_who_is_asked_who_asked_and_the_head_hear_of_it(dossier):
    given.officer("chair")
    consult(dossier, given.BAC_HA)
    given.actor("man")
    carry_messages(times=2)
    run_jobs()
    Inquiry.objects.update(due_at=timezone.now() - timedelta(hours=1))
    for _again in range(2):
        tasks.presume(0)
        run_jobs()
    answer()
    carry_messages(times=2)
    run_jobs()
    told = Notice.objects.exclude(code="dossiers.due_soon").values_list("code", "recipient__name")
    assert sorted(told) == [
        ("dossiers.opinion_came", "Đỗ Minh Lâm"),
        ("dossiers.opinion_overdue", given.officer("chair").name),
        ("dossiers.opinion_overdue", "Đỗ Minh Lâm"),
        ("opinions.asked", "Sùng Thị Mận"),
    ]


def test_the_step_waits_for_all_or_for_one(dossier):
    consult(dossier, given.BAC_HA, "G22")
    with pytest.raises(NotNow, match=r"Ủy ban nhân dân xã Bắc Hà .*Văn phòng Chính phủ"):
        dossiers.propose(dossier, by=given.officer("registrar"), opinion="Đủ.")
    carry_messages()
    answer()
    carry_messages()
    with pytest.raises(NotNow, match="Văn phòng Chính phủ"):
        dossiers.propose(dossier, by=given.officer("registrar"), opinion="Đủ.")
    Inquiry.objects.update(one_is_enough=True)
    dossiers.propose(dossier, by=given.officer("registrar"), opinion="Đủ.")
    assert dossier.steps.get(key="examine").state == Step.State.DONE


def test_of_each_round_all_are_awaited_or_one():
    first, second = [Inquiry(state=state) for state in ("answered", "asked")]
    second.round = first.round
    assert waited_for([first, second]) == [second]
    first.one_is_enough = second.one_is_enough = True
    assert waited_for([first, second]) == []
    assert waited_for([second, Inquiry(state="asked")])[0] == second


def test_silence_agrees_only_where_the_procedure_says_so_and_a_late_answer_counts(dossier):
    silent, patient = consult(dossier, given.BAC_HA, "G22")
    carry_messages()
    past = timezone.now() - timedelta(minutes=1)
    Inquiry.objects.update(due_at=past)
    Inquiry.objects.filter(pk=silent.pk).update(silence_agrees=True)
    for _time in range(2):
        tasks.presume(0)
    assert [one.state for one in Inquiry.objects.about(dossier)] == ["presumed", "asked"]
    assert Entry.objects.of("opinions.OpinionPresumed").count() == 1
    with pytest.raises(Invalid):
        actions.presume(patient, by=given.SYSTEM)
    answer(verdict="disagrees")
    carry_messages()
    silent.refresh_from_db()
    assert (silent.state, silent.verdict) == ("answered", "disagrees")


def test_who_may_ask_and_who_may_answer(dossier):
    for by in ("receiver", "administrator"):
        with pytest.raises(Refused):
            consult(dossier, given.BAC_HA, by=by)
    with pytest.raises(NotNow):
        consult(dossier, given.BAC_HA, by="chair")
    consult(dossier, given.BAC_HA)
    carry_messages()
    for key in ("lam", "may", "guong"):
        with pytest.raises(Refused):
            answer(key=key)
    answer()
    with pytest.raises(NotNow):
        answer()


@pytest.mark.parametrize("as_", ["applicant", "filing"])
def test_nobody_gives_an_opinion_in_their_own_matter(dossier, as_):
    own = {"applicant_number": given.BY_KEY["man"].number}
    changes = own if as_ == "applicant" else {"filing": {"number": own["applicant_number"]}}
    Dossier.objects.filter(pk=dossier.pk).update(**changes)
    dossier.refresh_from_db()
    consult(dossier, given.BAC_HA)
    carry_messages()
    with pytest.raises(Refused, match="việc của chính mình"):
        answer()
    assert Question.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("codes", "days", "field"),
    [([], 5, "agencies"), ([given.SA_PA], 5, "agencies"), ([given.BAC_HA], 0, "days"), ([given.BAC_HA], 61, "days")],
)  # fmt: skip
def test_what_does_not_hold_is_refused(dossier, codes, days, field):
    with pytest.raises(Invalid) as refused:
        consult(dossier, *codes, days=days)
    assert (refused.value.field, Inquiry.objects.count()) == (field, 0)


def test_an_agency_is_asked_once_at_a_time(dossier):
    consult(dossier, given.BAC_HA)
    with pytest.raises(Invalid):
        consult(dossier, given.BAC_HA)
    assert Inquiry.objects.count() == 1


def test_nobody_else_answers_in_its_name(dossier):
    consult(dossier, given.BAC_HA)
    carry_messages()
    answer()
    row = Outbox.objects.get()
    message = message_of(row)
    forged = Message(**{**vars(message), "sender": "G22"})
    with pytest.raises(Unfit):
        HANDLERS["opinion.given"](forged)
    wrong = Message(**{**vars(message), "body": json.dumps(message.json() | {"verdict": "x"}).encode()})
    with pytest.raises(Unfit):
        HANDLERS["opinion.given"](wrong)
    assert Inquiry.objects.get().state == "asked"


def test_from_desk_to_desk_and_back(visitor, dossier):
    post = organisations.open_post(given.agency(given.BAC_HA), by=given.SYSTEM, role="chair")
    people.appoint(post, by=given.SYSTEM, account=given.account("che"), since=given.SINCE)
    lam, man = visitor("lam"), visitor("man")
    page = lam.get(f"/desk/dossiers/{dossier.pk}/ask/").content.decode()
    assert "UBND xã Bắc Hà" in page
    typed = {
        "agency1": "ubnd xa bac ha",
        "agency2": "Không có",
        "question": QUESTION,
        "days": "3",
        "waits": "all",
    }
    answered = lam.post(f"/desk/dossiers/{dossier.pk}/ask/", typed)
    assert (answered.status_code, list(answered.context["form"].errors)) == (422, ["agency2"])
    answered = lam.post(f"/desk/dossiers/{dossier.pk}/ask/", typed | {"agency2": ""}, follow=True)
    assert "Chờ ý kiến" in answered.content.decode()
    carry_messages()
    assert "Được hỏi ý kiến" in man.get("/desk/").content.decode()
    question = Question.objects.get()
    assert QUESTION in man.get("/desk/questions/").content.decode()
    assert lam.get(f"/desk/questions/{question.pk}/").status_code == 404
    file = SimpleUploadedFile("tra-loi.png", given.picture(), content_type="image/png")
    wrong = man.post(f"/desk/questions/{question.pk}/", {"verdict": "agrees", "answer": " "})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["answer"])
    man.post(
        f"/desk/questions/{question.pk}/",
        {"verdict": "conditionally", "answer": "Giữ hành lang.", "file": file},
    )
    again = man.post(f"/desk/questions/{question.pk}/", {"verdict": "agrees", "answer": "x"})
    assert again.status_code == 403
    assert man.get(f"/desk/questions/{question.pk}/papers/0/").status_code == 200
    carry_messages()
    page = lam.get(f"/desk/dossiers/{dossier.pk}/").content.decode()
    assert "Đồng ý kèm điều kiện" in page
    assert "Ủy ban nhân dân xã Bắc Hà trả lời: Đồng ý kèm điều kiện" in page
    inquiry = Inquiry.objects.get()
    assert lam.get(f"/desk/dossiers/{dossier.pk}/opinions/{inquiry.pk}/").status_code == 200
    assert man.get(f"/desk/dossiers/{dossier.pk}/opinions/{inquiry.pk}/").status_code == 404
