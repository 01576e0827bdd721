"""What the pages of oversight show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from motcua.dossiers.models import Dossier
from motcua.exchange.actions.stamping import ALARM, pending
from motcua.exchange.models import Authority, Incoming, Outgoing, TimeStamp
from motcua.exchange.proving import is_proven
from motcua.exchange.remedies import Fault
from motcua.exchange.trials import Trial
from motcua.exchange.watching import Watched, watched
from motcua.journal.models import Entry, Head, Seal
from motcua.lib.actions import Invalid
from motcua.lib.actors import called
from motcua.oversight.actions import JOURNAL
from motcua.oversight.events import JournalVerified
from motcua.oversight.words import said
from motcua.ui.words import STYLES, number

URN = re.compile(r"[a-z]+:[A-Za-z0-9][A-Za-z0-9@._:-]*", re.ASCII)
PERSONAL_NUMBER = re.compile(r"(?<![\da-f-])\d{12}(?!\d)", re.ASCII)  # but not the end of a UUID
LISTED = 20


@dataclass(frozen=True)
class Line:
    """One entry of a timeline in words: what, when, who, the facts, and its place in the sealed journal (0: not sealed yet)."""

    number: int
    what: str
    event: str
    at: datetime
    who: str
    facts: list[tuple[str, str]]
    place: int


def subject_of(text: str) -> str:
    """The name of the subject an auditor typed: a name such as `dossier:…`, or a dossier's code. Raises `Invalid`."""
    typed = text.strip()
    if PERSONAL_NUMBER.search(typed):
        raise Invalid(
            _("Do not look people up by their personal number: it would stand in the address."), field="about"
        )
    if URN.fullmatch(typed) and len(typed) <= 120:
        return typed
    dossier = Dossier.objects.filter(code=typed.upper()).first()
    if dossier is None:
        raise Invalid(
            _("Nothing is known under this name. Enter a dossier's code, or a name such as dossier:…"),
            field="about",
        )
    return dossier.urn


def message_of(about: str) -> UUID | None:
    """The message of this node that bears the name, if it is one and there is proof of it here."""
    kind, _colon, name = about.partition(":")
    try:
        number = UUID(name) if kind == "message" else None
    except ValueError:
        return None
    if number is None or not is_proven(number):
        return None
    return number


def lines(entries: Sequence[Entry]) -> list[Line]:
    """Entries in words, each with its place."""
    places = dict(
        Seal.objects.filter(entry_id__in=[entry.pk for entry in entries]).values_list("entry_id", "place")
    )
    return [
        Line(
            number=entry.pk,
            what=said(entry.event),
            event=entry.event,
            at=entry.at,
            who=called(entry.actor),
            facts=[(name, shown(value)) for name, value in entry.facts.items() if value not in ("", None)],
            place=places.get(entry.pk, 0),
        )
        for entry in entries
    ]


