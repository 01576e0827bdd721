"""Copies: the original lies in them byte for byte, the agency answers for them in words, and anybody reads what they are copies of."""

import io
from dataclasses import replace
from hashlib import sha256

import pytest
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, sign_pdf
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, append_signature_field

from motcua.documents import press, signing
from motcua.documents.copying import (
    Copied,
    Imprint,
    Manner,
    Original,
    copied,
    excerpt,
    framing,
    pages_of,
    recognised,
    said,
)
from motcua.documents.formalities import breaches
from motcua.documents.inquiries import verify_upload
from motcua.documents.intake import pages_of as pages_in
from motcua.documents.verification import verify
from tests.documents import reading, samples

ORIGINAL = Original("12/QĐ-UBND", sha256(samples.SEALED).hexdigest(), len(samples.SEALED))
TRUE = Imprint(Manner.TRUE, "03/SY-UBND", samples.AGENCY, "Hoa Sen", samples.NOW, ORIGINAL)
PART = replace(TRUE, manner=Manner.PART, number="04/TrS-UBND", pages=(1,))


@pytest.fixture(scope="module")
def whole():
    return copied(samples.SEALED, samples.SEAL, TRUE)


@pytest.fixture(scope="module")
def part():
    return copied(samples.SEALED, samples.SEAL, PART)


def test_a_true_copy_begins_with_the_original_and_all_signatures_hold(whole):
    assert whole.startswith(samples.SEALED)
    verdict = verify(whole, samples.ROOTS)
    assert ([one.role for one in verdict.signatures], verdict.stands) == (["personal", "seal", "seal"], True)
    assert breaches(whole) == ()


def test_it_says_how_by_whom_when_and_of_what(whole):
    assert recognised(whole) == Copied(
        Manner.TRUE,
        samples.AGENCY,
        samples.NOW,
        number="03/SY-UBND",
        of="12/QĐ-UBND",
        digest=ORIGINAL.digest,
        holds_original=True,
    )
    (*_others, seal) = reading.opened(whole).embedded_regular_signatures
    assert str(seal.sig_object["/Location"]) == "Hoa Sen"


def test_an_excerpt_shows_its_pages_with_their_signatures(part):
    found = recognised(part)
    assert (found.manner, found.number, found.pages, found.digest, found.holds_original) == (
        Manner.PART,
        "04/TrS-UBND",
        "1",
        ORIGINAL.digest,
        False,
    )
    assert pages_in(part) == 1
    drawn = reading.opened(part).root["/Pages"]["/Kids"][0]["/Resources"]["/XObject"]
    assert len(drawn) == 3  # the page, the hand, the seal
    verdict = verify(part, samples.ROOTS)
    assert ([one.role for one in verdict.signatures], verdict.stands) == (["seal"], True)
    assert breaches(part) == ()


def test_nothing_of_the_other_pages_goes_with_an_excerpt():
    whole = pages_with_pictures("SECRET", "OPEN", "PATTERN")
    done = excerpt(whole, [2])
    assert [word in held(done) for word in ("SECRET", "OPEN", "PATTERN")] == [False, True, False]
    assert [word in held(excerpt(whole, [1, 3])) for word in ("SECRET", "OPEN", "PATTERN")] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("turned", "foot"), [(0, (0, 0)), (90, (0, 200)), (180, (200, 300)), (270, (300, 0))]
)
def test_a_page_that_lies_is_set_upright(turned, foot):
    done = reading.opened(excerpt(pages_with_pictures("A", turned=turned), [1])).root["/Pages"]["/Kids"][0]
    size = [float(edge) for edge in done["/MediaBox"]]
    assert size == ([0, 0, 200, 300] if turned in {0, 180} else [0, 0, 300, 200])
    a, b, c, d, e, f = (float(one) for one in done["/Contents"].data.split(b" cm")[0].split())
    moved = [(a * x + c * y + e, b * x + d * y + f) for x, y in [(10, 20), (210, 20), (210, 320), (10, 320)]]
    assert {(round(x), round(y)) for x, y in moved} == {
        (0, 0),
        (int(size[2]), 0),
        (0, int(size[3])),
        (int(size[2]), int(size[3])),
    }
    assert tuple(round(one) for one in moved[0]) == foot  # where its left foot is as one sees it


def test_the_first_page_and_those_with_signatures_frame_an_excerpt():
    assert framing(samples.SEALED) == {1}
    last = signing.sign_in(
        with_field(pages_with_pictures("A", "B", "C"), page=2),
        samples.SEAL,
        "field",
        press.vector("stamp", {"lines": ["x"]}),
        at=samples.NOW,
    )
    assert framing(last) == {1, 3}
    assert framing(b"%PDF-1.4 rubbish") == {1}


