"""Running dossiers go over to a later version: the map, the trial, four eyes, each dossier by itself, and the page."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, Step, Transition
from motcua.dossiers.transiting import concerned, fates, proposed
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.lib.actors import Actor
from motcua.opinions.models import Inquiry
from motcua.organisations.models import Agency
from motcua.procedures import actions as procedures
from motcua.procedures import patterns
from motcua.procedures.schema import Step as Defined
from tests import given
from tests.post import settle

CODE = "1.004873"
DOSSIERS = Actor.system("dossiers")


def later(**changes):
    """The version from tomorrow: verifying is called checking, a second look comes after it, five days instead of three."""
    old = given.definition(CODE)
    receive, verify, examine, sign, deliver = old.steps
    check = verify.model_copy(update={"id": "check"})
    second = verify.model_copy(
        update={"id": "second", "after": ("check",), "name": verify.name.model_copy(update={"vi": "Xem lại"})}
    )
    steps = (receive, check, second, examine.model_copy(update={"after": ("second",)}), sign, deliver)
    terms = tuple(term.model_copy(update={"value": 5, "raw": "5"}) for term in old.terms)
    return old.model_copy(
        update={
            "version": timezone.localdate() + timedelta(days=1),
            "steps": steps,
            "terms": terms,
            "pattern": None,
            **changes,
        }
    )


@pytest.fixture
def running(db):
    """Three dossiers under the old version: one to be received, one to be verified, one to be signed."""
    given.country()
    for key in ("xep", "chuan", "thong"):
        given.account(key)
    version, now = given.procedure(CODE), timezone.now()
    made = [
        Dossier(
            version=version,
            case="",
            channel=2,
            agency=given.SA_PA,
            origin="G22",
            applicant_name="Lưu Thị Sim",
            applicant_number="000071002654",
            answers={},
            sent_at=now,
            arrived_at=now + timedelta(minutes=place),
        )
        for place in range(3)
    ]
    for dossier in made:
        actions.arrive(dossier, by=DOSSIERS, papers=[])
    for dossier in made[1:]:
        actions.accept(dossier, by=given.officer("receiver"))
    actions.complete(made[2], by=given.officer("registrar"), key="verify", note="Đúng.")
    actions.propose(made[2], by=given.officer("registrar"), opinion="Đủ.")
    procedures.publish(later(), by=DOSSIERS)
    return made


def drafted(dossiers, *, term="keep", **steps):
    """Drafted by one administrator, with the map as it goes without saying, and what else is said."""
    old = dossiers[0].version
    new = old.procedure.versions.latest().get()
    transition = actions.draft_transition(
        Transition(
            agency=Agency.objects.get(code=given.SA_PA),
            old=old,
            new=new,
            steps=proposed(old.definition, new.definition),
        ),
        by=given.actor("xep"),
    )
    actions.map_steps(
        transition,
        by=given.actor("xep"),
        steps=transition.steps | steps,
        term=term,
        basis="Nghị định 1/2027, điều 40",
    )
    return transition


def test_the_map_is_proposed_where_code_or_name_is_the_same(running):
    old, new = given.definition(CODE), later()
    assert proposed(old, new) == {
        "receive": "receive",
        "verify": "check",
        "examine": "examine",
        "sign": "sign",
        "deliver": "deliver",
    }


def test_a_new_step_decided_above_lies_with_the_agency_above_or_the_dossier_cannot_go_over(running):
    receive, verify, examine, sign, deliver = given.definition(CODE).steps
    above = Defined.model_validate(
        patterns.contents("decided_above")[2] | {"after": ["examine"]}, strict=False
    )
    steps = (receive, verify, examine, above, sign.model_copy(update={"after": ("above",)}), deliver)
    day = timezone.localdate() + timedelta(days=2)
    procedures.publish(later(version=day, steps=steps), by=DOSSIERS)
    transition = drafted(running[:1])
    (found, *_others) = fates(transition, concerned(transition))
    assert {step.key: step.agency for step in found.steps}["above"] == "H38"
    Agency.objects.filter(code=given.SA_PA).update(parent=None)
    (found, *_others) = fates(transition, concerned(transition))
    assert "không có cơ quan cấp trên" in found.hindrance


def test_the_trial_names_what_leads_nowhere_and_nothing_is_agreed_until_it_does(running):
    transition = drafted(running, verify="")
    found = [(one.was_at, one.at, bool(one.hindrance)) for one in fates(transition, concerned(transition))]
    assert found == [
        ("", "", False),
        ("Kiểm tra, xác minh", "", True),
        ("Ký kết quả", "Ký kết quả", False),
    ]
    with pytest.raises(Invalid):
        actions.agree(transition, by=given.actor("chuan"))
    assert Transition.objects.get().state == "draft"


def test_each_goes_on_where_it_stood_under_the_new_steps(running):
    waiting, verifying, signing = running
    before = dict(Dossier.objects.values_list("pk", "due_at"))
    actions.agree(drafted(running), by=given.actor("chuan"))
    settle()
    for dossier in running:
        dossier.refresh_from_db()
        assert (dossier.version.effective_from, dossier.due_at) == (later().version, before[dossier.pk])
    states = [list(one.steps.values_list("key", "state")) for one in running]
    assert states[0] == [(step.id, "waiting") for step in later().steps]
    assert dict(states[1]) == {
        "receive": "done",
        "check": "running",
        "second": "waiting",
        "examine": "waiting",
        "sign": "waiting",
        "deliver": "waiting",
    }
    # What the dossier has long passed is not asked of it again.
    assert dict(states[2]) == {
        "receive": "done",
        "check": "done",
        "second": "done",
        "examine": "done",
        "sign": "running",
        "deliver": "waiting",
    }
    assert [one["key"] for one in verifying.standing] == ["check"]
    entry = Entry.objects.about(verifying).of("dossiers.DossierBroughtOver").get()
    assert (entry.facts["was_at"], entry.facts["at"], entry.facts["basis"]) == (
        "Kiểm tra, xác minh",
        "Kiểm tra, xác minh",
        "Nghị định 1/2027, điều 40",
    )
    transition = Transition.objects.get()
    assert (transition.state, transition.brought, transition.left) == ("done", 3, {})
    actions.complete(verifying, by=given.officer("registrar"), key="check", note="Đúng.")
    assert Step.objects.get(dossier=verifying, key="second").state == "running"
    actions.accept(waiting, by=given.officer("receiver"))
    assert signing.steps.get(key="sign").role == "chair"


def test_by_the_new_term_the_same_beginning_counts(running):
    transition = drafted(running, term="new")
    promised = {one.dossier.pk: one.due_at for one in fates(transition, concerned(transition))}
    verifying = running[1]
    assert promised[verifying.pk] > Dossier.objects.get(pk=verifying.pk).due_at
    actions.agree(transition, by=given.actor("chuan"))
    settle()
    assert dict(Dossier.objects.values_list("pk", "due_at")) == promised


def test_carried_over_twice_it_happens_once_and_what_cannot_stays(running):
    transition = drafted(running)
    actions.agree(transition, by=given.actor("chuan"))
    # Meanwhile the map of one dossier's step was lost: it stays under its version, and the reason is kept.
    Transition.objects.update(steps={key: to for key, to in transition.steps.items() if key != "verify"})
    settle()
    found = Transition.objects.get()
    assert (found.state, found.brought, list(found.left)) == ("done", 2, [running[1].code])
    with pytest.raises(NotNow):
        actions.conclude_transition(found, by=DOSSIERS, left={})
    actions.bring_over(Dossier.objects.get(pk=running[2].pk), by=DOSSIERS, transition=found)
    assert Entry.objects.about(running[2]).of("dossiers.DossierBroughtOver").count() == 1


def test_a_dossier_that_has_ended_meanwhile_keeps_its_version(running):
    transition = drafted(running)
    actions.stop(running[1], by=given.officer("registrar"), reason="Rút.")
    ended = Dossier.objects.get(pk=running[1].pk)
    actions.bring_over(ended, by=DOSSIERS, transition=transition)
    assert Dossier.objects.get(pk=ended.pk).version_id == transition.old_id
    assert not Entry.objects.about(ended).of("dossiers.DossierBroughtOver").exists()


def test_opinions_that_were_asked_for_are_awaited_by_the_same_step_under_its_new_name(running):
    lam = given.officer("registrar")
    asked = {"question": "Đúng không?", "papers": [], "days": 5, "one_is_enough": False}
    actions.consult(running[1], by=lam, agencies=[given.agency(given.BAC_HA)], **asked)
    actions.agree(drafted(running), by=given.actor("chuan"))
    settle()
    assert Inquiry.objects.get().step == "check"
    with pytest.raises(NotNow, match="Bắc Hà"):
        actions.complete(Dossier.objects.get(pk=running[1].pk), by=lam, key="check", note="Đúng.")


def test_only_a_second_administrator_agrees(running):
    transition = drafted(running)
    for key in ("xep", "lua", "lam", "suong", "guong"):
        with pytest.raises(Refused), transaction.atomic():
            actions.agree(transition, by=given.actor(key))
    with pytest.raises(Refused):
        actions.draft_transition(
            Transition(agency=Agency.objects.get(code=given.SA_PA), old=transition.old, new=transition.new),
            by=given.actor("lua"),
        )
    with pytest.raises(Invalid):
        actions.draft_transition(
            Transition(agency=transition.agency, old=transition.new, new=transition.old),
            by=given.actor("xep"),
        )


def test_the_trial_asks_as_often_for_three_as_for_many(running, django_assert_num_queries):
    transition = drafted(running)
    list(fates(transition, concerned(transition)))
    with django_assert_num_queries(4):
        assert len(list(fates(transition, concerned(transition)))) == 3


def browser(key):
    return given.signed_in(key)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_page_leads_from_the_list_to_agreement(running):
    writer, agreer = browser("xep"), browser("chuan")
    assert "3 hồ sơ" in text(writer.get("/desk/transitions/"))
    old = running[0].version
    answer = writer.post("/desk/transitions/", {"agency": given.SA_PA, "old": old.pk})
    transition = Transition.objects.get()
    address = reverse("desk:transition", args=[transition.pk])
    assert answer["Location"] == address
    typed = {f"step_{key}": to for key, to in transition.steps.items()} | {"term": "keep", "basis": ""}
    assert writer.post(address, typed).status_code == 422
    assert writer.post(address, typed | {"basis": "Nghị định 1/2027"}).status_code == 302
    said = text(agreer.get(address))
    assert ("Kiểm tra, xác minh" in said, "Nghị định 1/2027" in agreer.get(address).content.decode()) == (
        True,
        True,
    )
    assert writer.post(f"{address}agree/").status_code == 403
    assert agreer.post(f"{address}agree/").status_code == 302
    settle()
    assert "3 hồ sơ đã chuyển tiếp" in text(writer.get(address))
    told = text(browser("lam").get(f"/desk/dossiers/{running[1].pk}/"))
    assert "Hồ sơ chuyển sang phiên bản từ" in told
    found = {
        key: (browser(key).get("/desk/transitions/").status_code, browser(key).get(address).status_code)
        for key in ("may", "suong", "lam", "lua", "guong", "thong")
    }
    no = (403, 403)
    assert found == {"may": no, "suong": no, "lam": no, "lua": no, "guong": no, "thong": (200, 200)}


def test_the_terminal_lists_and_tries(running, capsys):
    with override("vi"):
        call_command("transitions", "list")
        call_command("transitions", "try", CODE, "--agency", given.SA_PA)
    said = capsys.readouterr().out
    assert [said.count(words) for words in (CODE, running[1].code, "Kiểm tra, xác minh")] == [1, 1, 2]
