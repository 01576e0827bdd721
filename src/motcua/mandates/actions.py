"""Write a mandate, take it on, end it; claim a representation and have it proven; look at claims at the agency."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange import actions as exchange
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action, lock
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number
from motcua.lib.rules import system
from motcua.mandates.events import (
    ClaimArrived,
    ClaimDismissed,
    ClaimPassedOn,
    ClaimUpheld,
    MandateAccepted,
    MandateChecked,
    MandateClaimed,
    MandateDeclined,
    MandateLapsed,
    MandateOffered,
    MandateProven,
    MandateRefused,
    MandateRevoked,
    ProofOpened,
)
from motcua.mandates.models import PREFIXES, PROVEN, Claim, Kind, Mandate
from motcua.mandates.numbers import of_age_on
from motcua.mandates.rules import agent, checker, claim_officer, confirmed_person, principal, uninvolved
from motcua.organisations.estates import Passing
from motcua.organisations.heirs import formerly

# Who speaks for a business may be replaced, and nobody tells us: what was proven holds this long, then it is asked anew.
TERM = timedelta(days=365)


@dataclass(frozen=True)
class Found:
    """What a register says that proves it: the name of the child (and its birth) or business, by which service, and when."""

    name: str
    born_on: date | None
    service: str
    at: str


@action(who=principal & confirmed_person, locks=False)
def offer(mandate: Mandate, *, by: Actor) -> Mandate:
    """A person, or who represents a business, writes a mandate; the same one again is the one that is there."""
    if known := Mandate.objects.filter(pk=mandate.pk).first():
        return known
    if mandate.kind in PROVEN:
        raise Invalid(_("Nobody can write this: it is so, and is proven."), field="kind")
    if mandate.agent.username == mandate.principal_number:
        raise Invalid(_("For your own matters you need no mandate. Name someone else."), field="number")
    if mandate.valid_until is None or mandate.valid_until < mandate.valid_from:
        raise Invalid(_("The last day lies before the first. Choose a later one."), field="valid_until")
    if mandate.valid_until < timezone.localdate():
        raise Invalid(_("The last day is over already. Choose a later one."), field="valid_until")
    mandate.state = Mandate.State.OFFERED
    enter(mandate)
    record(MandateOffered(mandate.number, mandate.kind, str(mandate.agent_id)), about=mandate, by=by)
    return mandate


@action(who=agent & confirmed_person)
def accept(mandate: Mandate, *, by: Actor) -> None:
    """The agent takes the mandate on; without it nothing holds (civil code 2015, art. 562)."""
    if mandate.valid_until and mandate.valid_until < timezone.localdate():
        raise Invalid(_("The last day of this mandate is over. Ask for a new one."))
    mandate.save()
    record(MandateAccepted(mandate.number), about=mandate, by=by)


@action(who=agent)
def decline(mandate: Mandate, *, by: Actor) -> None:
    """The agent does not take the mandate on."""
    end(mandate)
    record(MandateDeclined(mandate.number), about=mandate, by=by)


@action(who=principal | agent)
def revoke(mandate: Mandate, *, by: Actor, reason: str = "") -> None:
    """The principal takes the mandate back, or the agent lays it down; from this moment it allows nothing."""
    end(mandate, reason=reason)
    record(MandateRevoked(mandate.number, by.urn == f"person:{mandate.agent_id}"), about=mandate, by=by)


@action(who=agent & confirmed_person, locks=False)
def claim(mandate: Mandate, *, by: Actor, found: Found | None = None) -> Mandate:
    """Someone says whom they represent: a register proves it at once, or an agency looks at the paper."""
    if mandate.kind not in PROVEN:
        raise Invalid(_("Whoever is mandated is given it; it cannot be claimed."), field="kind")
    lock(mandate.agent)  # two tabs at once are one claim: the second waits here, and then finds the first
    if known := claimed_before(mandate, by=by, found=found):
        return known
    if found:
        mandate.principal_name = found.name
        mandate.proof = {"service": found.service, "at": found.at}
    mandate.valid_until = last_day(mandate.kind, found.born_on if found else mandate.born_on)
    mandate.state = Mandate.State.IN_FORCE if found else Mandate.State.CLAIMED
    if not found and not (mandate.paper and mandate.agency):
        raise Invalid(_("Add the paper that proves it, and choose who looks at it."), field="file")
    enter(mandate)
    if found:
        record(MandateProven(mandate.number, mandate.kind, found.service), about=mandate, by=by)
        return mandate
    ask_agency(mandate)
    record(MandateClaimed(mandate.number, mandate.kind, mandate.agency), about=mandate, by=by)
    return mandate


@action(who=system)
def confirm(mandate: Mandate, *, by: Actor, proof: dict[str, Any]) -> None:
    """The agency saw the paper and confirms the representation."""
    mandate.proof, mandate.valid_from = proof, timezone.localdate()
    if mandate.kind == Kind.REPRESENTATIVE:
        mandate.valid_until = mandate.valid_from + TERM
    if mandate.valid_until and mandate.valid_until < mandate.valid_from:
        raise Invalid(_("The child has come of age meanwhile."))
    mandate.save()
    record(MandateProven(mandate.number, mandate.kind, mandate.agency), about=mandate, by=by)


@action(who=system)
def reject(mandate: Mandate, *, by: Actor, reason: str) -> None:
    """The agency does not confirm the representation, and says why."""
    end(mandate, reason=reason)
    record(MandateRefused(mandate.number, reason), about=mandate, by=by)


@action(who=system)
def affirm(mandate: Mandate, *, by: Actor, found: Found) -> None:
    """Asked anew, the register still says so."""
    prove(mandate, by=by, found=found)


@action(who=system, locks=False)
def lapse_of(mandate: Mandate, *, by: Actor, service: str) -> None:
    """Asked anew, the register says no: the representation ends, and so does what was given by it to staff."""
    given = Mandate.objects.filter(
        given_by_id=mandate.agent_id,
        principal_number=mandate.principal_number,
        kind=Kind.STAFF,
        state__in=[Mandate.State.OFFERED, Mandate.State.IN_FORCE],
    )
    for one in [mandate, *given.order_by("pk")]:
        if one.state in {Mandate.State.OFFERED, Mandate.State.IN_FORCE}:
            lapse(one, by=by, service=service)


@action(who=system)
def lapse(mandate: Mandate, *, by: Actor, service: str) -> None:
    """It ends, for nobody stands behind it any more."""
    end(mandate)
    record(MandateLapsed(mandate.number, service), about=mandate, by=by)


@action(who=checker, locks=False)
def check(mandate: Mandate, *, by: Actor, agency: str, holds: bool) -> None:
    """Somebody showed it at an agency, which asked; both sides read of it, as of papers that were opened."""
    record(MandateChecked(mandate.number, agency, holds), about=mandate, by=by)


# At the agency that looks at the papers


@action(who=system)
def take_claim(claim: Claim, *, by: Actor) -> None:
    """A claim of representation comes in; the officers find it in their list."""
    if Claim.objects.filter(pk=claim.pk).exists():
        return
    claim.save(force_insert=True)
    record(ClaimArrived(claim.number, claim.agency), about=claim, by=by)


@action(who=system, locks=False)
def pass_on(passing: Passing, *, by: Actor) -> int:
    """An agency ends: who follows it looks at the papers it has not looked at."""
    waiting = Claim.objects.select_for_update().filter(agency=passing.old, state=Claim.State.WAITING)
    rows = list(waiting.order_by("pk"))
    for one in rows:
        one.agency = passing.new
    Claim.objects.bulk_update(rows, ["agency"])
    if rows:
        moved = [(ClaimPassedOn(one.number, passing.old, passing.new), one.urn) for one in rows]
        record_many(moved, by=by)
    return len(rows)


@action(who=claim_officer, locks=False)
def open_proof(claim: Claim, *, by: Actor) -> None:
    """An officer opens the paper of a claim; it is written down, as with the papers of a dossier."""
    record(ProofOpened(claim.number, claim.paper["digest"]), about=claim, by=by)


@action(who=claim_officer & uninvolved)
def uphold(claim: Claim, *, by: Actor) -> None:
    """The officer has seen the papers: it is so."""
    claim.ended_at = timezone.now()
    claim.save()
    answer(claim, by=by)
    record(ClaimUpheld(claim.number, claim.agency), about=claim, by=by)


@action(who=claim_officer & uninvolved)
def dismiss(claim: Claim, *, by: Actor, reason: str) -> None:
    """The papers do not prove it; the officer says why."""
    if not reason.strip():
        raise Invalid(_("Say why, so that the applicant knows what to do."), field="reason")
    claim.reason, claim.ended_at = reason.strip(), timezone.now()
    claim.save()
    answer(claim, by=by)
    record(ClaimDismissed(claim.number, claim.agency, claim.reason), about=claim, by=by)


def enter(mandate: Mandate) -> None:
    """It gets its number: one series a year for what people write, one for what is proven."""
    prefix, year = PREFIXES[Kind(mandate.kind)], timezone.localdate().year
    mandate.number = f"{prefix}-{year}-{next_number(f'mandate {prefix} {year}'):06d}"
    mandate.save(force_insert=True)


def end(mandate: Mandate, *, reason: str = "") -> None:
    mandate.reason, mandate.ended_at = reason.strip(), timezone.now()
    mandate.save()


def claimed_before(mandate: Mandate, *, by: Actor, found: Found | None) -> Mandate | None:
    """The claim that is there already, if there is one; what a register says now proves it anew."""
    same = Mandate.objects.select_for_update().filter(
        agent_id=mandate.agent_id,
        principal_number=mandate.principal_number,
        kind=mandate.kind,
        state__in=[Mandate.State.CLAIMED, Mandate.State.IN_FORCE],
    )
    known = same.first()
    if known and found:
        prove(known, by=by, found=found)
    elif known and known.state == Mandate.State.IN_FORCE and not known.is_in_force:
        # Its term is over, and a new paper goes to an agency: under a number of its own.
        revoke(known, by=by)
        known = None
    return known or Mandate.objects.filter(pk=mandate.pk).first()


def prove(mandate: Mandate, *, by: Actor, found: Found) -> None:
    """A register says so of what waits for an agency, or what it said before: it holds for a new term. Asked twice a day, once."""
    last = last_day(mandate.kind, found.born_on)
    if mandate.is_in_force and mandate.valid_until == last:
        return
    if not mandate.is_in_force:
        mandate.state, mandate.valid_from = Mandate.State.IN_FORCE, timezone.localdate()
    mandate.principal_name, mandate.valid_until = found.name, last
    mandate.proof = {"service": found.service, "at": found.at}
    mandate.save()
    record(MandateProven(mandate.number, mandate.kind, found.service), about=mandate, by=by)


def last_day(kind: str, born_on: date | None) -> date:
    """A parent represents until the child is eighteen; who speaks for a business is asked about again after a year.

    Raises Invalid if the child is eighteen already.
    """
    today = timezone.localdate()
    if kind == Kind.REPRESENTATIVE:
        return today + TERM
    if born_on is None or born_on > today:
        raise Invalid(_("Say when the child was born; it cannot be after today."), field="born_on")
    last = of_age_on(born_on) - timedelta(days=1)
    if last < today:
        raise Invalid(
            _("Who is eighteen acts for themselves. Ask them to write a mandate for you."), field="born_on"
        )
    return last


def ask_agency(mandate: Mandate) -> None:
    """The claim goes to the agency with its paper."""
    body = {
        "mandate": str(mandate.pk),
        "number": mandate.number,
        "kind": mandate.kind,
        "principal": {"number": mandate.principal_number, "name": mandate.principal_name},
        "born_on": mandate.born_on.isoformat() if mandate.born_on else "",
        "agent": {"number": mandate.agent.username, "name": mandate.agent.name},
        "paper": mandate.paper,
    }
    send(mandate, "mandate.claimed", body, sender=settings.NODE.agency, recipient=mandate.agency)


def answer(claim: Claim, *, by: Actor) -> None:
    """What the officer found goes back to where the claim was made."""
    body = {
        "mandate": str(claim.pk),
        "is_upheld": claim.state == Claim.State.UPHELD,
        "reason": claim.reason,
        "officer": by.name,
        "formerly": formerly(claim.agency),
    }
    send(claim, "mandate.answered", body, sender=claim.agency, recipient=claim.origin)


def send(subject: Mandate | Claim, kind: str, body: dict[str, Any], *, sender: str, recipient: str) -> None:
    exchange.send(
        kind,
        json.dumps(body, ensure_ascii=False).encode(),
        sender=sender,
        recipient=recipient,
        stream=f"mandate:{subject.pk}",
        correlation=str(subject.pk),
        attachments=[subject.paper["digest"]] if kind == "mandate.claimed" else [],
    )
