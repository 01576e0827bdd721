"""What was brought to a counter is told to where its owner looks for their dossiers: whose it is, and nothing it says."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from motcua.dossiers.actions.telling import post
from motcua.dossiers.events import CounterDossierLearned
from motcua.dossiers.models import Brought, Dossier
from motcua.journal.actions import record
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.procedures.folding import fold


@action(who=system)
def tell_owner(dossier: Dossier, *, by: Actor) -> None:
    """A dossier filed at the counter for a person is told to the national portal, and anew when name or number is put right.

    One decided at once needs no following.
    """
    is_persons = dossier.was_filed_here and not dossier.is_of_business
    if not is_persons or dossier.is_part or dossier.is_at_once:
        return
    post(dossier, "dossier.at_counter", whose(dossier), recipient=settings.NODE.national, confirm=False)


def whose(dossier: Dossier) -> dict[str, Any]:
    """Whose the dossier is, and what names it."""
    return {
        "dossier": str(dossier.pk),
        "formerly": dossier.former_agencies,
        "owner": dossier.applicant_number,
        "name": dossier.applicant_name,
        "code": dossier.code or "",
        "procedure": dossier.version.code,
        "at": dossier.sent_at.isoformat(),
    }


@action(who=system, locks=False)
def learn_brought(dossier: UUID, *, by: Actor, told: dict[str, Any], agency: str) -> None:
    """An agency has a dossier of its counter, received it, or put right whose it is; told twice, it is written down once."""
    brought = Brought(
        dossier=dossier,
        owner=str(told["owner"])[:14],
        folded_name=fold(str(told["name"]))[:200],
        code=str(told["code"])[:60],
        procedure=str(told["procedure"])[:40],
        agency=agency,
        at=datetime.fromisoformat(told["at"]),
    )
    known = Brought.objects.select_for_update().filter(pk=dossier).first()
    if known and all(
        getattr(known, name) == getattr(brought, name) for name in ("owner", "folded_name", "code")
    ):
        return
    brought.save(force_insert=known is None)
    record(CounterDossierLearned(agency, brought.code), about=brought, by=by)
