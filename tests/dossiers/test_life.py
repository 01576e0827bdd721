"""The life of a dossier, from draft to rated, and every way it can turn."""

import pytest

from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.models import Application, Dossier, Step
from motcua.dossiers.states import State
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.organisations.models import calendar_for
from motcua.procedures.models import Version
from motcua.registers.civil.models import Birth
from motcua.registers.insurance.models import Card
from motcua.registers.population.models import Person
from motcua.sharing.models import Request
from tests import given, post
from tests.documents import reading
from tests.post import settle

pytestmark = pytest.mark.django_db


def steps(dossier):
    return dict(dossier.steps.values_list("key", "state"))


def test_a_dossier_goes_its_whole_way():
    dossier = given.dossier(at="signed")
    application = Application.objects.get(pk=dossier.pk)
    assert (dossier.state, application.state) == (State.RETURNED, State.RETURNED)
    assert set(steps(dossier).values()) == {Step.State.DONE}
    assert (Birth.objects.count(), Card.objects.count()) == (1, 1)
    assert Person.objects.filter(number=dossier.results["register"]["personal_number"]).count() == 1
    assert list(application.attachments.order_by("added_at").values_list("kind", flat=True)) == [
        "given",
        "receipt",
        "result",
    ]


def test_the_states_of_a_dossier_are_told_in_order():
    given.dossier(at="signed")
    learned = Entry.objects.of("dossiers.NewsLearned").order_by("id")
    states = [entry.facts["state"] for entry in learned]
    assert sorted(set(states), key=states.index) == [1, 2, 4, 9, 10]


def test_accepting_gives_the_legal_code_the_deadline_and_form_01():
    dossier = given.dossier(at="accepted")
    day = dossier.accepted_at.astimezone().strftime("%y%m%d")
    assert dossier.code == f"H38.03006-{day}-0001"
    assert dossier.due_at > dossier.accepted_at
    assert list(Document.objects.about(dossier).values_list("kind", flat=True)) == ["receipt"]
    assert steps(dossier) == {
        "receive": "done",
        "examine": "running",
        "register": "waiting",
        "residence": "waiting",
        "insurance": "waiting",
        "sign": "waiting",
        "deliver": "waiting",
    }


def test_codes_count_up_within_the_day_and_a_refused_change_takes_none():
    first = given.dossier(at="accepted")
    second = given.dossier("suoi", at="arrived")
    with pytest.raises(Refused):
        actions.accept(second, by=given.actor("man"))
    actions.accept(second, by=given.officer("receiver"))
    assert (first.code[-4:], second.code[-4:]) == ("0001", "0002")


def test_every_message_twice_has_one_effect():
    given.country()
    given.registered("suoi")
    application = given.application(at="sent")
    settle(times=2)
    dossier = Dossier.objects.get(pk=application.pk)
    actions.accept(dossier, by=given.officer("receiver"))
    settle(times=2)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    settle(times=2)
    given.keys()
    actions.sign(dossier, by=given.officer("chair"))
    settle(times=2)
    assert (Dossier.objects.count(), Birth.objects.count(), Card.objects.count()) == (1, 1, 1)
    assert Application.objects.get().attachments.filter(kind="result").count() == 1
    assert Entry.objects.of("dossiers.StepCompleted").count() == 7


def test_two_officers_at_once_the_second_is_told_it_is_not_now():
    dossier = given.dossier()
    same = Dossier.objects.get(pk=dossier.pk)
    actions.accept(dossier, by=given.officer("receiver"))
    with pytest.raises(NotNow):
        actions.accept(same, by=given.officer("registrar"))


@pytest.mark.parametrize("key", ["man", "che", "may", "thong", "guong", "lua"])
def test_only_the_desk_of_the_agency_accepts(key):
    dossier = given.dossier()
    with pytest.raises(Refused):
        actions.accept(dossier, by=given.actor(key))
    dossier.refresh_from_db()
    assert dossier.state == State.NEW


def test_an_officer_cannot_accept_their_own_dossier():
    dossier = given.dossier()
    Dossier.objects.filter(pk=dossier.pk).update(applicant_number=given.account("suong").username)
    with pytest.raises(Refused):
        actions.accept(dossier, by=given.officer("receiver"))


@pytest.mark.parametrize("key", ["suong", "lua", "man", "may"])
def test_only_the_examining_officer_proposes(key):
    dossier = given.dossier(at="accepted")
    with pytest.raises(Refused):
        actions.propose(dossier, by=given.actor(key), opinion="Đủ.")


