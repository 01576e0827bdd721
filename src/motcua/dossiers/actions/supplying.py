"""What the applicant was asked for comes in; sent by its last day it counts, though the dossier was ended in the meantime."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.dossiers.actions.receiving import resume
from motcua.dossiers.actions.telling import announce
from motcua.dossiers.actions.working import catch_up
from motcua.dossiers.events import DossierReadmitted
from motcua.dossiers.models import Dossier
from motcua.journal.actions import record
from motcua.lib.actions import NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system


@action(who=system)
def take_supply(
    dossier: Dossier,
    *,
    by: Actor,
    papers: list[dict[str, Any]],
    note: str,
    sent_at: datetime,
    answers: Mapping[str, Any] | None = None,
) -> None:
    """What the applicant sent to add is here. Raises NotNow where nothing is waited for, or it has ended and this was late."""
    is_back = dossier.has_ended
    if is_back:
        readmit(dossier, by=by, sent_at=sent_at)
    resume(dossier, by=by, papers=papers, note=note, sent_at=sent_at, answers=answers)
    if is_back:
        announce(dossier, why="in_time")
        catch_up(dossier)


@action(who=system)
def readmit(dossier: Dossier, *, by: Actor, sent_at: datetime) -> None:
    """It was ended for want of an answer that had been sent by its last day and was still on its way: it waits for it again."""
    if dossier.answer_by is None or sent_at > dossier.answer_by:
        raise NotNow(_("It has ended, and this was not sent by the last day."))
    dossier.reason, dossier.ended_at = "", None
    dossier.save()
    record(DossierReadmitted(dossier.code or "", dossier.state), about=dossier, by=by)
