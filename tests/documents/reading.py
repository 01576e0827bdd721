"""Reading a PDF as tests need it: its text, its fonts, its metadata, its attached pictures."""

import io
import re

from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader


STRING = r"\((?:[^()\\]|\\.)*\)"
TOKENS = rf"(/\S+) [\d.]+ Tf|\[((?:{STRING}|<[0-9A-Fa-f]*>|[-\d.\s])*)\]\s*TJ|<([0-9A-Fa-f]+)>\s*Tj|\(((?:[^()\\]|\\.)*)\)\s*Tj"


def opened(pdf):
    return PdfFileReader(io.BytesIO(pdf))


def text(pdf):
    """The words of all pages, by each font's own table from glyphs to letters; without the spaces between runs."""
    reader, words = opened(pdf), []
    for page in pages(reader):
        used = page["/Resources"]["/Font"]
        fonts = {name: _letters(used[name]) for name in used}
        words.append(_shown(_content(page), fonts))
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


def _content(page):
    content = page["/Contents"]
    parts = [content] if hasattr(content, "data") else [part.get_object() for part in content]
    return b"\n".join(part.data for part in parts).decode("latin-1")


def _shown(content, tables):
    table, letters = {}, []
    for font, arrays, hexes, strings in re.findall(TOKENS, content, re.DOTALL):
        if font:
            table = tables.get(font, {})
        codes = re.findall(r"<([0-9A-Fa-f]+)>|\(((?:[^()\\]|\\.)*)\)", arrays) or [(hexes, strings)]
        letters.extend(_decoded(code, table) for code in codes)
    return "".join(letters)


def _decoded(code, table):
    raw = bytes.fromhex(code[0]) if code[0] else _unescaped(code[1])
    return "".join(table.get(raw[place : place + 2], "") for place in range(0, len(raw), 2))


def _unescaped(string):
    escapes = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

    def letter(match):
        sign = match.group(1)
        return chr(int(sign, 8)) if sign[0].isdigit() else escapes.get(sign, sign)

    return re.sub(r"\\([0-7]{1,3}|.)", letter, string, flags=re.DOTALL).encode("latin-1")


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
