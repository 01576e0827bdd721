"""Who opened the papers of a dossier: told by the agency, kept where its applicant looks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from motcua.dossiers.actions.bringing import learn_brought, whose
from motcua.dossiers.actions.telling import post
from motcua.dossiers.events import OpeningLearned
from motcua.dossiers.models import Application, Brought, Dossier, Opening
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import Agency


@action(who=system)
def tell_opening(dossier: Dossier, *, by: Actor, entry: Entry) -> None:
    """That a paper of the dossier was opened goes to where its applicant looks for it.

    Of one brought to a counter that is the national portal; it may not have heard of it yet, and is told whose it is.
    """
    if (
        dossier.is_part
        or "brought_as" in dossier.filing
        or (dossier.was_filed_here and dossier.is_of_business)
    ):
        return
    names = dossier.papers.filter(digest=entry.facts["digest"]).values_list("name", flat=True)
    agencies = Agency.objects.filter(code=dossier.agency).values_list("name_vi", flat=True)
    opened = {
        "key": f"{dossier.agency}:{entry.pk}",
        "at": entry.at.isoformat(),
        "who": entry.actor.get("name", ""),
        "agency": agencies.first() or dossier.agency,
        "paper": names.first() or entry.facts["paper"],
        "formerly": dossier.former_agencies,
    }
    if dossier.was_filed_here:
        told, recipient = opened | {"brought": whose(dossier)}, settings.NODE.national
    else:
        told, recipient = opened | {"application": str(dossier.followed_as)}, dossier.origin
    post(dossier, "dossier.opened", told, recipient=recipient, confirm=False)


@action(who=system)
def learn_opening(application: Application, *, by: Actor, told: dict[str, Any]) -> None:
    """The agency says who opened which paper, and when; each is written down once."""
    write_down(Opening(application=application), told, by=by)


@action(who=system, locks=False)
def learn_opening_at_counter(dossier: UUID, *, by: Actor, told: dict[str, Any], agency: str) -> None:
    """The same of a dossier that was brought to the counter of the agency, and of which we may hear the first time."""
    learn_brought(dossier, by=by, told=told["brought"], agency=agency)
    write_down(Opening(brought=Brought.objects.get(pk=dossier)), told, by=by)


def write_down(opening: Opening, told: dict[str, Any], *, by: Actor) -> None:
    """What an agency told of an opening is kept, and stands in the journal of the dossier; told twice it is kept once."""
    seen = {name: str(told[name])[:most] for name, most in (("who", 120), ("agency", 200), ("paper", 200))}
    of = {"application": opening.application, "brought": opening.brought}
    at = datetime.fromisoformat(told["at"])
    kept, is_new = Opening.objects.get_or_create(key=str(told["key"])[:80], defaults={**of, "at": at, **seen})
    if is_new:
        record(OpeningLearned(kept.agency), about=opening.matter, by=by)
