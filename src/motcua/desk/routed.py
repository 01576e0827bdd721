"""The way of a draft through the agency as a picture, and what waits there for an officer, with the time left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.desk.deadlines import TimeLeft, running
from motcua.desk.several import address
from motcua.dispatches.models import Outgoing, Review
from motcua.lib.actors import Actor
from motcua.organisations.models import calendar_for
from motcua.ui import words

MOST_SHOWN = 20


@dataclass(frozen=True)
class Waiting:
    """A draft somebody is to answer about, and how much time is left."""

    review: Review
    left: TimeLeft


def waiting_for(actor: Actor, now: datetime) -> list[Waiting]:
    """What waits for this officer, the most urgent first."""
    found = Review.objects.waiting_for(actor).select_related("outgoing").order_by("due_at", "pk")[:MOST_SHOWN]
    return timed(found, now)


def several_to_sign(waiting: Sequence[Waiting]) -> str:
    """Where those that wait for the officer's signature are signed in one go; nowhere for fewer than two."""
    wanted = Review.Wanted.SIGNATURE
    keys = [one.review.outgoing_id for one in waiting if one.review.wanted == wanted]
    return address("sign", keys) if len(keys) > 1 else ""


def timed(reviews: Iterable[Review], now: datetime) -> list[Waiting]:
    """Each with its time; the calendar of an agency is read once."""
    found = list(reviews)
    calendars = {code: calendar_for(code) for code in {one.outgoing.agency for one in found}}
    return [
        Waiting(one, running(one.due_at, calendars[one.outgoing.agency], now, one.asked_at))
        for one in found
        if one.due_at and one.asked_at
    ]


def picture(document: Outgoing, reviews: Iterable[Review], now: datetime) -> list[dict[str, Any]]:
    """The stages as the picture of a process draws them: who had it from when to when, who has it, who comes after."""
    begun = {
        "state": "done",
        "title": _("Drafted"),
        "who": "",
        "time": words.short_moment(document.drafted_at),
    }
    return [begun, *(stage(one, now) for one in reviews)]


def stage(review: Review, now: datetime) -> dict[str, Any]:
    shown = {"title": review.get_wanted_display(), "who": review.officer_name or _("Head of the agency")}
    if review.answered_at:
        # What was sent back or does not count any more is no tick.
        state, mark = ("done", "") if review.counts else ("", "–")
        return shown | {"state": state, "mark": mark, "title": titled(review), "time": times(review, now)}
    if review.asked_at:
        return shown | {"state": "now", "time": times(review, now)}
    return shown | {"state": "", "time": _("still to come")}


def titled(review: Review) -> str:
    """What was asked and what came of it."""
    asked = review.get_wanted_display()
    if review.answer == Review.Answer.AGREED and review.fell_at:
        return _("%(asked)s: for version %(version)s, counts no longer") % {
            "asked": asked,
            "version": review.version,
        }
    if review.answer == Review.Answer.AGREED:
        return str(asked)
    return _("%(asked)s: %(answer)s") % {"asked": asked, "answer": review.get_answer_display().lower()}


def times(review: Review, now: datetime) -> str:
    """From when to when, and whether it was late."""
    since = words.short_moment(review.asked_at) if review.asked_at else ""
    until = words.short_moment(review.answered_at) if review.answered_at else ""
    span = f"{since} – {until}" if since and until else since or until
    return _("%(when)s, late") % {"when": span} if review.is_late(now) else span
