"""How the signatures of a PDF are shown: on which page, where, with which pictures and which letters."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature

from motcua.documents.budget import Spent, spend
from motcua.documents.lettering import Letter, letters_of, pages
from motcua.documents.operators import content_of, entry
from motcua.documents.verification import signer_of

MOST_SIGNATURES, MOST_PICTURES, MOST_PIXELS, DEEPEST = 50, 20, 20_000_000, 4
MOST_REASON = 500
HIDDEN = 2 | 32  # annotation flags: hidden, not shown
VIVID = 60  # how far red, green and blue are apart in what is called a colour


@dataclass(frozen=True)
class Box:
    """A place on a page, in points from its foot."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Picture:
    """A picture in a signature: whether what lies behind shows through, and its colour where that can be told."""

    is_transparent: bool
    colour: str = ""


@dataclass(frozen=True)
class Shown:
    """A signature as a reader sees it."""

    who: str
    organisation: str
    is_seal: bool
    at: datetime | None
    revision: int
    page: int = 0
    page_box: tuple[float, float, float, float] = (0, 0, 0, 0)
    box: Box | None = None
    pictures: tuple[Picture, ...] = ()
    letters: tuple[Letter, ...] = ()
    draws: bool = False
    reason: str = ""

    @property
    def words(self) -> str:
        """What it says, without spaces and from the top down as it was drawn."""
        return "".join(letter.sign for letter in self.letters)

    @property
    def is_seen(self) -> bool:
        """Whether anything of it is on the page."""
        return self.box is not None and (bool(self.pictures) or bool(self.letters) or self.draws)


def shown(reader: PdfFileReader) -> list[Shown]:
    """The signatures of a file in the order they were made; one that cannot be read is left out."""
    found: list[Shown] = []
    for name, filled, sig_field in enumerate_sig_fields(reader):
        if filled is None or len(found) >= MOST_SIGNATURES:
            continue
        try:
            embedded = EmbeddedPdfSignature(reader, sig_field, name)
            if entry(filled.get_object(), "/Type", "/Sig") == "/Sig":
                found.append(_shown(reader, embedded, sig_field.get_object()))
        except Exception:  # noqa: BLE001, S112 — a broken signature is for the verdict, not for its form
            continue
    return sorted(found, key=lambda one: one.revision)


def _shown(reader: PdfFileReader, embedded: EmbeddedPdfSignature, sig_field: Any) -> Shown:
    signer = signer_of(embedded.signer_cert)
    at = embedded.self_reported_timestamp
    base = {
        "who": signer["who"],
        "organisation": signer["organisation"],
        "is_seal": signer["role"] == "seal",
        "at": at if at and at.tzinfo else None,
        "revision": embedded.signed_revision,
        "reason": str(entry(embedded.sig_object, "/Reason", ""))[:MOST_REASON],
    }
    widget = sig_field["/Kids"][0].get_object() if "/Kids" in sig_field else sig_field
    place = page_of(reader, widget)
    corners = [float(edge) for edge in entry(widget, "/Rect", (0, 0, 0, 0))]
    box = Box(min(corners[::2]), min(corners[1::2]), max(corners[::2]), max(corners[1::2]))
    hidden = int(entry(widget, "/F", 0)) & HIDDEN
    if place is None or hidden or box.width < 1 or box.height < 1:
        return Shown(**base)
    page, page_box = place
    drawn = entry(entry(widget, "/AP", {}), "/N")
    if drawn is None or not hasattr(drawn, "encoded_data"):
        return Shown(**base, page=page, page_box=page_box, box=box)
    content = content_of(drawn)
    return Shown(
        **base,
        page=page,
        page_box=page_box,
        box=box,
        pictures=tuple(pictures_in(drawn, 0)),
        letters=tuple(
            scaled(letter, drawn, box) for letter in letters_of(content, entry(drawn, "/Resources", {}))
        ),
        draws=bool(content.strip(b"qQ \r\n\0")),
    )


