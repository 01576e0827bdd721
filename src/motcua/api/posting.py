"""Send something to another machine: to the address that was looked at, no further, and in time."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.conf import settings

from motcua.api import targets

PATIENCE = 10.0
LONGEST_CALL = 30.0  # seconds; httpx counts each read apart, so that one who drips could hold us for ever
LONGEST_ANSWER = 4 * 1024 * 1024
LONGEST_REASON = 64 * 1024


class Failed(Exception):
    """It was not taken; the message says why, without what was sent. `status` and `said` are the answer's, if there was one."""

    def __init__(self, words: str, *, status: int = 0, said: bytes = b"") -> None:
        super().__init__(words)
        self.status, self.said = status, said


def post(url: str, body: bytes, headers: Mapping[str, str], *, longest: int = LONGEST_ANSWER) -> bytes:
    """Post JSON, return the answer's body; only 2xx is success, and what sends us elsewhere is not followed.

    The name is looked up once and the address found is spoken to, so that nobody can point it inwards between looking and
    speaking. Raises `Failed`.
    """
    try:
        address = targets.resolved(url, node=settings.NODE)
    except (targets.Forbidden, OSError) as reason:
        raise Failed(str(reason)) from reason
    parts = urlsplit(url)
    host = parts.hostname or ""
    literal = f"[{address}]" if ":" in address else address
    spoken_to = urlunsplit(parts._replace(netloc=f"{literal}:{parts.port}" if parts.port else literal))
    try:
        with (
            httpx.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False) as client,
            cut_off(client),
            client.stream(
                "POST",
                spoken_to,
                content=body,
                headers={"Content-Type": "application/json", **headers, "Host": parts.netloc},
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            return read(answer, longest)
    except (httpx.HTTPError, httpx.StreamError, OSError, RuntimeError) as fault:
        raise Failed(f"{type(fault).__name__}: {fault}"[:300]) from fault


@contextmanager
def cut_off(client: httpx.Client) -> Iterator[None]:
    """Hang up when the whole call has taken too long, whatever the other end does."""
    clock = threading.Timer(LONGEST_CALL, client.close)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def read(answer: httpx.Response, longest: int) -> bytes:
    """The body of a success, no longer than we are ready to hold."""
    content = b""
    for part in answer.iter_bytes():
        content += part
        if len(content) > (longest if answer.is_success else LONGEST_REASON):
            break
    if not answer.is_success:
        raise Failed(f"HTTP {answer.status_code}", status=answer.status_code, said=content)
    if len(content) > longest:
        raise Failed("The answer is too long.")
    return content
