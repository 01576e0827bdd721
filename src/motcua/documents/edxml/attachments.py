"""The files of a message: in base64, some kinds as they are, all others in a zip of one entry."""

import base64
import binascii
import io
import re
import zipfile
import zlib

from django.utils.translation import gettext_lazy as _

from motcua.documents.edxml.message import Attachment
from motcua.documents.edxml.trees import UnreadableError
from motcua.documents.edxml.warnings import Note

ZIP = "application/zip"
# What goes as it is, by its name's ending; the vendors' library packs everything else.
AS_THEY_ARE = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
LARGEST = 200 * 1024 * 1024
ALL_TOGETHER = 300 * 1024 * 1024
LONGEST_NAME = 255


def unpacked(  # noqa: PLR0913 — one for each part of an attachment
    content_id: str,
    *,
    name: str,
    description: str,
    content_type: str,
    encoded: str,
    place: str,
    note: Note,
    left: int = ALL_TOGETHER,
) -> Attachment:
    """An attachment with its own content; raises UnreadableError if that cannot be had or its name leads elsewhere.

    `left` is how many bytes the message's attachments may still unpack to.
    """
    refuse_name(name, place)
    content = decoded(encoded, place)
    if content_type.lower() == ZIP:
        content = out_of_zip(content, name, place, note, left)
    if len(content) > left:
        raise UnreadableError(
            _("The attachments are larger than %(size)s MB all together once unpacked.")
            % {"size": ALL_TOGETHER // 1024**2},
            place=place,
        )
    return Attachment(content_id=content_id, name=name, description=description, content=content)


def refuse_name(name: str, place: str) -> None:
    """Refuses a name that is none, or that leads out of a folder."""
    if not name or len(name) > LONGEST_NAME or name in {".", ".."} or re.search(r"[/\\\x00-\x1f\x7f:]", name):
        raise UnreadableError(
            _("“%(name)s” cannot be the name of a file.") % {"name": name[:60]},
            place=f"{place}/AttachmentName",
        )


def decoded(encoded: str, place: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s+", "", encoded), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError(
            _("The attachment's content is not base64."), place=f"{place}/ContentTransferEncoded"
        ) from error


def out_of_zip(packed: bytes, name: str, place: str, note: Note, left: int = ALL_TOGETHER) -> bytes:
    """The one file in a zip; what is called a zip and is none, or holds several files, was attached as it is."""
    if not packed.startswith(b"PK"):
        note(place, "no_zip")
        return packed
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            entries = archive.infolist()
            if len(entries) != 1:
                note(place, "many_in_zip", count=len(entries))
                return packed
            refuse_name(entries[0].filename, place)
            content = read_at_most(archive, entries[0], place, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableError(
            _("The zip file of this attachment is damaged or locked."), place=place
        ) from error
    if ending(entries[0].filename) != ending(name):
        if ending(name) == "zip":
            # Somebody's own zip of one file, not packed once more.
            return packed
        note(place, "other_name", name=name, entry=entries[0].filename[:60])
    return content


def read_at_most(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str, left: int) -> bytes:
    """What an entry holds, one byte more than is left at most; what it says of its size is not believed."""
    with archive.open(entry) as file:
        content = file.read(min(LARGEST, left) + 1)
    if len(content) > LARGEST:
        raise UnreadableError(_("The attachment is larger than 200 MB once unpacked."), place=place)
    return content


def packed(attachment: Attachment) -> tuple[str, str]:
    """The content type and the base64 text under which an attachment is sent."""
    kind = AS_THEY_ARE.get(ending(attachment.name))
    content = attachment.content if kind else in_zip(attachment)
    return kind or ZIP, base64.b64encode(content).decode()


def in_zip(attachment: Attachment) -> bytes:
    """A zip of one entry, the same bytes for the same file: its entry bears no time."""
    into = io.BytesIO()
    entry = zipfile.ZipInfo(
        f"{re.sub(r'[^\w-]', '', attachment.content_id) or 'file'}.{ending(attachment.name) or 'bin'}"
    )
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr(entry, attachment.content)
    return into.getvalue()


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