def test_a_copy_of_a_copy_stands_beside_the_first_and_a_third_below(whole):
    again = replace(
        TRUE,
        manner=Manner.AGAIN,
        number="05/SL-UBND",
        original=Original("12/QĐ-UBND", sha256(whole).hexdigest(), len(whole)),
    )
    second = copied(whole, samples.SEAL, again)
    found = recognised(second)
    assert (found.manner, found.number, found.holds_original) == (Manner.AGAIN, "05/SL-UBND", True)
    assert breaches(second) == ()
    one, two, three = (
        [float(edge) for edge in one.sig_field["/Rect"]]
        for one in reading.opened(copied(second, samples.SEAL, again)).embedded_regular_signatures[-3:]
    )
    assert (two[2], two[3]) == (one[0], one[3])
    assert (three[2], three[3] < one[1]) == (one[2], True)


def test_a_file_is_not_copied_that_nobody_may_add_to_or_whose_signature_would_not_be_found_to_hold():
    for one in (closed_to_all(), written_carelessly()):
        with pytest.raises(signing.CannotSign):
            copied(one, samples.SEAL, TRUE)


@pytest.mark.django_db
def test_a_copy_that_was_changed_is_said_to_be_one_whose_signature_does_not_hold(whole, settings, tmp_path):
    from motcua.documents.authority import Keyring

    settings.KEYS = tmp_path
    Keyring(tmp_path).trust("root", samples.ROOTS[0])
    place = whole.index(b"endobj")
    answer = verify_upload(whole[:place] + b"endobj " + whole[place + 7 :])
    assert not answer.stands


def test_what_is_signed_in_other_words_is_no_copy():
    attached = signing.sign_corner(samples.PAPER, samples.SEAL, ["Số: 12/UBND"], at=samples.NOW)
    assert recognised(attached) is None
    assert recognised(samples.SEALED) is None
    assert recognised(b"%PDF-1.7 rubbish") is None


def test_a_copy_made_elsewhere_is_known_by_its_corner():
    corner = ["SAO Y", *signing.sealed_in_words(samples.AGENCY, samples.NOW)]
    made = signing.sign_corner(samples.PAPER, samples.SEAL, corner, at=samples.NOW)
    assert recognised(made) == Copied(Manner.TRUE, samples.AGENCY, samples.NOW)


def test_a_copy_that_names_another_digest_does_not_hold_its_original():
    other = replace(TRUE, original=replace(ORIGINAL, digest="0" * 64))
    assert recognised(copied(samples.SEALED, samples.SEAL, other)).holds_original is False


def pages_with_pictures(*words, turned=0):
    """A page for each word, which is written in the picture of that page; all pages share their resources, as scanners write them."""
    writer = PdfFileWriter()
    shows = generic.DictionaryObject(
        {
            generic.pdf_name(f"/P{place}"): writer.add_object(
                generic.StreamObject(
                    {
                        generic.pdf_name("/Type"): generic.pdf_name("/XObject"),
                        generic.pdf_name("/Subtype"): generic.pdf_name("/Image"),
                    },
                    stream_data=word.encode(),
                )
            )
            for place, word in enumerate(words)
        }
    )
    resources = writer.add_object(
        generic.DictionaryObject({generic.pdf_name("/XObject"): writer.add_object(shows)})
    )
    for place in range(len(words)):
        content = writer.add_object(generic.StreamObject(stream_data=b"/P%d Do" % place))
        page = PageObject(content, (10, 20, 210, 320))
        page["/Resources"] = resources
        if turned:
            page["/Rotate"] = generic.NumberObject(turned)
        writer.insert_page(page)
    return written(writer)


def with_field(pdf, page):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec("field", on_page=page, box=(20, 30, 120, 80)))
    return written(writer)


def written(writer):
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


def held(pdf):
    """All that lies in a file, unpacked."""
    reader = reading.opened(pdf)
    streams = [
        reader.get_object(generic.Reference(number, 0, reader))
        for number in range(1, int(reader.trailer["/Size"]))
    ]
    return b"".join(one.data for one in streams if isinstance(one, generic.StreamObject)).decode("latin-1")


def written_carelessly():
    done = io.BytesIO()
    Image.new("RGB", (200, 300), "white").save(done, "PDF")
    return done.getvalue()


def closed_to_all():
    """Certified by its author, who allows no change."""
    told = PdfSignatureMetadata(
        field_name="author", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, md_algorithm="sha256"
    )
    return sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(samples.PAPER)), told, signing._signer(samples.SEAL)
    ).getvalue()


@pytest.mark.parametrize(
    ("typed", "found"), [("1", (1,)), ("2-4, 7", (2, 3, 4, 7)), ("3; 1–2,2", (1, 2, 3)), (" 5 - 6 ", (5, 6))]
)
def test_pages_are_named_as_people_write_them(typed, found):
    assert pages_of(typed, 9) == found


@pytest.mark.parametrize("typed", ["", "0", "10", "4-2", "a", "1-99", "-3", "1-2-3"])
def test_pages_that_are_not_there_are_not_taken(typed):
    with pytest.raises(ValueError):
        pages_of(typed, 9)


def test_pages_are_said_in_runs():
    assert said((2, 3, 4, 7)) == "2-4, 7"
    assert said(()) == ""
