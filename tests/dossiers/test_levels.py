"""Commune, province, ministry: what is submitted above is decided and signed there, and comes down to who asked for it."""

import json
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from motcua.documents.models import Document, store
from motcua.dossiers import actions
from motcua.dossiers.actions.again import result_told
from motcua.dossiers.models import Dossier, Step, Transition
from motcua.dossiers.states import State
from motcua.dossiers.transiting import concerned, fates, proposed
from motcua.exchange import actions as exchange
from motcua.exchange.events import MessageRefused, MessageReturned
from motcua.exchange.models import Outbox
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor, Grant
from motcua.notices.models import Notice
from motcua.organisations.heirs import Heir, HeirNotKnownError
from motcua.organisations.models import calendar_for
from motcua.procedures import actions as procedures
from motcua.procedures import patterns
from motcua.procedures.loading import load
from motcua.procedures.schema import Definition
from tests import given
from tests.post import REFUSED, settle
from tests.procedures.samples import written

pytestmark = pytest.mark.django_db

PROVINCE, MINISTRY = "H38", "G15"
ROLES = ("receiver", "specialist", "registrar", "chair")


def officers(code):
    """One person who holds every post of an agency."""
    lua = given.account("lua")
    return Actor(f"person:{lua.pk}", lua.name, frozenset(Grant(role, code) for role in ROLES))


def steps(*, levels, top=MINISTRY):
    """The pattern; with three levels the province submits to the ministry in turn, or to whoever is above it."""
    found = patterns.contents("decided_above")
    if levels == 3:
        again = patterns.contents("decided_above")
        again[2] |= {"id": "ministry"} | ({"agency": top} if top else {})
        again[3] |= {"after": ["ministry"]}
        found[2] |= {"steps": again, "hours": 90}
    return found


@pytest.fixture
def filed(tmp_path):
    def filed(*, levels=2, top=MINISTRY, agency=given.SA_PA, origin="G22"):
        given.country()
        given.keys()
        base = load(written(tmp_path)).as_content()
        base |= {"pattern": None, "steps": steps(levels=levels, top=top)}
        base |= {"terms": [{"value": 30, "unit": "working_days"}]}
        base["results"] = [{**base["results"][0], "template": "certificate", "issued_by": None}]
        dossier = Dossier(
            version=procedures.publish(Definition.from_content(base), by=given.SYSTEM),
            channel=2,
            agency=agency,
            origin=origin,
            applicant_name="Trần Hạ Mây",
            applicant_number=given.BY_KEY["may"].number,
            answers={"name": "Mây", "married": False},
            sent_at=timezone.now(),
        )
        paper = {"paper": "photo", "name": "anh.png", "media": "image/png", "size": len(given.picture())}
        actions.arrive(dossier, by=given.SYSTEM, papers=[paper | {"digest": given.blob_of_picture()}])
        return dossier

    return filed


def submit(dossier):
    """Receive and verify; then it is with the agency above."""
    by = officers(dossier.agency)
    actions.accept(dossier, by=by)
    actions.complete(dossier, by=by, key="verify", note=f"Đã xác minh tại {dossier.agency}.")
    settle()
    dossier.refresh_from_db()


def decide(dossier):
    """Receive, propose, sign."""
    by = officers(dossier.agency)
    actions.accept(dossier, by=by)
    actions.propose(dossier, by=by, opinion="Đủ điều kiện.")
    actions.sign(dossier, by=by)
    settle()


def above(dossier):
    return Dossier.objects.get(below=dossier.pk)