@pytest.mark.parametrize("key", ["suong", "lam", "che", "may"])
def test_only_the_chair_signs(key):
    dossier = given.dossier(at="registered")
    with pytest.raises(Refused):
        actions.sign(dossier, by=given.actor(key))


def test_the_chair_cannot_sign_before_the_others_are_done():
    dossier = given.dossier(at="accepted")
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ.")
    with pytest.raises(NotNow):
        actions.sign(dossier, by=given.officer("chair"))


def test_the_result_bears_both_signatures():
    dossier = given.dossier(at="signed")
    certificate = Document.objects.about(dossier).get(kind="birth")
    assert [one["role"] for one in certificate.signatures] == ["personal", "seal"]
    assert [one["intact"] for one in certificate.signatures] == [True, True]


def test_a_supplement_stops_the_clock_and_restarts_it_from_zero():
    dossier = given.dossier(at="accepted")
    before = dossier.due_at
    actions.request_supplement(dossier, by=given.officer("registrar"), reason="Ảnh giấy chứng sinh bị mờ.")
    settle()
    application = Application.objects.get(pk=dossier.pk)
    assert (application.state, application.reason) == (State.SUPPLEMENT, "Ảnh giấy chứng sinh bị mờ.")
    assert Document.objects.about(dossier).filter(kind="supplement").count() == 1
    actions.supply(application, by=given.actor("may"), note="Đã chụp lại.")
    settle()
    dossier.refresh_from_db()
    assert dossier.state == State.PROCESSING
    assert dossier.due_at >= before
    assert [segment.kind for segment in dossier.segments.all()] == ["running", "paused", "running"]


def test_a_wrong_answer_is_put_right_on_the_pages_asked_for_and_the_result_says_it():
    dossier = given.dossier(at="accepted")
    asked = {"by": given.officer("registrar"), "reason": "Sửa tên cháu."}
    with pytest.raises(Invalid):
        actions.request_supplement(dossier, **asked, pages=["nothing"])
    actions.request_supplement(dossier, **asked, pages=["child"])
    settle()
    application, may = Application.objects.get(pk=dossier.pk), given.actor("may")
    assert application.asked_pages == ["child"]
    form = reading.text(Document.objects.about(dossier).get(kind="supplement").content())
    assert "Sửalạitrêntờkhai:" in form
    names = [one.id for one in dossier.definition.form if one.id == "child" for one in one.fields]
    right = {name: application.answers.get(name) for name in names} | {"child_given_name": "Ân"}
    with pytest.raises(Invalid):
        actions.fill(application, by=may, group="father", answers={"father_name": "Ai Đó"})
    with pytest.raises(Invalid):
        actions.fill(application, by=may, group="child", answers=right | {"child_sex": "?"})
    actions.fill(application, by=may, group="child", answers=right)
    # What another page says does not come along, even if somebody changes it on its way.
    answers = application.answers | {"father_name": "Ai Đó"}
    Application.objects.filter(pk=dossier.pk).update(answers=answers)
    actions.supply(application, by=may, note="")
    settle()
    dossier.refresh_from_db()
    assert (dossier.answers["child_given_name"], dossier.answers_before) == ("Ân", {"child_given_name": "An"})
    assert dossier.answers["father_name"] == given.BY_KEY["suoi"].name
    assert Entry.objects.of("dossiers.AnswersPutRight").get().facts["fields"] == ["child_given_name"]
    with pytest.raises((Invalid, NotNow)):
        actions.fill(Application.objects.get(pk=dossier.pk), by=may, group="child", answers=right)
    given.propose(dossier)
    settle()
    given.sign(Dossier.objects.get(pk=dossier.pk))
    assert "LÝHẠÂN" in reading.text(Document.objects.about(dossier).get(kind="birth").content()).upper()


def test_nothing_at_all_is_no_supplement():
    dossier, may = given.dossier(at="accepted"), given.actor("may")
    actions.request_supplement(dossier, by=given.officer("registrar"), reason="Thiếu ảnh.")
    settle()
    application = Application.objects.get(pk=dossier.pk)
    for note in ("", " "):
        with pytest.raises(Invalid, match=r"Nothing has been added|Chưa có gì"):
            actions.supply(application, by=may, note=note)
    assert Application.objects.get(pk=dossier.pk).is_waiting_for_citizen
    given.paper(application, by=may, name="agreement")
    actions.supply(application, by=may)
    settle()
    dossier.refresh_from_db()
    assert dossier.state == State.PROCESSING


