"""Answers of the form that are put right at the counter where the dossier was filed."""

from collections.abc import Mapping

from motcua.dossiers.actions.applying import InvalidAnswers
from motcua.dossiers.actions.receiving import take_answers
from motcua.dossiers.models import Dossier
from motcua.dossiers.questions import mended
from motcua.dossiers.rules import desk_officer, filed_here, independent
from motcua.lib.actions import action
from motcua.lib.actors import Actor


@action(who=desk_officer & independent & filed_here)
def enter_answers(dossier: Dossier, *, by: Actor, typed: Mapping[str, object]) -> None:
    """The applicant brought the form put right on paper: the officer enters the answers that were asked for.

    The dossier waits on until all that was missing is here. Raises `InvalidAnswers`.
    """
    page = mended(dossier, typed)
    if page.faults:
        raise InvalidAnswers(page.faults)
    take_answers(dossier, page.values, by=by)
