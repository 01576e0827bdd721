"""An authority of time: `openssl ts` behind a small HTTP server, with a root certificate of its own."""

import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.exchange.nodes import web

CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class TimeAuthority:
    """Its certificates, its answers, and how often it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, []
        folder.mkdir(parents=True)
        root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        ca = certificate("Gốc thời gian", root, root, x509.BasicConstraints(ca=True, path_length=0))
        self.ca = self.keep("ca.pem", ca.public_bytes(serialization.Encoding.PEM))
        own = certificate("Dấu thời gian", key, root, usage, issuer="Gốc thời gian")
        self.keep("tsa.pem", own.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        self.keep(
            "tsa.key",
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain),
        )
        self.keep("serial", b"01\n")
        self.keep("tsa.cnf", CONFIGURATION.format(folder=folder).encode())

    def keep(self, name, content):
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def reply(self, query):
        """What openssl answers."""
        self.asked.append(query)
        question = self.keep("query.tsq", query)
        ask = ["openssl", "ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile", question]
        return subprocess.run(ask, capture_output=True, check=True).stdout

    @contextmanager
    def open(self):
        """At an address of this machine, which is yielded."""

        def answer(environ, start):
            query = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            assert environ["CONTENT_TYPE"] == "application/timestamp-query"
            start("200 OK", [("Content-Type", "application/timestamp-reply")])
            return [self.reply(query)]

        with web(answer) as port:
            yield f"http://127.0.0.1:{port}/tsr"


def certificate(name, key, signer, extension, *, issuer=None):
    now = datetime.now(UTC)

    def called(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    return (
        x509.CertificateBuilder()
        .subject_name(called(name))
        .issuer_name(called(issuer or name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(extension, critical=True)
        .sign(signer, hashes.SHA256())
    )
