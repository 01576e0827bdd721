"""The door of the exchange: a small ASGI application, without a framework because every message passes through it."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any
from uuid import UUID

from motcua.exchange import calling, intake, neighbours, signatures, witnessing
from motcua.exchange.blocks import Unreadable
from motcua.exchange.canonical import Malformed, hash_of, to_millisecond
from motcua.exchange.carry import carry
from motcua.exchange.directory import Node
from motcua.exchange.dispatch import Dispatch
from motcua.exchange.envelope import Envelope, read
from motcua.exchange.evidence import Place, SignedHead
from motcua.exchange.filing import Filing, Piece
from motcua.exchange.ids import new_id
from motcua.exchange.inner import Inner
from motcua.exchange.log import Busy, Unwritten
from motcua.exchange.parcel import INLINE, MEDIA_TYPE, MOST_BYTES
from motcua.exchange.peers import Peers
from motcua.exchange.problems import MEDIA_TYPE as PROBLEM
from motcua.exchange.problems import Problem, busy, recovering, unavailable, unread
from motcua.exchange.sending import Draft, Sending
from motcua.exchange.signatures import Unsigned
from motcua.exchange.station import Station
from motcua.exchange.transport import OCTETS
from motcua.exchange.wire import Client

logger = logging.getLogger(__name__)

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]

JSON = "application/json"
LIFETIME = timedelta(days=7)


# Not frozen, which would take four times as long: every message costs one of each.
@dataclass(slots=True)
class Call:
    """A request as it came in; the body is read by whoever needs it: whole at once where the server can, or in pieces."""

    method: str
    path: str
    headers: Mapping[str, str]
    receive: Receive
    whole: Callable[[], Awaitable[bytes]] | None = None

    async def body(self, most: int = MOST_BYTES) -> bytes:
        """The whole body; a Problem if it is longer than `most` bytes."""
        announced = self.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > most:
            raise _too_long(most)
        content = await (self.whole() if self.whole and announced.isdecimal() else self._gathered(most))
        if len(content) > most:
            raise _too_long(most)
        return content

    async def _gathered(self, most: int) -> bytes:
        message = await self.receive()
        content: bytes = message.get("body", b"")
        while message.get("more_body") and len(content) <= most:
            message = await self.receive()
            content += message.get("body", b"")
        return content


def _family(path: str) -> str:
    """The first two steps of an address: /exchange/files/DIGEST → /exchange/files/."""
    return "/".join(path.split("/", 3)[:3]) + "/"


def _rest(path: str) -> str:
    """What follows them."""
    return path.split("/", 3)[3]


def _too_long(most: int) -> Problem:
    return Problem(413, f"The body is longer than {most} bytes; send less at once, and files apart.")


@dataclass(slots=True)
class Reply:
    """What is answered."""

    status: int
    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The headers to send."""
        return ("content-type", self.media_type), ("content-length", str(len(self.body))), *self.headers


