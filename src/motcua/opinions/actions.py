"""Ask another agency, answer one, and say what silence means."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange import actions as exchange
from motcua.journal.actions import record, record_many
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.opinions.events import (
    EnclosureOpened,
    InquiryOpened,
    OpinionAsked,
    OpinionOverdue,
    OpinionPresumed,
    OpinionReceived,
    QuestionAnswered,
    QuestionCame,
    QuestionOpened,
    QuestionPassedOn,
)
from motcua.opinions.models import Inquiry, Question, Verdict
from motcua.opinions.rules import answerer, asked_officer, asker, is_concerned, unconcerned
from motcua.organisations.estates import Passing
from motcua.organisations.heirs import formerly
from motcua.organisations.models import Agency, calendar_for

MOST_DAYS = 60
BATCH = 500


@action(who=asker)
def ask_agency(inquiry: Inquiry, *, by: Actor, days: int) -> Inquiry:
    """An agency asks another for its opinion, to be given within so many working days of the one that is asked."""
    check(inquiry, days)
    inquiry.question, inquiry.asked_by, inquiry.asked_at = inquiry.question.strip(), by.name, timezone.now()
    inquiry.due_at = calendar_for(inquiry.agency).add_days(inquiry.asked_at, days)
    try:
        with transaction.atomic():
            inquiry.save(force_insert=True)
    except IntegrityError as fault:
        raise Invalid(
            _("%(agency)s has been asked already and has not answered yet.")
            % {"agency": inquiry.agency_name},
            field="agencies",
        ) from fault
    send(inquiry)
    record(
        OpinionAsked(
            str(inquiry.pk),
            inquiry.agency,
            inquiry.agency_name,
            inquiry.question,
            inquiry.due_at.isoformat(),
        ),
        about=inquiry.subject,
        by=by,
    )
    return inquiry


def check(inquiry: Inquiry, days: int) -> None:
    """There is a question, to somebody else, with time to answer it. Raises Invalid."""
    if not inquiry.question.strip():
        raise Invalid(_("Write what you want to know."), field="question")
    if inquiry.agency == inquiry.asker:
        raise Invalid(_("This is your own agency. Choose another."), field="agencies")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(
            _("Between 1 and %(most)d working days.") % {"most": MOST_DAYS},
            field="days",
        )


def send(inquiry: Inquiry) -> None:
    """The question goes to the agency, wherever it is hosted, with its papers."""
    asking = Agency.objects.filter(code=inquiry.asker).first()
    body = {
        "inquiry": str(inquiry.pk),
        "asker_name": asking.name_vi if asking else inquiry.asker,
        "name": inquiry.name,
        "reference": inquiry.reference,
        "question": inquiry.question,
        "papers": inquiry.papers,
        "concerned": inquiry.concerned,
        "silence_agrees": inquiry.silence_agrees,
        "asked_at": inquiry.asked_at.isoformat(),
        "due_at": inquiry.due_at.isoformat(),
    }
    exchange.send(
        "opinion.asked",
        json.dumps(body, ensure_ascii=False).encode(),
        sender=inquiry.asker,
        recipient=inquiry.agency,
        stream=f"inquiry:{inquiry.pk}",
        correlation=str(inquiry.pk),
        attachments=sorted({paper["digest"] for paper in inquiry.papers}),
    )


@action(who=system, locks=False)
def follow_steps(subject: Any, *, by: Actor, to: Mapping[str, str]) -> None:
    """The steps of a subject bear other names now; what was asked for one is still awaited by it."""
    moved = [one for one in Inquiry.objects.about(subject) if to.get(one.step, one.step) != one.step]
    for inquiry in moved:
        inquiry.step = to[inquiry.step]
    Inquiry.objects.bulk_update(moved, ["step"])


@action(who=system)
def take_question(question: Question, *, by: Actor) -> Question:
    """Another agency's question has come; it stands on the desk of ours with its own clock."""
    known = Question.objects.filter(pk=question.pk).first()
    if known is not None:
        return known
    question.save(force_insert=True)
    record(QuestionCame(question.asker, question.due_at.isoformat()), about=question, by=by)
    return question


@action(who=system, locks=False)
def pass_on(passing: Passing, *, by: Actor) -> int:
    """An agency ends: who follows it gives the opinions it has not given, by the same day."""
    open_ones = Question.objects.select_for_update().filter(agency=passing.old, state=Question.State.WAITING)
    rows = list(open_ones.order_by("pk"))
    for one in rows:
        one.agency = passing.new
    Question.objects.bulk_update(rows, ["agency"])
    if rows:
        record_many([(QuestionPassedOn(passing.old, passing.new), one.urn) for one in rows], by=by)
    return len(rows)


@action(who=asked_officer, locks=False)
def open_question(question: Question, *, by: Actor) -> None:
    """An officer or a system opens a question; the first time on a day it is written down, as with a dossier of our own."""
    before = Entry.objects.about(question).of("opinions.QuestionOpened").filter(actor__urn=by.urn)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if not before.filter(at__gte=today).exists():
        record(QuestionOpened(), about=question, by=by)


@action(who=asked_officer, locks=False)
def open_enclosure(question: Question, *, by: Actor, digest: str) -> None:
    """An officer opens a paper that came with a question; it is written down, as with a dossier of our own."""
    record(EnclosureOpened(digest), about=question, by=by)


