"""Whose turn it is on the way of a draft: the first stage that has not wholly answered."""

from collections.abc import Collection, Iterable

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.colleagues import colleagues
from motcua.dispatches.models import Outgoing, Review
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.organisations.models import calendar_for
from motcua.people.models import Account


def ask_in_turn(document: Outgoing) -> None:
    """Those of the first stage that has not wholly answered are asked from now on, and their time runs.

    What was sent back at an earlier stage goes no further before it was changed.
    """
    open_ones = list(document.reviews.unanswered())
    if not open_ones:
        return
    stage = min(one.stage for one in open_ones)
    back = document.reviews.filter(answer="returned", fell_at=None, stage__lt=stage)
    # What a head handed back is changed or not, as its drafter thinks best: whoever is asked next is asked.
    if back.exclude(wanted="signature").exists():
        return
    now, calendar = timezone.now(), calendar_for(document.agency)
    turn = [one for one in open_ones if one.stage == stage and one.asked_at is None]
    for one in turn:
        one.asked_at, one.due_at = now, calendar.add_days(now, one.days)
    Review.objects.bulk_update(turn, ["asked_at", "due_at"])


def answered(document: Outgoing, review: Review, answer: Review.Answer, said: str = "") -> None:
    """One has answered about the version that stands; whoever comes after is asked, unless it was sent back."""
    review.answer, review.answered_at = answer, timezone.now()
    review.said, review.version = said.strip()[:1000], document.version
    review.save()
    if answer != Review.Answer.RETURNED:
        ask_in_turn(document)


def stage_behind(document: Outgoing) -> int:
    """A stage after all there are."""
    return (document.reviews.aggregate(last=Max("stage"))["last"] or 0) + 1


def has_come_back(document: Outgoing) -> None:
    """Raises Invalid while somebody who was asked has not answered, or has sent back what was not changed since."""
    for one in document.reviews.filter(fell_at=None, answer__in=["", "returned"]).exclude(wanted="signature"):
        if one.answer:
            raise Invalid(_("%(who)s sent it back. Change the draft first.") % {"who": one.officer_name})
        raise Invalid(
            _("%(who)s has not answered yet. Wait, or call the question off.") % {"who": one.officer_name}
        )


def same_version(document: Outgoing, seen: int | None) -> None:
    """Raises Invalid if what was read is not the version that stands."""
    if seen != document.version:
        said = _(
            "It was changed while you read it: version %(number)s stands here now. Read it, then decide."
        )
        raise Invalid(said % {"number": document.version})


def among(people: Iterable[Account], document: Outgoing, roles: Collection[str]) -> None:
    """Raises Invalid unless all of them hold one of these roles at the agency today."""
    known = colleagues(document.agency, roles)
    if any(str(one.pk) not in known for one in people):
        raise Invalid(_("Choose colleagues of the agency whose post allows it."), field="to")


def answer_head(document: Outgoing, by: Actor, answer: Review.Answer, said: str = "") -> None:
    """The head, or another head in their place, has signed or sent back what waited for a signature."""
    review = document.reviews.waiting().filter(wanted=Review.Wanted.SIGNATURE).first()
    if review is not None:
        review.officer, review.officer_name = by.urn, by.name
        answered(document, review, answer, said)
