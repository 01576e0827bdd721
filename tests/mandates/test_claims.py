"""Parents and representatives: proven by a register, or by an officer who has seen the paper."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.mandates import actions
from motcua.mandates.actions import Found
from motcua.mandates.models import Claim, Kind, Mandate
from motcua.mandates.proving import behind, parent_of
from motcua.notices.models import Notice
from motcua.registers.population import actions as population
from motcua.registers.population.models import Person, Reading
from motcua.registers.population.records import PersonRecord
from motcua.registers.records import Basis, Ground, Sex
from motcua.sharing import asking
from motcua.sharing.asking import NotKnown
from tests import given, post
from tests.line import Line
from tests.racing import meanwhile

pytestmark = pytest.mark.django_db

CHILD = "000120005551"
BORN = date(2020, 5, 4)


@pytest.fixture
def child(monkeypatch):
    """A child whose record names Mây as the mother; the register answers as it would over the network."""
    monkeypatch.setattr(asking, "call", Line().call)
    given.country()
    population.record_person(
        Person(number=CHILD, occasion="tests:child"),
        by=given.SYSTEM,
        known=PersonRecord(
            full_name="Lý Khánh Vy", sex=Sex.FEMALE, born_on=BORN, mother_number=given.BY_KEY["may"].number
        ),
        basis=Basis(Ground.TAKEOVER, "demo", "G01"),
    )


def of_child(key="may", **changes):
    person = given.account(key)
    told = {"kind": Kind.PARENT, "principal_number": CHILD, "agent": person, "given_by": person}
    return Mandate(**told | changes)


def by_paper(key="may", **changes):
    paper = {"name": "khai-sinh.png", "media": "image/png", "size": 1, "digest": given.blob_of_picture()}
    told = {"principal_name": "Lý Khánh Vy", "born_on": BORN, "agency": given.SA_PA, "paper": paper}
    return of_child(key, **told | changes)


def claimed():
    """A parent's claim, arrived at Sa Pa."""
    given.country()
    mandate = actions.claim(by_paper(), by=given.actor("may"))
    post.settle()
    return mandate, Claim.objects.get()


def test_the_register_proves_a_parent_and_tells_nothing_to_others(child):
    found = parent_of(CHILD, given.account("may"), by=given.citizen("may"))
    assert (found.name, found.born_on) == ("Lý Khánh Vy", BORN)
    assert Reading.objects.get().purpose == "Xác nhận cha, mẹ đại diện cho con chưa đủ 18 tuổi"
    for stranger in ("doi", "suoi"):
        with pytest.raises(NotKnown):
            parent_of(CHILD, given.account(stranger), by=given.citizen(stranger))
    read_by = [given.citizen(key).urn for key in ("suoi", "doi", "may")]
    assert list(Reading.objects.of(CHILD).values_list("reader", flat=True)) == read_by
    assert [one.facts["is_refused"] for one in Entry.objects.of("sharing.DataRead").order_by("pk")] == [
        False,
        True,
        True,
    ]


def test_a_proven_parent_acts_until_the_day_before_the_child_is_eighteen(child):
    found = parent_of(CHILD, given.account("may"), by=given.citizen("may"))
    mandate = actions.claim(of_child(), by=given.actor("may"), found=found)
    assert (mandate.is_in_force, mandate.principal_name, mandate.valid_until) == (
        True,
        "Lý Khánh Vy",
        date(2038, 5, 3),
    )
    assert mandate.number.startswith("ĐD-")
    assert actions.claim(of_child(), by=given.actor("may"), found=found).pk == mandate.pk


def test_who_is_eighteen_is_nobodys_child_here():
    born = timezone.localdate() - timedelta(days=18 * 366)
    found = Found("Lý Khánh Vy", born, "population.child", "")
    for claim, proof in ((of_child(), found), (by_paper(born_on=born), None)):
        with pytest.raises(Invalid) as refusal:
            actions.claim(claim, by=given.actor("may"), found=proof)
        assert refusal.value.field == "born_on"
    assert Mandate.objects.count() == 0


