"""The form of signatures: which rules of decree 30/2020 (art. 5, annex I) the signatures on a PDF break, whoever made it.

A signature may hold and still be shown where, or as, the decree does not allow. Only what can be told from the file is
said: where the letters of a page cannot be read, nothing is claimed of what stands beside a signature.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.reader import PdfFileReader

from motcua.documents.appearances import Box, Shown, shown
from motcua.documents.budget import budgeted
from motcua.documents.lettering import Row, rows

MM = 72 / 25.4
TIMES = re.compile(r"^(?:timesnewroman|times|tinos|liberationserif|nimbusrom|texgyretermes)", re.IGNORECASE)
ISO = re.compile(r"(\d{4}-\d\d-\d\d)T?(\d\d:\d\d:\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)")
COPIES = ("SAOY", "SAOLỤC", "TRÍCHSAO")
NEAR, BESIDE = (
    130,
    15 * MM,
)  # how far title and name may be above and below, and to the side of, a signature's middle
SEALS = (30 * MM, 45 * MM)  # the real sizes of agencies' seals
AGREES = timedelta(minutes=5)


class Breach(StrEnum):
    """A rule of the form of signing that a file does not keep; the values are what statistics count by."""

    PERSONAL_MISSING = "personal_missing"
    SEAL_MISSING = "seal_missing"
    SEAL_FIRST = "seal_first"
    TIME_AHEAD = "time_ahead"
    PERSONAL_UNSEEN = "personal_unseen"
    PERSONAL_WITHOUT_PICTURE = "personal_without_picture"
    PERSONAL_OPAQUE = "personal_opaque"
    PERSONAL_NOT_BLUE = "personal_not_blue"
    PERSONAL_ASIDE = "personal_aside"
    SEAL_UNSEEN = "seal_unseen"
    SEAL_WITHOUT_PICTURE = "seal_without_picture"
    SEAL_OPAQUE = "seal_opaque"
    SEAL_NOT_RED = "seal_not_red"
    SEAL_SIZE = "seal_size"
    SEAL_ASIDE = "seal_aside"
    CORNER_ASIDE = "corner_aside"
    CORNER_PICTURE = "corner_picture"
    CORNER_WORDS = "corner_words"
    CORNER_TIME = "corner_time"
    CORNER_TYPEFACE = "corner_typeface"
    CORNER_SIZE = "corner_size"
    CORNER_NOT_BLACK = "corner_not_black"
    COPY_OLD = "copy_old"

    @property
    def words(self) -> Promise:
        """What is not as it should be."""
        return WORDS[self][0]

    @property
    def rule(self) -> Promise:
        """Where the decree says so."""
        return WORDS[self][1]


VALUE = _("Decree 30/2020, article 5")
PERSONAL = _("Decree 30/2020, annex I, part I, II.7(d)")
SEAL = _("Decree 30/2020, annex I, part I, II.8(a)")
CORNER = _("Decree 30/2020, annex I, part I, II.8(b) and III.1(d)")
COPY = _("Decree 30/2020, annex I, part II")

WORDS: dict[Breach, tuple[Promise, Promise]] = {
    Breach.PERSONAL_MISSING: (
        _("The signature of the person in charge is missing; the agency alone has signed."),
        VALUE,
    ),
    Breach.SEAL_MISSING: (_("The agency's signature is missing; a person alone has signed."), VALUE),
    Breach.SEAL_FIRST: (
        _("The agency signed before the person did; its signature comes after the person's."),
        VALUE,
    ),
    Breach.TIME_AHEAD: (_("The time of signing is yet to come."), VALUE),
    Breach.PERSONAL_UNSEEN: (_("The personal signature is not shown on the page."), PERSONAL),
    Breach.PERSONAL_WITHOUT_PICTURE: (
        _("The personal signature is shown without a picture of the handwriting."),
        PERSONAL,
    ),
    Breach.PERSONAL_OPAQUE: (
        _("The picture of the personal signature is not transparent: it hides what stands behind it."),
        PERSONAL,
    ),
    Breach.PERSONAL_NOT_BLUE: (_("The picture of the personal signature is not blue."), PERSONAL),
    Breach.PERSONAL_ASIDE: (
        _("The personal signature does not stand in the middle between the signer's post and name."),
        PERSONAL,
    ),
    Breach.SEAL_UNSEEN: (_("The agency's signature is not shown on the page."), SEAL),
    Breach.SEAL_WITHOUT_PICTURE: (_("The agency's signature is shown without a picture of the seal."), SEAL),
    Breach.SEAL_OPAQUE: (
        _("The picture of the seal is not transparent: it hides what stands behind it."),
        SEAL,
    ),
    Breach.SEAL_NOT_RED: (_("The picture of the seal is not red."), SEAL),
    Breach.SEAL_SIZE: (_("The seal is not shown in its real size."), SEAL),
    Breach.SEAL_ASIDE: (
        _("The seal does not cover about a third of the personal signature on its left."),
        SEAL,
    ),
    Breach.CORNER_ASIDE: (
        _("The agency's signature on an attachment or copy does not stand top right on its first page."),
        CORNER,
    ),
    Breach.CORNER_PICTURE: (
        _("The agency's signature on an attachment or copy shows a picture; it is to be words alone."),
        CORNER,
    ),
    Breach.CORNER_WORDS: (
        _("The agency's signature says neither number and notation nor the kind of copy and the agency."),
        CORNER,
    ),
    Breach.CORNER_TIME: (
        _(
            "The agency's signature does not say when it was made, with date, time and time zone (ISO 8601), or says another time."
        ),
        CORNER,
    ),
    Breach.CORNER_TYPEFACE: (_("The words of the agency's signature are not in Times New Roman."), CORNER),
    Breach.CORNER_SIZE: (_("The words of the agency's signature are not of size 10."), CORNER),
    Breach.CORNER_NOT_BLACK: (_("The words of the agency's signature are not black."), CORNER),
    Breach.COPY_OLD: (_("An electronic copy is to be a PDF of version 1.4 or later."), COPY),
}


@dataclass(frozen=True)
class Breached:
    """A rule that is not kept, and by whose signature."""

    breach: Breach
    who: str = ""


def breaches(pdf: bytes) -> tuple[Breached, ...]:
    """Every rule the signatures on a PDF break, each once for a signature; none of what cannot be read or no agency signed."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        with budgeted():
            signatures = [] if reader.encrypted else shown(reader)
            written = rows(reader) if signatures else []
        found = list(_found(pdf, signatures, written))
    except Exception:  # noqa: BLE001 — whatever a hostile file makes a parser do, what cannot be read is not judged
        return ()
    return tuple(dict.fromkeys(found))


