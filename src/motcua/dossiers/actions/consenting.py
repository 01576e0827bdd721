"""Whether what the state knows may be read for an application: the person says, and may say no."""

from motcua.dossiers.events import ReadingAllowed, ReadingWithheld
from motcua.dossiers.models import Application
from motcua.dossiers.rules import applicant
from motcua.journal.actions import record
from motcua.lib.actions import action
from motcua.lib.actors import Actor


@action(who=applicant)
def consent(application: Application, *, by: Actor, service: str, may_read: bool) -> None:
    """The person allows or withholds that a register is read, or earlier results are handed in (law 91/2025/QH15)."""
    event = ReadingAllowed(service) if may_read else ReadingWithheld(service)
    record(event, about=application, by=by)
