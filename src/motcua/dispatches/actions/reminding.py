"""Answers a sender waits for: who has answered, who is reminded, and who is warned that time is up."""

import json
from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.leaving import JSON, REMINDER, leave
from motcua.dispatches.actions.mailing import written_to
from motcua.dispatches.events import AnswerLost, ReminderCame, ReminderRefused, TaskAnswered, TaskReminded
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.dispatches.notifying import DUE, DUE_TODAY, OVERDUE, holders_of, notices_of, tell_all
from motcua.dispatches.rules import clerk, drafter, head
from motcua.dispatches.secrecy import may_leave
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system

# So many reminders stand with a document, the latest; all of them are in the journal.
KEPT = 20


def note_answer(answer: Incoming, *, by: Actor) -> None:
    """What came answers a document of ours: whoever sent it has answered, the first time counts."""
    asked = answer.responds_to
    if asked is None:
        return
    waiting = Delivery.objects.select_for_update().filter(outgoing=asked, agency=answer.sender, answer=None)
    for delivery in waiting:
        delivery.answer = answer
        delivery.save(update_fields=["answer"])
        in_time = not delivery.is_answer_late
        record(TaskAnswered(answer.sender, answer.number, in_time=in_time), about=asked, by=by)


def lose_answer(answer: Incoming, *, by: Actor) -> None:
    """An answer that was refused or given back is none: whoever sent it owes one again."""
    for delivery in Delivery.objects.select_for_update().filter(answer=answer):
        delivery.answer = None
        delivery.save(update_fields=["answer"])
        record(AnswerLost(delivery.agency, answer.number), about=delivery.outgoing, by=by)


@action(who=head | clerk | drafter)
def remind(document: Outgoing, *, by: Actor, words: str) -> Outgoing:
    """Whoever has not answered is asked to, by a signed message; at most once a day each."""
    may_leave(document)
    words, now = " ".join(words.split())[:500], timezone.localtime()
    if not words:
        raise Invalid(_("Say what you remind them of."), field="words")
    if not document.answer_by:
        raise NotNow(_("This document asks for no answer."))
    waiting = [one for one in document.deliveries.select_for_update() if one.owes_answer]
    if not waiting:
        raise NotNow(_("Nobody owes an answer any more."))
    waiting = [one for one in waiting if not one.was_reminded_on(now.date())]
    if not waiting:
        raise NotNow(_("They were all reminded today."))
    by_mail = {one.code for one in written_to(document.agency, [one.agency for one in waiting])}
    waiting = [one for one in waiting if one.agency not in by_mail]
    if not waiting:
        raise NotNow(
            _("Whoever owes an answer is written to by e-mail. Send them a document that reminds of it.")
        )
    said = {"at": now.isoformat(), "words": words, "by": by.name}
    for one in waiting:
        one.reminders = [*one.reminders, said][-KEPT:]
    Delivery.objects.bulk_update(waiting, ["reminders"])
    body = {"document": document.document_id, "answer_by": document.answer_by.isoformat(), **said}
    leave(
        REMINDER,
        json.dumps(body, ensure_ascii=False).encode(),
        agency=document.agency,
        receivers=[one.agency for one in waiting],
        stream=f"outgoing:{document.first.pk}",
        correlation=str(document.pk),
        media=JSON,
    )
    record(TaskReminded(document.agency, len(waiting), words), about=document, by=by)
    return document


@action(who=system)
def take_reminder(document: Incoming, *, by: Actor, told: Mapping[str, str]) -> None:
    """The sender reminds of its answer; it stands with the document and on the work list. Told twice, it is one."""
    news = {"said_at": told["at"], "words": told["words"], "by": told["by"]}
    if any(news.items() <= known.items() for known in document.reminders):
        return
    document.reminders = [*document.reminders, {**news, "at": timezone.now().isoformat()}][-KEPT:]
    document.save(update_fields=["reminders"])
    record(ReminderCame(document.agency, document.number, news["words"]), about=document, by=by)


@action(who=system)
def note_reminder_refused(delivery: Delivery, *, by: Actor, reason: str) -> None:
    """The last reminder was not taken at the receiver: it stands so with it, and may be sent again the same day."""
    if not delivery.outgoing or not delivery.reminders or "refused" in delivery.reminders[-1]:
        return
    delivery.reminders[-1]["refused"] = reason[:300]
    delivery.save(update_fields=["reminders"])
    record(ReminderRefused(delivery.agency, reason[:300]), about=delivery.outgoing, by=by)


def warn(today: date, *, by: Actor) -> int:
    """Whoever works on a document is told a day before its last day, on it, and the day after; how many documents."""
    codes = {today + timedelta(days=1): DUE, today: DUE_TODAY, today - timedelta(days=1): OVERDUE}
    found = list(Incoming.objects.due_on(codes).exclude(holder=""))
    holders, told = holders_of(found), []
    for one in found:
        last, holder = one.last_day, holders.get(one.holder)
        if last and holder:
            code, day = codes[last], last.isoformat()
            told += notices_of([holder], one, code, key=f"{code}:{day}", last_on=day)
    tell_all(told, by=by)
    return len(found)
