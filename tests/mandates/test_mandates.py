"""The life of a mandate: written, accepted, used, ended; who may do what with it, and who is told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.dossiers import actions as dossiers
from motcua.dossiers.filing import proxy
from motcua.dossiers.models import Application, Dossier
from motcua.dossiers.rules import independent
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.mandates import actions
from motcua.mandates.models import Kind, Mandate, account_id, opening
from motcua.notices.models import Notice
from tests import given, post

pytestmark = pytest.mark.django_db

ANOTHER = "000071002654"


def begin(mandate, *, by="suoi", procedure=given.BIRTH):
    given.agency(given.SA_PA)
    return dossiers.begin(
        given.procedure(procedure),
        by=given.citizen(by),
        case="lien_thong" if procedure == given.BIRTH else "birth",
        agency=given.SA_PA,
        agency_name=given.AGENCIES[given.SA_PA],
        mandate=mandate,
    )


def sent(mandate):
    """The birth group, filed by the agent in the principal's name."""
    application = begin(mandate)
    agent = given.citizen("suoi")
    given.fill_in(application, by=agent)
    given.paper(application, by=agent)
    dossiers.send(application, by=agent)
    return application


def over(mandate):
    """As if its last day had been yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Mandate.objects.filter(pk=mandate.pk).update(valid_from=yesterday, valid_until=yesterday)
    mandate.refresh_from_db()


def revoked(mandate):
    actions.revoke(mandate, by=given.citizen("may"), reason="Tôi tự làm được rồi.")


def told(key):
    return sorted(Notice.objects.filter(recipient=given.account(key)).values_list("code", flat=True))


def test_a_mandate_holds_once_the_agent_accepts_it():
    offered = given.mandate(at="offered")
    assert (offered.state, offered.number) == (
        Mandate.State.OFFERED,
        f"UQ-{timezone.localdate().year}-000001",
    )
    assert not Mandate.objects.in_force().exists()
    actions.accept(offered, by=given.citizen("suoi"))
    post.settle()
    assert Mandate.objects.in_force().get() == offered
    assert (told("suoi"), told("may")) == (["mandates.offered"], ["mandates.accepted"])
    assert [one.event for one in Entry.objects.about(offered)] == [
        "mandates.MandateOffered",
        "mandates.MandateAccepted",
    ]


def test_the_same_mandate_written_again_is_the_one_that_is_there():
    offered = given.mandate(at="offered")
    again = Mandate(pk=offered.pk, kind=Kind.PROXY, principal_number=offered.principal_number)
    assert actions.offer(again, by=given.citizen("may")).number == offered.number
    assert (Mandate.objects.count(), Entry.objects.about(offered).count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agent": "may"}, "number"),
        ({"until": -1}, "valid_until"),
        ({"since": 5, "until": 4}, "valid_until"),
        ({"kind": Kind.PARENT}, "kind"),
    ],
)
def test_what_cannot_hold_is_refused_in_words(changes, field):
    today = timezone.localdate()
    by = given.citizen("may")
    with pytest.raises(Invalid) as refusal:
        actions.offer(
            Mandate(
                kind=changes.get("kind", Kind.PROXY),
                principal_number=given.BY_KEY["may"].number,
                agent=given.account(changes.get("agent", "suoi")),
                given_by=given.account("may"),
                valid_from=today + timedelta(days=changes.get("since", -3)),
                valid_until=today + timedelta(days=changes.get("until", 30)),
            ),
            by=by,
        )
    assert (refusal.value.field, Mandate.objects.count()) == (field, 0)


def test_nobody_lets_others_act_for_someone_else_or_for_a_business_they_do_not_represent():
    for number in (given.BY_KEY["suoi"].number, given.BUSINESS):
        forged = Mandate(kind=Kind.PROXY, principal_number=number, agent=given.account("doi"))
        with pytest.raises(Refused):
            actions.offer(forged, by=given.citizen("may"))


def test_who_has_only_level_1_neither_writes_nor_accepts():
    forged = Mandate(
        kind=Kind.PROXY, principal_number=given.BY_KEY["lach"].number, agent=given.account("suoi")
    )
    with pytest.raises(Refused):
        actions.offer(forged, by=given.actor("lach"))
    offered = given.mandate(agent="lach", at="offered")
    with pytest.raises(Refused):
        actions.accept(offered, by=given.actor("lach"))


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_only_the_agent_answers_and_only_once(verb):
    offered = given.mandate(at="offered")
    for stranger in ("may", "doi"):
        with pytest.raises(Refused):
            getattr(actions, verb)(offered, by=given.citizen(stranger))
    getattr(actions, verb)(offered, by=given.citizen("suoi"))
    with pytest.raises(NotNow):
        getattr(actions, verb)(offered, by=given.citizen("suoi"))


@pytest.mark.parametrize("who", ["may", "suoi"])
def test_principal_and_agent_end_it_at_any_time_and_both_are_told(who):
    mandate = given.mandate()
    with pytest.raises(Refused):
        actions.revoke(mandate, by=given.citizen("doi"))
    actions.revoke(mandate, by=given.citizen(who))
    post.settle()
    assert not Mandate.objects.in_force().exists()
    assert ["mandates.revoked" in told(key) for key in ("may", "suoi")] == [True, True]
    assert Entry.objects.of("mandates.MandateRevoked").get().facts["by_agent"] == (who == "suoi")


def test_the_scope_is_the_procedures_or_the_fields_that_were_named():
    version, field = given.procedure(), given.procedure().field_vi
    covered = [
        Mandate().covers(version),
        Mandate(procedures=[given.BIRTH]).covers(version),
        Mandate(procedures=[given.COPY]).covers(version),
        Mandate(fields=[field]).covers(version),
        Mandate(fields=["Đất đai"]).covers(version),
    ]
    assert covered == [True, True, False, True, False]


def test_an_application_by_mandate_names_both_down_to_the_receipt():
    mandate = given.mandate(procedures=(given.BIRTH,))
    given.country()
    application = sent(mandate)
    post.settle()
    dossier = Dossier.objects.get(pk=application.pk)
    may, suoi = given.BY_KEY["may"], given.BY_KEY["suoi"]
    assert (dossier.applicant_name, dossier.applicant_number) == (may.name, may.number)
    assert (dossier.filing["name"], dossier.filing["number"], dossier.filing["mandate"]["number"]) == (
        suoi.name,
        suoi.number,
        mandate.number,
    )
    assert mandate.number in proxy(dossier)
    assert told("may")[0] == "dossiers.filed_for"
    notice = Notice.objects.get(code="dossiers.filed_for")
    assert notice.body.endswith(f"do {suoi.name} nộp thay theo số {mandate.number}.")


def test_news_go_to_both_and_after_the_end_to_the_principal_alone():
    mandate = given.mandate()
    given.country()
    application = sent(mandate)
    post.settle()
    dossier = Dossier.objects.get(pk=application.pk)
    dossiers.accept(dossier, by=given.officer("receiver"))
    post.settle()
    assert ["dossiers.accepted" in told(key) for key in ("may", "suoi")] == [True, True]
    revoked(mandate)
    dossiers.request_supplement(dossier, by=given.officer("registrar"), reason="Chụp lại.")
    post.settle()
    assert ["dossiers.supplement" in told(key) for key in ("may", "suoi")] == [True, False]


def test_neither_the_applicant_nor_who_filed_for_them_decides_about_the_dossier():
    filed = {"way": "proxy", "number": given.BY_KEY["suong"].number}
    dossier = Dossier(applicant_number=given.BY_KEY["lam"].number, filing=filed)
    officers = [given.actor(key) for key in ("lam", "suong", "lua")]
    assert [independent(officer, dossier) for officer in officers] == [False, False, True]


@pytest.mark.parametrize("ending", [over, revoked])
def test_what_has_ended_allows_neither_to_begin_nor_to_send(ending):
    mandate = given.mandate()
    application, agent = begin(mandate), given.citizen("suoi")
    given.fill_in(application, by=agent)
    given.paper(application, by=agent)
    ending(mandate)
    before = Outbox.objects.count()
    with pytest.raises(Refused):
        dossiers.send(Application.objects.get(pk=application.pk), by=agent)
    with pytest.raises(Invalid) as refusal:
        begin(mandate)
    assert (refusal.value.field, mandate.number in str(refusal.value)) == ("whom", True)
    assert (Outbox.objects.count(), Application.objects.get().state) == (before, 0)


def test_an_application_seen_before_the_mandate_ended_is_not_sent_after():
    mandate = given.mandate()
    application, agent = begin(mandate), given.citizen("suoi")
    given.fill_in(application, by=agent)
    given.paper(application, by=agent)
    assert application.mandate.is_in_force
    revoked(mandate)
    with pytest.raises((Refused, Invalid)):
        dossiers.send(application, by=agent)


@pytest.mark.parametrize(
    ("make", "by"),
    [
        (lambda: given.mandate(procedures=(given.COPY,)), "suoi"),
        (lambda: given.mandate(at="offered"), "suoi"),
        (given.mandate, "doi"),
    ],
)
def test_out_of_scope_not_accepted_or_anothers_mandate_opens_nothing(make, by):
    mandate = make()
    with pytest.raises(Invalid):
        begin(mandate, by=by)
    assert Application.objects.count() == 0


def test_the_principal_may_do_all_the_agent_may():
    application = begin(given.mandate())
    given.fill_in(application, by=given.citizen("may"))
    with pytest.raises(Refused):
        dossiers.discard(application, by=given.citizen("doi"))
    dossiers.discard(application, by=given.citizen("may"))


def test_each_sees_what_is_theirs_and_nobody_anything_else():
    mandate = given.mandate()
    begin(mandate)
    seen = {key: Application.objects.visible_to(given.citizen(key)).count() for key in ("may", "suoi", "doi")}
    revoked(mandate)
    after = {
        key: Application.objects.visible_to(given.citizen(key)).count() for key in ("may", "suoi", "doi")
    }
    assert (seen, after) == ({"may": 1, "suoi": 1, "doi": 0}, {"may": 1, "suoi": 0, "doi": 0})


def test_what_is_open_to_whom_is_worded_once_and_asked_for_each_person_and_of_today():
    held = given.mandate("may", "suoi")

    def found():
        """How many open something to each, as it is worded anew, as it was once, and as a part of another question."""
        for actor in map(given.citizen, ("may", "suoi", "doi")):
            asked = account_id(actor), timezone.localdate()
            part = Mandate.objects.filter(pk__in=opening.within(*asked))
            yield Mandate.objects.opening(actor).count(), len(opening(*asked)), part.count()

    assert list(found()) == [(1, 1, 1), (1, 1, 1), (0, 0, 0)]
    yesterday = timezone.localdate() - timedelta(days=1)
    Mandate.objects.filter(pk=held.pk).update(valid_from=yesterday, valid_until=yesterday)
    assert list(found()) == [(1, 1, 1), (0, 0, 0), (0, 0, 0)]


def test_the_database_keeps_a_mandate_without_a_last_day_out():
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(
            number="UQ-1",
            kind=Kind.PROXY,
            principal_number=ANOTHER,
            agent=given.account("suoi"),
            given_by=given.account("may"),
        )
