"""A draft on its way: sent to colleagues for opinions and initials, answered, sent back, called off, remarked on."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.asking import among, answered, ask_in_turn, same_version, stage_behind
from motcua.dispatches.actions.sending import demanded
from motcua.dispatches.events import (
    DraftInitialled,
    DraftRemarked,
    DraftRouted,
    DraftSentBack,
    OpinionGiven,
    RemarkSettled,
    ReviewCalledOff,
)
from motcua.dispatches.models import Outgoing, Remark, Review
from motcua.dispatches.rules import OFFICERS, asked_for_initials, asked_for_opinion, asked_once, drafter, head
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.people.models import Account

MOST_ASKED = 20


@action(who=drafter)
def route(
    document: Outgoing,
    *,
    by: Actor,
    to: Sequence[Account],
    wanted: str,
    days: int,
    words: str = "",
    is_after: bool = False,
) -> Outgoing:
    """The drafter asks colleagues at once; `is_after` lets them wait until those asked before have answered."""
    before = list(document.reviews.unanswered())
    if not to or len(to) > MOST_ASKED:
        raise Invalid(_("Choose one to %(most)s colleagues.") % {"most": MOST_ASKED}, field="to")
    among(to, document, OFFICERS)
    asked = {one.officer for one in before if one.wanted == wanted}
    if any(one.urn == by.urn or one.urn in asked for one in to):
        raise Invalid(_("Somebody chosen was asked already, or is yourself."), field="to")
    stage = stage_of(document, before, is_after=is_after)
    Review.objects.bulk_create(
        Review(
            outgoing=document,
            stage=stage,
            wanted=wanted,
            officer=one.urn,
            officer_name=one.name,
            words=words.strip()[:500],
            days=days,
        )
        for one in to
    )
    ask_in_turn(document)
    record(DraftRouted(document.agency, wanted, len(to), document.version), about=document, by=by)
    return document


def stage_of(document: Outgoing, before: Sequence[Review], *, is_after: bool) -> int:
    """Beside those whose turn it is, or behind all there are."""
    if before and not is_after:
        return min(one.stage for one in before)
    return stage_behind(document)


@action(who=asked_for_opinion)
def opine(document: Outgoing, *, by: Actor, words: str, seen: int | None) -> Outgoing:
    """Whoever was asked gives an opinion on the version that stands."""
    if not words.strip():
        raise Invalid(_("Write your opinion."), field="words")
    same_version(document, seen)
    review = theirs(document, by, Review.Wanted.OPINION)
    answered(document, review, Review.Answer.AGREED, words)
    record(OpinionGiven(document.agency, document.version), about=document, by=by)
    return document


@action(who=asked_for_initials)
def initial(document: Outgoing, *, by: Actor, seen: int | None) -> Outgoing:
    """Whoever was asked initials the version they have read, for its content or its form; it must be the one that stands."""
    same_version(document, seen)
    review = theirs(document, by, Review.Wanted.CONTENT, Review.Wanted.FORM)
    answered(document, review, Review.Answer.AGREED)
    record(DraftInitialled(document.agency, review.wanted, document.version), about=document, by=by)
    return document


@action(who=asked_for_opinion | asked_for_initials)
def send_back(document: Outgoing, *, by: Actor, reason: str) -> Outgoing:
    """Whoever was asked sends it back to its drafter with a sentence; a new version comes back to them."""
    review = theirs(document, by, Review.Wanted.OPINION, Review.Wanted.CONTENT, Review.Wanted.FORM)
    answered(document, review, Review.Answer.RETURNED, demanded(reason))
    record(DraftSentBack(document.agency, review.said[:500], document.version), about=document, by=by)
    return document


@action(who=drafter)
def call_off(document: Outgoing, *, by: Actor, review: int) -> Outgoing:
    """The drafter does not wait for somebody's answer any more; those who come after are asked."""
    one = document.reviews.unanswered().filter(pk=review).first()
    if one is None:
        raise Invalid(_("This question is answered already."), field="review")
    answered(document, one, Review.Answer.CALLED_OFF)
    record(ReviewCalledOff(document.agency, one.officer, document.version), about=document, by=by)
    return document


@action(who=asked_once | head)
def remark(document: Outgoing, *, by: Actor, words: str) -> Outgoing:
    """A colleague who was asked, or the head, notes something on the version that stands."""
    if not words.strip():
        raise Invalid(_("Write what you remark."), field="words")
    Remark.objects.create(
        outgoing=document,
        version=document.version,
        words=words.strip()[:1000],
        made_by=by.urn,
        made_by_name=by.name,
    )
    record(DraftRemarked(document.agency, document.version), about=document, by=by)
    return document


@action(who=drafter)
def settle(document: Outgoing, *, by: Actor, remark: int, answer: str = "") -> Outgoing:
    """The drafter has dealt with a remark, and may say how."""
    one = document.remarks.filter(pk=remark, settled_at=None).first()
    if one is None:
        raise Invalid(_("This remark is settled already."), field="remark")
    one.settled_at, one.answer = timezone.now(), answer.strip()[:500]
    one.save()
    record(RemarkSettled(document.agency, one.version), about=document, by=by)
    return document


def theirs(document: Outgoing, by: Actor, *wanted: Review.Wanted) -> Review:
    """What this officer is asked now; there is one, or the rule would have refused."""
    return document.reviews.waiting().filter(officer=by.urn, wanted__in=wanted).earliest("due_at")
