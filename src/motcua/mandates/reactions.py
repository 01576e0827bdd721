"""What mandates do when claims and answers arrive, and who is told of what."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor
from motcua.mandates import actions
from motcua.mandates.events import (
    MandateAccepted,
    MandateDeclined,
    MandateLapsed,
    MandateOffered,
    MandateProven,
    MandateRefused,
    MandateRevoked,
)
from motcua.mandates.models import Claim, Mandate, speakers
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.estates import Passing, left_behind
from motcua.organisations.heirs import answering, speaks_for
from motcua.organisations.models import Agency
from motcua.people.models import Account

MANDATES = Actor.system("mandates")

OFFERED = wording(
    "mandates.offered",
    urgent=True,
    subject=gettext_lazy("%(principal)s wants you to act for them"),
    body=gettext_lazy(
        "%(principal)s has written mandate %(number)s for you. It holds once you accept it; read it first."
    ),
)
ACCEPTED = wording(
    "mandates.accepted",
    subject=gettext_lazy("%(agent)s has accepted mandate %(number)s"),
    body=gettext_lazy(
        "%(agent)s may now act for %(principal)s as the mandate says. You can take it back at any time."
    ),
)
DECLINED = wording(
    "mandates.declined",
    subject=gettext_lazy("%(agent)s has declined mandate %(number)s"),
    body=gettext_lazy("Nobody may act for %(principal)s by this mandate."),
)
REVOKED = wording(
    "mandates.revoked",
    urgent=True,
    subject=gettext_lazy("Mandate %(number)s has ended"),
    body=gettext_lazy("%(agent)s may no longer act for %(principal)s. What was filed already goes on."),
)
LAPSED = wording(
    "mandates.lapsed",
    urgent=True,
    subject=gettext_lazy("Mandate %(number)s has ended"),
    body=gettext_lazy(
        "Asked again, the register no longer says that %(giver)s represents %(principal)s."
        " %(agent)s may no longer act for %(principal)s. What was filed already goes on."
    ),
)
PROVEN = wording(
    "mandates.proven",
    subject=gettext_lazy("You are recorded as representing %(principal)s"),
    body=gettext_lazy(
        "%(agent)s represents %(principal)s from now on, under number %(number)s. When you apply, say for whom."
    ),
)
REFUSED = wording(
    "mandates.refused",
    urgent=True,
    subject=gettext_lazy("It was not confirmed that you represent %(principal)s"),
    body=gettext_lazy("The agency did not confirm %(number)s, because: %(reason)s"),
)


@receives("mandate.claimed")
def take_claim(message: Message) -> None:
    """Someone claims to represent a child or a business; our officers look at the paper."""
    body = message.json()
    actions.take_claim(
        Claim(
            pk=UUID(body["mandate"]),
            number=body["number"],
            kind=body["kind"],
            agency=answering(message.recipient),
            origin=message.sender,
            principal_number=body["principal"]["number"],
            principal_name=body["principal"]["name"],
            born_on=date.fromisoformat(body["born_on"]) if body["born_on"] else None,
            agent_number=body["agent"]["number"],
            agent_name=body["agent"]["name"],
            paper=body["paper"],
        ),
        by=MANDATES,
    )


@left_behind(
    "claims",
    gettext_lazy("Representations to be looked at"),
    rows=lambda: Claim.objects.filter(state=Claim.State.WAITING),
)
def pass_on(passing: Passing) -> int:
    """What nobody has looked at yet goes to who follows."""
    return actions.pass_on(passing, by=MANDATES)


@receives("mandate.answered")
def take_answer(message: Message) -> None:
    """The agency has looked at the paper; only the agency that was asked may answer."""
    body = message.json()
    mandate, told = Mandate.objects.filter(pk=body["mandate"]).first(), body.get("formerly", ())
    if mandate is None or not speaks_for(message.sender, mandate.agency, told=told, said_at=message.created):
        raise Unfit(_("Nobody has asked this of you."))
    try:
        if body["is_upheld"]:
            agency = Agency.objects.filter(code=message.sender).first()
            seen = {
                "agency": agency.name_vi if agency else message.sender,
                "officer": body["officer"],
                "at": timezone.now().isoformat(),
            }
            actions.confirm(mandate, by=MANDATES, proof=seen)
        else:
            actions.reject(mandate, by=MANDATES, reason=body["reason"])
    except (NotNow, Invalid) as refusal:
        raise Unfit(str(refusal)) from refusal


@on(MandateOffered)
def tell_agent(event: MandateOffered, entry: Entry) -> None:
    """Whoever is to act is asked."""
    mandate = mandate_of(entry)
    tell(mandate, OFFERED, mandate.agent)


@on(MandateAccepted)
def tell_accepted(event: MandateAccepted, entry: Entry) -> None:
    """Whoever wrote it learns that it holds."""
    mandate = mandate_of(entry)
    tell(mandate, ACCEPTED, mandate.given_by)


@on(MandateDeclined)
def tell_declined(event: MandateDeclined, entry: Entry) -> None:
    """Whoever wrote it learns that it does not hold."""
    mandate = mandate_of(entry)
    tell(mandate, DECLINED, mandate.given_by)


@on(MandateRevoked)
def tell_revoked(event: MandateRevoked, entry: Entry) -> None:
    """Agent and principal both learn that it has ended."""
    mandate = mandate_of(entry)
    for account in {mandate.agent, *speakers(mandate)}:
        tell(mandate, REVOKED, account)


@on(MandateLapsed)
def tell_lapsed(event: MandateLapsed, entry: Entry) -> None:
    """Whoever acted by it learns that it has ended; so do who gave it, and who speaks for the principal now."""
    mandate = mandate_of(entry)
    for account in {mandate.agent, mandate.given_by, *speakers(mandate)}:
        tell(mandate, LAPSED, account)


@on(MandateProven)
def tell_proven(event: MandateProven, entry: Entry) -> None:
    """The representative learns it; so do the child, if it has an account, and who else speaks for the business."""
    mandate = mandate_of(entry)
    for account in {mandate.agent, *speakers(mandate)}:
        tell(mandate, PROVEN, account)


@on(MandateRefused)
def tell_refused(event: MandateRefused, entry: Entry) -> None:
    """Whoever claimed it learns why it was not confirmed."""
    mandate = mandate_of(entry)
    tell(mandate, REFUSED, mandate.agent)


def mandate_of(entry: Entry) -> Mandate:
    return Mandate.objects.select_related("agent", "given_by").get(pk=entry.about.removeprefix("mandate:"))


def tell(mandate: Mandate, code: str, account: Account) -> None:
    notices.tell(
        Notice(
            recipient=account,
            code=code,
            parameters={
                "number": mandate.number,
                "principal": mandate.principal_name,
                "agent": mandate.agent.name,
                "giver": mandate.given_by.name,
                "reason": mandate.reason,
            },
            about=mandate.urn,
            link=f"/my/mandates/{mandate.pk}/",
            key=f"{mandate.urn}:{code}",
        ),
        by=MANDATES,
    )
