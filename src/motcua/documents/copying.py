"""Copies of documents (decree 30/2020, art. 25, annex I part II): what stands on one, and what a file says it is a copy of."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    PdfObject,
    StreamObject,
    pdf_name,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign.timestamps import TimeStamper

from motcua.documents import signing
from motcua.documents.appearances import edges, shown
from motcua.documents.authority import Credential
from motcua.documents.budget import budgeted
from motcua.documents.lettering import pages as pages_in
from motcua.documents.operators import entries, entry, operators

type Matrix = tuple[float, float, float, float, float, float]
UNMOVED: Matrix = (1, 0, 0, 1, 0, 0)
# What the signature on a copy says, for people and programs: «SAO Y số 03/SY-UBND của văn bản số 12/QĐ-UBND; …».
REASON = re.compile(
    r"^(?P<head>SAO Y|SAO LỤC|TRÍCH SAO) số (?P<number>\d+/[\w\-Đđ.]+) của văn bản số (?P<of>.{0,100}?)"
    r"(?:, trang (?P<pages>[\d, \-]+))?; sha256 (?P<digest>[0-9a-f]{64}), (?P<size>\d{1,12}) byte$"
)


class Manner(StrEnum):
    """How a document is copied: the whole of an original, the whole of such a copy, or parts of an original."""

    TRUE = "true"
    AGAIN = "again"
    PART = "part"

    @property
    def head(self) -> str:
        """As it stands on the copy."""
        return {"true": "SAO Y", "again": "SAO LỤC", "part": "TRÍCH SAO"}[self.value]

    @property
    def letters(self) -> str:
        """As it stands in the number of the copy (annex III)."""
        return {"true": "SY", "again": "SL", "part": "TrS"}[self.value]

    @property
    def words(self) -> Promise:
        """As people call it."""
        return {"true": _("True copy"), "again": _("Copy of a true copy"), "part": _("Excerpt")}[self.value]


@dataclass(frozen=True)
class Original:
    """What a copy was made of: the number it bears, and the digest and size of its file."""

    number: str
    digest: str
    size: int


@dataclass(frozen=True)
class Imprint:
    """What stands on a copy: how it was made, its own number, by whom, where and when, and of what; the pages of an excerpt."""

    manner: Manner
    number: str
    agency: str
    place: str
    at: datetime
    original: Original
    pages: tuple[int, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The words in the corner of the first page: the kind of copy with its number, the agency, the time of signing."""
        head = f"{self.manner.head} Số: {self.number}" if self.number else self.manner.head
        return [head, *signing.sealed_in_words(self.agency, self.at)]

    @property
    def reason(self) -> str:
        """The same for whoever looks into the signature, with what it is a copy of."""
        of = self.original
        parts = f", trang {said(self.pages)}" if self.pages else ""
        head = f"{self.manner.head} số {self.number} của văn bản số {of.number[:100]}{parts}"
        return f"{head}; sha256 {of.digest}, {of.size} byte"


@dataclass(frozen=True)
class Copied:
    """What a file says of itself as a copy; of copies made elsewhere perhaps no more than how, by whom and when."""

    manner: Manner
    agency: str
    at: datetime | None
    number: str = ""
    of: str = ""
    pages: str = ""
    digest: str = ""
    holds_original: bool = False  # never of an excerpt: it holds no more than its pages


def copied(
    pdf: bytes, seal: Credential, imprint: Imprint, *, timestamper: TimeStamper | None = None
) -> bytes:
    """A copy of a PDF, signed by the agency: all of it as it is, or some of its pages alone. Raises CannotSign."""
    content = excerpt(pdf, imprint.pages) if imprint.pages else pdf
    return signing.sign_corner(
        content,
        seal,
        imprint.lines,
        at=imprint.at,
        said=signing.Said(reason=imprint.reason, place=imprint.place),
        timestamper=timestamper,
    )


