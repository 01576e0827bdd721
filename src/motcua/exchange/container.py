"""Evidence as a container that verifiers of other makers open: ASiC-E with a CAdES signature (ETSI EN 319 162-1, 319 122-1).

The manifest names every file by its digest, the head and the entries under it among them; the node's own key signs the manifest,
the very key that signed the head, in a certificate made out by itself: whose the key is says the directory, not the certificate.
"""

import io
import mimetypes
import zipfile
from base64 import b64encode
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from asgiref.sync import async_to_sync
from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from motcua.exchange.canonical import hash_of
from motcua.exchange.directory import NodeKey, opened
from motcua.exchange.proving import Evidence
from motcua.journal.keyring import node_key
from motcua.lib.keys import FileKey, public_key

MEDIA_TYPE = "application/vnd.etsi.asic-e+zip"
JSON = "application/json"
MANIFEST, SIGNATURE = "META-INF/ASiCManifest.xml", "META-INF/signature.p7s"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
NAMESPACES = 'xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'

USAGE = dict.fromkeys(
    (
        *("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"),
        *("crl_sign", "encipher_only", "decipher_only"),
    ),
    False,
) | {"digital_signature": True, "content_commitment": True}

type File = tuple[str, str, bytes]  # name, media type, content


def contained(evidence: Evidence) -> bytes:
    """The bytes of the container."""
    key, at = node_key(), timezone.now()
    files = list(_files(evidence))
    manifest = _manifest(files)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and as it is: by it a file is known for what it is, without unpacking (EN 319 162-1, A.1).
        archive.writestr(_entry("mimetype", at), MEDIA_TYPE, zipfile.ZIP_STORED)
        for name, _media, content in files:
            archive.writestr(_entry(name, at), content, zipfile.ZIP_DEFLATED)
        archive.writestr(_entry(MANIFEST, at), manifest, zipfile.ZIP_DEFLATED)
        signature = _signature(manifest, key, _listed(evidence, key.key_id))
        archive.writestr(_entry(SIGNATURE, at), signature, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _files(evidence: Evidence) -> list[File]:
    """What people look for as files of their own, and the whole as one that can be checked by itself."""
    files: list[File] = [("evidence.json", JSON, evidence.text), ("message.json", JSON, evidence.sent.entry)]
    files.append(("head.json", JSON, evidence.sent.signed.text))
    if evidence.received:
        files.append(("receipt.json", JSON, evidence.received.entry))
        files.append(("head-of-receipt.json", JSON, evidence.received.signed.text))
    if evidence.handled:
        files.append(("handled.json", JSON, evidence.handled.said.entry))
        files.append(("head-of-handled.json", JSON, evidence.handled.said.signed.text))
        files.append(("body-of-handled.json", JSON, evidence.handled.body))
    if evidence.body is not None:
        media = evidence.envelope.content_type
        files.append((f"body{mimetypes.guess_extension(media) or '.bin'}", media, evidence.body))
    return files


def _manifest(files: list[File]) -> bytes:
    lines = [
        f'<asic:DataObjectReference URI={quoteattr(name)} MimeType={quoteattr(media)}><ds:DigestMethod Algorithm="{SHA256}"/>'
        f"<ds:DigestValue>{b64encode(hash_of(content)).decode()}</ds:DigestValue></asic:DataObjectReference>"
        for name, media, content in files
    ]
    reference = f'<asic:SigReference URI="{SIGNATURE}" MimeType="application/pkcs7-signature"/>'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<asic:ASiCManifest {NAMESPACES}>", reference, *lines]
    return "\n".join([*lines, "</asic:ASiCManifest>", ""]).encode()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, at.astimezone(UTC).timetuple()[:6])


def _listed(evidence: Evidence, key_id: str) -> tuple[str, NodeKey]:
    """The node and its key, as the directory in the evidence lists them; KeyError if it does not."""
    node = opened(evidence.directory, (settings.KEYS / "root.pub").read_text("ascii")).owners[key_id]
    return node.name, next(one for one in node.keys if one.id == key_id)


def _signature(manifest: bytes, key: FileKey, listed: tuple[str, NodeKey]) -> bytes:
    """CAdES-B-B, detached."""
    certificate = _certificate(key, *listed).public_bytes(serialization.Encoding.DER)
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(pem.unarmor(key.private_pem)[2]),
        cert_registry=SimpleCertificateStore(),
    )
    sign = async_to_sync(signer.async_sign_general_data)
    return bytes(sign(manifest, "sha256", detached=True, use_cades=True).dump())


def _certificate(key: FileKey, node: str, listed: NodeKey) -> x509.Certificate:
    """The node's key and name in the form other programs know, for the time in which it may sign."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, node)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public_key(key.public_pem))
        .serial_number(int.from_bytes(hash_of(listed.pem.encode())[:15]))
        .not_valid_before(listed.from_)
        .not_valid_after(listed.to)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**USAGE), critical=True)
    )
    private = serialization.load_pem_private_key(key.private_pem, password=None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)  # noqa: S101 — a FileKey has no other
    return builder.sign(private, hashes.SHA256())


FORMS = {".json": lambda evidence: evidence.text, ".asice": contained}