def test_three_levels_submit_upwards_and_the_signed_result_comes_down(filed):
    commune = filed(levels=3)
    submit(commune)
    province = above(commune)
    assert (province.agency, province.origin, province.part) == (PROVINCE, given.SA_PA, ["above"])
    assert [step.id for step in province.definition.steps] == ["receive", "verify", "ministry", "deliver"]
    assert (province.papers.count(), province.opinion) == (1, f"Đã xác minh tại {given.SA_PA}.")
    submit(province)
    ministry = above(province)
    assert (ministry.agency, ministry.part) == (MINISTRY, ["above", "ministry"])
    began = ministry.arrived_at
    decide(ministry)
    for dossier in (commune, province, ministry):
        dossier.refresh_from_db()
        assert (dossier.state, set(dossier.steps.values_list("state", flat=True))) == (
            State.RETURNED,
            {"done"},
        )
    (signed,) = Document.objects.filter(kind="certificate")
    assert (signed.agency, signed.about) == (MINISTRY, ministry.urn)
    assert commune.results["above"]["document"] == signed.code
    assert commune.papers.get(paper="above").verdict["stands"] is True
    assert {result_told(one)["public_code"] for one in (commune, province, ministry)} == {signed.code}
    decided = Entry.objects.of("dossiers.DecidedAbove").filter(about=commune.urn).get()
    assert decided.facts["agency_name"] == given.AGENCIES[PROVINCE]
    assert ministry.due_at <= calendar_for(MINISTRY).add(began, 8 + 32)
    codes = [one.code.rpartition("-")[0].rpartition("-")[0] for one in (commune, province, ministry)]
    assert codes == [given.SA_PA, PROVINCE, MINISTRY]


def test_the_country_and_the_applicant_hear_of_one_dossier_only(filed):
    commune = filed()
    submit(commune)
    province = above(commune)
    actions.accept(province, by=officers(PROVINCE))
    assert not Outbox.objects.filter(correlation=str(province.pk)).exists()
    settle()
    assert not Document.objects.filter(about=province.urn).exists()

    def seen(key, dossier):
        client = given.signed_in(key)
        return client.get(f"/desk/dossiers/{dossier.pk}/").content.decode()

    assert seen("lam", commune).count("Chờ UBND tỉnh Lào Cai:") == 1
    there = seen("toi", province)
    assert there.count("Hồ sơ cấp dưới trình") == 1
    assert there.count(f"UBND phường Sa Pa trình, từ hồ sơ {commune.code}.") == 1
    assert there.count("Yêu cầu bổ sung") == there.count("người dân nhận giấy hẹn") == 0
    assert there.count("UBND phường Sa Pa đọc lời này và trả lời người nộp.") > 0


def test_what_is_refused_above_is_put_right_below_and_submitted_again(filed):
    commune = filed()
    submit(commune)
    first = above(commune)
    for speak, more in (
        (actions.request_supplement, {"reason": "Thiếu."}),
        (actions.forward, {"to": given.BAC_HA}),
    ):
        with pytest.raises(Invalid, match="Nơi trình hồ sơ"):
            speak(first, by=officers(PROVINCE), **more)
        first.refresh_from_db()
    actions.accept(first, by=officers(PROVINCE))
    actions.stop(first, by=officers(PROVINCE), reason="Thiếu biên bản xác minh.")
    settle()
    step = commune.steps.get(key="above")
    assert (step.state, step.trouble) == (Step.State.REFUSED, "Thiếu biên bản xác minh.")
    assert Document.objects.filter(about=first.urn).count() == 0
    actions.retry(commune, by=officers(given.SA_PA), key="above")
    settle()
    second = Dossier.objects.exclude(pk=first.pk).get(below=commune.pk)
    decide(second)
    commune.refresh_from_db()
    assert commune.state == State.RETURNED


def test_what_is_decided_above_meanwhile_finds_a_dossier_that_went_over_to_a_later_version(filed):
    commune = filed()
    submit(commune)
    province, old = above(commune), commune.version
    tomorrow = timezone.localdate() + timedelta(days=1)
    new = procedures.publish(old.definition.model_copy(update={"version": tomorrow}), by=given.SYSTEM)
    steps = proposed(old.definition, new.definition)
    transition = Transition(agency_id=PROVINCE, old=old, new=new, steps=steps, basis="NĐ 1/2027")
    # The part above is no dossier of its own: it ends by the version it was submitted under.
    assert [one.dossier.pk for one in fates(transition, concerned(transition))] == [commune.pk]
    actions.bring_over(commune, by=given.SYSTEM, transition=transition)
    settle()
    decide(province)
    for dossier in (commune, province):
        dossier.refresh_from_db()
    assert (commune.version, province.version, Dossier.objects.count()) == (new, old, 2)
    assert (commune.state, commune.steps.get(key="above").above) == (State.RETURNED, province.pk)


def test_nobody_submits_to_themselves(filed):
    for top in ({"levels": 2}, {"levels": 3, "top": ""}):
        with pytest.raises(Invalid, match="không có cơ quan cấp trên"):
            filed(agency=PROVINCE, **top)
    assert not Dossier.objects.exists()


