"""Taking in a file: what it is, is told by its content, never by its name; what we cannot open safely is not kept."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from motcua.lib.actions import Invalid
from motcua.lib.blobs import Store

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
MOST_PAGES = 500
MOST_OBJECTS = 50_000
DEEPEST = 40
CHUNK = 64 * 1024
# Media type and pages of a file of one kind.
type Examined = Callable[[BinaryIO], tuple[str, int]]

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
ACTIVE_KEYS = {"/JS", "/JavaScript", "/Launch", "/RichMedia", "/XFA"}
ACTIVE_TYPES = {"/JavaScript", "/Launch", "/RichMedia", "/ImportData", "/SubmitForm"}


class Strange(Invalid):
    """A kind of file we do not know."""


class Damaged(Invalid):
    """A file that cannot be looked into: broken, locked, or larger than we look."""


class Active(Invalid):
    """A file in which something could run."""


@dataclass(frozen=True)
class Taken:
    """A file in the store: its media type, digest, size in bytes, and pages (1 for a picture)."""

    media: str
    digest: str
    size: int
    pages: int


def take_in(file: BinaryIO, store: Store, *, limit: int = LARGEST, field: str = "file") -> Taken:
    """Check an uploaded file and keep it. Raises Invalid with what is wrong and how to mend it."""
    size = _size(file)
    if size > limit:
        raise Invalid(
            _("The file is %(size)s MB; the limit is %(limit)s MB. Take a smaller picture or split the file.")
            % {"size": _megabytes(size), "limit": _megabytes(limit)},
            field=field,
        )
    if size == 0:
        raise Invalid(_("The file is empty. Choose it again."), field=field)
    try:
        media, pages = examine(file)
    except Invalid as fault:
        raise Invalid(str(fault), field=field) from fault
    file.seek(0)
    blob = store.put(_chunks(file), limit=limit)
    return Taken(media, blob.digest, blob.size, pages)


def examine(file: BinaryIO, kinds: Mapping[bytes, Examined] | None = None) -> tuple[str, int]:
    """Return media type and number of pages. Raises Invalid for what is unknown, broken, locked or active."""
    file.seek(0)
    start = file.read(16)
    for begins, examine_kind in (kinds or KINDS).items():
        if start.startswith(begins):
            return examine_kind(file)
    if start[4:8] == b"ftyp" and start[8:12] in HEIC_BRANDS:
        raise Strange(
            _("This computer cannot open HEIC files yet. Take the picture again or save it as JPG.")
        )
    raise Strange(_("This kind of file is not accepted. Send a PDF, a JPG or a PNG."))


def _pdf(file: BinaryIO) -> tuple[str, int]:
    file.seek(0)
    try:
        reader = PdfFileReader(io.BytesIO(file.read()), strict=False)
        locked = reader.encrypted
        pages = 0 if locked else _pages(reader)
        active = not locked and _is_active(reader)
    except Exception as fault:
        raise Damaged(
            _("The PDF file is damaged and cannot be opened. Make it again and send it again.")
        ) from fault
    if locked:
        raise Damaged(_("The PDF file is locked with a password. Remove the password and send it again."))
    if active:
        raise Active(_("The PDF file contains a program. Print it to a new PDF and send that one."))
    if not 0 < pages <= MOST_PAGES:
        raise Damaged(_("The PDF file must have from 1 to %(most)s pages.") % {"most": MOST_PAGES})
    return PDF, pages


def pages_of(pdf: bytes) -> int:
    """How many pages a file has that is known to be sound."""
    return _pages(PdfFileReader(io.BytesIO(pdf), strict=False))


def _pages(reader: PdfFileReader) -> int:
    """Count pages by walking the tree, as the number written in it may lie; stop soon after the limit."""
    waiting, seen, pages = [reader.root["/Pages"]], 0, 0
    while waiting and pages <= MOST_PAGES:
        node, seen = waiting.pop().get_object(), seen + 1
        if seen > MOST_OBJECTS:
            raise ValueError("The tree of pages has no end.")
        if "/Kids" in node:
            waiting.extend(node["/Kids"])
        else:
            pages += 1
    return pages


def _is_active(reader: PdfFileReader) -> bool:
    """Whether any object in the file could run something when opened."""
    revisions = range(reader.xrefs.total_revisions)
    references = {ref for number in revisions for ref in reader.xrefs.explicit_refs_in_revision(number)}
    if len(references) > MOST_OBJECTS:
        raise ValueError("The file has too many objects.")
    return any(_acts(reader.get_object(reference), 0) for reference in references)


def _acts(value: Any, depth: int) -> bool:
    if depth > DEEPEST:
        raise ValueError("The file nests too deeply.")
    if isinstance(value, generic.DictionaryObject):
        names = {value.raw_get(key) for key in ("/S", "/Subtype") if key in value}
        return (
            bool(ACTIVE_KEYS & set(value))
            or any(isinstance(name, str) and name in ACTIVE_TYPES for name in names)
            or any(_acts(value.raw_get(key), depth + 1) for key in value)
        )
    if isinstance(value, generic.ArrayObject):
        return any(_acts(value.raw_get(place), depth + 1) for place in range(len(value)))
    return False


def picture(media: str, name: str) -> Examined:
    """How a picture of this kind is examined."""

    def examine_picture(file: BinaryIO) -> tuple[str, int]:
        """Read the size before any pixel: a small file may unfold into a huge picture."""
        try:
            file.seek(0)
            with Image.open(file, formats=[name]) as picture:
                pixels = picture.width * picture.height
                if pixels <= MOST_PIXELS:
                    picture.load()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            pixels = MOST_PIXELS + 1
        except Exception as fault:
            raise Damaged(_("The picture is damaged and cannot be opened. Take it again.")) from fault
        if pixels > MOST_PIXELS:
            raise Damaged(_("The picture is too large: over 60 million dots. Take a smaller one."))
        return media, 1

    return examine_picture


KINDS: dict[bytes, Examined] = {
    b"%PDF-": _pdf,
    b"\x89PNG\r\n\x1a\n": picture(PNG, "PNG"),
    b"\xff\xd8\xff": picture(JPEG, "JPEG"),
}


def plain_name(name: str) -> str:
    """Return the last part of a file's name, short and without control characters, fit to be shown."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(sign for sign in last if sign.isprintable()).strip(". ")
    return shown[-100:] or "file"


def _size(file: BinaryIO) -> int:
    return file.seek(0, io.SEEK_END)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK), b"")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")
