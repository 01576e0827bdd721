"""Synchronous calls between agencies, for whoever waits at a page: ask one, answer one."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from motcua.exchange.problems import MEDIA_TYPE as PROBLEM
from motcua.exchange.problems import detail_of


class Unreachable(Exception):
    """No answer came in time; the message says from whom, in words."""


class Denied(Exception):
    """The other side does not allow the question; the message is its own words."""


class Failed(Exception):
    """The other side could not answer the question; the message is its own words."""


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


type Answering = Callable[[Call], bytes]

ANSWERS: dict[str, Answering] = {}
CLIENT = httpx.Client(trust_env=False, limits=httpx.Limits(max_connections=64))


def answers(kind: str) -> Callable[[Answering], Answering]:
    """Answer calls of this kind, in the web process; raise Denied or Failed with words for whoever asks."""

    def declare(answering: Answering) -> Answering:
        ANSWERS[kind] = answering
        return answering

    return declare


def call(kind: str, body: bytes, *, sender: str, recipient: str, timeout: float = 5.0) -> bytes:
    """Ask another agency and wait at most `timeout` seconds for its answer, signed and logged at both nodes.

    Raises Unreachable, Denied or Failed, with words for the person who waits.
    """
    wanted = {"kind": kind, "sender": sender, "recipient": recipient, "timeout": timeout}
    headers = {
        "authorization": f"Bearer {settings.NODE.secret}",
        "content-type": "application/json",
        "motcua-call": json.dumps(wanted),
    }
    url = f"http://127.0.0.1:{settings.NODE.exchange_port}/local/calls"
    try:
        response = CLIENT.post(url, content=body, headers=headers, timeout=timeout + 1)
    except httpx.HTTPError as error:
        raise Unreachable(f"The exchange of this node does not answer ({type(error).__name__}).") from error
    if response.status_code == 200 and response.headers.get("content-type") != PROBLEM:
        return response.content
    raise _failure(response)


def _failure(response: httpx.Response) -> Exception:
    """What a problem means for whoever asked; the answer of the other side may itself be one."""
    status = response.status_code
    if status == 200:
        status = int(json.loads(response.content)["status"])
    words = detail_of(response.content, f"The exchange answered {status}.")
    if status == 403:
        return Denied(words)
    return Unreachable(words) if status in {429, 502, 503, 504} else Failed(words)


def answer(asked: Call) -> bytes:
    """What the service declared for this kind answers. Raises Denied or Failed."""
    answering = ANSWERS.get(asked.kind)
    if answering is None:
        raise Failed(f"Nobody answers {asked.kind} at {asked.recipient}.")
    return answering(asked)