def scaled(letter: Letter, drawn: Any, box: Box) -> Letter:
    """A letter as large as it is on the page: the appearance is stretched to its box."""
    edges = [float(edge) for edge in entry(drawn, "/BBox", (0, 0, box.width, box.height))]
    factor = box.height / max(abs(edges[3] - edges[1]), 0.01)
    return Letter(
        letter.sign,
        letter.left,
        letter.right,
        letter.foot,
        letter.size * factor,
        letter.typeface,
        letter.is_black,
    )


def page_of(reader: PdfFileReader, widget: Any) -> tuple[int, tuple[float, float, float, float]] | None:
    """Which page an annotation stands on, and the edges of that page."""
    for number, (page, _resources) in enumerate(pages(reader)):
        annotations = entry(page, "/Annots", ())
        if any(one.get_object() is widget or one.get_object() == widget for one in annotations):
            return number, edges(page)
    return None


def edges(page: Any) -> tuple[float, float, float, float]:
    node = page
    while "/MediaBox" not in node and "/Parent" in node:
        node = node["/Parent"]
    left, bottom, right, top = (float(edge) for edge in entry(node, "/MediaBox", (0, 0, 595, 842)))
    return left, bottom, right, top


def pictures_in(form: Any, depth: int) -> Iterator[Picture]:
    """The pictures a form shows, also within forms in it."""
    inside = entry(entry(form, "/Resources", {}), "/XObject", {}) if depth < DEEPEST else {}
    for name in list(inside)[:MOST_PICTURES]:
        one = inside[name]
        spend(Spent.PICTURES)
        if entry(one, "/Subtype") == "/Image":
            yield Picture(lets_through(one), colour_of(one))
        elif entry(one, "/Subtype") == "/Form":
            yield from pictures_in(one, depth + 1)


def lets_through(picture: Any) -> bool:
    """Whether what lies behind a picture shows anywhere; a mask that covers all of it hides as much as none."""
    mask = entry(picture, "/SMask")
    if mask is None or not hasattr(mask, "encoded_data"):
        return "/Mask" in picture
    dots = content_of(mask)
    return not dots or any(dot < 250 for dot in dots)


def colour_of(picture: Any) -> str:
    """The colour most of the coloured dots have: "blue", "red", another's or "grey"; empty where it cannot be told."""
    dots = dots_of(picture)
    if dots is None:
        return ""
    counted = {"blue": 0, "red": 0, "other": 0}
    for red, green, blue in dots:
        if max(red, green, blue) - min(red, green, blue) < VIVID:
            continue
        if blue > red + VIVID / 2 and blue > green:
            counted["blue"] += 1
        elif red > green + VIVID / 2 and red > blue + VIVID / 2:
            counted["red"] += 1
        else:
            counted["other"] += 1
    return max(counted, key=lambda name: counted[name]) if any(counted.values()) else "grey"


def dots_of(picture: Any) -> list[tuple[int, int, int]] | None:
    """Some dots of a picture, where it is stored in a way that can be read cheaply."""
    width, height = int(entry(picture, "/Width", 0)), int(entry(picture, "/Height", 0))
    if not 0 < width * height <= MOST_PIXELS:
        return None
    packed = entry(picture, "/Filter")
    names = [packed] if isinstance(packed, str) else list(packed or ())
    try:
        if names == ["/DCTDecode"]:
            packed_image = Image.open(io.BytesIO(picture.encoded_data), formats=["JPEG"])
            if packed_image.size != (width, height):
                return None
            spend(Spent.BYTES, 3 * width * height)
            image = packed_image.convert("RGB")
        else:
            raw = content_of(picture)
            if len(raw) < 3 * width * height or int(entry(picture, "/BitsPerComponent", 8)) != 8:
                return None
            image = Image.frombytes("RGB", (width, height), raw[: 3 * width * height])
    except (OSError, ValueError, zlib.error):
        return None
    small = image.resize((min(width, 160), min(height, 160)), Image.Resampling.NEAREST)
    return [dot for dot in small.get_flattened_data() if isinstance(dot, tuple)]
