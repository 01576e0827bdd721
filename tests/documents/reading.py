"""Reading a PDF as tests need it: its text, its fonts, its metadata, its attached pictures."""

import io
import re

from PIL import Image
from pyhanko.pdf_utils.generic import read_object
from pyhanko.pdf_utils.reader import PdfFileReader


def opened(pdf):
    return PdfFileReader(io.BytesIO(pdf))


def text(pdf):
    """The words of all pages, by each font's own table from glyphs to letters; without the spaces between runs.

    Of a page shown as a whole on another one, nothing.
    """
    reader, words = opened(pdf), []
    for page in pages(reader):
        used = page["/Resources"].get("/Font", {})
        fonts = {name: _letters(used[name]) for name in used}
        words.append(_shown(page, fonts))
    return "".join(words).replace(" ", "")


def pages(reader):
    waiting, found = [reader.root["/Pages"]], []
    while waiting:
        node = waiting.pop(0)
        waiting[:0] = [kid.get_object() for kid in node.get("/Kids", [])]
        if "/Kids" not in node:
            found.append(node)
    return found


def fonts(pdf):
    """Name of each font and whether its outlines are in the file."""
    found = {}
    for page in pages(opened(pdf)):
        used = page["/Resources"]["/Font"]
        for font in (used[name] for name in used):
            inner = font["/DescendantFonts"][0]
            found[str(font["/BaseFont"])] = bool({"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"]))
    return found


def metadata(pdf):
    return opened(pdf).root["/Metadata"].data.decode()


def media_box(pdf):
    node = pages(opened(pdf))[0]
    while "/MediaBox" not in node:
        node = node["/Parent"]
    return [round(float(edge) * 25.4 / 72) for edge in node["/MediaBox"]]


def pixels(png):
    return Image.open(io.BytesIO(png)).convert("RGBA")


def _shown(page, tables):
    """Follow the operators that choose a font and show text (ISO 32000 § 9.4.3)."""
    table, letters = {}, []
    for operator, operands in _operators(page):
        if operator == b"Tf":
            table = tables.get(str(operands[0]), {})
        elif operator in {b"Tj", b"TJ"}:
            runs = operands[0] if operator == b"TJ" else operands
            letters.extend(
                _decoded(run.original_bytes, table) for run in runs if hasattr(run, "original_bytes")
            )
    return "".join(letters)


def _operators(page):
    """Each operator of a page's content with the strings, names, arrays and dictionaries before it."""
    content = page["/Contents"]
    parts = [content] if hasattr(content, "data") else [part.get_object() for part in content]
    for part in parts:
        data, operands, place = part.data, [], 0
        while match := re.compile(rb"\s*([^\s(\[</]*)").match(data, place):
            place = match.end()
            if re.fullmatch(rb"[A-Za-z'\"]\w*\*?", match[1]):
                yield match[1], operands
                operands = []
            elif data[place : place + 1] in {b"(", b"[", b"<", b"/"}:
                stream = io.BytesIO(data[place:])
                operands.append(read_object(stream, part.container_ref))
                place += stream.tell()
            elif place >= len(data):
                break


def _decoded(raw, table):
    return "".join(table.get(raw[place : place + 2], "") for place in range(0, len(raw), 2))


def _letters(font):
    """The font's ToUnicode table (ISO 32000 § 9.10.3)."""
    table, source = {}, font["/ToUnicode"].data.decode()
    for block in re.findall(r"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for code, letters in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            table[bytes.fromhex(code)] = bytes.fromhex(letters).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", source, re.DOTALL):
        for first, last, letters in re.findall(
            r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block
        ):
            start = int(letters, 16)
            for step in range(int(last, 16) - int(first, 16) + 1):
                table[(int(first, 16) + step).to_bytes(2)] = chr(start + step)
    return table
