"""From the bytes of a file to its tree: what is certain is mended and noted, what is dangerous or unclear is refused."""

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree

from motcua.documents.edxml.warnings import Note

QCVN = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
# Prefixes that are found without a declaration; everything else is taken for the message's own.
KNOWN = {
    "xlink": "http://www.w3.org/1999/xlink",
    "ds": DSIG,
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
LARGEST = 300 * 1024 * 1024
ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"iso-8859-1", b"windows-1252", b"windows-1258"})
DEEPEST = 40
MOST_ELEMENTS = 20_000
MOST_JUNK = 1024
MOST_PREFIXES = 16
UNDECLARED = re.compile(r"Namespace prefix ([A-Za-z_][\w.-]*) .*not defined")

# libxml2's own limit of ten million characters a text would refuse an attachment of eight megabytes; what the limit guards
# against are entities, and those are refused before.
PARSER = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_pis": True,
    "huge_tree": True,
}

type Words = Promise | str


class UnreadableError(Exception):
    """The message is refused: `place` says where, the words say why."""

    def __init__(self, words: Words, *, place: str = "") -> None:
        super().__init__(str(words))
        self.words = words
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else str(self.words)


def tree_of(raw: bytes, note: Note) -> etree._Element:
    """The root element of a message's file; raises UnreadableError."""
    if len(raw) > LARGEST:
        raise UnreadableError(_("The file is larger than 300 MB."))
    raw = without_junk(in_utf8(raw), note)
    refuse_declarations(raw)
    root = parsed(raw, note)
    bounded(root)
    return root


def in_utf8(raw: bytes) -> bytes:
    """The same text in UTF-8 if it came in UTF-16, so that nothing can hide from what looks at bytes."""
    for mark, name in (
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"<\0?\0", "utf-16-le"),
        (b"\0<\0?", "utf-16-be"),
    ):
        if raw.startswith(mark):
            try:
                words = raw.decode(name)
            except UnicodeDecodeError as error:
                raise UnreadableError(
                    _("The file's letters cannot be read: they are in no known encoding.")
                ) from error
            return re.sub(r'(<\?xml[^>]*?)\s+encoding="[^"]*"', r"\1", words, count=1).encode()
    return raw.removeprefix(b"\xef\xbb\xbf")


def refuse_declarations(raw: bytes) -> None:
    """Refuses document types and entities, and encodings in which they could hide; a `<` in a text is written otherwise."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", raw, re.IGNORECASE):
        raise UnreadableError(_("The file declares a document type or entities; a message may not."))
    encoding = re.match(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""", raw)
    if encoding and encoding.group(1).lower() not in ENCODINGS:
        raise UnreadableError(_("The file's letters cannot be read: they are in no known encoding."))


def without_junk(raw: bytes, note: Note) -> bytes:
    """Without what stands before the message begins and after it ends, where that is little and has no elements."""
    start = raw.find(b"<")
    if not 0 <= start <= MOST_JUNK:
        raise UnreadableError(_("This is not an edXML message: no element begins in it."))
    end = raw.rfind(b">") + 1
    for junk, code in ((raw[:start], "junk_before"), (raw[end:], "junk_after")):
        if junk.strip(b"\0 \t\r\n"):
            note("", code, junk=junk[:20].decode(errors="replace"))
    return raw[start:end]


def parsed(raw: bytes, note: Note) -> etree._Element:
    """The tree; prefixes nobody declared are declared at the root. They are all told of at once, so twice is enough."""
    parser = etree.XMLParser(**PARSER)
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        undeclared = sorted(undeclared_in(parser))
        if not 0 < len(undeclared) <= MOST_PREFIXES:
            raise unreadable(error) from error
    try:
        root = etree.fromstring(_declaring(undeclared, raw), etree.XMLParser(**PARSER))
    except etree.XMLSyntaxError as error:
        raise unreadable(error) from error
    for prefix in undeclared:
        note("", "prefix", prefix=prefix)
    return root


def _declaring(prefixes: Iterable[str], raw: bytes) -> bytes:
    """The file with these prefixes declared at its first element."""
    declared = b"".join(f' xmlns:{prefix}="{KNOWN.get(prefix, QCVN)}"'.encode() for prefix in prefixes)
    return re.sub(rb"<([A-Za-z][\w:.-]*)", lambda found: found.group() + declared, raw, count=1)


def undeclared_in(parser: etree.XMLParser) -> set[str]:
    """The prefixes the parser missed a declaration of, by its own log: that of the fault tells of files read before as well."""
    found = (UNDECLARED.search(entry.message) for entry in parser.error_log)
    return {match.group(1) for match in found if match}


def unreadable(error: etree.XMLSyntaxError) -> UnreadableError:
    line, column = error.position
    return UnreadableError(
        _("The file is not XML from line %(line)s, column %(column)s on.") % {"line": line, "column": column}
    )


def bounded(root: etree._Element) -> None:
    """Refuses what is deeper or has more elements than any message: it was made to be a burden."""
    depth = 0
    for count, (event, _element) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST or count > 2 * MOST_ELEMENTS:
            raise UnreadableError(
                _("The file is nested deeper, or has more elements, than a message can have.")
            )


def local(element: etree._Element) -> str:
    """The name without its namespace; empty for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