def test_what_could_not_be_submitted_is_refused_with_its_reason_and_can_be_submitted_again(filed):
    commune, by = filed(levels=3, top=""), officers(given.SA_PA)
    actions.accept(commune, by=by)
    actions.complete(commune, by=by, key="verify", note="Đã xác minh.")
    step = commune.steps.get(key="above")
    for event in (MessageRefused, MessageReturned):
        sent = Outbox.objects.get(kind="dossier.submitted_above")
        settle()
        # The province has nobody above it to go on to.
        why = [why for kind, why in REFUSED if kind == sent.kind][-1]
        facts = (str(sent.id), sent.kind, sent.sender, sent.recipient, sent.stream, sent.correlation, why)
        for _time in range(2):
            record(event(*facts), about=f"message:{sent.id}", by=given.SYSTEM)
        settle()
        step.refresh_from_db()
        assert (step.state, "không có cơ quan cấp trên" in step.trouble) == (Step.State.REFUSED, True)
        actions.retry(commune, by=by, key="above")
    record(event(*facts), about=f"message:{sent.id}", by=given.SYSTEM)
    settle()
    step.refresh_from_db()
    assert (step.state, Dossier.objects.count()) == (Step.State.RUNNING, 1)


def test_an_answer_that_was_not_taken_below_is_seen_by_who_signed_it_and_sent_again(filed):
    commune, by = filed(), officers(PROVINCE)
    submit(commune)
    province = above(commune)
    actions.accept(province, by=by)
    actions.propose(province, by=by, opinion="Đủ điều kiện.")
    actions.sign(province, by=by)
    for event in (MessageRefused, MessageReturned):
        sent = Outbox.objects.get(kind="dossier.decided")
        facts = (str(sent.id), sent.kind, sent.sender, sent.recipient, sent.stream, sent.correlation)
        sent.delete()
        for _time in range(2):
            record(event(*facts, "Nút không nhận."), about=f"message:{sent.id}", by=given.SYSTEM)
        settle()
        province.refresh_from_db()
        assert [(one["to"], one["reason"]) for one in province.untaken] == [(given.SA_PA, "Nút không nhận.")]
        page = Client()
        given.sign_in(page, "que")
        shown = page.get(f"/desk/dossiers/{province.pk}/").content.decode()
        assert "UBND phường Sa Pa chưa nhận được" in shown
        page.post(f"/desk/dossiers/{province.pk}/send_again/")
        record(event(*facts, "Nút không nhận."), about=f"message:{sent.id}", by=given.SYSTEM)
    settle()
    commune.refresh_from_db()
    province.refresh_from_db()
    assert (commune.state, province.untaken) == (State.RETURNED, [])
    told = Notice.objects.filter(code="dossiers.untaken", recipient=given.account("lua"))
    assert [(one.parameters["code"], one.parameters["reason"]) for one in told] == [
        (province.code, "Nút không nhận")
    ] * 2
    with pytest.raises(NotNow):
        actions.send_again(province, by=by)


@pytest.mark.parametrize("here", [given.SA_PA, given.BAC_HA])
def test_what_ends_below_is_recalled_from_above_and_goes_up_again_when_the_work_does(filed, here):
    commune = filed(levels=3)
    submit(commune)
    submit(above(commune))
    if here != commune.agency:  # it has merged into another meanwhile
        Heir.objects.create(old_id=given.SA_PA, new_id=here, on=given.SINCE)
        actions.pass_on(actions.PassingOn({commune.pk: here}, "plan", "1/QĐ"), by=given.SYSTEM)
        commune.refresh_from_db()
    actions.stop(commune, by=officers(here), reason="Người nộp đề nghị.")
    settle()
    # Of what nothing is there to be sent, nobody reads that it was sent.
    for kind, to in (("dossier.recalled", "G01"), ("dossier.brought", given.BAC_HA)):
        actions.note_untaken(commune, by=given.SYSTEM, message=kind, kind=kind, to=to, reason="Không nhận.")
    with pytest.raises(NotNow):
        actions.send_again(commune, by=officers(here))
    assert (len(commune.untaken), Entry.objects.of("dossiers.AnswerSentAgain").exists()) == (2, False)
    recalled = {"kind": "dossier.recalled", "to": PROVINCE, "reason": "Không tới được."}
    for message in ("m", "n"):
        actions.note_untaken(commune, by=given.SYSTEM, message=message, **recalled)
    actions.send_again(commune, by=officers(here))
    assert Outbox.objects.get(kind="dossier.recalled").recipient == PROVINCE
    assert [one["to"] for one in commune.untaken] == ["G01", given.BAC_HA]
    actions.note_untaken(commune, by=given.SYSTEM, message="n", **recalled)
    assert len(commune.untaken) == 2
    settle()
    higher = Dossier.objects.exclude(pk=commune.pk).order_by("arrived_at")
    assert [one.state for one in higher] == [State.WITHDRAWN, State.WITHDRAWN]
    commune.refresh_from_db()
    actions.restart(commune, by=officers(here), reason="Làm tiếp.")
    settle()
    assert Dossier.objects.get(below=commune.pk, state=State.NEW).agency == PROVINCE


