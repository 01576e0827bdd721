"""HTTP/1.1 as nodes speak it among themselves: connections kept open, whole answers, nothing else.

Every synchronous call passes here twice; a general client costs a millisecond of computing each time, this one a twentieth
of it. No redirects, no proxies, no cookies, no compression: a node asks for exactly one address and reads what it says.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

LARGEST = 16 * 1024 * 1024
LONGEST_HEAD = 64 * 1024
IDLE = 32  # connections kept open to one address
CONNECTING = 3.0  # seconds

type Body = bytes | AsyncIterator[bytes]


class Cut(OSError):
    """The connection ended, or what came over it is no HTTP; `silent` if not a byte of an answer had come."""

    def __init__(self, words: str, *, silent: bool = False) -> None:
        super().__init__(words)
        self.silent = silent


@dataclass(frozen=True)
class Response:
    """What was answered; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.is_open = False
        self.keeps_open = True
        self._buffer = bytearray()
        self._head: tuple[int, dict[str, str], int] | None = None
        self._answer: asyncio.Future[Response] | None = None
        self._may_write = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 — a TCP connection has no other
        self.transport, self.is_open = transport, True
        self._may_write.set()

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self._may_write.set()
        self._fail(
            Cut(f"the connection ended ({exc or 'closed by the other side'})", silent=not self._buffer)
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        try:
            response = self._parsed()
        except (ValueError, IndexError):
            response = None
            self._fail(Cut("the answer is no HTTP as agreed"))
            self.close()
        if response and self._answer and not self._answer.done():
            self._answer.set_result(response)

    async def request(self, head: bytes, body: Body) -> Response:
        """Send a request and wait for the whole answer."""
        self._buffer.clear()
        self._head, self._answer = None, asyncio.get_running_loop().create_future()
        if isinstance(body, bytes):
            self._write(head + body)
        else:
            await self._stream(head, body)
        return await self._answer

    def close(self) -> None:
        self.is_open = False
        if self.transport:
            self.transport.close()

    def _write(self, data: bytes) -> None:
        if self.transport:
            self.transport.write(data)

    async def _stream(self, head: bytes, pieces: AsyncIterator[bytes]) -> None:
        """Send a long body in chunks, as fast as the other side takes it, or until it answers."""
        self._write(head)
        async for piece in pieces:
            await self._may_write.wait()
            if not self.is_open or (self._answer and self._answer.done()):
                self.keeps_open = False
                return
            self._write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self._write(b"0\r\n\r\n")

    def _fail(self, error: Cut) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(error)

    def _parsed(self) -> Response | None:
        """The answer, if all of it is here."""
        if self._head is None:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self._buffer) > LONGEST_HEAD:
                    raise ValueError("too long")
                return None
            self._head = _head(bytes(self._buffer[:end]), end + 4)
            self.keeps_open = self.keeps_open and self._head[1].get("connection", "").lower() != "close"
        status, headers, start = self._head
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = _unchunked(self._buffer, start)
        else:
            length = int(headers.get("content-length", "0"))
            if length > LARGEST:
                raise ValueError("too long")
            body = (
                bytes(self._buffer[start : start + length]) if len(self._buffer) >= start + length else None
            )
        return None if body is None else Response(status, headers, body)


def _head(text: bytes, end: int) -> tuple[int, dict[str, str], int]:
    first, *lines = text.decode("latin-1").split("\r\n")
    version, status = first.split(" ", 2)[:2]
    if version not in {"HTTP/1.1", "HTTP/1.0"} or len(status) != 3:
        raise ValueError(first)
    headers = {"connection": "close"} if version == "HTTP/1.0" else {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError(line)
        headers[name.lower()] = value.strip()
    return int(status), headers, end


def _unchunked(buffer: bytearray, at: int) -> bytes | None:
    """The body sent in chunks (RFC 9112, section 7.1), or None if more must come."""
    body = bytearray()
    while (end := buffer.find(b"\r\n", at)) >= 0:
        size = int(bytes(buffer[at:end]).partition(b";")[0], 16)
        if len(body) + size > LARGEST:
            raise ValueError("too long")
        if size == 0:
            return bytes(body)
        if len(buffer) < end + 2 + size + 2:
            return None
        body += buffer[end + 2 : end + 2 + size]
        at = end + 2 + size + 2
    return None


class Client:
    """Connections to any number of addresses, kept open between requests."""

    def __init__(
        self, tls: ssl.SSLContext | None = None, shown: Mapping[tuple[str, int], set[bytes]] | None = None
    ) -> None:
        self.tls, self.shown = tls, shown or {}
        self._idle: dict[tuple[str, int, bool], deque[Connection]] = {}

    def trust(self, tls: ssl.SSLContext | None, shown: Mapping[tuple[str, int], set[bytes]]) -> None:
        """From now on speak TLS like this, and believe at each of these addresses only these certificates (DER)."""
        self.tls, self.shown = tls, shown
        self.close()

    def close(self) -> None:
        """Close what is open."""
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], body: Body, seconds: float
    ) -> Response:
        """The whole answer; OSError (also `Cut`) or TimeoutError if none came in time."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        address = parts.hostname or "", parts.port or (443 if secure else 80), secure
        head = _request_head(
            method, parts.path + (f"?{parts.query}" if parts.query else ""), parts.netloc, headers, body
        )
        async with asyncio.timeout(seconds):
            while connection := self._borrowed(address):
                # The other side may have closed it in this very moment; then nothing was read and it is asked anew.
                with suppress(_Stale):
                    return await self._ask(address, connection, head, body, reused=True)
            return await self._ask(address, await self._connected(address), head, body, reused=False)

    def _borrowed(self, address: tuple[str, int, bool]) -> Connection | None:
        idle = self._idle.get(address)
        while idle:
            connection = idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _connected(self, address: tuple[str, int, bool]) -> Connection:
        host, port, secure = address
        tls = (self.tls or ssl.create_default_context()) if secure else None
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECTING):
            transport, connection = await loop.create_connection(Connection, host, port, ssl=tls)
        listed = self.shown.get((host, port)) if secure else None
        if listed and transport.get_extra_info("ssl_object").getpeercert(binary_form=True) not in listed:
            connection.close()
            raise Cut("it shows another certificate than the directory lists for it")
        return connection

    async def _ask(
        self, address: tuple[str, int, bool], connection: Connection, head: bytes, body: Body, *, reused: bool
    ) -> Response:
        try:
            response = await connection.request(head, body)
        except BaseException as error:
            connection.close()
            if reused and isinstance(error, Cut) and error.silent and isinstance(body, bytes):
                raise _Stale from error
            raise
        idle = self._idle.setdefault(address, deque())
        if connection.is_open and connection.keeps_open and len(idle) < IDLE:
            idle.append(connection)
        else:
            connection.close()
        return response


class _Stale(Exception):
    """A connection kept open had been closed by the other side."""


def _request_head(method: str, target: str, host: str, headers: Mapping[str, str], body: Body) -> bytes:
    length = f"content-length: {len(body)}" if isinstance(body, bytes) else "transfer-encoding: chunked"
    lines = [f"{method} {target or '/'} HTTP/1.1", f"host: {host}", length]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("A header holds a line break.")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
