"""Synchronous calls through two nodes: request and answer are logged and signed on both sides like any message.

The asking node logs the request before it leaves; the answering node lets its own web process answer (once), logs receipt
and answer together and only then sends it; the asking node logs a receipt for the answer.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from motcua.exchange import sql
from motcua.exchange.canonical import Malformed, hash_of, to_millisecond
from motcua.exchange.directory import Node
from motcua.exchange.envelope import Envelope, check_words
from motcua.exchange.evidence import Receipt, SignedHead
from motcua.exchange.ids import new_id
from motcua.exchange.intake import Held, examine, opened, proven
from motcua.exchange.log import Commit, Group
from motcua.exchange.parcel import INLINE, MEDIA_TYPE, Item, Parcel, packed
from motcua.exchange.problems import MEDIA_TYPE as PROBLEM
from motcua.exchange.problems import NO, Problem, detail_of, is_no
from motcua.exchange.receiving import Receiving, Verdict
from motcua.exchange.station import Station
from motcua.exchange.transport import Lost, Transport
from motcua.exchange.wire import Client

LONGEST = 60.0
ANSWER = 8 * INLINE  # bytes of an answer at most


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


async def ask(station: Station, transport: Transport, question: Question) -> tuple[str, bytes]:
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
    parcel = _parcel(commit, envelope.text, speaking.index, question.body)
    try:
        answer = await transport.post(
            f"{peer.exchange_url}/exchange/calls", MEDIA_TYPE, parcel, question.timeout
        )
    except Lost as error:
        raise Problem(504 if error.late else 502, str(error)) from error
    if answer.status != 200:
        raise Problem(
            _passed_on(answer.status), detail_of(answer.body, f"{peer.name} answered {answer.status}.")
        )
    return await _heard(station, peer, envelope, answer.body)


def _passed_on(status: int) -> int:
    return status if status in {403, 404, 413, 422, 429, 503} else 502


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


def _parcel(commit: Commit, text: bytes, index: int, body: bytes) -> bytes:
    return packed([commit.head], [Item(text, body, commit.place(index))])


async def _heard(station: Station, peer: Node, request: Envelope, content: bytes) -> tuple[str, bytes]:
    """The answer, if it is signed by the peer and answers this request."""
    parcel = opened(station, peer, content)
    item = parcel.items[0] if parcel.items else None
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


async def reply(station: Station, web: Client, peer: Node, content: bytes) -> bytes:
    """Answer another node's call: the parcel to send back, or a Problem."""
    parcel = opened(station, peer, content)
    if len(parcel.items) != 1:
        raise Problem(422, f"A call holds one message, not {len(parcel.items)}; send one.")
    arrival = examine(station, peer, parcel, parcel.items[0], call=True)
    if isinstance(arrival, Held):
        raise Problem(422 if arrival.status == 424 else arrival.status, arrival.detail)
    receiving = Receiving(station.name, peer.name, new_id(), [arrival], parcel.heads.values())
    with station.calls.first(arrival.key, until=arrival.envelope.expires, now=station.now()) as is_first:
        if arrival.refused or not is_first:
            await station.log.write(receiving)
            raise _not_answered(receiving.verdicts[0])
        media_type, body = await _own_answer(station, web, arrival.envelope, arrival.item.body or b"")
        replying = Replying(receiving, _answer(station, arrival.envelope, media_type, body))
        commit = await station.log.write(replying)
    if replying.index < 0:
        raise _not_answered(receiving.verdicts[0])
    return _parcel(commit, replying.answer.text, replying.index, body)


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


async def _own_answer(station: Station, web: Client, request: Envelope, body: bytes) -> tuple[str, bytes]:
    """What our own web process answers; its refusals are signed answers too, as problem details."""
    left = (request.expires - station.now()).total_seconds()
    headers = {
        "authorization": f"Bearer {station.secret}",
        "content-type": request.content_type,
        "motcua-call": json.dumps(
            {
                "id": str(request.id),
                "kind": request.kind,
                "sender": request.sender,
                "recipient": request.recipient,
            }
        ),
    }
    url = f"http://127.0.0.1:{station.web_port}/internal/calls/"
    try:
        response = await web.request("POST", url, headers, body, max(left, 0.05))
    except OSError as error:
        problem = Problem(500, f"The service at {station.name} did not answer ({type(error).__name__}).")
        return PROBLEM, problem.body
    if response.status == 200:
        return response.headers.get("content-type", "application/json"), response.body
    status = response.status if response.status in {403, 404, 422} else 500
    detail = detail_of(response.body, f"The service at {station.name} failed.")
    extra = NO if status == 422 and is_no(response.body) else {}
    return PROBLEM, Problem(status, detail, extra=dict(extra)).body


def is_ours(headers: Mapping[str, str], secret: str) -> bool:
    """Whether a request comes from a process of this node."""
    return hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {secret}".encode())
