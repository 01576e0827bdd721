"""Asking the users of a service before it goes online: a poll is opened, and its answers are counted once."""

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.procedures.events import PollCounted, PollOpened
from motcua.procedures.polls import Poll
from motcua.procedures.rules import owners_administrator
from motcua.ui.words import day


@action(who=owners_administrator)
def open_poll(poll: Poll, *, by: Actor) -> Poll:
    """Users and associations are asked about a procedure, in a period; one question at a time."""
    poll.question, poll.whom = poll.question.strip(), poll.whom.strip()
    if not poll.question:
        raise Invalid(_("Write the question."), field="question")
    if not poll.whom:
        raise Invalid(_("Say who is asked."), field="whom")
    if poll.ends_on < poll.begins_on:
        raise Invalid(_("It cannot end before it begins."), field="ends_on")
    if poll.asked < 1:
        raise Invalid(_("At least one must be asked."), field="asked")
    if Poll.objects.filter(procedure=poll.procedure, state=Poll.State.OPEN).exists():
        raise Invalid(_("Its users are being asked already: count that poll first."))
    poll.opened_by = by.name
    poll.save(force_insert=True)
    record(
        PollOpened(poll.procedure.code, poll.asked, poll.begins_on.isoformat(), poll.ends_on.isoformat()),
        about=poll,
        by=by,
    )
    return poll


@action(who=owners_administrator)
def count_poll(poll: Poll, *, by: Actor, answered: int, assented: int, document: str) -> None:
    """After the last day the answers are counted, once; who counted them stands in the journal."""
    if timezone.localdate() < poll.ends_on:
        raise Invalid(_("People may answer until %(day)s: count it then.") % {"day": day(poll.ends_on)})
    if not 0 <= answered <= poll.asked:
        raise Invalid(
            _("No more can answer than were asked: %(count)d.") % {"count": poll.asked}, field="answered"
        )
    if not 0 <= assented <= answered:
        raise Invalid(_("No more can assent than answered."), field="assented")
    poll.document = document.strip()
    if not poll.document:
        raise Invalid(_("Name the document in which the answers are kept."), field="document")
    poll.answered, poll.assented = answered, assented
    poll.counted_by, poll.closed_at = by.name, timezone.now()
    poll.save()
    record(PollCounted(poll.procedure.code, poll.asked, answered, assented, poll.document), about=poll, by=by)