def test_without_register_and_without_paper_nothing_is_claimed():
    with pytest.raises(Invalid):
        actions.claim(of_child(born_on=BORN), by=given.actor("may"))
    with pytest.raises(Invalid):
        actions.claim(of_child(kind=Kind.PROXY), by=given.actor("may"))
    with pytest.raises(Refused):
        actions.claim(by_paper("may"), by=given.actor("doi"))
    assert Mandate.objects.count() == 0


def test_an_officer_who_has_seen_the_paper_confirms_it():
    mandate, claim = claimed()
    assert (claim.agent_name, claim.principal_name, claim.born_on) == (
        given.BY_KEY["may"].name,
        "Lý Khánh Vy",
        BORN,
    )
    assert not Mandate.objects.in_force().exists()
    actions.uphold(claim, by=given.officer("receiver"))
    post.settle()
    mandate.refresh_from_db()
    assert (mandate.is_in_force, mandate.proof["officer"]) == (True, given.BY_KEY["suong"].name)
    assert Notice.objects.filter(recipient=given.account("may")).get().code == "mandates.proven"
    with pytest.raises(NotNow):
        actions.dismiss(claim, by=given.officer("receiver"), reason="Không.")


def test_what_is_not_confirmed_says_why_and_allows_nothing():
    mandate, claim = claimed()
    with pytest.raises(Invalid):
        actions.dismiss(claim, by=given.officer("registrar"), reason=" ")
    claim.refresh_from_db()
    actions.dismiss(claim, by=given.officer("registrar"), reason="Giấy khai sinh ghi mẹ khác.")
    post.settle()
    mandate.refresh_from_db()
    assert (mandate.state, mandate.reason) == (Mandate.State.REFUSED, "Giấy khai sinh ghi mẹ khác.")
    assert Notice.objects.get().body.endswith("Giấy khai sinh ghi mẹ khác.")


@pytest.mark.parametrize("key", ["lua", "thong", "man", "guong", "may"])
def test_only_one_stop_officers_of_that_agency_answer(key):
    _mandate, claim = claimed()
    with pytest.raises(Refused):
        actions.uphold(claim, by=given.actor(key))


def test_no_officer_confirms_their_own_claim():
    given.country()
    actions.claim(by_paper("suong"), by=given.actor("suong"))
    post.settle()
    with pytest.raises(Refused):
        actions.uphold(Claim.objects.get(), by=given.actor("suong"))


def test_a_claim_that_arrives_twice_is_looked_at_once():
    given.country()
    actions.claim(by_paper(), by=given.actor("may"))
    post.settle(times=2)
    assert (Claim.objects.count(), Entry.objects.of("mandates.ClaimArrived").count()) == (1, 1)
    actions.uphold(Claim.objects.get(), by=given.officer("receiver"))
    post.settle(times=2)
    assert Entry.objects.of("mandates.MandateProven").count() == 1


def test_another_agencys_answer_counts_for_nothing():
    mandate, claim = claimed()
    Mandate.objects.filter(pk=mandate.pk).update(agency=given.BAC_HA)
    actions.uphold(claim, by=given.officer("receiver"))
    post.settle()
    mandate.refresh_from_db()
    assert mandate.state == Mandate.State.CLAIMED


SPEAKS = Found("Công ty TNHH Hoa Ban", None, "business.representative", "")
YEAR = timedelta(days=365)


def representative(**changes):
    """A claim of Đồi's to speak for the business."""
    told = {"kind": Kind.REPRESENTATIVE, "principal_number": given.BUSINESS}
    return of_child("doi", **told | changes)


def representative_by_paper():
    return by_paper("doi", kind=Kind.REPRESENTATIVE, principal_number=given.BUSINESS, born_on=None)