def test_a_supplement_is_asked_only_once():
    dossier = given.dossier(at="accepted")
    actions.request_supplement(dossier, by=given.officer("registrar"), reason="Thiếu ảnh.")
    settle()
    actions.supply(Application.objects.get(pk=dossier.pk), by=given.actor("may"), note="Đã chụp lại.")
    settle()
    with pytest.raises(Invalid, match=r"only once|một lần"):
        actions.request_supplement(dossier, by=given.officer("registrar"), reason="Thiếu nữa.")


def test_a_supplement_before_acceptance_comes_back_as_new():
    dossier = given.dossier()
    actions.request_supplement(dossier, by=given.officer("receiver"), reason="Thiếu trang 2.")
    settle()
    actions.supply(Application.objects.get(pk=dossier.pk), by=given.actor("may"), note="Đã chụp lại.")
    settle()
    dossier.refresh_from_db()
    assert (dossier.state, dossier.code) == (State.NEW, None)


def test_a_refusal_says_why_and_brings_form_03():
    dossier = given.dossier()
    actions.refuse(dossier, by=given.officer("receiver"), reason="Trẻ đã được đăng ký khai sinh.")
    settle()
    application = Application.objects.get(pk=dossier.pk)
    assert (application.state, application.reason) == (State.REFUSED, "Trẻ đã được đăng ký khai sinh.")
    assert application.attachments.filter(kind="refusal").count() == 1


@pytest.mark.parametrize("verb", ["refuse", "request_supplement"])
def test_no_without_a_reason(verb):
    dossier = given.dossier()
    with pytest.raises(Invalid):
        getattr(actions, verb)(dossier, by=given.officer("receiver"), reason="  ")
    dossier.refresh_from_db()
    assert dossier.state == State.NEW


def test_a_withdrawal_ends_the_dossier():
    dossier = given.dossier(at="accepted")
    actions.withdraw(Application.objects.get(pk=dossier.pk), by=given.actor("may"), reason="Nộp ở nơi khác.")
    settle()
    dossier.refresh_from_db()
    assert (dossier.state, Application.objects.get(pk=dossier.pk).state) == (State.WITHDRAWN, State.WITHDRAWN)


def test_forms_have_numbers_of_their_own_that_count_up_without_gaps():
    first = given.dossier(at="accepted")
    second = given.dossier("suoi", at="accepted")
    actions.stop(first, by=given.officer("registrar"), reason="Không đủ căn cứ.")
    settle()
    year = first.accepted_at.year
    numbers = dict(Document.objects.values_list("about", "number").filter(kind="receipt"))
    assert numbers == {first.urn: f"1/{year}-BPTNTKQ", second.urn: f"2/{year}-BPTNTKQ"}
    assert list(Document.objects.about(first).values_list("kind", "number").order_by("kind")) == [
        ("receipt", f"1/{year}-BPTNTKQ"),
        ("stop", "1/TBD-BPTNTKQ"),
    ]


def test_stopping_says_why():
    dossier = given.dossier(at="accepted")
    actions.stop(dossier, by=given.officer("registrar"), reason="Không đủ căn cứ.")
    settle()
    assert Application.objects.get(pk=dossier.pk).state == State.STOPPED


def test_what_was_stopped_goes_on_with_what_was_left_of_its_time():
    dossier = given.dossier(at="accepted")
    given.propose(dossier)
    actions.stop(dossier, by=given.officer("registrar"), reason="Không đủ căn cứ.")
    settle()  # the register has answered meanwhile
    assert steps(dossier)["register"] == Step.State.RUNNING
    actions.restart(dossier, by=given.officer("registrar"), reason="Đương sự đã xuất trình bản gốc.")
    settle()
    dossier.refresh_from_db()
    application = Application.objects.get(pk=dossier.pk)
    assert (dossier.state, dossier.ended_at, application.state) == (State.PROCESSING, None, State.PROCESSING)
    assert steps(dossier)["sign"] == Step.State.RUNNING
    kinds = [one.kind for one in dossier.segments.all()]
    assert kinds == ["running", "paused", "running"]
    last = dossier.segments.last()
    assert dossier.due_at == calendar_for(dossier.agency).add(last.began_at, float(last.left))
    actions.stop(dossier, by=given.officer("registrar"), reason="Vẫn không đủ căn cứ.")
    settle()
    assert Document.objects.about(dossier).filter(kind="stop").count() == 2


