"""The press: a paper in, a PDF/A-2b file with its empty places for signatures out."""

import io
import json
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from motcua.documents import words
from motcua.documents.papers import BirthCertificate, BirthExtract, Paper, Receipt
from motcua.lib import qr

HERE = Path(__file__).parent
MM = 72 / 25.4
SIGNATURE_WIDTH = 50 * MM
SEAL_DIAMETER = 36 * MM


class Unprintable(ValueError):
    """The paper holds a letter the typeface does not have, so it would not say what was entered."""


@dataclass(frozen=True)
class Place:
    """An empty signature field: page from 0, box (left, bottom, right, top) in whole points from the page's foot."""

    field: str
    page: int
    box: tuple[int, int, int, int]


def print_paper(paper: Paper, *, at: datetime, files: Mapping[str, bytes] | None = None) -> bytes:
    """Print a paper as PDF/A-2b, made at `at`, with its empty signature fields. Raises Unprintable.

    `files` are what it shows besides its words, by name. One that shows pages of another PDF is plain PDF 2.0, as
    signed files are: those pages are taken as they are, and nobody can promise for them what PDF/A asks.
    """
    with _setting(paper.template, files or {}) as compiler:
        return _printed(paper, compiler, at=at, standards=["2.0"] if _shows_pdf(files or {}) else ["a-2b"])


def _printed(paper: Paper, compiler: typst.Compiler, *, at: datetime, standards: list[Any]) -> bytes:
    data = entered(paper)
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        pdf = _whole(
            compiler.compile(
                format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=int(at.timestamp())
            )
        )
    except typst.TypstError as fault:
        raise Unprintable(fault.message) from fault
    marks = json.loads(compiler.query("<signature>", field="value"))
    return _with_places(pdf, marks)


def picture(template: str, data: Mapping[str, Any], *, dots_per_inch: int = 300) -> bytes:
    """Draw a small thing (a seal, a stamp) as a transparent PNG."""
    inputs = {"data": json.dumps(_plain(data), ensure_ascii=False)}
    return _whole(_compiler(template).compile(format="png", ppi=dots_per_inch, sys_inputs=inputs))


def vector(template: str, data: Mapping[str, Any]) -> bytes:
    """Print a small thing made of words as a page of PDF as large as it is."""
    inputs = {"data": json.dumps(_plain(data), ensure_ascii=False)}
    return _whole(_compiler(template).compile(format="pdf", sys_inputs=inputs))


def entered(paper: Paper) -> dict[str, Any]:
    """Turn a paper into what its template prints: every value a string in Vietnamese official writing."""
    data: dict[str, Any] = _plain(asdict(paper))
    data["dated"] = words.dated(paper.on, paper.office.place)
    data["check"]["qr"] = qr.svg(paper.check.url)
    if isinstance(paper, Receipt) and paper.own:
        data["own_qr"] = qr.svg(paper.own)
    if isinstance(paper, Receipt) and paper.pay_code:
        data["pay_qr"] = qr.svg(paper.pay_code)
    if isinstance(paper, BirthCertificate | BirthExtract):
        data["child"]["born_in_words"] = words.spelled(paper.child.born)
    return data


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case datetime():
            return words.clock(value)
        case date():
            return words.figures(value)
        case None:
            return ""
        case _:
            return unicodedata.normalize("NFC", str(value))


@cache
def fonts() -> typst.Fonts:
    """Only the typefaces we ship, so that a paper looks the same wherever it is printed."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"])


def _compiler(template: str) -> typst.Compiler:
    folder = HERE / "paper"
    return typst.Compiler(input=folder / f"{template}.typ", root=folder, font_paths=fonts())


@contextmanager
def _setting(template: str, files: Mapping[str, bytes]) -> Iterator[typst.Compiler]:
    """The compiler of a template; with files, in a folder of their own in which nothing else lies."""
    if not files:
        yield _compiler(template)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in ("base", template):
            shutil.copy(HERE / "paper" / f"{source}.typ", folder)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        yield typst.Compiler(input=folder / f"{template}.typ", root=folder, font_paths=fonts())


def _shows_pdf(files: Mapping[str, bytes]) -> bool:
    return any(content.startswith(b"%PDF-") for content in files.values())


def _whole(printed: bytes | list[bytes] | None) -> bytes:
    """Unwrap what typst returns: a list only when a picture has several pages, which ours never have."""
    if not isinstance(printed, bytes):
        raise TypeError(type(printed))
    return printed


def _with_places(pdf: bytes, marks: list[dict[str, Any]]) -> bytes:
    """Add the empty signature fields where the template left room, as a first incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for mark in marks:
        for place in _places(mark, edges(writer, mark["page"] - 1)[3]):
            append_signature_field(writer, SigFieldSpec(place.field, on_page=place.page, box=place.box))
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


def edges(writer: IncrementalPdfFileWriter, page: int) -> tuple[float, ...]:
    """Left, bottom, right and top of a page; a page may inherit them from the tree above it."""
    node = writer.find_page_for_modification(page)[0].get_object()
    while "/MediaBox" not in node:
        node = node["/Parent"]
    return tuple(float(edge) for edge in node["/MediaBox"])


def _places(mark: dict[str, Any], page_height: float) -> list[Place]:
    """The personal signature centred in its room; the seal over its left third (decree 30/2020, annex I)."""
    page, foot = mark["page"] - 1, page_height - mark["top"] - mark["height"]
    middle = mark["left"] + mark["width"] / 2
    left, right = middle - SIGNATURE_WIDTH / 2, middle + SIGNATURE_WIDTH / 2
    places = [Place(mark["field"], page, box(left, foot, right, foot + mark["height"]))]
    if mark["seal"]:
        edge = left + SIGNATURE_WIDTH / 3
        low = foot + (mark["height"] - SEAL_DIAMETER) / 2
        places.append(Place("seal", page, box(edge - SEAL_DIAMETER, low, edge, low + SEAL_DIAMETER)))
    return places


def box(left: float, bottom: float, right: float, top: float) -> tuple[int, int, int, int]:
    return round(left), round(bottom), round(right), round(top)