def shown(value: Any) -> str:
    """A fact as text; what looks like a personal number is masked."""
    text = {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else str(value)
    return PERSONAL_NUMBER.sub(lambda found: f"{found[0][:3]}••••••{found[0][-3:]}", text)


@dataclass(frozen=True)
class Integrity:
    """What anyone may know of the journal: how much is sealed under which heads, and when it was last verified."""

    head: Head | None
    entries: int
    heads: list[Head]
    before: int
    verified: JournalVerified | None
    verified_at: datetime | None


def integrity(before: int = 0) -> Integrity:
    """The newest heads, or those before a number; five queries at most."""
    newest = Head.objects.order_by("-number").first()
    listed = Head.objects.filter(number__lt=before) if before else Head.objects.all()
    heads = list(listed.order_by("-number")[: LISTED + 1])
    last = Entry.objects.about(JOURNAL).of("oversight.JournalVerified").last()
    return Integrity(
        head=newest,
        entries=newest.first_place + newest.size - 1 if newest else 0,
        heads=heads[:LISTED],
        before=heads[LISTED - 1].number if len(heads) > LISTED else 0,
        verified=JournalVerified(**last.facts) if last else None,
        verified_at=last.at if last else None,
    )


@dataclass(frozen=True)
class Clock:
    """How the authorities of time answer: the last stamp, what waits for one, and which do not answer, with their words."""

    last: datetime | None
    waiting: datetime | None
    silent: list[Authority]

    @property
    def is_late(self) -> bool:
        return self.waiting is not None and self.waiting < timezone.now() - ALARM


def clock() -> Clock | None:
    """None where no authority is set."""
    if not settings.NODE.timestamp_authorities:
        return None
    waiting = pending()
    known = Authority.objects.filter(address__in=settings.NODE.timestamp_authorities)
    return Clock(
        last=TimeStamp.objects.order_by("-head").values_list("at", flat=True).first(),
        waiting=waiting.at if waiting else None,
        silent=list(known.filter(failures__gt=0).order_by("address")),
    )


@dataclass(frozen=True)
class Traffic:
    """What goes between this node and the others: who answers, what waits, what could not be delivered or has had no effect yet."""

    watched: Watched
    dead: list[Outgoing]
    given_up: list[Incoming]
    stuck: list[Incoming]
    clock: Clock | None

    @property
    def is_quiet(self) -> bool:
        if self.watched.fault or self.watched.failing or (self.clock and self.clock.is_late):
            return False
        return not (self.dead or self.given_up or self.stuck)

    @property
    def hops(self) -> list[dict[str, object]]:
        """The way of our messages as a picture: a box for each hop with how many are there."""
        return [
            {
                "mark": _short(hop.count),
                "title": HOPS[hop.name][0],
                "who": HOPS[hop.name][1],
                "time": _("since %(at)s") % {"at": STYLES["moment"](hop.oldest)} if hop.oldest else "",
                "state": "late" if hop.fails else "done" if hop.name == "handled" or not hop.count else "now",
            }
            for hop in self.watched.hops
        ]


HOPS: dict[str, tuple[Any, Any]] = {
    "drafted": (pgettext_lazy("hop", "Drafted"), gettext_lazy("wait to be signed")),
    "signed": (pgettext_lazy("hop", "Signed"), gettext_lazy("wait to be received")),
    "sent": (pgettext_lazy("hop", "Sent"), gettext_lazy("sent, not taken yet")),
    "received": (
        pgettext_lazy("hop", "Received"),
        gettext_lazy("received there, not handled yet (of the last 1,000)"),
    ),
    "handled": (pgettext_lazy("hop", "Handled"), gettext_lazy("handled there (of the last 1,000)")),
}


def traffic() -> Traffic:
    """The state of the exchange: seven queries, and three where authorities of time are set."""
    return Traffic(
        watched=watched(),
        dead=list(Outgoing.objects.dead()[:LISTED]),
        given_up=list(Incoming.objects.dead()[:LISTED]),
        stuck=list(Incoming.objects.pending().filter(tries__gt=0)[:LISTED]),
        clock=clock(),
    )


@dataclass(frozen=True)
class Tried:
    """A test message in words: a state, how long each hop took, what failed and what can be done."""

    node: str
    state: str
    words: str
    hops: list[tuple[str, str]]
    total: str
    clock: str
    fault: Fault | None


def tried(one: Trial) -> Tried:
    """A test message as the page and the command show it."""
    hops = [(HOPS[name][0], seconds(took)) for name, took in one.hops]
    if one.is_good:
        state, words = "ok", _("all the way there and back")
    elif one.is_late:
        state, words = "late", _("not all the way")
    else:
        state, words = "soon", _("under way")
    off = _("Its clock differs from ours by %(off)s.") % {"off": seconds(one.clock)} if one.clock else ""
    return Tried(one.node, state, words, hops, seconds(one.total), off, one.fault)


def seconds(span: timedelta | None) -> str:
    """A span in seconds, with as many places as one reads."""
    if span is None:
        return "–"
    return _("%(seconds)s s") % {"seconds": number(span.total_seconds(), 2)}


def _short(count: int) -> str:
    """A number that fits into a dot."""
    return str(count) if count < 1000 else f"{count // 1000}k" if count < 1_000_000 else "∞"
