"""What a file from elsewhere is, told by its bytes, and whether it could run something; it is kept whatever is found."""

import io
import zipfile
import zlib
from enum import StrEnum
from mimetypes import guess_type

from motcua.documents import intake

UNKNOWN = "application/octet-stream"
OFFICE = "application/vnd.openxmlformats-officedocument."
# The folder in the zip by which each kind of office file is known.
PARTS = {
    "word/": f"{OFFICE}wordprocessingml.document",
    "xl/": f"{OFFICE}spreadsheetml.sheet",
    "ppt/": f"{OFFICE}presentationml.presentation",
}
# Older office files, and within them the name of the store of macros, in their own encoding.
OLDER, MACROS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "_VBA_PROJECT".encode("utf-16-le")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"L\0\0\0\x01\x14\x02\0")
SCRIPTS = (b"<script", b"<html", b"<!doctype html", b"<svg", b"<hta:")
RUNNING = frozenset(
    ["bat", "cmd", "com", "cpl", "exe", "hta", "htm", "html", "jar", "js", "jse", "lnk", "msi", "ps1", "scr", "sh",
     "svg", "vbe", "vbs", "wsf"]
)  # fmt: skip
START = 64 * 1024
MOST_ENTRIES = 5_000


class Fault(StrEnum):
    """What keeps a file from being handed out as it is; the values are codes of warnings."""

    NONE = ""
    PROGRAM = "program"
    DAMAGED = "damaged"


def look(name: str, content: bytes) -> tuple[str, Fault]:
    """The media type, and what is wrong; of what nobody can look into the name says the type, and nothing else."""
    try:
        return intake.examine(io.BytesIO(content))[0], Fault.NONE
    except intake.Active:
        return UNKNOWN, Fault.PROGRAM
    except intake.Damaged:
        return UNKNOWN, Fault.DAMAGED
    except intake.Strange:
        return of_other_kinds(name, content)


def of_other_kinds(name: str, content: bytes) -> tuple[str, Fault]:
    """Files an agency sends beside PDF and pictures: tables, texts, packed ones."""
    start = content[:START].lower()
    if ending(name) in RUNNING or content.startswith(PROGRAMS) or any(one in start for one in SCRIPTS):
        return UNKNOWN, Fault.PROGRAM
    if content.startswith(b"PK"):
        return packed(content)
    if content.startswith(OLDER):
        media = guess_type(name)[0] or UNKNOWN
        return (UNKNOWN, Fault.PROGRAM) if MACROS in content else (media, Fault.NONE)
    return UNKNOWN, Fault.NONE


def packed(content: bytes) -> tuple[str, Fault]:
    """An office file of today, or a zip; macros and programs in it are told by their names."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()[:MOST_ENTRIES]
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, ValueError):
        return UNKNOWN, Fault.DAMAGED
    if any(
        ending(one) in RUNNING or "vbaproject" in one.lower() or "activex" in one.lower() for one in names
    ):
        return UNKNOWN, Fault.PROGRAM
    found = next((kind for part, kind in PARTS.items() if any(one.startswith(part) for one in names)), None)
    return found or "application/zip", Fault.NONE


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