def test_who_speaks_for_a_business_is_asked_about_again_after_a_year():
    by, today = given.actor("doi"), timezone.localdate()
    first = actions.claim(representative(), by=by, found=SPEAKS)
    for _time in range(2):
        assert actions.claim(representative(), by=by, found=SPEAKS).pk == first.pk
    assert (first.valid_until, Entry.objects.of("mandates.MandateProven").count()) == (today + YEAR, 1)
    Mandate.objects.update(valid_from=today - YEAR - YEAR, valid_until=today - timedelta(days=1))
    assert not Mandate.objects.in_force().exists()
    again = actions.claim(representative(), by=by, found=SPEAKS)
    assert (again.pk, again.is_in_force, again.valid_from, again.valid_until) == (
        first.pk,
        True,
        today,
        today + YEAR,
    )
    assert Entry.objects.of("mandates.MandateProven").count() == 2


def test_once_the_year_is_over_a_new_paper_is_a_new_claim():
    held, today = given.business("doi"), timezone.localdate()
    assert (held.valid_until, Claim.objects.count()) == (today + YEAR, 0)
    assert actions.claim(representative_by_paper(), by=given.actor("doi")).pk == held.pk
    Mandate.objects.update(valid_from=today - YEAR, valid_until=today - timedelta(days=1))
    claim = actions.claim(representative_by_paper(), by=given.actor("doi"))
    held.refresh_from_db()
    assert (claim.state, held.state, claim.number != held.number) == ("claimed", "revoked", True)


def test_what_waits_for_an_agency_holds_at_once_when_the_register_says_so():
    given.country()
    by = given.actor("doi")
    waits = actions.claim(representative_by_paper(), by=by)
    post.settle()
    proven = actions.claim(representative(), by=by, found=SPEAKS)
    assert (proven.pk, proven.is_in_force, proven.proof["service"]) == (waits.pk, True, SPEAKS.service)
    actions.dismiss(Claim.objects.get(), by=given.officer("receiver"), reason="Giấy không rõ.")
    post.settle()
    proven.refresh_from_db()
    assert (proven.is_in_force, Mandate.objects.count()) == (True, 1)


def test_a_representative_lets_staff_act_for_the_business():
    given.business("doi")
    staff = actions.offer(
        Mandate(
            kind=Kind.STAFF,
            principal_number=given.BUSINESS,
            principal_name="Công ty TNHH Hoa Ban",
            agent=given.account("suoi"),
            given_by=given.account("doi"),
            valid_until=timezone.localdate() + timedelta(days=30),
        ),
        by=given.actor("doi"),
    )
    actions.accept(staff, by=given.actor("suoi"))
    seen = [Mandate.objects.concerning(given.actor(key)).count() for key in ("doi", "suoi", "may")]
    assert (staff.is_in_force, seen) == (True, [2, 1, 0])
    actions.revoke(staff, by=given.actor("doi"))


def test_what_was_confirmed_from_paper_is_not_asked_about_whatever_a_register_said_before():
    given.country()
    by, colleague = given.actor("doi"), given.actor("suoi")
    earlier = actions.claim(representative(), by=by, found=SPEAKS)
    staff = Mandate(
        kind=Kind.STAFF,
        principal_number=given.BUSINESS,
        agent=given.account("suoi"),
        given_by=given.account("doi"),
    )
    assert (behind(staff, colleague), behind(staff, by)) == (earlier, earlier)
    actions.lapse_of(earlier, by=given.SYSTEM, service=SPEAKS.service)
    seen = actions.claim(representative_by_paper(), by=by)
    post.settle()
    actions.uphold(Claim.objects.get(), by=given.officer("receiver"))
    post.settle()
    assert [behind(*one) for one in ((staff, colleague), (staff, by), (seen, by))] == [None] * 3
    # Where nothing holds any more, what a register said last is asked about.
    Mandate.objects.filter(pk=seen.pk).update(state=Mandate.State.REVOKED)
    assert behind(staff, colleague) == earlier


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_claim():
    given.country()
    by, tabs = given.actor("may"), [by_paper(), by_paper()]
    made = []
    with meanwhile(lambda: made.append(actions.claim(tabs[1], by=by))):
        made.append(actions.claim(tabs[0], by=by))
    assert (made[0].pk, Mandate.objects.count()) == (made[1].pk, 1)
    assert Entry.objects.of("mandates.MandateClaimed").count() == 1
