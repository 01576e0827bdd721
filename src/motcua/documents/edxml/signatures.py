"""The signature within a message: by whom it is, whether it covers the whole message, and whether it still stands (XML-DSig)."""

import base64
import binascii
from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import InvalidSignature as CryptographyInvalid
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext_lazy as _
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import (
    InvalidCertificate,
    InvalidDigest,
    InvalidInput,
    InvalidSignature,
    SignXMLException,
)
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from motcua.documents.authority import Credential
from motcua.documents.edxml.trees import DSIG, QCVN, UnreadableError, local
from motcua.documents.edxml.warnings import Note

PLACE = "edXMLHeader/Signature"
WHERE = f"./{{{QCVN}}}edXMLEnvelope/{{{QCVN}}}edXMLHeader/"
# The whole message without the signature itself; whoever signs less leaves open what was signed.
ENVELOPED = f"{DSIG}enveloped-signature"
TRANSFORMS = frozenset({ENVELOPED, *(method.value for method in CanonicalizationMethod)})
# What older systems sign with is read, and said; what we sign is SHA-256.
METHODS = frozenset(method for method in SignatureMethod if "HMAC" not in method.name)
DIGESTS = frozenset(DigestAlgorithm)


class Standing(StrEnum):
    """What can be said of the signature of a message."""

    UNSIGNED = "unsigned"
    HOLDS = "holds"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True)
class Signed:
    """The signature of a message: how it stands, whose it is, and the certificate that says so."""

    standing: Standing
    who: str = ""
    certificate: x509.Certificate | None = None


def signature_of(root: etree._Element, note: Note) -> tuple[etree._Element, Signed]:
    """The message as it was signed, and by whom; raises UnreadableError if it is no longer what was signed."""
    found = [one for one in root.iter() if local(one) == "Signature"]
    if not found:
        return root, Signed(Standing.UNSIGNED)
    if len(found) > 1:
        raise UnreadableError(_("The message bears more than one signature."), place=PLACE)
    certificate, reason = verifiable(found[0])
    if certificate is None:
        note(PLACE, reason)
        return root, Signed(Standing.UNVERIFIABLE)
    if any(
        "sha1" in (one.get("Algorithm") or "")
        for one in found[0].iter(f"{{{DSIG}}}SignatureMethod", f"{{{DSIG}}}DigestMethod")
    ):
        note(PLACE, "sha1")
    return checked(root, certificate), Signed(Standing.HOLDS, name_in(certificate), certificate)


def verifiable(signature: etree._Element) -> tuple[x509.Certificate | None, str]:
    """The certificate by which a signature can be checked, or the code of why it cannot."""
    if etree.QName(signature).namespace != DSIG:
        return None, "signature_namespace"
    parent = signature.getparent()
    if parent is None or local(parent) != "edXMLHeader":
        return None, "signature_place"
    references = signature.findall(f".//{{{DSIG}}}Reference")
    transforms = {one.get("Algorithm") for one in signature.iter(f"{{{DSIG}}}Transform")}
    if (
        [one.get("URI") for one in references] != [""]
        or ENVELOPED not in transforms
        or not transforms <= TRANSFORMS
    ):
        return None, "signature_part"
    try:
        encoded = signature.findtext(f".//{{{DSIG}}}X509Certificate") or ""
        certificate = x509.load_der_x509_certificate(
            base64.b64decode("".join(encoded.split()), validate=True)
        )
        name_in(certificate)  # what is damaged inside shows only when it is asked for
    except (binascii.Error, ValueError):
        return None, "signature_certificate"
    return certificate, ""


def checked(root: etree._Element, certificate: x509.Certificate) -> etree._Element:
    """What was signed, and nothing else; raises UnreadableError if the message was changed."""
    config = SignatureConfiguration(
        location=WHERE, expect_references=1, signature_methods=METHODS, digest_algorithms=DIGESTS
    )
    try:
        result = XMLVerifier().verify(root, x509_cert=certificate, expect_config=config)
    except (InvalidDigest, InvalidSignature, CryptographyInvalid) as error:
        raise UnreadableError(_("The message is no longer what was signed."), place=PLACE) from error
    except (
        InvalidCertificate,
        InvalidInput,
        SignXMLException,
        ValueError,
        TypeError,
        etree.LxmlError,
    ) as error:
        raise UnreadableError(_("The signature is damaged."), place=PLACE) from error
    signed = result.signed_xml  # type: ignore[union-attr]
    if signed is None or local(signed) != "edXML":
        raise UnreadableError(_("The message is no longer what was signed."), place=PLACE)
    return signed


def name_in(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def sign(raw: bytes, by: Credential) -> bytes:
    """The same message with the sender's signature over all of it, ECDSA with SHA-256, in the head where readers look for it."""
    root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    head = root.find(f"{WHERE.rstrip('/')}")
    if head is None:
        raise ValueError("no head")
    etree.SubElement(head, f"{{{DSIG}}}Signature", nsmap={"ds": DSIG}).set("Id", "placeholder")
    signer = XMLSigner(
        signature_algorithm=SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0,
    )
    signed = signer.sign(root, key=by.key, cert=[by.certificate])
    return bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))
