"""The container of a signature: byte for byte what pyHanko writes, but for the signature itself."""

import asyncio

from asn1crypto import cms
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SimpleSigner

from motcua.documents import signing
from motcua.documents.container import container, der, integer
from motcua.documents.verification import verify
from tests.documents import samples

DIGEST = bytes(range(32))


def without_signature(written):
    content = cms.ContentInfo.load(written)
    content["content"]["signer_infos"][0]["signature"] = b""
    return content.dump(force=True)


def test_it_is_what_pyhanko_writes():
    for credential in (samples.CHAIR, samples.SEAL):
        wanted = asyncio.run(
            SimpleSigner.__mro__[1].async_sign(
                signing._signer(credential),
                DIGEST,
                "sha256",
                use_pades=True,
                signed_attr_settings=PdfCMSSignedAttributes(signing_time=samples.NOW),
            )
        )
        assert without_signature(container(credential, DIGEST)) == without_signature(wanted.dump())


def test_lengths_and_numbers_are_written_as_der_asks():
    assert der(0x04, bytes(127))[:2] == b"\x04\x7f"
    assert der(0x04, bytes(128))[:3] == b"\x04\x81\x80"
    assert der(0x04, bytes(256))[:4] == b"\x04\x82\x01\x00"
    assert (integer(127), integer(128)) == (b"\x02\x01\x7f", b"\x02\x02\x00\x80")


def test_of_what_was_made_here_the_verdict_is_the_same():
    assert verify(samples.SEALED, samples.ROOTS, made_here=True) == verify(samples.SEALED, samples.ROOTS)
    changed = samples.SEALED.replace(b"/Page", b"/Pagf", 1)
    assert not verify(changed, samples.ROOTS, made_here=True).stands


def test_pictures_are_drawn_once_a_name():
    assert signing.red_seal("Phường Thử") is signing.red_seal("Phường Thử")
    assert signing.red_seal("Phường Thử") != signing.red_seal("Xã Thử")
