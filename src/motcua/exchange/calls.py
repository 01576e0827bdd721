"""Synchronous calls between agencies, for whoever waits at a page: ask one, answer one."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from django.conf import settings

from motcua.exchange.problems import MEDIA_TYPE as PROBLEM
from motcua.exchange.problems import detail_of, is_no
from motcua.lib.statements import prepared


class Unreachable(Exception):
    """No answer came in time; the message says from whom, in words."""


class Denied(Exception):
    """The other side does not allow the question; the message is its own words."""


class Failed(Exception):
    """The other side could not answer the question; the message is its own words."""


class SaidNo(Failed):
    """The service knows the question, and its answer is no; the message is its own words."""


class Broken(Failed):
    """Something is out of order there: a fault in the service, or nobody who knows the question. It is no answer."""


@dataclass(frozen=True)
class Call:
    """A question of another agency, proven and logged."""

    id: str
    kind: str
    sender: str
    recipient: str
    body: bytes

    def json(self) -> Any:
        """The body read as JSON; Failed if it is none."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Failed(f"The question is no JSON: {error}") from error


type Answerer = Callable[[Call], bytes]

type Together = Callable[[Sequence[Call]], Sequence[bytes]]

ANSWERS: dict[str, Answerer] = {}
TOGETHER: dict[str, Together] = {}
KEPT = threading.local()


def answers(kind: str, together: Together | None = None) -> Callable[[Answerer], Answerer]:
    """Answer calls of this kind, in the web process; raise Denied, Failed or SaidNo with words for whoever asks.

    Whoever answers changes nothing, but may note that somebody asked: after a fall the same call may be put once more.
    `together` answers several at once for less; if it raises anything it has left nothing behind, and each is asked alone.
    """

    def declare(answerer: Answerer) -> Answerer:
        ANSWERS[kind] = answerer
        if together:
            TOGETHER[kind] = together
        return answerer

    return declare


# The exchange process commits the answer, and the log of this database with it, before the answer leaves.
WITH_THE_ANSWER = "SELECT set_config('synchronous_commit', 'off', true)"


def kept_with_the_answer() -> None:
    """Inside the transaction of an `@answers`: what it notes need not be on disk by itself, for nobody hears of it before the
    exchange process has written the answer down, later in the same log of the same database. That spares a wait for the disk.
    """
    with prepared() as cursor:
        cursor.execute(WITH_THE_ANSWER)


def call(kind: str, body: bytes, *, sender: str, recipient: str, timeout: float = 5.0) -> bytes:
    """Ask another agency and wait at most `timeout` seconds for its answer, signed and logged at both nodes.

    Raises Unreachable, Denied or Failed, with words for the person who waits: `SaidNo` where the service's answer is no,
    `Broken` where it is a fault there, and no answer.
    """
    wanted = {"kind": kind, "sender": sender, "recipient": recipient, "timeout": timeout}
    headers = {
        "authorization": f"Bearer {settings.NODE.secret}",
        "content-type": "application/json",
        "motcua-call": json.dumps(wanted),
    }
    try:
        status, media_type, content = _exchange(body, headers, timeout + 1)
    except (OSError, HTTPException) as error:
        raise Unreachable(f"The exchange of this node does not answer ({type(error).__name__}).") from error
    if status == 200 and media_type != PROBLEM:
        return content
    raise _failure(status, content)


def _exchange(body: bytes, headers: Mapping[str, str], seconds: float) -> tuple[int, str, bytes]:
    """Ask the exchange process of this node, over a connection this thread keeps open."""
    kept: HTTPConnection | None = getattr(KEPT, "connection", None)
    if kept is not None and kept.port == settings.NODE.exchange_port:
        # The exchange process may have been started anew since: then the connection is stale, and a new one is made.
        with suppress(ConnectionError):
            return _asked(kept, body, headers, seconds)
    if kept is not None:
        kept.close()
    KEPT.connection = HTTPConnection("127.0.0.1", settings.NODE.exchange_port, timeout=seconds)
    return _asked(KEPT.connection, body, headers, seconds)


def _asked(
    connection: HTTPConnection, body: bytes, headers: Mapping[str, str], seconds: float
) -> tuple[int, str, bytes]:
    try:
        connection.timeout = seconds
        if connection.sock:
            connection.sock.settimeout(seconds)
        connection.request("POST", "/local/calls", body, headers)
        response = connection.getresponse()
        return response.status, response.headers.get("content-type", ""), response.read()
    except BaseException:
        connection.close()
        raise


def _failure(status: int, content: bytes) -> Exception:
    """What a problem means for whoever asked; the answer of the other side may itself be one."""
    is_answer = status == 200
    if is_answer:
        status = int(json.loads(content)["status"])
    words = detail_of(content, f"The exchange answered {status}.")
    if status == 403:
        return Denied(words)
    if status in {429, 502, 503, 504}:
        return Unreachable(words)
    if status != 422:
        return Broken(words)
    # Only what the service itself marks as its no is one; the exchange refuses questions too.
    return SaidNo(words) if is_answer and is_no(content) else Failed(words)


def answer(asked: Call) -> bytes:
    """What the service declared for this kind answers. Raises what it raises, or Broken where there is none."""
    answerer = ANSWERS.get(asked.kind)
    if answerer is None:
        raise Broken(f"Nobody answers {asked.kind} at {asked.recipient}.")
    return answerer(asked)


def answer_together(asked: Sequence[Call]) -> Sequence[bytes]:
    """The answers to several calls of one kind, where its service declared how; none where it did not, or one is a refusal."""
    together = TOGETHER.get(asked[0].kind) if len(asked) > 1 else None
    if together is None:
        return []
    try:
        return together(asked)
    except Exception:  # noqa: BLE001 — each is asked alone then, and what went wrong is told and logged there
        return []
