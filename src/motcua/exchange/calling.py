"""Synchronous calls through two nodes: request and answer are logged and signed on both sides like any message.

The asking node logs the request before it leaves; the answering node lets its own web process answer (once), logs receipt
and answer together and only then sends it; the asking node logs a receipt for the answer.
"""

import asyncio
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from motcua.exchange import sql
from motcua.exchange.canonical import Malformed, hash_of, to_millisecond
from motcua.exchange.directory import Node
from motcua.exchange.envelope import Envelope, check_words
from motcua.exchange.evidence import Receipt, SignedHead
from motcua.exchange.group import Group
from motcua.exchange.ids import new_id
from motcua.exchange.inner import Inner
from motcua.exchange.intake import Held, examine, opened, proven
from motcua.exchange.log import Busy, Unwritten
from motcua.exchange.parcel import INLINE, Item, Parcel, Refusal, packed
from motcua.exchange.peers import Heard, Peers, Spoken
from motcua.exchange.problems import Problem, busy, unavailable
from motcua.exchange.receiving import Receiving, Verdict
from motcua.exchange.station import Station
from motcua.exchange.together import MOST

LONGEST = 60.0
LONGEST_TOGETHER = 12 * 1024 * 1024  # bytes of answers that go back in one parcel
LONG = "The answers to calls made at once are too long together; ask again."


@dataclass(frozen=True)
class Question:
    """What a local system asks of another agency."""

    kind: str
    sender: str
    recipient: str
    body: bytes
    content_type: str = "application/json"
    timeout: float = 5.0


class Speaking:
    """A request of ours entering the log."""

    asks: Iterable[Any] = ()
    channels: Iterable[str] = ()

    def __init__(self, envelope: Envelope) -> None:
        self.envelope, self.index = envelope, -1
        self.weight = 1, len(envelope.text)

    def enter(self, group: Group) -> None:
        self.index = group.log("message", self.envelope.text)


class Replying:
    """A call and the answer to it entering the log of the node that answers, under one head; of a call that was received
    before, no answer.
    """

    def __init__(self, receiving: Receiving, answer: Envelope) -> None:
        self.receiving, self.answer, self.index = receiving, answer, -1
        entries, size = receiving.weight
        self.weight = entries + 1, size + len(answer.text)
        self.asks, self.channels = receiving.asks, receiving.channels

    def enter(self, group: Group) -> None:
        self.receiving.enter(group)
        if self.receiving.verdicts[0].status == 200:
            self.index = group.log("message", self.answer.text)


class Hearing:
    """The answer to a call entering the log of the node that asked, with the peer's head."""

    asks: Iterable[Any] = ()
    channels: Iterable[str] = ()
    weight = 1, 2000

    def __init__(self, node: str, peer: str, answer: Envelope, item: Item, signed: SignedHead) -> None:
        self.node, self.peer, self.answer, self.item, self.signed = node, peer, answer, item, signed

    def enter(self, group: Group) -> None:
        """Add a receipt for the answer."""
        receipt = Receipt(
            node=self.node,
            id=self.answer.id,
            digest=self.answer.digest.hex(),
            sender=self.answer.sender,
            recipient=self.answer.recipient,
            state="received",
            at=group.at,
        )
        group.log(
            "receipt", receipt.text, beside=(self.answer.text, None), proven=(self.peer, self.item.place)
        )
        group.add(sql.PEER_HEAD, self.peer, self.signed.head.number, self.signed.text, self.signed.signature)


async def ask(station: Station, peers: Peers, question: Question) -> tuple[str, bytes]:
    """Put a question to another agency; return media type and body of its answer, or a Problem."""
    peer = station.directory.hosts.get(question.recipient)
    if question.sender not in station.agencies:
        raise Problem(403, f"{question.sender} is not hosted by this node; ask in the name of one that is.")
    if peer is None:
        raise Problem(
            502, f"{question.recipient} stands in no directory known here; check the code of the agency."
        )
    if len(question.body) > INLINE:
        raise Problem(
            413, f"A question holds at most {INLINE} bytes; send a message with attachments instead."
        )
    envelope = _request(station, question)
    speaking = Speaking(envelope)
    commit = await station.log.write(speaking)
    item = Item(envelope.text, question.body, commit.place(speaking.index))
    spoken = Spoken(peer, envelope, item, commit.head, question.timeout)
    return await _heard(station, peer, envelope, await peers.ask(spoken))


def _request(station: Station, question: Question) -> Envelope:
    now = to_millisecond(station.now())
    lifetime = timedelta(seconds=min(max(question.timeout, 0.1), LONGEST))
    try:
        check_words(question.kind, question.sender, question.recipient, "", "", question.content_type)
    except Malformed as error:
        raise Problem(422, str(error)) from error
    return Envelope(
        instance=station.directory.instance,
        id=new_id(),
        kind=question.kind,
        sender=question.sender,
        recipient=question.recipient,
        created=now,
        expires=to_millisecond(now + lifetime),
        body_digest=hash_of(question.body),
        content_type=question.content_type,
    )


