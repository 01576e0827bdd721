"""Requests to other nodes: signed, with the answer as bytes. The one place that opens connections to them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from motcua.exchange import signatures
from motcua.exchange.canonical import hash_of
from motcua.exchange.signatures import Request
from motcua.exchange.wire import Body, Client, Response
from motcua.lib.keys import SigningKey

OCTETS = "application/octet-stream"

type Door = Callable[[str, str, Mapping[str, str], bytes], Awaitable[Response]]


class Lost(Exception):
    """No answer came; the message says why, in words for an operator; `late` if the time was over, `stay_away` is for how
    many seconds the other side asks to be left in peace.
    """

    def __init__(self, words: str, *, late: bool = False, stay_away: float = 0.0) -> None:
        super().__init__(words)
        self.late, self.stay_away = late, stay_away


class Transport(Protocol):
    """How requests reach another node: over the network, or within one process."""

    async def post(self, url: str, media_type: str, body: bytes, seconds: float = 30) -> Response:
        """POST a signed request; Lost if no answer came."""

    async def get(self, url: str) -> Response:
        """GET something, signed; Lost if no answer came."""

    async def put(self, url: str, piece: bytes) -> Response:
        """PUT a piece of a file, signed; Lost if no answer came."""

    def close(self) -> None:
        """Close what is open."""


class Network:
    """Over HTTP, with connections kept open."""

    def __init__(self, key: SigningKey, client: Client | None = None) -> None:
        self.key, self.client = key, client or Client()

    def close(self) -> None:
        self.client.close()

    async def post(self, url: str, media_type: str, body: bytes, seconds: float = 30) -> Response:
        headers = self._signed(Request("POST", url, media_type, hash_of(body)))
        return await self._send("POST", url, headers, body, seconds)

    async def get(self, url: str) -> Response:
        return await self._send("GET", url, self._signed(Request("GET", url)), b"", 10)

    async def put(self, url: str, piece: bytes) -> Response:
        headers = self._signed(Request("PUT", url, OCTETS, hash_of(piece)))
        return await self._send("PUT", url, headers, piece, 120)

    def _signed(self, request: Request) -> dict[str, str]:
        return signatures.sign(request, self.key, datetime.now(UTC))

    async def _send(
        self, method: str, url: str, headers: dict[str, str], content: Body, seconds: float
    ) -> Response:
        if url.startswith("carry:"):
            raise Lost("this node is reached by carried files only")
        try:
            return await self.client.request(method, url, headers, content, seconds)
        except TimeoutError as error:
            raise Lost(f"{url} did not answer in {seconds:g} s", late=True) from error
        except OSError as error:
            raise Lost(f"{url} cannot be reached: {error}") from error


class Within:
    """Inside one process, for tests and trials: what is sent is signed and answered all the same."""

    def __init__(self, key: SigningKey, doors: Mapping[str, Door]) -> None:
        """`doors` maps the address of each node to who answers there."""
        self.key, self.doors = key, doors

    def close(self) -> None:
        pass

    async def post(self, url: str, media_type: str, body: bytes, seconds: float = 30) -> Response:
        signed = signatures.sign(Request("POST", url, media_type, hash_of(body)), self.key, datetime.now(UTC))
        return await self._knock("POST", url, signed, body, seconds)

    async def get(self, url: str) -> Response:
        signed = signatures.sign(Request("GET", url), self.key, datetime.now(UTC))
        return await self._knock("GET", url, signed, b"", 10)

    async def put(self, url: str, piece: bytes) -> Response:
        signed = signatures.sign(Request("PUT", url, OCTETS, hash_of(piece)), self.key, datetime.now(UTC))
        return await self._knock("PUT", url, signed, piece, 60)

    async def _knock(
        self, method: str, url: str, headers: dict[str, str], body: bytes, seconds: float
    ) -> Response:
        address, slash, path = url.partition("/exchange/")
        try:
            async with asyncio.timeout(seconds):
                return await self.doors[address](method, slash + path, headers, body)
        except KeyError as error:
            raise Lost(f"{url} cannot be reached: nobody is there") from error
        except TimeoutError as error:
            raise Lost(f"{url} did not answer in {seconds:g} s", late=True) from error
        except OSError as error:
            raise Lost(f"{url} cannot be reached: {error}") from error
