"""Answers that say what is wrong, where, and how to mend it: problem details of RFC 9457."""

import json
import logging
from dataclasses import dataclass, field
from typing import Any

from motcua.exchange.blocks import Unreadable

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# Beside the status, so that a refusal of any other kind, and a fault, are never read as a no.
NO = {"answer": "no"}

TITLES = {
    400: "The request cannot be read",
    401: "The request is not signed as agreed",
    403: "There is no right to do this",
    404: "There is nothing at this address",
    405: "This cannot be done at this address",
    409: "Another message has this identifier",
    413: "The request is too large",
    422: "The message does not hold",
    429: "Too many messages wait here",
    500: "The answering system failed",
    502: "The other node cannot be reached",
    503: "The log cannot be written now",
    504: "The other node did not answer in time",
    507: "There is no room on the disk",
}


@dataclass
class Problem(Exception):
    """An answer that is no success; `detail` says what, where and how to mend it."""

    status: int
    detail: str
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.detail

    @property
    def body(self) -> bytes:
        content = {
            "type": "about:blank",
            "title": TITLES.get(self.status, "The request failed"),
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }
        return json.dumps(content, ensure_ascii=False).encode()


def detail_of(body: bytes, otherwise: str) -> str:
    """The detail of a problem someone answered with, or the given words."""
    try:
        content = json.loads(body)
        return str(content["detail"])[:1000]
    except (ValueError, KeyError, TypeError):
        return otherwise


def is_no(body: bytes) -> bool:
    """Whether a problem is an answer for all that: the service knows the question, and says no."""
    try:
        return bool(json.loads(body)["answer"] == NO["answer"])
    except (ValueError, KeyError, TypeError):
        return False


def busy(seconds: int = 1) -> Problem:
    """The queue is full: come back in a moment."""
    return Problem(
        429, f"Come back in {seconds} s; nothing of this request was kept.", {"retry-after": str(seconds)}
    )


def unavailable(seconds: int = 1) -> Problem:
    """The log cannot be written: nothing was acknowledged."""
    return Problem(
        503, f"Come back in {seconds} s; nothing of this request was kept.", {"retry-after": str(seconds)}
    )


def recovering(node: str, seconds: int = 5) -> Problem:
    """The node does not sign yet: it asks its neighbours where its log stands."""
    return Problem(
        503,
        f"{node} has just started and asks its neighbours where its log stands; come back in {seconds} s.",
        {"retry-after": str(seconds)},
    )


def unread(node: str, error: Unreadable) -> Problem:
    """What is asked for lies in the file of a month, and cannot be read there: its operator must bring the file back."""
    logger.error("A month of the log cannot be read: %s", error)
    said = {"title": "The log cannot be read now"}
    return Problem(503, f"A month of the log cannot be read at {node}: {error}.", extra=said)
