"""What came in and is not done, in heaps by what is to be done next: the list opens at the heap that waits for whoever looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.desk.remarks import remarks
from motcua.dispatches.models import Incoming
from motcua.dispatches.models.incoming import LAST, IncomingQuerySet, late
from motcua.lib.actors import Actor
from motcua.ui.context import Link

SHOWN = 100
ALL, TO_ENTER, TO_ASSIGN, WORKED_ON, LATE = "all", "arrived", "registered", "working", "late"
WORDS: dict[str, Promise] = {
    TO_ENTER: _("To be entered"),
    TO_ASSIGN: _("To be assigned"),
    WORKED_ON: _("Being worked on"),
    LATE: _("Overdue"),
    ALL: _("All"),
}
# Which heap waits for whom.
WAITS = ((("clerk",), TO_ENTER), (("chair", "deputy"), TO_ASSIGN))


@dataclass(frozen=True)
class Row:
    """One document of the list: what is to be looked at before it is entered, and whether it is chosen."""

    document: Incoming
    remarks: Sequence[str]
    is_picked: bool


@dataclass(frozen=True)
class Asked:
    """Which heap, and which page of it, an address asks for."""

    heap: str
    page: int
    picks: bool

    def at(self, page: int) -> str:
        """The address of a page of the same heap."""
        return "?" + urlencode({"heap": self.heap, "page": page})


def asked(query: QueryDict, counts: dict[str, int], by: Actor) -> Asked:
    """What the address names; without a heap the one that waits for whoever looks, if anything lies there."""
    own = next((heap for roles, heap in WAITS if by.holds(*roles) and counts[heap]), ALL)
    heap, page = query.get("heap", ""), query.get("page", "")
    number = int(page) if page.isdecimal() and page.isascii() and len(page) < 6 else 1
    return Asked(heap if heap in WORDS else own, max(number, 1), "all" in query)


def heaps(now: datetime) -> dict[str, Q]:
    """What lies in each."""
    return {
        TO_ENTER: Q(state=Incoming.State.ARRIVED),
        TO_ASSIGN: Q(state=Incoming.State.REGISTERED),
        WORKED_ON: Q(state__in=[Incoming.State.ASSIGNED, Incoming.State.BEGUN]),
        LATE: late(now),
        ALL: Q(),
    }


def counted(documents: IncomingQuerySet, now: datetime) -> dict[str, int]:
    """How many lie in each heap, with one statement."""
    return documents.aggregate(**{heap: Count("pk", filter=which) for heap, which in heaps(now).items()})


def pills(counts: dict[str, int], chosen: str) -> list[Link]:
    """The way to each heap in which something lies, and to the one that is shown."""
    return [
        Link(words, f"?heap={heap}", heap == chosen, count=counts[heap])
        for heap, words in WORDS.items()
        if counts[heap] or heap in {chosen, ALL}
    ]


def page_of(documents: IncomingQuerySet, asked: Asked, now: datetime) -> tuple[list[Row], bool]:
    """The rows of a page, the most urgent first, and whether there is another; all are chosen that need no look, if so asked."""
    found = documents.filter(heaps(now)[asked.heap]).knowing_likes().select_related("replaced_by")
    ordered = found.order_by("-urgency", LAST, "arrived_at", "pk")
    first = (asked.page - 1) * SHOWN
    read = list(ordered[first : first + SHOWN + 1])
    return [row(one, picks=asked.picks) for one in read[:SHOWN]], len(read) > SHOWN


def row(document: Incoming, *, picks: bool) -> Row:
    said = remarks(document) if document.state == Incoming.State.ARRIVED else []
    return Row(document, said, picks and not said)


def following(document: Incoming, by: Actor) -> Incoming | None:
    """The next one of the heap that waits for whoever looks at this one; none where no heap is theirs."""
    heap = next((heap for roles, heap in WAITS if by.holds(*roles, at=document.agency)), None)
    if heap is None:
        return None
    theirs = Incoming.objects.filter(agency=document.agency, state=heap).exclude(pk=document.pk)
    return theirs.order_by("-urgency", "arrived_at", "pk").first()
