"""A scanned paper made an electronic copy: one PDF of its pictures, if they are sharp enough (decree 30/2020, annex I part II)."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence
from pyhanko.pdf_utils.generic import DictionaryObject, NumberObject, StreamObject, pdf_name
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from motcua.documents import intake
from motcua.documents.appearances import edges
from motcua.documents.budget import budgeted
from motcua.documents.copying import inherited, seen
from motcua.documents.lettering import pages as pages_in
from motcua.documents.operators import entries, entry
from motcua.documents.verification import LARGEST
from motcua.lib.actions import Invalid

# Dots per inch: of a scan at least; and what only screens have, as cameras write it of every picture.
LEAST, SCREEN = 200, 100
INCH, SHORT, LONG = 72.0, 210 / 25.4, 297 / 25.4
ROUNDED = 0.98  # scanners cut a line or two off a page
QUALITY, MOST_PAGES, DEEPEST = 92, 100, 3
GREY = {"L", "LA", "1", "I", "F", "I;16", "I;16B"}
TIFF = "image/tiff"
KINDS: dict[bytes, intake.Examined] = {
    **intake.KINDS,
    b"II*\x00": intake.picture(TIFF, "TIFF"),
    b"MM\x00*": intake.picture(TIFF, "TIFF"),
}


def digitised(files: Sequence[bytes]) -> bytes:
    """The scans of a paper, in their order, as one PDF. Raises Invalid where one cannot be opened, lacks colour or is not sharp.

    One sound PDF whose pages stand upright stays as it is, byte for byte.
    """
    if not files:
        raise Invalid(_("Choose the scans of the paper."), field="scans")
    kinds = [_kind(place, file) for place, file in enumerate(files, start=1)]
    try:
        with budgeted():
            done = _put_together(files, kinds)
    except Invalid:
        raise
    except Exception as fault:  # whatever strange files make the readers say
        raise Invalid(
            _("The scans cannot be read. Scan the paper once more, as JPG or PDF."), field="scans"
        ) from fault
    if len(done) > LARGEST:
        raise Invalid(_("The scans are too large together. Scan them at 200 to 300 dpi."), field="scans")
    return done


def _put_together(files: Sequence[bytes], kinds: Sequence[str]) -> bytes:
    if kinds == [intake.PDF] and _stays(files[0]):
        return files[0]
    writer = PdfFileWriter()
    for place, (kind, file) in enumerate(zip(kinds, files, strict=True), start=1):
        for page in _of_pdf(place, file, writer) if kind == intake.PDF else _of_picture(place, file, writer):
            writer.insert_page(page)
            if writer.root["/Pages"]["/Count"] > MOST_PAGES:
                raise Invalid(_("A scan has at most %(most)s pages.") % {"most": MOST_PAGES}, field="scans")
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


def _stays(pdf: bytes) -> bool:
    """Whether it is new enough, stands upright, and is written so that a signature on it will be found to hold."""
    if any(inherited(page, "/Rotate") for page, _resources in _sharp_pages(1, pdf)) or pdf[5:8] < b"1.4":
        return False
    try:
        return "/Pages" in PdfFileReader(io.BytesIO(pdf)).root
    except PdfError:
        return False


def _kind(place: int, file: bytes) -> str:
    """What a file is by its content. Raises Invalid, and says which of the files it is."""
    if len(file) > intake.LARGEST:
        raise Invalid(_("File %(place)s is larger than 10 MB.") % {"place": place}, field="scans")
    try:
        return intake.examine(io.BytesIO(file), KINDS)[0]
    except Invalid as fault:
        raise Invalid(
            _("File %(place)s: %(fault)s") % {"place": place, "fault": fault}, field="scans"
        ) from fault


def _blurred(place: int, page: int, dots: float) -> Invalid:
    words = {"place": place, "page": page, "dots": round(dots), "least": LEAST}
    return Invalid(
        _(
            "File %(place)s, page %(page)s has %(dots)s dots per inch; an electronic copy needs at least %(least)s. "
            "Scan it again at its full size, or photograph it from nearer."
        )
        % words,
        field="scans",
    )


def _colourless(place: int, page: int) -> Invalid:
    return Invalid(
        _(
            "File %(place)s, page %(page)s is black and white or grey; an electronic copy is in colour. "
            "Set the scanner to colour and scan it again."
        )
        % {"place": place, "page": page},
        field="scans",
    )


def _of_picture(place: int, file: bytes, writer: PdfFileWriter) -> Iterator[PageObject]:
    with Image.open(io.BytesIO(file), formats=["JPEG", "PNG", "TIFF"]) as opened:
        # What a camera lays behind its picture (a smaller one, another focus) is no page.
        frames = ImageSequence.Iterator(opened) if opened.format == "TIFF" else [opened]
        for number, frame in enumerate(frames, start=1):
            if number > MOST_PAGES or frame.width * frame.height > intake.MOST_PIXELS:
                raise Invalid(_("File %(place)s is too large.") % {"place": place}, field="scans")
            if frame.mode in GREY:
                raise _colourless(place, number)
            dots = density(frame)
            if dots < LEAST * ROUNDED:
                raise _blurred(place, number, dots)
            yield _page(_packed(file, frame), dots, writer)


def density(picture: Image.Image) -> float:
    """Dots per inch: what the scanner says, else as many as there are if the paper is of size A4."""
    told = picture.info.get("dpi", (0, 0))
    least: float = min(float(one) for one in told)
    short, long = sorted(picture.size)
    return least if least > SCREEN else max(short / SHORT, long / LONG)


def _packed(file: bytes, frame: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """The picture as JPEG and its size: as it came where it stands upright and is one already."""
    turned = frame.getexif().get(0x0112, 1) != 1
    if frame.format == "JPEG" and not turned and frame.mode == "RGB":
        return file, frame.size
    plain = (ImageOps.exif_transpose(frame) or frame).convert("RGB")
    done = io.BytesIO()
    plain.save(done, "JPEG", quality=QUALITY)
    return done.getvalue(), plain.size


def _page(packed: tuple[bytes, tuple[int, int]], dots: float, writer: PdfFileWriter) -> PageObject:
    """A page as large as the paper, all of it the picture."""
    content, (across, down) = packed
    image = StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Image"),
            pdf_name("/Width"): NumberObject(across),
            pdf_name("/Height"): NumberObject(down),
            pdf_name("/ColorSpace"): pdf_name("/DeviceRGB"),
            pdf_name("/BitsPerComponent"): NumberObject(8),
            pdf_name("/Filter"): pdf_name("/DCTDecode"),
        },
        encoded_data=content,
    )
    width, height = across * INCH / dots, down * INCH / dots
    drawn = StreamObject(stream_data=b"q %.3f 0 0 %.3f 0 0 cm /Scan Do Q" % (width, height))
    shows = DictionaryObject({pdf_name("/Scan"): writer.add_object(image)})
    resources = DictionaryObject({pdf_name("/XObject"): shows})
    return PageObject(writer.add_object(drawn), (0, 0, width, height), resources)


def _of_pdf(place: int, file: bytes, writer: PdfFileWriter) -> Iterator[PageObject]:
    for page, resources in _sharp_pages(place, file):
        yield seen(page, resources, writer)


def _sharp_pages(place: int, file: bytes) -> list[Any]:
    """The pages with their resources. Raises Invalid where one shows no picture, none in colour, or none that is sharp."""
    if intake.pages_of(file) > MOST_PAGES:
        raise Invalid(_("A scan has at most %(most)s pages.") % {"most": MOST_PAGES}, field="scans")
    found = pages_in(PdfFileReader(io.BytesIO(file), strict=False))
    for number, (page, resources) in enumerate(found, start=1):
        left, foot, right, top = edges(page)
        short, long = sorted(((right - left) / INCH, (top - foot) / INCH))
        pictures = list(_pictures(resources, 0))
        if not pictures:
            raise Invalid(
                _(
                    "File %(place)s, page %(page)s is no scan: there is no picture on it. "
                    "A paper is made an electronic copy by scanning it."
                )
                % {"place": place, "page": number},
                field="scans",
            )
        if not any(_is_coloured(one) for one in pictures):
            raise _colourless(place, number)
        sizes = [sorted((int(entry(one, "/Width", 0)), int(entry(one, "/Height", 0)))) for one in pictures]
        dots = max(min(one[0] / max(short, 0.1), one[1] / max(long, 0.1)) for one in sizes)
        if dots < LEAST * ROUNDED:
            raise _blurred(place, number, dots)
    return found


def _pictures(resources: Any, depth: int) -> Iterator[Any]:
    """Each picture a page shows, also within forms."""
    shows = entry(resources, "/XObject", {}) if depth < DEEPEST else {}
    for name in list(shows)[:20]:
        one = shows[name]
        if entry(one, "/Subtype") == "/Image":
            yield one
        elif entry(one, "/Subtype") == "/Form":
            yield from _pictures(entry(one, "/Resources", {}), depth + 1)


def _is_coloured(picture: Any) -> bool:
    """Whether it can show colours; a kind of colour nobody knows here is taken for one."""
    if entry(picture, "/ImageMask"):
        return False
    space = entry(picture, "/ColorSpace", "")
    if isinstance(space, list):
        kind, *more = entries(space)
        if kind == "/ICCBased":
            return int(entry(more[0], "/N", 3)) > 1
        if kind == "/Indexed":
            return "Gray" not in str(more[0])
        space = kind
    return str(space) not in {"/DeviceGray", "/CalGray", "/G"}
