"""Taking in files: told by content, refused in words that say what to do."""

import io
import struct
import zlib

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import copy_into_new_writer

from motcua.documents import intake
from motcua.lib.actions import Invalid
from motcua.lib.blobs import Store
from tests.documents import reading, samples


def picture(kind, size=(40, 30)):
    done = io.BytesIO()
    Image.new("RGB", size, "white").save(done, format=kind)
    return done.getvalue()


def taken(content, tmp_path, **options):
    return intake.take_in(io.BytesIO(content), Store(tmp_path), **options)


def refusal(content, tmp_path, **options):
    with pytest.raises(Invalid) as refused, translation.override("en"):
        taken(content, tmp_path, **options)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "media", "pages"),
    [
        (picture("PNG"), "image/png", 1),
        (picture("JPEG"), "image/jpeg", 1),
        (samples.PAPER, "application/pdf", 1),
        (samples.SEALED, "application/pdf", 1),
    ],
)
def test_a_sound_file_is_kept_whole(content, media, pages, tmp_path):
    kept = taken(content, tmp_path)
    assert (kept.media, kept.size, kept.pages) == (media, len(content), pages)
    assert Store(tmp_path).read(kept.digest) == content


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_heic_is_recognised_and_refused_in_the_words_of_the_counter(brand, tmp_path):
    content = b"\0\0\0\x18ftyp" + brand + b"\0" * 100
    with pytest.raises(Invalid) as refused, translation.override("vi"):
        taken(content, tmp_path)
    assert str(refused.value) == "Máy chưa mở được tệp HEIC. Chụp lại hoặc lưu thành JPG."


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path):
    words = refusal(b"x" * (3 * 1024 * 1024), tmp_path, limit=2 * 1024 * 1024)
    assert words == "The file is 3 MB; the limit is 2 MB. Take a smaller picture or split the file."


def test_the_limit_is_ten_megabytes(tmp_path):
    assert refusal(b"x" * (10 * 1024 * 1024 + 1), tmp_path).startswith(
        "The file is 10 MB; the limit is 10 MB."
    )


def test_the_refusal_names_the_field(tmp_path):
    with pytest.raises(Invalid) as refused:
        taken(b"MZ\x90", tmp_path, field="birth_paper")
    assert refused.value.field == "birth_paper"


@pytest.mark.parametrize(
    "content", [b"MZ\x90\0program", b"PK\x03\x04archive", b"<html>", b"<svg onload=x>", b"GIF89a", b"\0" * 50]
)
def test_other_kinds_are_refused_whatever_they_are_called(content, tmp_path):
    assert refusal(content, tmp_path) == "This kind of file is not accepted. Send a PDF, a JPG or a PNG."


def test_an_empty_file_is_refused(tmp_path):
    assert refusal(b"", tmp_path) == "The file is empty. Choose it again."


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_half_a_picture_is_refused(kind, tmp_path):
    whole = picture(kind, (600, 600))
    assert (
        refusal(whole[: len(whole) // 2], tmp_path)
        == "The picture is damaged and cannot be opened. Take it again."
    )


@pytest.mark.parametrize("size", [8_000, 10_000, 60_000])
def test_a_picture_that_would_unfold_without_end_is_refused_unopened(size, tmp_path):
    assert refusal(bomb(size, size), tmp_path).startswith("The picture is too large")


def test_a_locked_pdf_is_refused(tmp_path):
    writer = copy_into_new_writer(reading.opened(samples.PAPER))
    writer.encrypt("password")
    assert "locked with a password" in refusal(written(writer), tmp_path)


@pytest.mark.parametrize("action", ["/JavaScript", "/Launch", "/SubmitForm", "/ImportData"])
def test_a_pdf_that_does_something_when_opened_is_refused(action, tmp_path):
    writer = IncrementalPdfFileWriter(io.BytesIO(samples.PAPER))
    act = generic.DictionaryObject({pdf_name("/S"): pdf_name(action)})
    writer.root["/OpenAction"] = writer.add_object(act)
    writer.update_root()
    assert "contains a program" in refusal(written(writer), tmp_path)


def test_a_script_hidden_in_a_nested_array_is_found(tmp_path):
    writer = IncrementalPdfFileWriter(io.BytesIO(samples.PAPER))
    script = generic.DictionaryObject({pdf_name("/JS"): generic.pdf_string("app.alert(1)")})
    writer.root["/Names"] = generic.ArrayObject([generic.ArrayObject([script])])
    writer.update_root()
    assert "contains a program" in refusal(written(writer), tmp_path)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\nrubbish", b"%PDF-", samples.PAPER[: len(samples.PAPER) // 3]]
)
def test_a_damaged_pdf_is_refused(content, tmp_path):
    assert "damaged" in refusal(content, tmp_path)


def test_a_tree_of_pages_that_bites_its_tail_is_refused(tmp_path):
    writer = IncrementalPdfFileWriter(io.BytesIO(samples.PAPER))
    pages = writer.root["/Pages"]
    pages["/Kids"] = generic.ArrayObject([writer.root.raw_get("/Pages")])
    writer.update_container(pages)
    assert "damaged" in refusal(written(writer), tmp_path)


def test_a_pdf_of_too_many_pages_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "MOST_PAGES", 0)
    assert refusal(samples.PAPER, tmp_path) == "The PDF file must have from 1 to 0 pages."


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\0\0\0\x18ftyp", b""]),
    st.binary(max_size=200),
)
def test_any_bytes_are_taken_or_refused_but_never_break(start, rest):
    with pytest.raises(Invalid):
        intake.examine(io.BytesIO(start + rest))


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("giấy chứng sinh.jpg", "giấy chứng sinh.jpg"),
        ("C:\\Users\\may\\anh.jpg", "anh.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n\u202ec.pdf", "abc.pdf"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_names_are_made_fit_to_show(given_name, shown):
    assert intake.plain_name(given_name) == shown


def bomb(width, height):
    """A PNG of a few hundred bytes that says it is huge."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def written(writer):
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()