def framing(pdf: bytes) -> set[int]:
    """The pages an excerpt never lacks: the first, with agency, number and day, and those with signatures (art. 25.3)."""
    try:
        with budgeted():
            signed = shown(PdfFileReader(io.BytesIO(pdf), strict=False))
    except Exception:  # noqa: BLE001 — whatever strange files make the readers say, they have a first page
        signed = []
    return {1, *(one.page + 1 for one in signed if one.is_seen)}


def excerpt(pdf: bytes, pages: Sequence[int]) -> bytes:
    """These pages of a PDF, from 1, as they are seen, in a new one; of the others nothing goes with them. Raises CannotSign."""
    try:
        reader, writer = PdfFileReader(io.BytesIO(pdf), strict=False), PdfFileWriter()
        with budgeted():
            found = pages_in(reader)
            for number in pages:
                page, resources = found[number - 1]
                writer.insert_page(seen(page, resources, writer))
        done = io.BytesIO()
        writer.write(done)
    except Exception as fault:  # whatever strange files make the readers say
        raise signing.CannotSign(str(fault)) from fault
    return done.getvalue()


def seen(page: Any, resources: Any, writer: PdfFileWriter) -> PageObject:
    """A page drawn anew and upright with all that stands on it, the pictures of signatures as well."""
    size, upright = _upright(page)
    drawn: list[tuple[PdfObject, Matrix]] = [(writer.add_object(_form(page, resources, writer)), UNMOVED)]
    for one in entry(page, "/Annots", ()):
        note = one.get_object()
        look = entry(entry(note, "/AP", {}), "/N")
        if hasattr(look, "encoded_data") and "/Rect" in note:
            drawn.append((writer.import_object(note["/AP"].raw_get("/N")), _fitted(look, note["/Rect"])))
    names = {f"/Drawn{number}": form for number, (form, _matrix) in enumerate(drawn)}
    operators_of = b"\n".join(
        b"q %s cm %s Do Q" % (_written(matrix), name.encode())
        for name, (_form, matrix) in zip(names, drawn, strict=True)
    )
    content = StreamObject(stream_data=b"%s cm\n%s" % (_written(upright), operators_of))
    shows = DictionaryObject({pdf_name(name): form for name, form in names.items()})
    return PageObject(
        writer.add_object(content), (0, 0, *size), DictionaryObject({pdf_name("/XObject"): shows})
    )


def _form(page: Any, resources: Any, writer: PdfFileWriter) -> StreamObject:
    """What a page draws, with the pictures and patterns it names: of those that are there for other pages nothing is taken."""
    parts = entry(page, "/Contents", ())
    streams = entries(parts) if isinstance(parts, ArrayObject) else [parts] if parts else []
    content = b"\n".join(one.data for one in streams)
    named = {one for _word, operands in operators(content) for one in operands if isinstance(one, str)}
    taken = {key: resources.raw_get(key) for key in resources}
    for key in ("/XObject", "/Pattern", "/Properties"):
        held = entry(resources, key)
        if isinstance(held, DictionaryObject):
            named |= _inner_names(held, named)
            taken[key] = DictionaryObject(
                {name: held.raw_get(name) for name in held if isinstance(name, str) and name in named}
            )
    used = DictionaryObject({pdf_name(key): value for key, value in taken.items()})
    used.container_ref = page.get_container_ref()
    form = StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): ArrayObject(FloatObject(edge) for edge in edges(page)),
            pdf_name("/Resources"): writer.import_object(used),
        },
        stream_data=content,
    )
    form.compress()
    return form


def _inner_names(held: DictionaryObject, named: set[str]) -> set[str]:
    """What forms without resources of their own name: they take it from their page."""
    plain = [held[name] for name in held if name in named]
    contents = [one.data for one in plain if entry(one, "/Subtype") == "/Form" and "/Resources" not in one]
    return {
        one
        for content in contents
        for _word, operands in operators(content)
        for one in operands
        if isinstance(one, str)
    }


