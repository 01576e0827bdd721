"""A document axis somebody else runs, spoken to as any document system speaks to it: it is asked, for it never calls."""

import json
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.utils import timezone

from motcua.api import axis, posting
from motcua.api.posting import Failed

KEY = "axis.key"
LARGEST = 50 * 1024 * 1024
# What these statuses say is about us or the axis, not about what was sent: it is tried again.
NOT_ABOUT_IT = {401, 403, 408, 429}


class RefusedError(Exception):
    """The axis does not take this one message; the message says why, in its words."""


def is_set() -> bool:
    """Whether this node exchanges documents with an axis."""
    return bool(settings.NODE.axis_url)


def is_up() -> bool:
    """Whether it answers us at all: it is asked what lies there for one of ours."""
    if not settings.NODE.axis_speaks_for:
        return False
    try:
        with suppress(RefusedError):
            received(settings.NODE.axis_speaks_for[0], "edoc")
    except Failed:
        return False
    return True


def send(raw: bytes, *, sender: str, kind: str) -> None:
    """Hand a document (`edoc`) or a state (`status`) in. Raises RefusedError, and Failed where it is to be tried again."""
    answered(call("sendEdoc", raw, sender=sender, kind=kind))


def received(agency: str, kind: str) -> list[dict[str, Any]]:
    """What lies there for an agency, each with `docId` and `status`. Raises Failed."""
    rows = answered(call("getReceivedEdocList", sender=agency, kind=kind)).get("data") or []
    return [row for row in rows if isinstance(row, dict) and row.get("docId")]


def fetch(agency: str, kind: str, document: str) -> bytes:
    """The message itself. Raises RefusedError, Failed."""
    return call("getEdoc", sender=agency, kind=kind, docId=document)


def note(agency: str, kind: str, document: str, how: str) -> None:
    """Tell the axis what became of a message: `done`, it is not listed again, or `fail`. Raises RefusedError, Failed."""
    answered(call("updateStatus", sender=agency, kind=kind, docId=document, status=how))


def call(service: str, body: bytes = b"", *, sender: str, kind: str, **more: str) -> bytes:
    key = (settings.KEYS / KEY).read_text("ascii").strip()
    said = {"systemid": settings.NODE.axis_system, "from": sender, "messagetype": kind, **more}
    headers = axis.signed(key, said, body, timezone.now())
    octets = {"Content-Type": "application/octet-stream"}
    try:
        return posting.post(f"{settings.NODE.axis_url}/{service}", body, octets | headers, longest=LARGEST)
    except Failed as fault:
        if 400 <= fault.status < 500 and fault.status not in NOT_ABOUT_IT:
            raise RefusedError(reason(fault.said) or str(fault)) from fault
        raise


def answered(said: bytes) -> dict[str, Any]:
    """What the axis says; some say FAIL with status 200. Raises RefusedError, Failed."""
    try:
        found = json.loads(said)
    except ValueError as fault:
        raise Failed("The axis did not answer in its own form.") from fault
    if not isinstance(found, dict):
        raise Failed("The axis did not answer in its own form.")
    if found.get("status") != "OK":
        raise RefusedError(reason(said))
    return found


def reason(said: bytes) -> str:
    """Why, in the axis' words."""
    try:
        found = json.loads(said)
    except ValueError:
        return ""
    words = (
        [str(found.get(name) or "") for name in ("ErrorCode", "ErrorDesc")] if isinstance(found, dict) else []
    )
    return " ".join(filter(None, words))[:300]
