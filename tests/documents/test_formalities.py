"""The form of signatures: what our own signing shows keeps every rule; each rule broken is found, and only that one."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from motcua.documents import handwriting, press, signing
from motcua.documents.dispatch import Dispatch
from motcua.documents.formalities import WORDS, Breach, breaches
from motcua.documents.lettering import rows
from motcua.documents.papers import Check, Office, Signatory
from tests.documents import reading, samples
from tests.documents.samples import CHAIR, NOW, SEAL


def letter(**changes):
    values = {
        "office": Office(samples.AGENCY, place="Hoa Sen"),
        "number": "15/UBND",
        "on": samples.DAY,
        "kind": "",
        "subject": "Cử cán bộ dự họp",
        "urgency": "",
        "to": ("Sở Tư pháp",),
        "paragraphs": ("Đề nghị quý cơ quan cử một cán bộ dự họp.",),
        "places": (),
        "power": "",
        "signer": Signatory("CHỦ TỊCH", "Phạm Quốc Khánh"),
        "check": Check("https://laocai.example/verify/", "", ""),
    }
    return press.print_paper(Dispatch(**values | changes), at=NOW)


LETTER = letter()
SIGNED = signing.sign_personal(LETTER, CHAIR, at=NOW)
SEALED = signing.sign_seal(SIGNED, SEAL, at=NOW)
HAND, RED = handwriting.signature("Phạm Quốc Khánh"), signing.red_seal(samples.AGENCY)


def found(pdf):
    return {one.breach for one in breaches(pdf)}


def picture(colour, *, transparent=True):
    image = Image.new(
        "RGBA" if transparent else "RGB", (300, 300), (255, 255, 255, 0) if transparent else "white"
    )
    for place in range(60, 240):
        for across in range(60, 240):
            image.putpixel((place, across), colour)
    done = io.BytesIO()
    image.save(done, "PNG")
    return done.getvalue()


def placed(pdf, name, box, page=0):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec(name, on_page=page, box=box))
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


def personal(pdf, drawing=HAND):
    return signing.sign_in(pdf, CHAIR, signing.PERSON, drawing, at=NOW)


def seal(pdf, drawing=RED, field=signing.SEAL):
    return signing.sign_in(pdf, SEAL, field, drawing, at=NOW)


def plain():
    """A page without places for signatures, its letters as they are."""
    return press.print_paper(samples.receipt(), at=NOW)


def test_the_letters_of_a_page_are_read_where_they_stand():
    lines = [row.spaced for row in rows(reading.opened(LETTER))]
    assert any("Số: 15/UBND" in line for line in lines)
    assert any("ngày 20 tháng 11 năm 2026" in line for line in lines)
    names = [
        part
        for row in rows(reading.opened(LETTER))
        for part in row.parts()
        if part.spaced == "Phạm Quốc Khánh"
    ]
    assert [(round(one.size), one.left > 300, one.right < 560) for one in names] == [(13, True, True)]


def test_what_is_signed_here_keeps_every_rule():
    assert breaches(SEALED) == ()
    assert breaches(samples.SEALED) == ()


def test_an_attachment_sealed_here_keeps_every_rule():
    assert (
        found(signing.sign_seal(plain(), SEAL, at=NOW, notation="15/QĐ-UBND")) - {Breach.CORNER_SIZE} == set()
    )
    wide = letter()  # A4: the corner's letters keep their size
    attachment = signing.sign_seal(without_places(wide), SEAL, at=NOW, notation="15/QĐ-UBND")
    assert found(attachment) == set()
    assert "15/QĐ-UBND" in "".join(row.words for row in corner_rows(attachment))


def without_places(pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    del writer.root["/AcroForm"]
    writer.update_root()
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


def corner_rows(pdf):
    from motcua.documents.appearances import shown
    from motcua.documents.lettering import in_rows

    return [row for one in shown(reading.opened(pdf)) for row in in_rows(0, one.letters)]


def test_what_only_one_of_both_signed_is_told():
    assert found(SIGNED) == {Breach.SEAL_MISSING}
    assert found(seal(LETTER)) == {Breach.PERSONAL_MISSING}


def test_an_agency_that_signs_first_is_told():
    assert Breach.SEAL_FIRST in found(personal(seal(LETTER)))


@pytest.mark.parametrize(
    ("drawing", "broken"),
    [
        (picture((20, 60, 160), transparent=False), Breach.PERSONAL_OPAQUE),
        (picture((20, 20, 20, 255)), Breach.PERSONAL_NOT_BLUE),
        (picture((200, 20, 20, 255)), Breach.PERSONAL_NOT_BLUE),
    ],
)
def test_the_picture_of_a_hand_is_blue_and_transparent(drawing, broken):
    assert found(seal(personal(LETTER, drawing))) == {broken}


@pytest.mark.parametrize(
    ("drawing", "broken"),
    [
        (picture((210, 20, 30), transparent=False), Breach.SEAL_OPAQUE),
        (picture((20, 60, 200, 255)), Breach.SEAL_NOT_RED),
    ],
)
def test_the_picture_of_a_seal_is_red_and_transparent(drawing, broken):
    assert found(seal(SIGNED, drawing)) == {broken}


@pytest.mark.parametrize(
    ("box", "broken"),
    [
        ((40, 60, 142, 162), Breach.SEAL_ASIDE),  # not upon the signature at all
        (None, Breach.SEAL_SIZE),
    ],
)
def test_a_seal_has_its_place_and_its_size(box, broken):
    _left, bottom, right, _top = field_box(SIGNED, signing.SEAL)
    small = (right - 40, bottom + 30, right, bottom + 70)
    moved = placed(SIGNED, "other", box or small)
    assert broken in found(seal(moved, field="other"))


def field_box(pdf, name):
    from pyhanko.sign.fields import enumerate_sig_fields

    fields = {one: field.get_object() for one, _value, field in enumerate_sig_fields(reading.opened(pdf))}
    return [float(edge) for edge in fields[name]["/Rect"]]


def test_a_signature_beside_the_name_is_told():
    moved = placed(LETTER, "elsewhere", (60, 700, 200, 750))
    signed = signing.sign_in(moved, CHAIR, "elsewhere", HAND, at=NOW)
    assert Breach.PERSONAL_ASIDE in found(signed)


def test_a_signature_nobody_sees_is_told():
    hidden = placed(LETTER, "hidden", (0, 0, 0, 0))
    assert Breach.PERSONAL_UNSEEN in found(signing.sign_in(hidden, CHAIR, "hidden", HAND, at=NOW))
    hidden = placed(SIGNED, "hidden", (0, 0, 0, 0))
    assert Breach.SEAL_UNSEEN in found(signing.sign_in(hidden, SEAL, "hidden", RED, at=NOW))


def test_a_picture_in_the_corner_of_an_attachment_is_told():
    cornered = placed(without_places(LETTER), "corner", (400, 790, 560, 830))
    shown = signing.sign_in(cornered, SEAL, "corner", RED, at=NOW)
    assert found(shown) == {Breach.CORNER_PICTURE}


def test_words_in_the_corner_say_number_and_time():
    said = press.vector("stamp", {"lines": ["Đã ký", "20.11.2026 14:05:00 +07:00"]})
    cornered = placed(without_places(LETTER), "corner", (380, 800, 578, 830))
    shown = signing.sign_in(cornered, SEAL, "corner", said, at=NOW)
    assert {Breach.CORNER_WORDS, Breach.CORNER_TIME} <= found(shown)


def test_another_time_than_that_of_the_signature_is_told():
    said = press.vector("stamp", {"lines": signing.sealed_in_words("15/UBND", NOW + timedelta(days=1))})
    cornered = placed(without_places(LETTER), "corner", (380, 800, 578, 830))
    assert Breach.CORNER_TIME in found(signing.sign_in(cornered, SEAL, "corner", said, at=NOW))


def test_words_far_from_the_corner_are_told():
    said = press.vector("stamp", {"lines": signing.sealed_in_words("15/UBND", NOW)})
    low = placed(without_places(LETTER), "low", (40, 100, 238, 127))
    assert Breach.CORNER_ASIDE in found(signing.sign_in(low, SEAL, "low", said, at=NOW))


def test_what_citizens_sign_is_no_document_of_an_agency():
    citizen = samples.AUTHORITY.subscriber("Trần Hạ Mây", "CCCD:000196000821", validity=samples.LASTING)
    signed = signing.sign_in(LETTER, citizen, signing.PERSON, HAND, at=NOW)
    assert breaches(signed) == ()


@pytest.mark.parametrize(
    "rubbish", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"(" * 100_000, SEALED[:-400], b"\0" * 5000]
)
def test_rubbish_breaks_no_rule(rubbish):
    assert breaches(rubbish) == ()


def test_a_page_that_calls_itself_ends():
    writer = IncrementalPdfFileWriter(io.BytesIO(SEALED))
    form = generic.StreamObject(
        {pdf_name("/Subtype"): pdf_name("/Form"), pdf_name("/Type"): pdf_name("/XObject")},
        stream_data=b"/Me Do /Me Do",
    )
    reference = writer.add_object(form)
    form["/Resources"] = generic.DictionaryObject(
        {pdf_name("/XObject"): generic.DictionaryObject({pdf_name("/Me"): reference})}
    )
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Resources"][pdf_name("/XObject")] = generic.DictionaryObject({pdf_name("/Me"): reference})
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"/Me Do"))
    writer.update_container(page)
    done = io.BytesIO()
    writer.write(done)
    assert isinstance(breaches(done.getvalue()), tuple)


def test_every_rule_has_its_words_and_its_place_in_the_decree():
    assert set(WORDS) == set(Breach)
    assert all("30/2020" in str(breach.rule) for breach in Breach)
