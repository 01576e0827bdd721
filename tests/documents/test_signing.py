"""Signing: two signatures in their order, drawn as the decree says, and the paper stays what it was."""

import asyncio
import re
from datetime import timedelta

import pytest
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from motcua.documents import handwriting, press, signing
from motcua.documents.verification import verify
from tests.documents import reading, samples


def test_the_person_signs_then_the_agency():
    signatures = verify(samples.SEALED, samples.ROOTS).signatures
    assert [(one.role, one.who, one.title, one.organisation, one.code, one.at) for one in signatures] == [
        ("personal", "Phạm Quốc Khánh", "Chủ tịch", samples.AGENCY, "", samples.NOW),
        ("seal", samples.AGENCY, "", samples.AGENCY, samples.CODE, samples.NOW),
    ]


def test_each_signature_only_adds_to_the_file():
    assert samples.SIGNED.startswith(samples.PAPER)
    assert samples.SEALED.startswith(samples.SIGNED)


def test_signatures_are_pades():
    assert samples.SEALED.count(b"/ETSI.CAdES.detached") == 2


def test_the_signed_paper_still_says_the_same_and_is_still_pdf_a():
    assert reading.text(samples.SEALED) == reading.text(samples.PAPER)
    assert all(reading.fonts(samples.SEALED).values())
    marks = re.findall(r'pdfaid:(part|conformance)(?:="|>)(\w+)', reading.metadata(samples.SEALED))
    assert sorted(marks) == [("conformance", "B"), ("part", "2")]


def test_every_drawn_signature_has_an_appearance_and_prints():
    for _name, _value, reference in enumerate_sig_fields(reading.opened(samples.SEALED)):
        field = reference.get_object()
        assert "/N" in field["/AP"]
        assert int(field["/F"]) & 4


def test_nobody_signs_in_a_place_that_is_taken():
    with pytest.raises(signing.CannotSign):
        signing.sign_personal(samples.SIGNED, samples.CHAIR, at=samples.NOW)


@pytest.mark.parametrize("rubbish", [b"", b"%PDF-1.7\nrubbish", b"GIF89a"])
def test_rubbish_cannot_be_signed(rubbish):
    with pytest.raises(signing.CannotSign):
        signing.sign_seal(rubbish, samples.SEAL, at=samples.NOW)


def test_a_file_without_room_for_a_seal_gets_words_in_the_top_right_corner():
    paper = press.print_paper(samples.refusal(), at=samples.NOW)
    signed = signing.sign_seal(paper, samples.SEAL, at=samples.NOW, notation="Số: 12/UBND")
    field = reading.opened(signed).root["/AcroForm"]["/Fields"][1]
    left, bottom, right, top = (float(edge) / press.MM for edge in field["/Rect"])
    assert (round(right), left > 70, bottom > 195, top < 210) == (148, True, True, True)
    assert verify(signed, samples.ROOTS).stands


def test_with_a_time_stamper_the_time_is_the_stampers():
    signed = signing.sign_personal(
        samples.PAPER, samples.CHAIR, at=samples.NOW, timestamper=samples.stamper()
    )
    (signature,) = verify(signed, samples.ROOTS).signatures
    assert (signature.stands, signature.timestamped, signature.at) == (
        True,
        True,
        samples.NOW + timedelta(minutes=1),
    )


def test_a_hand_is_blue_transparent_and_the_same_each_time():
    image = reading.pixels(handwriting.signature("Phạm Quốc Khánh"))
    colours = {colour[:3] for _count, colour in image.getcolors(image.width * image.height)}
    assert colours == {handwriting.BLUE}
    assert image.getpixel((0, 0))[3] == 0
    inked = sum(count for count, colour in image.getcolors(image.width * image.height) if colour[3] > 128)
    assert 0.01 < inked / (image.width * image.height) < 0.2
    assert handwriting.signature("Phạm Quốc Khánh") == handwriting.signature("Phạm Quốc Khánh")


@pytest.mark.parametrize("name", ["", "A", "Ưng", "Nguyễn Thị Bích Phượng Hoàng Yến"])
def test_every_name_has_a_hand(name):
    assert handwriting.signature(name) != handwriting.signature(name + " Khác")


def test_pictures_are_drawn_once_a_name():
    assert signing.red_seal("Phường Thử") is signing.red_seal("Phường Thử")
    assert signing.red_seal("Phường Thử") != signing.red_seal("Xã Thử")


@pytest.mark.parametrize("credential", [samples.CHAIR, samples.SEAL])
def test_what_is_signed_is_what_pyhanko_says_by_itself(credential):
    ours, theirs = signing._signer(credential), signing._signer(credential)
    theirs.signed_attr_prov_spec = None
    assert attributes(ours) == attributes(theirs)


def attributes(signer):
    settings = PdfCMSSignedAttributes(signing_time=samples.NOW)
    return asyncio.run(
        signer.signed_attrs(bytes(range(32)), "sha256", attr_settings=settings, use_pades=True)
    ).dump()
