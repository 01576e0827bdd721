"""What the pages of one's own ask all day, each question worded once."""

from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.db.models import Count, QuerySet

from motcua.dossiers.models import Application, ApplicationQuerySet, Opening
from motcua.lib.worded import WordedOnce, worded_once
from motcua.mandates.models import PROVEN, Mandate
from motcua.notices.models import Notice
from motcua.petitions.models import Kind, Petition
from motcua.queues.models import Booking, BookingQuerySet

# Nobody has more dossiers than this of their own; older ones are still found by their code.
LOOKED_AT = 1000
# Nobody has more appointments than this ahead.
AHEAD = 20
# So many openings stand on a page, on so many pages; and so many questions are shown.
OPENINGS, PAGES, QUESTIONS = 50, 40, 20


@worded_once
def known(account: UUID, on: date) -> ApplicationQuerySet:
    """All of one's own, with what the sentence above their list needs."""
    own = Application.objects.of_person(account, on)
    return own.only("state", "supplied_at", "fee", "agency", "agency_name")[:LOOKED_AT]


@cache
def newest(first: int, last: int) -> WordedOnce[[UUID, date], Application]:
    """Those of one's own from one place to another, the last changed first."""

    @worded_once
    def page(account: UUID, on: date) -> ApplicationQuerySet:
        return Application.objects.of_person(account, on).newest_first()[first:last]

    return page


@worded_once
def codes(account: UUID, on: date) -> QuerySet[Application, tuple[UUID, str]]:
    """Under which code each of one's own goes on."""
    return Application.objects.of_person(account, on).values_list("pk", "code")[:LOOKED_AT]


@cache
def openings(first: int, last: int) -> WordedOnce[[UUID, date, str, str], Opening]:
    """Who opened one's own matters or their papers, or those of whom one represents: from one place to another, the last first."""

    @worded_once
    def page(account: UUID, on: date, number: str, folded_name: str) -> QuerySet[Opening]:
        own = Opening.objects.of_person(account, on, number=number, folded_name=folded_name)
        return own.newest_first()[first:last]

    return page


@worded_once
def questions(account: UUID) -> QuerySet[Petition]:
    """What one asked agencies, the latest first."""
    return Petition.objects.filter(account=account, kind=Kind.QUESTION).order_by("-sent_at")[:QUESTIONS]


@worded_once
def confirmed(account: UUID, on: date) -> QuerySet[Mandate]:
    """By which one represents children and businesses, as a register or an agency has confirmed."""
    held = Mandate.objects.in_force(on).filter(agent=account, kind__in=sorted(PROVEN))
    return held.order_by("principal_name", "number")


@worded_once
def unread(account: UUID) -> QuerySet[Notice, int]:
    """How many notices one has not read; no row if there are none."""
    mine = Notice.objects.filter(recipient=account).unread()
    return mine.values("recipient").annotate(count=Count("pk")).values_list("count", flat=True)


@worded_once
def ahead(account: UUID, on: date, now: datetime) -> BookingQuerySet:
    """Appointments that are ahead, the next first, also those to which others come in one's stead."""
    mine = Booking.objects.of_person(account, on).ahead(now)
    return mine.select_related("mandate", "account")[:AHEAD]