def _upright(page: Any) -> tuple[tuple[float, float], Matrix]:
    """How large a page is as one sees it, and how it is moved and turned there."""
    left, foot, right, top = _seen_part(page)
    turned = int(inherited(page, "/Rotate") or 0) % 360
    ways: dict[int, Matrix] = {
        90: (0, -1, 1, 0, -foot, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }
    across, up = right - left, top - foot
    return (up, across) if turned in {90, 270} else (across, up), ways.get(turned, (1, 0, 0, 1, -left, -foot))


def _seen_part(page: Any) -> tuple[float, float, float, float]:
    whole, cut = edges(page), inherited(page, "/CropBox")
    if cut is None:
        return whole
    corners = [float(edge) for edge in cut]
    left, foot = max(whole[0], min(corners[::2])), max(whole[1], min(corners[1::2]))
    right, top = min(whole[2], max(corners[::2])), min(whole[3], max(corners[1::2]))
    return (left, foot, right, top) if left < right and foot < top else whole


def _fitted(look: Any, rect: ArrayObject) -> Matrix:
    """How the picture of an annotation is moved and stretched into its place."""
    corners, inner = [float(edge) for edge in rect], [float(edge) for edge in entry(look, "/BBox", rect)]
    left, foot = min(corners[::2]), min(corners[1::2])
    across = (max(corners[::2]) - left) / max(abs(inner[2] - inner[0]), 0.01)
    up = (max(corners[1::2]) - foot) / max(abs(inner[3] - inner[1]), 0.01)
    return across, 0.0, 0.0, up, left - min(inner[::2]) * across, foot - min(inner[1::2]) * up


def _written(matrix: Matrix) -> bytes:
    return b"%.4f %.4f %.4f %.4f %.4f %.4f" % matrix


def inherited(page: Any, key: str) -> Any:
    """What stands under a name on a page, or in the tree above it."""
    node = page
    while key not in node and "/Parent" in node:
        node = node["/Parent"]
    return entry(node, key)


def recognised(pdf: bytes) -> Copied | None:
    """What a file says it is a copy of, by the last signature that says so; nothing of a file that is none, or cannot be read."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        with budgeted():
            seals = [] if reader.encrypted else [one for one in shown(reader) if one.is_seal]
            for seal in reversed(seals):
                if manner := _manner(seal.words):
                    return _read(pdf, Copied(manner, seal.who, seal.at), seal.reason)
    except Exception:  # noqa: BLE001 — whatever a hostile file makes a parser do, it is no copy then
        return None
    return None


def _manner(corner: str) -> Manner | None:
    close = "".join(corner.split()).upper()
    return next((one for one in Manner if close.startswith("".join(one.head.split()))), None)


def _read(pdf: bytes, known: Copied, reason: str) -> Copied:
    """With what the signature itself says, where the copy was made as we make them."""
    found = REASON.match(reason)
    if found is None or found["head"] != known.manner.head:
        return known
    size, digest = int(found["size"]), found["digest"]
    return Copied(
        known.manner,
        known.agency,
        known.at,
        number=found["number"],
        of=found["of"],
        pages=found["pages"] or "",
        digest=digest,
        holds_original=size <= len(pdf) and sha256(pdf[:size]).hexdigest() == digest,
    )


def said(pages: Sequence[int]) -> str:
    """Pages as one writes them: 2-4, 7."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def pages_of(typed: str, most: int) -> tuple[int, ...]:
    """The pages somebody names, in order and each once: “2-4, 7”. ValueError if it names none, or one that is not there."""
    found: set[int] = set()
    for part in re.split(r"[,;]", typed):
        first, _dash, last = part.strip().replace("–", "-").partition("-")
        start = int(first)
        end = int(last) if last.strip() else start
        if not 1 <= start <= end <= most:
            raise ValueError(part)
        found |= set(range(start, end + 1))
    return tuple(sorted(found))
