"""What people ask of the agency besides dossiers: petitions, claims of representation, mandates they show."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.pages import paged
from motcua.api.scopes import Scope
from motcua.api.shapes import desk as shapes
from motcua.lib.actions import take
from motcua.mandates import actions as mandates
from motcua.mandates.models import Claim, Mandate
from motcua.petitions import actions
from motcua.petitions.models import Received
from motcua.procedures.models import Version

ABOUT = "people"


@operation(
    "GET",
    "/petitions",
    gettext_lazy("Questions of people about readings of their data; complaints are the head's alone"),
    about=ABOUT,
    scope=Scope.PETITIONS,
    query=shapes.Petitions,
    gives=shapes.PetitionPage,
)
def list_petitions(call: Call) -> shapes.PetitionPage:
    """The most urgent first; who asks and what stands in the petition itself."""
    asked, own = call.query, petitions(call)
    rows = own.filter(state=asked.state) if asked.state else own
    found, after = paged(call, rows, by="due_at", among=own)
    return shapes.PetitionPage(items=[shapes.PetitionLine(**line(one)) for one in found], next=after)


@operation(
    "GET",
    "/petitions/{petition}",
    gettext_lazy("One petition; that it was opened is written down"),
    about=ABOUT,
    scope=Scope.PETITIONS,
    gives=shapes.Petition,
)
def show_petition(call: Call, petition: UUID) -> shapes.Petition:
    """With the person's name and number."""
    found = petitions(call).get(pk=petition)
    actions.open_petition(found, by=call.actor)
    return in_full(found)


@operation(
    "POST",
    "/petitions/{petition}/reply",
    gettext_lazy("Send the agency's answer back to the person"),
    about=ABOUT,
    scope=Scope.PETITIONS,
    body=shapes.Reply,
    gives=shapes.Petition,
    is_deed=True,
)
def reply_to_petition(call: Call, petition: UUID) -> shapes.Petition:
    """Once; there is no second answer."""
    with call.once() as is_first:
        found = take(petitions(call), pk=petition)
        if is_first:
            actions.reply(found, by=call.actor, answer=call.body.answer)
    return in_full(found)


def petitions(call: Call) -> QuerySet[Received]:
    found = Received.objects.visible_to(call.actor)
    return found.filter(agency=call.named_agency) if call.named_agency else found


def line(one: Received) -> dict[str, Any]:
    names = ("agency", "kind", "state", "dossier", "arrived_at", "due_at", "answered_at")
    return {"id": one.pk, **{name: getattr(one, name) for name in names}}


def in_full(one: Received) -> shapes.Petition:
    names = ("asker_name", "asker_number", "about", "text", "answer", "answered_by")
    return shapes.Petition(**line(one), **{name: getattr(one, name) for name in names})


@operation(
    "GET",
    "/claims",
    gettext_lazy("Claims of representation an officer has to look at; the papers are seen by a person"),
    about=ABOUT,
    scope=Scope.MANDATES,
    query=shapes.Claims,
    gives=shapes.ClaimPage,
)
def list_claims(call: Call) -> shapes.ClaimPage:
    """The oldest first, by name; numbers stand at the desk only."""
    own = Claim.objects.filter(agency__in=call.agencies)
    found, after = paged(call, own.filter(state=Claim.State.WAITING), by="arrived_at", among=own)
    names = ("agency", "number", "kind", "principal_name", "agent_name", "arrived_at")
    items = [shapes.Claim(id=one.pk, **{name: getattr(one, name) for name in names}) for one in found]
    return shapes.ClaimPage(items=items, next=after)


@operation(
    "POST",
    "/mandates/check",
    gettext_lazy(
        "Whether a mandate that somebody shows holds today; known where people apply, and written down there"
    ),
    about=ABOUT,
    scope=Scope.MANDATES,
    body=shapes.Held,
    gives=shapes.Standing,
)
def check_mandate(call: Call) -> shapes.Standing:
    """By its number and the number of who shows it; one that is another's is told like one that does not exist."""
    given: shapes.Held = call.body
    known = Mandate.objects.filter(number=given.number, agent__username=given.agent_number).first()
    if known is None:
        why = _("There is no mandate of this number and agent.")
        return standing(
            given.number, why, {"kind": None, "valid_until": None, "procedures": [], "fields": []}
        )
    why = known.ended()
    if not why and given.procedure:
        version = Version.objects.in_force(timezone.localdate()).coded(given.procedure)
        filed = version.select_related("procedure").defer("content").first()
        why = (
            known.why_not(filed)
            if filed
            else _("No procedure %(code)s is published.") % {"code": given.procedure}
        )
    mandates.check(known, by=call.actor, agency=call.agency, holds=not why)
    names = ("kind", "valid_until", "procedures", "fields")
    return standing(given.number, why, {name: getattr(known, name) for name in names})


def standing(number: str, why: str, more: dict[str, Any]) -> shapes.Standing:
    return shapes.Standing(number=number, holds=not why, why_not=why, **more)
