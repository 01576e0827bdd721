"""A document made in any word processor: where it leaves room for number, day and signatures, and how that room is filled.

Annex I of decree 30/2020 says where each stands; the file says where exactly, by the words around the gap.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils import timezone
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields

from motcua.documents import press
from motcua.documents.lettering import Letter, Row, rows
from motcua.documents.placing import Words

FILLING = r"[.…_]*"  # what people type where something is still to be written
NUMBER = re.compile(rf"Số:?(?P<gap>{FILLING})(?P<said>\d*){FILLING}/(?P<notation>[\w&.\-–/]+)", re.IGNORECASE)
DAY = re.compile(
    rf"ngày(?P<day>{FILLING}\d*{FILLING})tháng(?P<month>{FILLING}\d*{FILLING})năm(?P<year>{FILLING}\d*{FILLING})",
    re.IGNORECASE,
)
# Points: two digits in size 13; four digits; a hand between post and name.
ROOM_OF_TWO, ROOM_OF_FOUR, ROOM_OF_A_HAND = 12.0, 24.0, 50.0
TALLEST, BESIDE = 30 * press.MM, 40 * press.MM


class NoRoom(ValueError):
    """The file leaves no room for what is to stand on it; the words say which, and how to leave it."""


@dataclass(frozen=True)
class Gap:
    """Where something is to be written: from here to there, on this line, in letters of this size."""

    left: float
    right: float
    foot: float
    size: float


@dataclass(frozen=True)
class Room:
    """What a first page leaves open: the number before its notation, and day, month and perhaps year of the date."""

    number: Gap
    notation: str
    day: tuple[Gap, ...]
    year: str


def room(pdf: bytes) -> Room:
    """The room a file leaves for number and day. Raises NoRoom with what is missing and how to leave it."""
    first = [row for row in _rows(pdf) if row.page == 0]
    if not first:
        raise NoRoom(
            _(
                "No letters can be read on the first page: it is a picture. Save the document as PDF from where it was written."
            )
        )
    number, notation = _number(first)
    day, year = _day(first)
    return Room(number, notation, day, year)


def filled(pdf: bytes, *, number: str, on: date, signer: str) -> bytes:
    """The file with its number and day written in, and empty places for the signatures above the signer's name.

    `number` is the part before the notation. Raises NoRoom, also for another year than the one printed.
    """
    found = room(pdf)
    if found.year and found.year != str(on.year):
        raise NoRoom(
            _("The document says the year %(said)s and is signed in %(year)s.")
            % {"said": found.year, "year": on.year}
        )
    person = signature_room(pdf, signer)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    month = (
        f"{on.month:02}" if on.month < 3 else str(on.month)
    )  # annex I: days below 10, months 1 and 2 take a nought
    for gap, said in zip(
        (found.number, *found.day), (number, f"{on.day:02}", month, str(on.year)), strict=False
    ):
        _write(writer, gap, said)
    for name, page, box in person:
        append_signature_field(writer, SigFieldSpec(name, on_page=page, box=box))
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


def is_signed(pdf: bytes) -> bool:
    """Whether a file bears a signature, or a place for one, already."""
    return any(True for _one in enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf), strict=False)))


def _rows(pdf: bytes) -> list[Row]:
    try:
        return rows(PdfFileReader(io.BytesIO(pdf), strict=False))
    except Exception as fault:  # whatever strange files make the readers say
        raise NoRoom(_("The PDF cannot be read. Save the document as PDF once more.")) from fault


def _number(first: Sequence[Row]) -> tuple[Gap, str]:
    for row in first:
        found = NUMBER.search(row.words)
        if not found:
            continue
        notation = _together(row.letters[found.start("notation") : found.end("notation")])
        if found["said"]:
            raise NoRoom(
                _(
                    "The number %(number)s stands on it already. Numbers are given when it is signed: "
                    "leave “Số:      /%(notation)s”."
                )
                % {"number": found["said"], "notation": notation}
            )
        gap = _between(row.letters[found.start("gap") - 1], row.letters[found.start("notation") - 1])
        if gap.right - gap.left < ROOM_OF_TWO:
            raise NoRoom(
                _(
                    "There is too little room for the number. Leave about six spaces: “Số:      /%(notation)s”."
                )
                % {"notation": notation}
            )
        return gap, notation
    raise NoRoom(
        _(
            "The line of the number was not found. Write below the agency's name “Số:      /” and the notation, "
            "with room between."
        )
    )


def _together(letters: Sequence[Letter]) -> str:
    """The letters up to the first gap: what stands in the next column is no notation."""
    said = letters[0].sign
    for before, after in pairwise(letters):
        if after.left - before.right > 0.6 * before.size:
            break
        said += after.sign
    return said


def _day(first: Sequence[Row]) -> tuple[tuple[Gap, ...], str]:
    words = _(
        "Leave “ngày      tháng      năm %(year)s” with room for day and month; they are written when it is signed."
    ) % {"year": timezone.localdate().year}
    for row in first:
        found = DAY.search(row.words)
        if not found:
            continue
        if any(re.search(r"\d", found[name]) for name in ("day", "month")):
            raise NoRoom(_("The day stands on it already. ") + words)
        letters = row.letters
        gaps = [
            _between(letters[found.start("day") - 1], letters[found.end("day")]),
            _between(letters[found.start("month") - 1], letters[found.end("month")]),
        ]
        year = re.sub(r"\D", "", found["year"])
        if not year:
            after = letters[found.end("year")] if found.end("year") < len(letters) else None
            start = letters[found.start("year") - 1]
            gaps.append(
                Gap(
                    start.right, after.left if after else start.right + 4 * start.size, start.foot, start.size
                )
            )
        wanted = (ROOM_OF_TWO, ROOM_OF_TWO, ROOM_OF_FOUR)
        if any(gap.right - gap.left < least for gap, least in zip(gaps, wanted, strict=False)):
            raise NoRoom(_("There is too little room for the day. ") + words)
        return tuple(gaps), year
    raise NoRoom(_("The line of place and day was not found. ") + words)


def _between(before: Letter, after: Letter) -> Gap:
    return Gap(before.right, after.left, before.foot, before.size)


def signature_room(pdf: bytes, signer: str) -> list[tuple[str, int, tuple[int, int, int, int]]]:
    """The places of the personal signature and of the seal over its left third, as field, page and box. Raises NoRoom."""
    parts = [part for row in _rows(pdf) for part in row.parts()]
    wanted = "".join(signer.split()).casefold()
    named = [part for part in parts if part.words.casefold() == wanted]
    if not named:
        raise NoRoom(
            _(
                "“%(name)s” does not stand on it by itself on a line. Write post and name of who signs at its end."
            )
            % {"name": signer}
        )
    name = named[-1]
    above = [
        part.foot
        for part in parts
        if part.page == name.page
        and part.foot > name.foot + name.size
        and abs(part.middle - name.middle) < BESIDE
    ]
    foot, top = name.foot + name.size + 2, min(above, default=name.foot + name.size + 2 + TALLEST) - 4
    if top - foot < ROOM_OF_A_HAND:
        raise NoRoom(
            _(
                "There is too little room between post and name of who signs. Leave five empty lines of size 14 there."
            )
        )
    height = min(top - foot, TALLEST)
    low = foot + (top - foot - height) / 2
    return list(_places(name.page, name.middle, low, height))


def _places(
    page: int, middle: float, foot: float, height: float
) -> Iterator[tuple[str, int, tuple[int, int, int, int]]]:
    left, right = middle - press.SIGNATURE_WIDTH / 2, middle + press.SIGNATURE_WIDTH / 2
    yield "signer", page, press.box(left, foot, right, foot + height)
    edge = left + press.SIGNATURE_WIDTH / 3
    low = foot + (height - press.SEAL_DIAMETER) / 2
    yield "seal", page, press.box(edge - press.SEAL_DIAMETER, low, edge, low + press.SEAL_DIAMETER)


def _write(writer: IncrementalPdfFileWriter, gap: Gap, said: str) -> None:
    """Write in the middle of a gap, in its size or smaller if it is narrow."""
    words = Words(press.vector("line", {"words": said, "size": f"{gap.size:.2f}"}), writer)
    drawn = words.render()
    width = words.box.width
    scale = min(1.0, (gap.right - gap.left - 1) / width)
    left = (gap.left + gap.right - width * scale) / 2
    place = b"q %.3f 0 0 %.3f %.2f %.2f cm " % (scale, scale, left, gap.foot)
    words.put(writer, place + drawn + b" Q")
