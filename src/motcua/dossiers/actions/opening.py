"""Who opened the papers of a dossier: told by the agency, kept where its applicant looks."""

from datetime import datetime
from typing import Any

from motcua.dossiers.actions.telling import post
from motcua.dossiers.events import OpeningLearned
from motcua.dossiers.models import Application, Dossier, Opening
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import Agency


@action(who=system)
def tell_opening(dossier: Dossier, *, by: Actor, entry: Entry) -> None:
    """That a paper of the dossier was opened goes to where its applicant follows it; who filed at a counter has no such page."""
    if dossier.was_filed_here or dossier.is_part or "brought_as" in dossier.filing:
        return
    names = dossier.papers.filter(digest=entry.facts["digest"]).values_list("name", flat=True)
    agencies = Agency.objects.filter(code=dossier.agency).values_list("name_vi", flat=True)
    body = {
        "application": str(dossier.followed_as),
        "formerly": dossier.former_agencies,
        "key": f"{dossier.agency}:{entry.pk}",
        "at": entry.at.isoformat(),
        "who": entry.actor.get("name", ""),
        "agency": agencies.first() or dossier.agency,
        "paper": names.first() or entry.facts["paper"],
    }
    post(dossier, "dossier.opened", body, recipient=dossier.origin, confirm=False)


@action(who=system)
def learn_opening(application: Application, *, by: Actor, told: dict[str, Any]) -> None:
    """The agency says who opened which paper, and when; each is written down once."""
    seen = {name: str(told[name])[:most] for name, most in (("who", 120), ("agency", 200), ("paper", 200))}
    at = datetime.fromisoformat(told["at"])
    kept, is_new = Opening.objects.get_or_create(
        key=str(told["key"])[:80], defaults={"application": application, "at": at, **seen}
    )
    if is_new:
        record(OpeningLearned(kept.agency), about=application, by=by)
