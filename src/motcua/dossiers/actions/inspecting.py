"""An ended dossier is inspected, as one of a sample or by itself; what was found stands in its story."""

from django.utils.translation import gettext as _

from motcua.dossiers.events import DossierInspected
from motcua.dossiers.inspections import Outcome
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import independent, inspector
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor

LONGEST = 2000


@action(who=inspector & independent)
def inspect(dossier: Dossier, *, by: Actor, found: str, finding: str) -> None:
    """Write down what the inspection of a dossier came to; inspected again, both findings stand."""
    if not dossier.has_ended:
        raise NotNow(_("Only what has ended is inspected; this dossier is still worked on."))
    if found not in Outcome:
        raise Invalid(_("Choose what the inspection came to."), field="found")
    if not finding.strip():
        raise Invalid(_("Write what was found."), field="finding")
    record(DossierInspected(found, finding.strip()[:LONGEST]), about=dossier, by=by)
