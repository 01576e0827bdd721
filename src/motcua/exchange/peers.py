"""Calls on their way to other nodes: those to one node that come at once travel in one parcel, under one signature."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from motcua.exchange.directory import Node
from motcua.exchange.envelope import Envelope
from motcua.exchange.evidence import SignedHead
from motcua.exchange.intake import opened
from motcua.exchange.pace import Pace
from motcua.exchange.parcel import MEDIA_TYPE, Item, Parcel, packed
from motcua.exchange.problems import Problem, detail_of
from motcua.exchange.station import Station
from motcua.exchange.together import Together
from motcua.exchange.transport import Lost, Transport

PASSED_ON = frozenset({403, 404, 413, 422, 429, 503})
LONGEST_SHUT = 2.0  # seconds for which a node that did not answer is not asked


class Spoken(NamedTuple):
    """A request of ours that stands in the log, ready to go to a node; `seconds` is how long its answer is waited for."""

    peer: Node
    envelope: Envelope
    item: Item
    signed: SignedHead
    seconds: float


class Heard(NamedTuple):
    """What came back for one request: an entry of a parcel, not yet proven."""

    parcel: Parcel
    item: Item | None


class Peers:
    """The other nodes, as calls reach them."""

    def __init__(self, station: Station, transport: Transport) -> None:
        self.station, self.transport = station, transport
        self._together: dict[tuple[str, str], Together[Spoken, Heard]] = {}
        self._paces: dict[str, Pace] = {}

    async def ask(self, spoken: Spoken) -> Heard:
        """Bring a request to its node; a Problem if no answer came in time, or the node's words why it gives none."""
        pace = self._paces.get(spoken.peer.name)
        if pace and pace.shut_for:
            words = f"{spoken.peer.name} could not be reached {pace.failures} times in a row; it is asked again in a moment."
            raise Problem(502, words, {"retry-after": "1"})
        key = spoken.peer.name, spoken.envelope.kind
        together = self._together.get(key)
        if together is None:
            # By kind, so that a service that takes long holds up only its own.
            together = self._together[key] = Together(self._bring, lambda one: one.item.size)
        try:
            async with asyncio.timeout(spoken.seconds):
                return await together.ask(spoken)
        except TimeoutError as error:
            raise Problem(504, f"{spoken.peer.name} did not answer in {spoken.seconds:g} s") from error

    def is_back(self, peer: str) -> None:
        """It spoke to us: it can be asked."""
        self._paces.pop(peer, None)

    async def _bring(self, several: Sequence[Spoken]) -> Sequence[Heard | Exception]:
        peer = several[-1].peer  # as the newest directory says
        heads = {one.signed.head.number: one.signed for one in several}
        content = packed(heads.values(), [one.item for one in several])
        seconds = max(one.seconds for one in several)
        try:
            answer = await self.transport.post(
                f"{peer.exchange_url}/exchange/calls", MEDIA_TYPE, content, seconds
            )
        except Lost as error:
            if not error.late:
                self._paces.setdefault(peer.name, Pace(LONGEST_SHUT)).failed()
            raise Problem(504 if error.late else 502, str(error)) from error
        self.is_back(peer.name)
        if answer.status != 200:
            raise _passed_on(answer.status, detail_of(answer.body, f"{peer.name} answered {answer.status}."))
        parcel = opened(self.station, peer, answer.body)
        try:
            return _told_apart(parcel, len(several))
        except (TypeError, ValueError) as error:
            self.station.refuse(peer.name, "answer", 502, f"manifest.refused: {error}")
            raise Problem(502, f"{peer.name} refused calls in a form that is not the agreed one.") from error


def _told_apart(parcel: Parcel, count: int) -> Sequence[Heard | Exception]:
    """What came back for each request, in the order they were put: refusals name their place, answers fill the
    others. TypeError or ValueError if the refusals are of another form.
    """
    refused = {number: _passed_on(status, detail) for number, status, detail in parcel.refused}
    items = iter(parcel.items)
    return [refused.get(number) or Heard(parcel, next(items, None)) for number in range(count)]


def _passed_on(status: int, detail: str) -> Problem:
    return Problem(status if status in PASSED_ON else 502, str(detail)[:1000])
