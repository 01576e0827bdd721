"""What a file says in words: the text of a PDF or of a text document (docx), as far as it can be had; for search."""

import io
import zipfile
import zlib

from lxml import etree
from pyhanko.pdf_utils.reader import PdfFileReader

from motcua.documents.lettering import rows

WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LARGEST = 20 * 1024 * 1024
PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def text_of(content: bytes) -> str:
    """The text; empty where there is none, or the file is of another kind, broken or larger than is looked into."""
    if len(content) > LARGEST:
        return ""
    if content.startswith(b"%PDF-"):
        return of_pdf(content)
    return of_docx(content) if content.startswith(b"PK") else ""


def of_pdf(content: bytes) -> str:
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        return "" if reader.encrypted else "\n".join(row.spaced for row in rows(reader))
    except Exception:  # noqa: BLE001 — whatever a hostile file makes a parser do, what cannot be read has no words
        return ""


def of_docx(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("word/document.xml") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST or b"<!DOCTYPE" in raw:
            return ""
        root = etree.fromstring(raw, etree.XMLParser(**PARSER))
    except (
        KeyError,
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        etree.LxmlError,
    ):
        return ""
    paragraphs = root.iter(f"{{{WORDS}}}p")
    return "\n".join("".join(one.text or "" for one in part.iter(f"{{{WORDS}}}t")) for part in paragraphs)
