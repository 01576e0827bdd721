"""What a file from elsewhere is, told by its bytes."""

import io
import zipfile

import pytest

from motcua.documents.looking import Fault, look


def packed(*names):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return into.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.docx", packed("[Content_Types].xml", "word/document.xml"), ("wordprocessingml.document", "")),
        ("a.pdf", packed("[Content_Types].xml", "xl/workbook.xml"), ("spreadsheetml.sheet", "")),
        ("a.docx", packed("word/document.xml", "word/vbaProject.bin"), ("octet-stream", "program")),
        ("a.zip", packed("a.txt"), ("application/zip", "")),
        ("a.zip", packed("a.EXE"), ("octet-stream", "program")),
        ("a.docx", b"PK\x03\x04 damaged", ("octet-stream", "damaged")),
        ("a.doc", OLD + b"words", ("application/msword", "")),
        ("a.doc", OLD + "_VBA_PROJECT".encode("utf-16-le"), ("octet-stream", "program")),
        ("a.pdf", b"MZ\x90", ("octet-stream", "program")),
        ("a.pdf", b"  <!DOCTYPE html>", ("octet-stream", "program")),
        ("a.js", b"alert(1)", ("octet-stream", "program")),
        ("a.txt", "Kính gửi".encode(), ("octet-stream", "")),
        ("a.pdf", b"%PDF-1.7 broken", ("octet-stream", "damaged")),
        ("a", b"", ("octet-stream", "")),
    ],
)
def test_bytes_say_what_a_file_is(name, content, found):
    media, fault = look(name, content)
    assert media.endswith(found[0])
    assert fault == Fault(found[1])
