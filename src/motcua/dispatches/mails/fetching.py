"""A mailbox somebody else keeps (IMAP, RFC 9051), asked for what nobody has seen; the mails stay there, marked as seen."""

import imaplib
import ssl
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from django.conf import settings

from motcua.dispatches.mails.composing import MEGABYTE

PATIENCE, AT_ONCE = 30, 50
LOOPBACK = {"localhost", "127.0.0.1"}


class UnreachedError(Exception):
    """The mailbox cannot be asked now; the message says why."""


def each_unseen(address: str, take: Callable[[bytes], object]) -> int:
    """Take the oldest unseen mails, each marked as seen once it is taken; how many. Raises UnreachedError.

    Of one that is too large only the head is fetched, with as much behind it that it is found too large.
    """
    server = urlsplit(address)
    try:
        box = opened(server.scheme, server.hostname or "", server.port)
        try:
            box.login(unquote(server.username or ""), unquote(server.password or ""))
            box.select(f'"{unquote(server.path.strip("/")) or "INBOX"}"')
            _ok, (numbers,) = box.uid("SEARCH", "UNSEEN")
            waiting = (numbers or b"").split()[:AT_ONCE]
            for number in waiting:
                take(fetched(box, number.decode("ascii")))
                box.uid("STORE", number.decode("ascii"), "+FLAGS", r"(\Seen)")
            return len(waiting)
        finally:
            box.logout()
    except (imaplib.IMAP4.error, OSError, UnicodeError) as fault:
        raise UnreachedError(f"{type(fault).__name__}: {fault}"[:300]) from fault


def opened(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    """Never in the clear over a network."""
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(
            host, port or 993, ssl_context=ssl.create_default_context(), timeout=PATIENCE
        )
    box = imaplib.IMAP4(host, port or 143, timeout=PATIENCE)
    if host not in LOOPBACK:
        box.starttls(ssl.create_default_context())
    return box


def fetched(box: imaplib.IMAP4, number: str) -> bytes:
    """The mail as it lies there, not marked as seen by asking."""
    most = settings.NODE.letters_megabytes * MEGABYTE + 1
    _ok, answer = box.uid("FETCH", number, f"(BODY.PEEK[]<0.{most}>)")
    for one in answer:
        if isinstance(one, tuple) and b"BODY[]" in one[0]:
            return bytes(one[1])
    raise imaplib.IMAP4.error(f"nothing of {number}")
