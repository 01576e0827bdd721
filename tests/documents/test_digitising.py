"""A scan becomes the pages of a PDF: sharp enough, upright, in its true size; or it is said which page is not."""

import io

import pytest
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from motcua.documents import signing
from motcua.documents.digitising import digitised
from motcua.documents.intake import examine, pages_of
from motcua.documents.operators import entries
from motcua.lib.actions import Invalid
from tests.documents import reading, samples

A4 = (1654, 2339)  # at 200 dots per inch


def picture(size=A4, *, kind="JPEG", dpi=None, mode="RGB", turned=None, more=()):
    image = Image.new(mode, size, "white" if mode == "RGB" else 1)
    options = {"dpi": (dpi, dpi)} if dpi else {}
    if kind == "TIFF":
        options["compression"] = "tiff_deflate"
    if kind == "PDF":
        options = {"resolution": dpi}
    if turned:
        exif = Image.Exif()
        exif[0x0112] = turned
        options["exif"] = exif
    if more:
        options |= {"save_all": True, "append_images": [Image.new(mode, one, "white") for one in more]}
    done = io.BytesIO()
    image.save(done, kind, **options)
    return done.getvalue()


def page_sizes(pdf):
    root = reading.opened(pdf).root["/Pages"]
    return [[round(float(edge)) for edge in kid["/MediaBox"]][2:] for kid in entries(root["/Kids"])]


def fault(*files):
    with pytest.raises(Invalid) as refused:
        digitised(files)
    assert refused.value.field == "scans"
    return str(refused.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_of_a_page_is_a_page_of_its_size(kind):
    pdf = digitised([picture(kind=kind, dpi=200)])
    assert (examine(io.BytesIO(pdf)), page_sizes(pdf)) == (("application/pdf", 1), [[595, 842]])
    assert pdf[5:8] >= b"1.4"


def test_a_photograph_is_taken_for_a_page_of_a4():
    assert page_sizes(digitised([picture((3000, 4000), dpi=72)])) == [[595, 794]]


def test_a_jpeg_is_kept_as_it_came():
    scan = picture(dpi=200)
    assert scan in digitised([scan])


def test_a_picture_that_lies_on_its_side_stands_upright():
    assert page_sizes(digitised([picture((2339, 1654), turned=6)])) == [[595, 842]]


def test_all_pages_follow_each_other():
    several = picture(kind="TIFF", dpi=300, size=(2480, 3508), more=[(2480, 3508)])
    pdf = digitised([picture(dpi=200), several, digitised([picture(dpi=200)])])
    assert pages_of(pdf) == 4


def test_one_pdf_stays_byte_for_byte():
    pdf = digitised([picture(dpi=200)])
    assert digitised([pdf]) == pdf


def test_what_is_not_sharp_enough_is_said_with_its_page():
    words = fault(picture(dpi=200), picture((827, 1169), dpi=101))
    assert all(said in words for said in ("2", "101", "200"))
    assert "150" in fault(picture((1240, 1754)))


def test_a_blurred_page_within_a_pdf_is_found():
    blurred = io.BytesIO()
    Image.new("RGB", (827, 1169), "white").save(blurred, "PDF", resolution=100)
    assert "100" in fault(blurred.getvalue())


def test_what_was_written_on_a_computer_is_no_scan():
    assert "1" in fault(samples.PAPER)


@pytest.mark.parametrize("mode", ["L", "1"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PDF"])
def test_what_has_no_colours_is_said_so(mode, kind):
    assert "trang 1" in fault(picture(mode=mode, kind=kind, dpi=200))
    assert "màu" in fault(picture(mode=mode, kind=kind, dpi=200))


def test_a_pdf_that_is_written_carelessly_is_written_anew():
    scan = picture(kind="PDF", dpi=200)
    done = digitised([scan])
    assert (done == scan, page_sizes(done)) == (False, [[595, 842]])
    assert signing.sign_corner(done, samples.SEAL, ["SAO Y"], at=samples.NOW).startswith(done)


def test_a_pdf_that_lies_on_its_side_is_set_upright():
    lying = digitised([picture(size=A4[::-1], dpi=200)])
    writer = IncrementalPdfFileWriter(io.BytesIO(lying))
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    turned = io.BytesIO()
    writer.write(turned)
    assert page_sizes(lying) == [[842, 595]]
    assert page_sizes(digitised([turned.getvalue()])) == [[595, 842]]


def test_too_many_pages_are_refused_whether_in_one_file_or_several(monkeypatch):
    two = digitised([picture(dpi=200), picture(dpi=200)])
    monkeypatch.setattr("motcua.documents.digitising.MOST_PAGES", 1)
    for files in ([two], [picture(dpi=200), picture(dpi=200)]):
        assert "1 trang" in fault(*files)


@pytest.mark.parametrize("rubbish", [b"", b"GIF89a", b"%PDF-1.4 rubbish", b"II*\x00rubbish"])
def test_rubbish_is_refused(rubbish):
    assert fault(rubbish)


def test_nothing_is_no_scan():
    assert fault()
