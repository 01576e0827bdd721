"""What the pages of oversight show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.models import Dossier
from motcua.exchange import questions as exchange
from motcua.exchange.actions.stamping import ALARM, pending
from motcua.exchange.models import Authority, Incoming, Outgoing, Peer, TimeStamp
from motcua.exchange.proving import is_proven
from motcua.exchange.questions import Backlog
from motcua.journal.models import Entry, Head, Seal
from motcua.lib.actions import Invalid
from motcua.lib.actors import called
from motcua.oversight.actions import JOURNAL
from motcua.oversight.events import JournalVerified
from motcua.oversight.words import said

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
class Neighbour:
    """Another node as it answers us, in words."""

    name: str
    agencies: str
    words: str
    why: str
    state: str
    next_try: datetime | None
    last_ok: datetime | None


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

    neighbours: list[Neighbour]
    waiting: Sequence[Backlog]
    dead: list[Outgoing]
    given_up: list[Incoming]
    stuck: list[Incoming]
    clock: Clock | None

    @property
    def is_quiet(self) -> bool:
        if self.clock and self.clock.is_late:
            return False
        stuck = self.dead or self.given_up or self.stuck
        return not stuck and all(one.state == "ok" for one in self.neighbours)


def traffic() -> Traffic:
    """The state of the exchange: five queries, and three where authorities of time are set."""
    return Traffic(
        neighbours=neighbours(Peer.objects.order_by("name")),
        waiting=exchange.backlog(),
        dead=list(Outgoing.objects.dead()[:LISTED]),
        given_up=list(Incoming.objects.dead()[:LISTED]),
        stuck=list(Incoming.objects.pending().filter(tries__gt=0)[:LISTED]),
        clock=clock(),
    )


def neighbours(peers: Iterable[Peer]) -> list[Neighbour]:
    return [
        Neighbour(
            name=peer.name,
            agencies=", ".join(peer.agencies),
            words=answers(peer),
            why=failures(peer),
            state="late" if peer.failures else "ok" if peer.last_ok else "plain",
            next_try=peer.next_try if peer.failures else None,
            last_ok=peer.last_ok,
        )
        for peer in peers
    ]


def answers(peer: Peer) -> str:
    if peer.failures:
        return _("does not answer")
    return _("answers") if peer.last_ok else _("never asked yet")


def failures(peer: Peer) -> str:
    if not peer.failures:
        return ""
    return _("tried %(count)s times: %(why)s") % {"count": peer.failures, "why": peer.last_error}
