"""Requests to other nodes: signed, with the answer as bytes. The one place that opens connections to them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import httpx

from motcua.exchange import signatures
from motcua.exchange.canonical import hash_of
from motcua.exchange.signatures import Request
from motcua.lib.keys import SigningKey

CHUNK = 256 * 1024


class Lost(Exception):
    """No answer came; the message says why, in words for an operator."""


@dataclass(frozen=True)
class Answer:
    """What the other side said."""

    status: int
    headers: dict[str, str]
    body: bytes


class Transport(Protocol):
    """How requests reach another node: over the network, or within one process."""

    async def post(self, url: str, media_type: str, body: bytes, timeout: float) -> Answer:  # noqa: ASYNC109 — handed on
        """POST a signed request; Lost if no answer came."""

    async def get(self, url: str) -> Answer:
        """GET something public; Lost if no answer came."""

    async def put(self, url: str, digest: bytes, chunks: AsyncIterator[bytes]) -> Answer:
        """PUT a file, streamed, signed over its digest; Lost if no answer came."""


class Network:
    """Over HTTP, with connections kept open."""

    def __init__(self, key: SigningKey, client: httpx.AsyncClient | None = None) -> None:
        self.key = key
        self.client = client or httpx.AsyncClient(
            timeout=httpx.Timeout(30, connect=3), limits=httpx.Limits(max_connections=200), trust_env=False
        )

    async def close(self) -> None:
        await self.client.aclose()

    async def post(self, url: str, media_type: str, body: bytes, timeout: float = 30) -> Answer:  # noqa: ASYNC109
        headers = self._signed(Request("POST", url, media_type, hash_of(body)))
        return await self._send("POST", url, headers, body, timeout)

    async def get(self, url: str) -> Answer:
        return await self._send("GET", url, self._signed(Request("GET", url)), b"", 10)

    async def put(self, url: str, digest: bytes, chunks: AsyncIterator[bytes]) -> Answer:
        headers = self._signed(Request("PUT", url, "application/octet-stream", digest))
        return await self._send("PUT", url, headers, chunks, 600)

    def _signed(self, request: Request) -> dict[str, str]:
        return signatures.sign(request, self.key, datetime.now(UTC))

    async def _send(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        content: bytes | AsyncIterator[bytes],
        seconds: float,
    ) -> Answer:
        try:
            response = await self.client.request(
                method, url, headers=headers, content=content, timeout=seconds
            )
        except httpx.TimeoutException as error:
            raise Lost(f"{url} did not answer in {seconds:g} s") from error
        except httpx.HTTPError as error:
            raise Lost(f"{url} cannot be reached: {str(error) or type(error).__name__}") from error
        return Answer(response.status_code, dict(response.headers), response.content)
