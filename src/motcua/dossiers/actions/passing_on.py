"""What a reorganisation does to dossiers: another agency handles them, and everything else goes on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.dossiers.actions.telling import announce
from motcua.dossiers.events import DossierAllotted, DossierPassedOn
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.postings import Posting
from motcua.dossiers.rules import desk_officer, independent
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.heirs import shares
from motcua.organisations.models import Agency
from motcua.payments import actions as payments


@dataclass(frozen=True)
class PassingOn:
    """Which dossiers go to which agency, by which plan and decision."""

    to: Mapping[UUID, str]
    plan: str
    decision: str


@action(who=system, locks=False)
def pass_on(given: PassingOn, *, by: Actor) -> int:
    """Dossiers pass from agencies that end to those that follow; return how many did. Done again, it changes nothing.

    A fixed number of statements for each pair of agencies, however many dossiers; each has its event, from which the
    applicant and the country are told.
    """
    locked = Dossier.objects.select_for_update().filter(pk__in=given.to).order_by("pk")
    moving = [dossier for dossier in locked if dossier.agency != given.to[dossier.pk]]
    names = names_of({dossier.agency for dossier in moving} | set(given.to.values()))
    events = [(event(dossier, given, names), dossier.urn) for dossier in moving]
    pairs: dict[tuple[str, str], list[Dossier]] = {}
    for dossier in moving:
        pairs.setdefault((dossier.agency, given.to[dossier.pk]), []).append(dossier)
    for (old, new), group in pairs.items():
        hand_over(group, old, new)
    record_many(events, by=by)
    return len(moving)


def hand_over(group: Sequence[Dossier], old: str, new: str) -> None:
    """One agency's dossiers become another's: what lies on its desks, what is still to be done, what is still to be paid."""
    for dossier in group:
        dossier.agency = new
        # What was brought to the counter has nobody else who follows it: it was filed “here” wherever here is.
        dossier.origin = new if dossier.origin == old else dossier.origin
        dossier.former_agencies = [*dossier.former_agencies, old]
        # Who of the colleagues does it is decided anew where it lies now.
        dossier.assigned_to, dossier.assigned_for = None, ""
        dossier.divided = ""
        dossier.standing = [
            one | {"agency": new} if one["agency"] == old else one for one in dossier.standing
        ]
    Dossier.objects.bulk_update(
        group, ["agency", "origin", "former_agencies", "assigned_to", "assigned_for", "divided", "standing"]
    )
    Step.objects.filter(dossier__in=group, agency=old).exclude(state=Step.State.DONE).update(agency=new)
    Posting.objects.filter(dossier__in=group, agency=old, state=Posting.State.WAITING).update(agency=new)
    payments.pass_on([dossier.urn for dossier in group], by=Actor.system("dossiers"), payee=new)


@action(who=desk_officer & independent)
def allot(dossier: Dossier, *, by: Actor, to: str) -> None:
    """The agency it was sent to was divided and the plan is silent about it: a person says which of the heirs handles it."""
    heirs = [code for code, _share in shares(dossier.divided)] if dossier.divided else []
    if to not in {*heirs, dossier.agency} or not heirs:
        raise Invalid(_("Choose one of the agencies that follow the divided one."), field="to")
    divided, was, names = dossier.divided, dossier.agency, names_of({dossier.divided, to})
    if to == was:
        dossier.divided = ""
        dossier.save(update_fields=["divided"])
    else:
        hand_over([dossier], was, to)
        announce(dossier, why="passed_on")
    told = DossierAllotted(divided, names.get(divided, divided), to, names.get(to, to))
    record(told, about=dossier, by=by)


@action(who=system)
def tell_passed_on(dossier: Dossier, *, by: Actor) -> None:
    """The country and the applicant hear which agency handles the dossier now."""
    announce(dossier, why="passed_on")


def event(dossier: Dossier, given: PassingOn, names: Mapping[str, str]) -> DossierPassedOn:
    new = given.to[dossier.pk]
    return DossierPassedOn(
        dossier.code or "",
        dossier.agency,
        names.get(dossier.agency, dossier.agency),
        new,
        names.get(new, new),
        given.plan,
        given.decision,
    )


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """What people call these agencies."""
    return dict(Agency.objects.filter(code__in=list(codes)).values_list("code", "short_name"))