async def _heard(station: Station, peer: Node, request: Envelope, heard: Heard) -> tuple[str, bytes]:
    """The answer, if it is signed by the peer and answers this request."""
    parcel, item = heard
    try:
        answer = _answer_to(parcel, item, request)
    except Malformed as error:
        station.refuse(peer.name, "answer", 502, str(error), message=str(request.id))
        raise Problem(502, f"{peer.name} answered with something that does not hold: {error}") from error
    assert item is not None  # noqa: S101 — an answer was found in it
    await station.log.write(Hearing(station.name, peer.name, answer, item, parcel.heads[item.place.head]))
    return answer.content_type, item.body or b""


def _answer_to(parcel: Parcel, item: Item | None, request: Envelope) -> Envelope:
    answer = proven(parcel, item) if item and item.body is not None else None
    expected = (str(request.id), request.recipient, request.sender)
    if answer is None or (answer.correlation, answer.sender, answer.recipient) != expected:
        raise Malformed("message.correlation", "this answers another question", "answer the one that was put")
    return answer


async def reply(station: Station, inner: Inner, peer: Node, content: bytes) -> bytes:
    """Answer the calls of another node that came in one parcel: the parcel to send back. A lone call's Problem is raised."""
    parcel = opened(station, peer, content)
    if not 1 <= len(parcel.items) <= MOST:
        raise Problem(
            422, f"A parcel of calls holds 1 to {MOST} messages, not {len(parcel.items)}; send as many."
        )
    if len(parcel.items) == 1:
        only = await _reply(station, inner, peer, parcel, parcel.items[0])
        return packed([only.signed], [only.item])
    replies = await asyncio.gather(
        *(_reply(station, inner, peer, parcel, item) for item in parcel.items), return_exceptions=True
    )
    return _together(replies)


class Reply(NamedTuple):
    """An answer that stands in our log, and the head it stands under."""

    item: Item
    signed: SignedHead


def _together(replies: Sequence[Reply | BaseException]) -> bytes:
    """The answers to calls that came together, in one parcel, and beside them why others get none."""
    given, refused, size = list[Reply](), list[Refusal](), 0
    for number, one in enumerate(replies):
        size += one.item.size if isinstance(one, Reply) else 0
        if isinstance(one, Reply) and size <= LONGEST_TOGETHER:
            given.append(one)
        else:
            problem = Problem(503, LONG) if isinstance(one, Reply) else _problem_of(one)
            refused.append((number, problem.status, problem.detail))
    heads = {one.signed.head.number: one.signed for one in given}
    return packed(heads.values(), [one.item for one in given], refused)


def _problem_of(error: BaseException) -> Problem:
    """What is told of a call that came with others; a fault of ours is raised, and fails them all."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Busy | Unwritten):
        return busy() if isinstance(error, Busy) else unavailable()
    raise error


async def _reply(station: Station, inner: Inner, peer: Node, parcel: Parcel, item: Item) -> Reply:
    arrival = examine(station, peer, parcel, item, call=True)
    if isinstance(arrival, Held):
        raise Problem(422 if arrival.status == 424 else arrival.status, arrival.detail)
    receiving = Receiving(station.name, peer.name, new_id(), [arrival], [parcel.heads[item.place.head]])
    with station.calls.first(arrival.key, until=arrival.envelope.expires, now=station.now()) as is_first:
        if arrival.refused or not is_first:
            await station.log.write(receiving)
            raise _not_answered(receiving.verdicts[0])
        media_type, body = await inner.answer(arrival.envelope, arrival.item.body or b"")
        replying = Replying(receiving, _answer(station, arrival.envelope, media_type, body))
        commit = await station.log.write(replying)
    if replying.index < 0:
        raise _not_answered(receiving.verdicts[0])
    return Reply(Item(replying.answer.text, body, commit.place(replying.index)), commit.head)


AGAIN = "This call was answered before; make a new one."


def _not_answered(verdict: Verdict) -> Problem:
    """Why a call gets no answer: we may not, or it has had one."""
    return Problem(409, AGAIN) if verdict.status == 208 else Problem(verdict.status, verdict.detail)


def _answer(station: Station, request: Envelope, media_type: str, body: bytes) -> Envelope:
    now = to_millisecond(station.now())
    return Envelope(
        instance=request.instance,
        id=new_id(),
        kind=request.kind,
        sender=request.recipient,
        recipient=request.sender,
        created=now,
        expires=to_millisecond(now + timedelta(seconds=LONGEST)),
        body_digest=hash_of(body),
        correlation=str(request.id),
        content_type=media_type,
    )


def is_ours(headers: Mapping[str, str], secret: str) -> bool:
    """Whether a request comes from a process of this node."""
    return hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {secret}".encode())