class Door:
    """The application: who is there, what do they want."""

    def __init__(self, station: Station, dispatch: Dispatch, web: Client) -> None:
        self.station, self.dispatch, self.inner = station, dispatch, Inner(station, web)
        self.peers = Peers(station, dispatch.transport)
        self.filing = Filing(station)
        self.routes: dict[tuple[str, str], Callable[[Call], Awaitable[Reply]]] = {
            ("POST", "/exchange/messages"): self.message,
            ("POST", "/exchange/batches"): self.batch,
            ("POST", "/exchange/calls"): self.call,
            ("GET", "/exchange/directory"): self.directory,
            ("GET", "/exchange/head"): self.head,
            ("GET", "/exchange/heads"): self.heads,
            ("GET", "/health"): self.health,
            ("POST", "/local/calls"): self.local_call,
            ("POST", "/local/wake"): self.local_wake,
        }
        self.families: dict[tuple[str, str], Callable[[Call], Awaitable[Reply]]] = {
            ("PUT", "/exchange/files/"): self.file,
            ("GET", "/exchange/files/"): self.file_here,
            ("GET", "/exchange/chain/"): self.chain,
            ("GET", "/exchange/heads/"): self.held,
            ("GET", "/exchange/returned/"): self.returned,
            ("GET", "/exchange/wanted/"): self.wanted,
            ("POST", "/local/carry/"): self.carry,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The door as any ASGI server opens it."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        reply = await self.answer(Call(scope["method"], scope["path"], headers, receive))
        lines = [(name.encode(), value.encode()) for name, value in reply.lines]
        await send({"type": "http.response.start", "status": reply.status, "headers": lines})
        await send({"type": "http.response.body", "body": reply.body})

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """The door as granian opens it: one step to read and one to answer, which halves the cost of a request."""
        pieces: Any = None

        async def receive() -> dict[str, Any]:
            # No default for anext(): with one, this server's iterator ends the process (granian 2.8.7).
            # An empty piece is the last.
            nonlocal pieces
            pieces = pieces or aiter(protocol)
            piece = await anext(pieces)
            return {"type": "http.request", "body": piece, "more_body": bool(piece)}

        reply = await self.answer(Call(scope.method, scope.path, scope.headers, receive, protocol))
        protocol.response_bytes(reply.status, list(reply.lines), reply.body)

    async def answer(self, call: Call) -> Reply:
        """Whatever happens, an answer that says what."""
        try:
            return await self._route(call)(call)
        except Problem as problem:
            return _told(problem)
        except (Busy, Unwritten) as error:
            return _told(busy() if isinstance(error, Busy) else unavailable())
        except Unreadable as error:
            return _told(unread(self.station.name, error))
        except Exception:
            logger.exception("A request to %s failed", call.path.partition("?")[0])
            return _told(Problem(500, "The fault is ours and was logged; try again."))

    def _route(self, call: Call) -> Callable[[Call], Awaitable[Reply]]:
        found = self.routes.get((call.method, call.path)) or self.families.get(
            (call.method, _family(call.path))
        )
        if self.station.is_recovering and call.method == "POST":
            raise recovering(self.station.name)
        if found:
            return found
        known = {path for _, path in (*self.routes, *self.families)}
        if call.path in known or _family(call.path) in known:
            raise Problem(405, f"{call.method} is not understood at {call.path}.")
        raise Problem(404, "Known: /exchange/batches, calls, files/DIGEST, directory, head; /health.")

    def _peer(self, call: Call, request: signatures.Request) -> Node:
        """Which node signed the request; a Problem, logged, if none did."""
        if self.station.directory.expires <= self.station.now():
            expired = f"Version {self.station.directory.version} of the directory has expired"
            raise Problem(503, f"{expired} at {self.station.name}; its operator must bring a newer one.")
        try:
            key = signatures.signer(request, call.headers, self.station.pem_of, self.station.now())
        except (Unsigned, Malformed) as error:
            self.station.refuse("", call.path, 401, str(error), digest=request.body_digest.hex())
            raise Problem(401, str(error)) from error
        peer = self.station.directory.owners[key]
        self.dispatch.is_back(peer.name)
        self.peers.is_back(peer.name)
        return peer

    async def _signed(self, call: Call, media_type: str = MEDIA_TYPE) -> tuple[Node, bytes]:
        """The peer and the body it signed."""
        body = await call.body()
        target = f"{self.station.me.exchange_url}{call.path}"
        try:
            request = signatures.request_from(call.method, target, call.headers, body)
        except Unsigned as error:
            self.station.refuse("", call.path, 401, str(error), digest=hash_of(body).hex())
            raise Problem(401, str(error)) from error
        if request.content_type != media_type:
            raise Problem(400, f"Content-Type: send {media_type}.")
        return self._peer(call, request), body

    async def batch(self, call: Call) -> Reply:
        """A parcel of messages from another node."""
        self.station.strain.check()
        peer, body = await self._signed(call)
        status, answer = await intake.take(self.station, peer, body)
        return Reply(status, JSON, answer)

    async def call(self, call: Call) -> Reply:
        """A synchronous call from another node."""
        peer, body = await self._signed(call)
        return Reply(200, MEDIA_TYPE, await calling.reply(self.station, self.inner, peer, body))

    def _asking(self, call: Call) -> Node:
        """Which node signed a question without a body."""
        return self._peer(call, signatures.Request("GET", f"{self.station.me.exchange_url}{call.path}"))

    async def heads(self, call: Call) -> Reply:
        """Our newest heads and those we hold of others, for witnesses."""
        self._asking(call)
        return Reply(200, JSON, await witnessing.told(self.station))

    async def chain(self, call: Call) -> Reply:
        """Our heads from a number on, so that any node sees that each follows the one before."""
        self._asking(call)
        return Reply(200, JSON, await witnessing.chain(self.station, neighbours.number(_rest(call.path))))

    async def held(self, call: Call) -> Reply:
        """Which heads of a node we hold; they are no secret, but to find them costs work."""
        self._asking(call)
        return Reply(200, JSON, await neighbours.held(self.station, _rest(call.path)))

    async def returned(self, call: Call) -> Reply:
        """What a node that lost its log had sent us or received from us."""
        peer = self._asking(call)
        return Reply(200, JSON, await neighbours.returned(self.station, peer, _rest(call.path)))

    async def wanted(self, call: Call) -> Reply:
        """The files of a message a node had received are brought to it once more."""
        peer = self._asking(call)
        self.dispatch.bring(peer.name, await neighbours.wanted(self.station, peer, _rest(call.path)))
        return Reply(202, JSON, b"{}")

    async def file(self, call: Call) -> Reply:
        """A piece of a file from another node; the file is kept when it is complete and the one announced."""
        digest, start, size = self.filing.named(_rest(call.path))
        peer, body = await self._signed(call, OCTETS)
        piece = Piece(digest, start, len(body) if size < 0 else size, body)
        here = await self.filing.take(peer.name, piece)
        return Reply(201 if here is None else 200, JSON, json.dumps({"here": here}).encode())

    async def file_here(self, call: Call) -> Reply:
        """How much of a file has come from the node that asks."""
        digest, _start, _size = self.filing.named(_rest(call.path))
        here = await self.filing.here(self._asking(call).name, digest)
        return Reply(200, JSON, json.dumps({"here": here}).encode())

    async def message(self, call: Call) -> Reply:
        """A message from a system of this node; answered when it is signed and durable."""
        self._ours(call)
        self.station.strain.check()
        draft = self._drafted(call, await call.body(INLINE))
        sending = Sending([draft])
        commit = await self.station.log.hand_in(sending)
        self.station.archive.remember(commit)
        if sending.before:
            return await self._sent_before(draft.envelope, sending.before[draft.envelope.id])
        envelope = sending.envelopes[0]
        self.dispatch.signed([envelope.recipient])
        return _sent(201, envelope, commit.place(sending.indexes[0]), commit.head)

    async def _sent_before(self, envelope: Envelope, leaf: int) -> Reply:
        """The same message again gets the old answer; another one under its identifier does not."""
        entry = (await self.station.archive.entries([leaf]))[leaf]
        old = read(entry.text)
        if (old.kind, old.channel, old.recipient, old.body_digest) != (
            *(envelope.kind, envelope.channel, envelope.recipient),
            envelope.body_digest,
        ):
            raise Problem(
                409, f"Another message was sent as {old.id}; give this one an identifier of its own."
            )
        return _sent(200, old, entry.place, entry.head)

    def _drafted(self, call: Call, body: bytes) -> Draft:
        """What a local system asks to be sent; a Problem if it does not hold or is not ours to send."""
        wanted = _wanted(call.headers.get("motcua-message", ""))
        now = to_millisecond(self.station.now())
        try:
            envelope = Envelope(
                instance=self.station.directory.instance,
                id=UUID(wanted["id"]) if "id" in wanted else new_id(),
                kind=wanted["kind"],
                sender=wanted["sender"],
                recipient=wanted["recipient"],
                created=now,
                expires=now + LIFETIME,
                body_digest=hash_of(body),
                stream=wanted.get("stream", ""),
                correlation=wanted.get("correlation", ""),
                content_type=call.headers.get("content-type", JSON),
            )
            envelope.check_words()
        except Malformed as error:
            raise Problem(422, str(error)) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Problem(422, f"Motcua-Message: {error} is missing or of another form.") from error
        if envelope.id.version != 7:
            raise Problem(422, "Motcua-Message: id is no UUID of version 7 (RFC 9562).")
        if envelope.sender not in self.station.agencies:
            raise Problem(
                403, f"{envelope.sender} is not hosted by this node; send in the name of one that is."
            )
        return Draft(envelope, body, wanted.get("confirm", True) is True, "id" in wanted)

    async def local_call(self, call: Call) -> Reply:
        """A synchronous call to another agency, for the web process of this node."""
        self._ours(call)
        wanted = _wanted(call.headers.get("motcua-call", ""))
        try:
            question = calling.Question(
                kind=wanted["kind"],
                sender=wanted["sender"],
                recipient=wanted["recipient"],
                body=await call.body(),
                content_type=call.headers.get("content-type", JSON),
                timeout=float(wanted.get("timeout", 5.0)),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Problem(422, f"Motcua-Call: {error} is missing or no text.") from error
        media_type, body = await calling.ask(self.station, self.peers, question)
        return Reply(200, media_type, body)

    async def local_wake(self, call: Call) -> Reply:
        """Something waits in the outbox."""
        self._ours(call)
        self.dispatch.wake.set()
        return Reply(202, JSON, b"{}")

    async def carry(self, call: Call) -> Reply:
        """A file for a node on a network of its own, or from it."""
        self._ours(call)
        return Reply(200, JSON, await carry(self.station, self.dispatch, _rest(call.path), await call.body()))

    async def directory(self, call: Call) -> Reply:
        """The newest directory known here, as it was published."""
        return Reply(200, JSON, self.station.published)

    async def head(self, call: Call) -> Reply:
        """The newest head of our log, for witnesses."""
        signed = self.station.log.head
        said = signed.renewed(self.station.key).as_json() if signed else {}
        return Reply(200, JSON, json.dumps(said).encode())

    async def health(self, call: Call) -> Reply:
        """Whether messages can be taken now; nothing that tells of their content."""
        writing = self.station.log.is_writing
        state = {"node": self.station.name, "log": writing, "directory": self.station.directory.version}
        if self.station.is_recovering:
            writing, state["recovering"] = False, True
        return Reply(200 if writing else 503, JSON, json.dumps(state).encode())

    def _ours(self, call: Call) -> None:
        if not calling.is_ours(call.headers, self.station.secret):
            raise Problem(401, "Authorization: send Bearer and the secret of this node.")


# A system sends many messages that say the same on the outside.
@lru_cache(maxsize=1024)
def _wanted(header: str) -> Mapping[str, Any]:
    """What the header of a local request asks for."""
    try:
        wanted = json.loads(header)
    except ValueError as error:
        raise Problem(422, f"Motcua-Message, Motcua-Call: write an object in JSON ({error}).") from error
    if not isinstance(wanted, dict):
        raise Problem(422, "Motcua-Message, Motcua-Call: write an object in JSON.")
    return wanted


def _sent(status: int, envelope: Envelope, place: Place, head: SignedHead) -> Reply:
    """The receipt for a message of our own. Written by hand: this is the answer that is given most often."""
    text = quoted(envelope.text.decode())
    body = f'{{"id":"{envelope.id}","envelope":{text},"place":{place.json},"signed":{head.json}}}'
    return Reply(status, JSON, body.encode())


def _told(problem: Problem) -> Reply:
    return Reply(problem.status, PROBLEM, problem.body, tuple(problem.headers.items()))
