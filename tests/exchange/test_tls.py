"""Mutual TLS: a node comes with the certificate the directory lists for it; who has none or another gets no byte through."""

import asyncio
import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from motcua.exchange import process, tls
from motcua.exchange.directory import opened
from motcua.exchange.process import Unprepared
from motcua.exchange.wire import Client, Cut
from tests.exchange.nodes import eventually, free_port, running

PEM = serialization.Encoding.PEM


def made_out(name):
    """A certificate a node makes out for itself, and its key, as PEM."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(PEM).decode(), private.decode()


def equip(node):
    """Give a node its certificate and a port for others."""
    node.certificate, private = made_out(node.name)
    (node.home / "keys" / "tls.pem").write_text(node.certificate + private)
    node.exchange_tls_port = free_port()
    return node


@pytest.fixture
def secured(country):
    """Both nodes speak TLS to each other, and only so."""
    for node in country.nodes:
        equip(node)
    country.publish()
    return country


async def asked(node, *, shown=None, folder=None, path="/health"):
    """What somebody gets who comes with these certificate and key, or none: bytes, or the fault of the connection."""
    context = ssl.create_default_context(cadata=node.certificate)
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if shown:
        (file := folder / "shown.pem").write_text("".join(shown))
        context.load_cert_chain(file)
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", node.exchange_tls_port, ssl=context)
        writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
    except OSError as error:
        return error
    return answer


def of(node):
    return [(node.home / "keys" / "tls.pem").read_text()]


def test_messages_go_and_receipts_come_over_mutual_tls(secured):
    laocai, vpcp = secured.nodes

    async def story():
        async with running(vpcp), running(laocai):
            laocai.send("G22")
            vpcp.send("H38", b"x" * 300_000)
            await eventually(lambda: laocai.states() == {"received": 1} == vpcp.states())

    asyncio.run(story())


def test_who_has_no_certificate_or_one_of_nobody_gets_no_byte_through(secured, tmp_path):
    laocai, vpcp = secured.nodes

    async def story():
        async with running(vpcp):
            assert (await asked(vpcp, shown=of(laocai), folder=tmp_path)).startswith(b"HTTP/1.1 200")
            for shown in (None, made_out("laocai")):
                answer = await asked(vpcp, shown=shown, folder=tmp_path)
                assert isinstance(answer, ssl.SSLError) or answer == b"", answer

    asyncio.run(story())


def test_a_certificate_that_left_the_directory_is_not_let_in_and_a_new_one_is(secured, tmp_path, monkeypatch):
    laocai, vpcp = secured.nodes
    monkeypatch.setattr(process, "LOOK_AGAIN", 0.02)

    async def story():
        async with running(vpcp):
            old = of(laocai)
            equip(laocai)
            secured.publish()
            question = "SELECT max(version)::int FROM exchange_directoryversion"
            await eventually(lambda: vpcp.query(question) == [(3,)])
            came = b""
            async with asyncio.timeout(60):
                while not isinstance(came, bytes) or not came:
                    came = await asked(vpcp, shown=of(laocai), folder=tmp_path)
            assert came.startswith(b"HTTP/1.1 200")
            answer = await asked(vpcp, shown=old, folder=tmp_path)
            assert isinstance(answer, OSError) or answer == b"", answer

    asyncio.run(story())


def test_a_port_without_a_certificate_of_its_own_is_told_to_the_operator(secured):
    laocai, _ = secured.nodes
    (laocai.home / "keys" / "tls.pem").unlink()
    with pytest.raises(
        Unprepared, match=r"tls\.pem is missing: the certificate and key for exchange_tls_port"
    ):
        asyncio.run(process.serve(laocai, laocai.home))


def test_beside_mutual_tls_there_is_no_plain_door_for_others(secured):
    vpcp = secured.nodes[1]
    vpcp.listen = "127.0.0.2"

    async def story():
        async with running(vpcp):
            _, writer = await asyncio.open_connection("127.0.0.1", vpcp.exchange_port)
            writer.close()
            with pytest.raises(OSError, match="Connect call failed"):
                await asyncio.open_connection("127.0.0.2", vpcp.exchange_port)

    asyncio.run(story())


def test_a_listed_node_that_answers_at_the_address_of_another_is_not_spoken_to(secured):
    laocai, vpcp = secured.nodes
    directory = opened((laocai.home / "directory.json").read_bytes(), secured.root.public_pem)
    client = Client(tls.for_asking(laocai.home / "keys", directory), tls.shown(directory))

    async def health():
        async with running(vpcp):
            try:
                return (await client.request("GET", f"{vpcp.url}/health", {}, b"", 10)).status
            finally:
                client.close()

    assert asyncio.run(health()) == 200
    (vpcp.home / "keys" / "tls.pem").write_text(of(laocai)[0])
    with pytest.raises(Cut, match="another certificate than the directory lists"):
        asyncio.run(health())


def test_a_half_written_certificate_does_not_end_the_taking_up_of_directories(secured, tmp_path, monkeypatch):
    laocai, vpcp = secured.nodes
    monkeypatch.setattr(process, "LOOK_AGAIN", 0.02)
    (own,) = of(vpcp)

    async def story():
        async with running(vpcp):
            (vpcp.home / "keys" / "tls.pem").write_text(own[:100])
            for version in (3, 4):
                equip(laocai)
                secured.publish()
                question = "SELECT max(version)::int FROM exchange_directoryversion"
                await eventually(lambda: vpcp.query(question) == [(version,)])  # noqa: B023 — asked at once
            (vpcp.home / "keys" / "tls.pem").write_text(own)
            came = b""
            async with asyncio.timeout(60):
                while not isinstance(came, bytes) or not came:
                    came = await asked(vpcp, shown=of(laocai), folder=tmp_path)
            assert came.startswith(b"HTTP/1.1 200")

    asyncio.run(story())
