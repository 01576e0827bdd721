"""Mutual TLS between nodes: who comes shows the certificate the directory lists for its node, or is turned away in the handshake.

The listener ends TLS and hands what it reads to the door on this machine, byte for byte; who signed a request the door finds out.
"""

import asyncio
import logging
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from motcua.exchange.directory import Directory

logger = logging.getLogger(__name__)

OWN = "tls.pem"  # certificate and private key, beside the node's other keys
PIECE = 64 * 1024
HANDSHAKE = 5.0  # seconds


def listed(directory: Directory) -> dict[bytes, str]:
    """The certificates of all nodes (DER), and whose each is."""
    return {
        ssl.PEM_cert_to_DER_cert(node.certificate): node.name for node in directory.nodes if node.certificate
    }


def shown(directory: Directory) -> dict[tuple[str, int], set[bytes]]:
    """The certificates (DER) that must be shown at an address: those of the nodes it belongs to, where they are listed."""
    found: dict[tuple[str, int], set[bytes]] = {}
    for node in directory.nodes:
        parts = urlsplit(node.exchange_url)
        if node.certificate and parts.scheme == "https":
            der = ssl.PEM_cert_to_DER_cert(node.certificate)
            found.setdefault((parts.hostname or "", parts.port or 443), set()).add(der)
    return found


def for_asking(keys: Path, directory: Directory) -> ssl.SSLContext | None:
    """How a node comes to others: with its own certificate, to those the directory lists; None where nobody has one, for then
    public authorities are asked as everywhere.
    """
    if not (keys / OWN).is_file():
        return None
    context = ssl.create_default_context()
    context.verify_flags &= (
        ~ssl.VERIFY_X509_STRICT
    )  # a certificate made out by its own node has no issuer to name
    context.load_cert_chain(keys / OWN)
    _trust(context, directory)
    return context


def _trust(context: ssl.SSLContext, directory: Directory) -> None:
    for certificate in listed(directory):
        context.load_verify_locations(cadata=certificate)


class Listener:
    """The port for other nodes."""

    def __init__(self, keys: Path, directory: Directory, port_of_door: int) -> None:
        self.keys, self.directory, self.port_of_door = keys, directory, port_of_door
        self._socket: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def open(self, address: str, port: int) -> None:
        self._socket = socket.create_server((address, port), backlog=512)
        await self._serve(self._context())

    def heed(self, directory: Directory) -> None:
        """Let in the nodes of this directory from now on, and no others."""
        self.directory = directory
        self._serving = asyncio.create_task(self._serve(self._context()))

    async def _serve(self, context: ssl.SSLContext) -> None:
        """Listen anew at the same socket: what a context once trusts it trusts for ever, and of two certificates of one name
        it may try the wrong one.
        """
        assert self._socket is not None  # noqa: S101 — it is opened first
        before = self._server
        self._server = await asyncio.start_server(
            self._met, sock=self._socket.dup(), ssl=context, ssl_handshake_timeout=HANDSHAKE
        )
        if before:
            before.close()

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_cert_chain(self.keys / OWN)
        _trust(context, self.directory)
        return context

    async def close(self) -> None:
        if self._serving:
            await self._serving
        for writer in list(self._open):
            writer.close()
        if self._server:
            self._server.close()
            await self._server.wait_closed()
        if self._socket:
            self._socket.close()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            if self._is_known(writer):
                await self._joined(reader, writer)
        except OSError as error:
            logger.debug("A connection of another node ended: %s", error)
        finally:
            self._open.discard(writer)
            writer.close()

    def _is_known(self, writer: asyncio.StreamWriter) -> bool:
        """Whether the certificate stands in the directory now: the handshake began with the one before, perhaps."""
        return writer.get_extra_info("ssl_object").getpeercert(binary_form=True) in listed(self.directory)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, door = await asyncio.open_connection("127.0.0.1", self.port_of_door)
        try:
            await asyncio.wait(
                {asyncio.create_task(_carry(reader, door)), asyncio.create_task(_carry(inner, writer))}
            )
        finally:
            door.close()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """As fast as the other side takes it; the end of one direction ends both."""
    with suppress(OSError):
        while piece := await source.read(PIECE):
            target.write(piece)
            await target.drain()
    target.close()