def _found(pdf: bytes, signatures: Sequence[Shown], written: Sequence[Row]) -> Iterator[Breached]:
    persons = [one for one in signatures if not one.is_seal and one.organisation]
    seals = [one for one in signatures if one.is_seal]
    yield from _alone(persons, seals)
    soon = timezone.now() + AGREES
    for one in (*persons, *seals):
        if one.at and one.at > soon:
            yield Breached(Breach.TIME_AHEAD, one.who)
    for person in persons:
        yield from _of(person, _personal(person, written))
    for seal in seals:
        in_words = _is_in_words(seal, alone=not persons)
        yield from _of(seal, _corner(pdf, seal) if in_words else _seal(seal, persons))


def _alone(persons: Sequence[Shown], seals: Sequence[Shown]) -> Iterator[Breached]:
    """Whose signature is missing, or comes in the wrong order."""
    if persons and not seals:
        yield Breached(Breach.SEAL_MISSING, persons[-1].who)
    if persons and seals and seals[0].revision < persons[-1].revision:
        yield Breached(Breach.SEAL_FIRST, seals[0].who)
    red = [] if persons else [seal for seal in seals if not _is_in_words(seal, alone=True)]
    for seal in red:
        yield Breached(Breach.PERSONAL_MISSING, seal.who)


def _of(signature: Shown, found: Iterator[Breach]) -> Iterator[Breached]:
    return (Breached(one, signature.who) for one in found)


def _is_in_words(seal: Shown, *, alone: bool) -> bool:
    """Whether this signature is one of an attachment or a copy: words, in the corner or where no person signed."""
    if seal.box is None or not seal.is_seen:
        return alone
    return not seal.pictures or (alone and _is_in_corner(seal))