@action(who=system, locks=False)
def tell_opened(question: Question, *, by: Actor, entry: Entry) -> None:
    """Who opened a question, or a paper of it, is told to who asked; not that it was somebody whose matter it is."""
    digest = entry.facts.get("digest", "")
    paper = next((one["name"] for one in question.papers if one["digest"] == digest), "")
    # Our own letter is no paper of theirs.
    if is_concerned(entry.actor["urn"], question) or (digest and not paper):
        return
    agency = Agency.objects.filter(code=question.agency).first()
    day = uuid5(question.pk, f"{entry.actor['urn']} {timezone.localdate(entry.at)}")
    body = {
        "inquiry": str(question.inquiry),
        "key": f"{question.agency}:{entry.pk if paper else day}",
        "at": entry.at.isoformat(),
        "who": entry.actor.get("name", ""),
        "agency": agency.name_vi if agency else question.agency,
        "paper": paper,
        "formerly": formerly(question.agency),
    }
    send_to_asker("opinion.opened", question, body)


@action(who=answerer & unconcerned)
def answer_question(
    question: Question, *, by: Actor, verdict: str, answer: str, file: dict[str, Any] | None = None
) -> None:
    """We give our opinion; it goes back to who asked, with the letter if there is one."""
    if verdict not in Verdict.values:
        raise Invalid(_("Say whether your agency agrees."), field="verdict")
    if not answer.strip():
        raise Invalid(_("Write the opinion."), field="answer")
    question.verdict, question.answer, question.file = verdict, answer.strip(), file or {}
    question.answered_by, question.answered_at = by.name, timezone.now()
    question.save()
    body = {
        "inquiry": str(question.inquiry),
        "verdict": question.verdict,
        "answer": question.answer,
        "file": question.file,
        "by": by.name,
        "at": question.answered_at.isoformat(),
        "formerly": formerly(question.agency),
    }
    send_to_asker("opinion.given", question, body, files=[question.file["digest"]] if question.file else [])
    in_time = not question.is_late()
    record(QuestionAnswered(question.asker, question.verdict, in_time), about=question, by=by)


def send_to_asker(kind: str, question: Question, body: dict[str, Any], *, files: Sequence[str] = ()) -> None:
    """In the order in which it happened here."""
    exchange.send(
        kind,
        json.dumps(body, ensure_ascii=False).encode(),
        sender=question.agency,
        recipient=question.asker,
        stream=f"inquiry:{question.inquiry}",
        correlation=str(question.inquiry),
        attachments=files,
    )


@action(who=system)
def take_answer(inquiry: Inquiry, *, by: Actor, told: dict[str, Any], agency: str) -> None:
    """The opinion has come, from who was asked or who follows; after silence was taken for consent it counts all the same."""
    if told["verdict"] not in Verdict.values:
        raise Invalid(_("Say whether your agency agrees."), field="verdict")
    if agency != inquiry.agency:
        name = Agency.objects.filter(code=agency).values_list("name_vi", flat=True).first()
        inquiry.agency, inquiry.agency_name = agency, name or agency
    inquiry.verdict, inquiry.answer, inquiry.file = told["verdict"], told["answer"], told["file"]
    inquiry.answered_by, inquiry.answered_at = told["by"], datetime.fromisoformat(told["at"])
    inquiry.save()
    record(
        OpinionReceived(
            str(inquiry.pk),
            inquiry.agency,
            inquiry.agency_name,
            inquiry.verdict,
            inquiry.answer,
            in_time=not inquiry.is_late(),
        ),
        about=inquiry.subject,
        by=by,
    )


@action(who=system)
def learn_opening(inquiry: Inquiry, *, by: Actor, told: dict[str, Any], agency: str) -> None:
    """Who was asked tells who opened the question there; told twice it is written down once."""
    known = Entry.objects.about(inquiry.subject).of("opinions.InquiryOpened")
    if known.filter(facts__key=told["key"]).exists():
        return
    seen = InquiryOpened(
        str(inquiry.pk),
        agency,
        str(told["agency"])[:200],
        str(told["key"])[:80],
        datetime.fromisoformat(told["at"]).isoformat(),
        str(told["who"])[:120],
        str(told["paper"])[:200],
    )
    record(seen, about=inquiry.subject, by=by)


@action(who=system)
def presume(inquiry: Inquiry, *, by: Actor) -> None:
    """Time is up and nothing was said: by the procedure that is consent."""
    if not inquiry.silence_agrees or inquiry.due_at > timezone.now():
        raise Invalid(_("Silence means nothing here yet."))
    inquiry.save()
    record(
        OpinionPresumed(str(inquiry.pk), inquiry.agency, inquiry.agency_name), about=inquiry.subject, by=by
    )


@action(who=system)
def note_overdue(now: datetime, *, by: Actor) -> int:
    """Time is up and nothing was said: it is noted, once, about what each question is about. Returns how many."""
    rows = Inquiry.objects.select_for_update(skip_locked=True).overdue(now)
    found = list(rows.order_by("due_at", "pk")[:BATCH])
    Inquiry.objects.filter(pk__in=[one.pk for one in found]).update(is_noted_late=True)
    record_many(
        [
            (OpinionOverdue(str(one.pk), one.agency, one.agency_name, one.due_at.isoformat()), one.subject)
            for one in found
        ],
        by=by,
    )
    return len(found)