def test_what_is_put_right_below_is_put_right_above_as_far_up_as_it_lies(filed):
    commune = filed(levels=3)
    submit(commune)
    submit(above(commune))
    pages = [one.id for one in commune.definition.form if any(field.id == "name" for field in one.fields)]
    asked = {"reason": "Sai tên, thiếu ảnh.", "pages": pages}
    actions.request_supplement(commune, by=officers(given.SA_PA), **asked)
    blob = store().put([b"png"])
    paper = {"paper": "photo", "name": "anh-moi.png", "media": "image/png", "digest": blob.digest}
    right = commune.answers | {"name": "Mây Em"}
    sent = {"note": "", "sent_at": timezone.now(), "answers": right, "papers": [paper | {"size": 3}]}
    actions.resume(commune, by=given.SYSTEM, **sent)
    settle(times=2)
    for dossier in Dossier.objects.all():
        told = (dossier.answers["name"], dossier.answers_before, dossier.papers.count())
        assert (dossier.agency, *told) == (dossier.agency, "Mây Em", {"name": "Mây"}, 2)
        assert Entry.objects.of("dossiers.AnswersPutRight").about(dossier).count() == 1
    # Another agency's word about it is not taken.
    told = {"dossier": str(above(commune).pk), "formerly": [], "applicant": {}, "answers": {}, "papers": []}
    sent = {"sender": given.BAC_HA, "recipient": PROVINCE, "stream": "x"}
    exchange.send("dossier.supplied_above", json.dumps(told).encode(), **sent)
    settle()
    assert [kind for kind, _why in REFUSED[-1:]] == ["dossier.supplied_above"]


def test_what_was_decided_above_waits_until_the_applicant_has_answered(filed):
    commune = filed()
    submit(commune)
    actions.request_supplement(commune, by=officers(given.SA_PA), reason="Bản khai chưa ký.")
    decide(above(commune))
    commune.refresh_from_db()
    assert (commune.state, commune.steps.get(key="above").state) == (State.SUPPLEMENT, "done")
    actions.resume(commune, by=given.SYSTEM, papers=[], note="", sent_at=timezone.now())
    settle()
    commune.refresh_from_db()
    assert commune.state == State.RETURNED


@pytest.mark.parametrize(
    ("who", "which", "formerly"),
    [(given.BAC_HA, "as", []), (PROVINCE, "other", []), (given.BAC_HA, "as", [PROVINCE])],
)
def test_only_the_agency_above_decides_and_only_what_was_submitted_to_it(filed, who, which, formerly):
    commune = filed()
    submit(commune)
    step = commune.steps.get(key="above")
    told = {
        "as": str(step.above if which == "as" else commune.pk),
        "dossier": str(commune.pk),
        "formerly": formerly,
        "code": "",
        "paper": None,
        "reason": "Không.",
    }
    exchange.send(
        "dossier.decided",
        json.dumps(told).encode(),
        sender=who,
        recipient=given.SA_PA,
        stream="s",
        correlation=str(commune.pk),
    )
    REFUSED.clear()
    # Who says that it follows the agency that was asked is asked to wait, until this node has heard of it.
    with pytest.raises(HeirNotKnownError) if formerly else nullcontext():
        settle()
    step.refresh_from_db()
    refused = [] if formerly else ["dossier.decided"]
    assert ([kind for kind, _why in REFUSED], step.state) == (refused, Step.State.RUNNING)