def _is_in_corner(seal: Shown) -> bool:
    left, bottom, right, top = seal.page_box
    return (
        seal.page == 0
        and seal.box is not None
        and seal.box.middle > (left + right) / 2 - 1  # two beside each other meet in the middle of the page
        and seal.box.top > bottom + 0.85 * (top - bottom)
    )


def _personal(one: Shown, written: Sequence[Row]) -> Iterator[Breach]:
    if one.box is None or not one.is_seen:
        yield Breach.PERSONAL_UNSEEN
        return
    if not one.pictures:
        yield Breach.PERSONAL_WITHOUT_PICTURE
    if any(not picture.is_transparent for picture in one.pictures):
        yield Breach.PERSONAL_OPAQUE
    if any(picture.colour not in {"", "blue"} for picture in one.pictures):
        yield Breach.PERSONAL_NOT_BLUE
    beside = [part for row in written if row.page == one.page for part in row.parts()]
    if beside and not _is_between(one.box, beside):
        yield Breach.PERSONAL_ASIDE


def _is_between(box: Box, parts: Sequence[Row]) -> bool:
    """Whether words stand above and below the middle of a box, both about in its middle."""
    middle = (box.bottom + box.top) / 2
    near = [part for part in parts if abs(part.middle - box.middle) < BESIDE]
    above = any(0 < part.foot - middle < NEAR for part in near)
    below = any(0 < middle - part.foot < NEAR for part in near)
    return above and below


def _seal(one: Shown, persons: Sequence[Shown]) -> Iterator[Breach]:
    if one.box is None or not one.is_seen:
        yield Breach.SEAL_UNSEEN
        return
    if any(not picture.is_transparent for picture in one.pictures):
        yield Breach.SEAL_OPAQUE
    if any(picture.colour not in {"", "red"} for picture in one.pictures):
        yield Breach.SEAL_NOT_RED
    if not SEALS[0] <= max(one.box.width, one.box.height) <= SEALS[1]:
        yield Breach.SEAL_SIZE
    boxes = [person.box for person in persons if person.box and person.page == one.page]
    if persons and not any(_covers_a_third(one.box, box) for box in boxes):
        yield Breach.SEAL_ASIDE


def _covers_a_third(seal: Box, signature: Box) -> bool:
    """On the left, between a sixth and a half: "about a third" with room for a hand that is drawn smaller than its place."""
    across = (min(seal.right, signature.right) - max(seal.left, signature.left)) / max(signature.width, 1)
    along = min(seal.top, signature.top) - max(seal.bottom, signature.bottom)
    return seal.left < signature.left and 1 / 6 <= across <= 1 / 2 and along > 0


def _corner(pdf: bytes, one: Shown) -> Iterator[Breach]:
    if one.box is None or not one.is_seen:
        yield Breach.SEAL_UNSEEN
        return
    if not _is_in_corner(one):
        yield Breach.CORNER_ASIDE
    if one.pictures:
        yield Breach.CORNER_PICTURE
    if not one.letters:
        if not one.pictures:
            yield Breach.SEAL_WITHOUT_PICTURE
        return
    yield from _wording(one)
    if any(copy in one.words.upper() for copy in COPIES) and pdf[5:8] < b"1.4":
        yield Breach.COPY_OLD


def _wording(one: Shown) -> Iterator[Breach]:
    if not re.search(r"\d+/\w", one.words) and _close(one.who) not in _close(one.words):
        yield Breach.CORNER_WORDS
    if not _says_when(one.words, one.at):
        yield Breach.CORNER_TIME
    if not all(TIMES.match(re.sub(r"[^A-Za-z]", "", letter.typeface)) for letter in one.letters):
        yield Breach.CORNER_TYPEFACE
    if not all(9.4 <= letter.size <= 10.6 for letter in one.letters):
        yield Breach.CORNER_SIZE
    if not all(letter.is_black for letter in one.letters):
        yield Breach.CORNER_NOT_BLACK


def _close(words: str) -> str:
    return "".join(words.split()).casefold()


def _says_when(words: str, at: datetime | None) -> bool:
    found = ISO.search(words)
    if found is None:
        return False
    try:
        said = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3]}")
    except ValueError:
        return False
    return at is None or abs(said - at) <= AGREES