@pytest.mark.parametrize("who", ["receiver", "chair"])
def test_only_who_may_stop_takes_the_work_up_again(who):
    dossier = given.dossier(at="accepted")
    with pytest.raises(NotNow):
        actions.restart(dossier, by=given.officer("registrar"), reason="Đủ căn cứ.")
    actions.stop(dossier, by=given.officer("registrar"), reason="Không đủ căn cứ.")
    with pytest.raises(Refused):
        actions.restart(dossier, by=given.officer(who), reason="Đủ căn cứ.")


def test_a_step_refused_by_another_agency_waits_for_the_officer_who_can_try_again():
    dossier = given.dossier(at="accepted")
    Dossier.objects.filter(pk=dossier.pk).update(
        answers={**dossier.answers, "household_number": "000196999999"}
    )
    given.propose(dossier)
    settle()
    residence = dossier.steps.get(key="residence")
    assert (residence.state, bool(residence.trouble)) == (Step.State.REFUSED, True)
    dossier.refresh_from_db()
    Dossier.objects.filter(pk=dossier.pk).update(
        answers={**dossier.answers, "household_number": given.BY_KEY["may"].number}
    )
    actions.retry(dossier, by=given.officer("registrar"), key="residence")
    settle()
    assert steps(dossier)["residence"] == Step.State.DONE


def test_rating_counts_once_and_reaches_the_agency():
    dossier = given.dossier(at="signed")
    application = Application.objects.get(pk=dossier.pk)
    rating = {"overall": 3, "convenience": 3, "timeliness": 2, "attitude": 3}
    actions.rate(application, by=given.actor("may"), **rating)
    settle()
    dossier.refresh_from_db()
    assert dossier.rating == rating
    with pytest.raises(Invalid):
        actions.rate(application, by=given.actor("may"), **rating)


@pytest.mark.parametrize("verb", ["send", "withdraw", "supply", "discard"])
def test_nobody_acts_on_anothers_application(verb):
    application = given.application()
    with pytest.raises(Refused):
        getattr(actions, verb)(application, by=given.actor("doi"))


def test_an_incomplete_application_is_not_sent_and_says_what_is_missing():
    application = given.application()
    with pytest.raises(Invalid) as refusal:
        actions.send(application, by=given.actor("may"))
    assert "Bé" in str(refusal.value)
    application.refresh_from_db()
    assert (application.state, application.sent_at) == (State.DRAFT, None)


def test_faulty_answers_change_nothing():
    application = given.application()
    with pytest.raises(actions.applying.InvalidAnswers) as refusal:
        actions.fill(
            application, by=given.actor("may"), group="child", answers={"child_born_on": "2999-01-01"}
        )
    assert "child_born_on" in refusal.value.faults
    application.refresh_from_db()
    assert application.answers == {}


def test_prefilled_values_bear_their_source_until_they_are_changed():
    application = given.application()
    may = given.actor("may")
    source = {"service": "population.person", "at": "2026-11-20T10:00:00+07:00"}
    actions.fill(application, by=may, group="mother", answers={"mother_name": "Trần Hạ Mây"}, source=source)
    assert application.sources["mother_name"]["service"] == "population.person"
    typed = {one: given.ANSWERS[one] for one in given.ANSWERS if one.startswith("mother_")}
    actions.fill(application, by=may, group="mother", answers={**typed, "mother_name": "Trần Thị Mây"})
    assert "mother_name" not in application.sources


def test_news_of_another_agency_are_refused():
    from motcua.dossiers.reactions import take_news
    from motcua.exchange.messages import Unfit

    dossier = given.dossier()
    message = post.message_of(fake_news(dossier, sender=given.BAC_HA))
    with pytest.raises(Unfit):
        take_news(message)


def fake_news(dossier, *, sender):
    import json
    from types import SimpleNamespace
    from uuid import uuid4

    from django.utils import timezone

    return SimpleNamespace(
        id=uuid4(), kind="dossier.news", sender=sender, recipient="G22", stream="", correlation="", created=timezone.now(),
        content_type="application/json", attachments=[], body=json.dumps({"application": str(dossier.pk)}).encode(), digest=b"",
    )  # fmt: skip


def test_a_register_is_told_what_it_is_read_for_however_long_the_procedure_is_called():
    dossier = given.dossier(at="accepted")
    content = dossier.version.content | {"name": {"vi": "Xét hưởng " * 100}}
    Version.objects.filter(pk=dossier.version_id).update(content=content, digest="f" * 64)
    given.propose(Dossier.objects.get(pk=dossier.pk))
    assert {len(one.purpose) for one in Request.objects.all()} == {200}
