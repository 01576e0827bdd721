"""A mail that came, opened: who wrote it, what it answers, what it says, its files, and everything that is not as it should be.

Nothing in it is believed: not its address, not its names of files, not its encodings. What cannot be opened says why.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from html.parser import HTMLParser
from mimetypes import guess_extension
from typing import Self, override

from motcua.documents.edxml.message import Attachment
from motcua.documents.edxml.reading import Reading, read
from motcua.documents.edxml.trees import UnreadableError
from motcua.documents.edxml.warnings import Warned
from motcua.documents.models import keyring
from motcua.documents.secrecy import Degree, degree_stamped
from motcua.documents.smime import SIGNATURES, SIGNED, signed_part, weigh
from motcua.documents.verification import Fault

MOST_PARTS, MOST_NAMES, LONGEST_TEXT, LONGEST_NAME = 200, 50, 200_000, 120
HEAD = 64 * 1024
LISTS = {"bulk", "junk", "list", "auto_reply"}
MAIL = "message/rfc822"


class ClosedError(Exception):
    """It is not opened; the message is a key of `ReceivedMail.REASONS`."""


@dataclass(frozen=True)
class Report:
    """What a mail server tells of a mail of ours (RFC 3464): delivered, failed, delayed …, and why."""

    action: str
    reason: str


@dataclass
class Opened:
    """What a mail says, as far as it can be read."""

    message_id: str
    address: str
    name: str
    subject: str
    named: list[str]  # identifiers of mails it speaks of
    is_auto: bool
    text: str = ""
    files: list[Attachment] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    edxml: Reading | None = None
    report: Report | None = None

    @property
    def degree(self) -> Degree:
        """Whether it says of itself that it is a state secret, in its subject or in an edXML file."""
        return max(degree_stamped(self.subject), self.edxml.degree if self.edxml else Degree.NONE)

    def warn(self, code: str, **about: str) -> None:
        self.warnings.append(Warned.of("", code, **about))

    @classmethod
    def headed(cls, message: EmailMessage) -> Self:
        """Its head alone."""
        name, address = parseaddr(said(message, "From"))
        named = re.findall(
            r"<[^<>\s]{1,300}>", f"{said(message, 'In-Reply-To')} {said(message, 'References')}"
        )
        auto = said(message, "Auto-Submitted").partition(";")[0].strip().lower()
        return cls(
            message_id=said(message, "Message-ID")[:500],
            address=address[:254],
            name=name[:200],
            subject=said(message, "Subject")[:500],
            named=named[-MOST_NAMES:],
            is_auto=auto not in {"", "no"}
            or said(message, "Precedence").lower() in LISTS
            or said(message, "Return-Path") == "<>"
            or any(
                name in message for name in ("X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe")
            ),
        )


def said(message: EmailMessage, name: str) -> str:
    """A line of the head as one line of signs that can be shown; empty where it cannot be read at all."""
    try:
        value = str(message.get(name, ""))
    except Exception:  # noqa: BLE001 — the library reads hostile lines, and each release another one breaks it
        return ""
    return " ".join(shown(value).split())


def shown(text: str) -> str:
    """Without signs that control, turn round or cannot be kept."""
    return "".join(
        " " if sign in "\r\n\t" else sign
        for sign in text
        if sign in "\r\n\t" or unicodedata.category(sign)[0] != "C"
    )


def head_of(raw: bytes) -> Opened:
    """What a mail says of itself in its head; the rest is not looked at."""
    return Opened.headed(parsed(re.split(rb"\r?\n\r?\n", raw[:HEAD], maxsplit=1)[0] + b"\r\n\r\n"))


def identity(raw: bytes, message_id: str) -> str:
    """The same for the same mail however it came: by its identifier and its content, without what servers wrote above it."""
    content = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1]
    return f"{message_id} {hashlib.sha256(content.replace(b'\r\n', b'\n')).hexdigest()}"


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, _class=EmailMessage, policy=SMTP)


def opened(raw: bytes) -> Opened:
    """All of it. Raises ClosedError."""
    try:
        message = parsed(raw)
        found = Opened.headed(message)
        found.report = report_of(message, found)
        if found.report is None:
            take_parts(message, found)
            weigh_signature(message, raw, found)
    except ClosedError:
        raise
    except Exception as fault:
        # Depth, broken structure, faults of the library: whatever a hostile mail does, it lies aside with a word.
        raise ClosedError("unreadable") from fault
    return found


def leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """Its parts in their order, without going into mails within it. Raises ClosedError for a bomb."""
    waiting, seen = [message], 0
    while waiting:
        part, seen = waiting.pop(0), seen + 1
        if seen > MOST_PARTS:
            raise ClosedError("parts")
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting[:0] = within(part)
        else:
            yield part


def within(part: EmailMessage) -> list[EmailMessage]:
    """The parts of a part."""
    found = part.get_payload()
    return [one for one in found if isinstance(one, EmailMessage)] if isinstance(found, list) else []


def content_of(part: EmailMessage) -> bytes:
    """What lies in a part, by whatever way it is written."""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def take_parts(message: EmailMessage, found: Opened) -> None:
    if message.get_content_type() in {
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "multipart/encrypted",
    }:
        raise ClosedError("encrypted")
    html = ""
    for part in leaves(message):
        kind, is_file = (
            part.get_content_type(),
            part.get_filename() or part.get_content_disposition() == "attachment",
        )
        if kind in SIGNATURES:
            continue
        if kind == "text/plain" and not is_file and not found.text:
            found.text = text_of(part, found)
        elif kind == "text/html" and not is_file:
            html = html or text_of(part, found)
        else:
            take_file(part, kind, found)
    if not found.text.strip() and html:
        found.text = words_in(html)
        found.warn("mail_html")
    found.text = found.text.strip()[:LONGEST_TEXT]


def take_file(part: EmailMessage, kind: str, found: Opened) -> None:
    if kind == MAIL:
        content = b"".join(one.as_bytes() for one in within(part))
        found.warn("mail_nested")
    else:
        content = content_of(part)
    name = name_of(part, kind, found)
    if not content:
        return
    found.files.append(Attachment(content_id=f"f{len(found.files)}", name=name, content=content))
    if found.edxml is None and name.lower().endswith((".edxml", ".xml")) and b"edXML" in content[:HEAD]:
        try:
            found.edxml = read(content)
        except UnreadableError as fault:
            found.warn("mail_edxml", name=name, reason=str(fault))


def name_of(part: EmailMessage, kind: str, found: Opened) -> str:
    """A name no path is in, no sign that turns it round, and no other file has."""
    named = part.get_filename() or ""
    last = re.sub(r'[:*?"<>|]', "", shown(re.split(r"[/\\]", named)[-1])).strip(". ")
    begin, dot, ending = last.rpartition(".")
    last = f"{begin[:LONGEST_NAME]}{dot}{ending[:10]}" if dot else last[:LONGEST_NAME]
    if named and last != named:
        found.warn("mail_name", name=last or "–")
    number = len(found.files) + 1
    last = last or f"tep-{number}{'.eml' if kind == MAIL else guess_extension(kind) or '.bin'}"
    return f"{number}-{last}" if any(one.name == last for one in found.files) else last


def text_of(part: EmailMessage, found: Opened) -> str:
    """What a part says; where its encoding is unknown or broken, as well as it can be read."""
    raw = content_of(part)
    try:
        return raw.decode(part.get_content_charset("utf-8")).replace("\0", "")
    except (LookupError, UnicodeDecodeError):
        found.warn("mail_encoding")
        return raw.decode("utf-8", "replace").replace("\0", "")


class Words(HTMLParser):
    """The words of a page, without what runs and how it looks."""

    HIDDEN = frozenset({"script", "style", "head", "title", "template"})
    BREAKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__()
        self.found, self.within = [""], ""

    @override
    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.within = self.within or (tag if tag in self.HIDDEN else "")
        if tag in self.BREAKS:
            self.found.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == self.within:
            self.within = ""

    @override
    def handle_data(self, data: str) -> None:
        if not self.within:
            self.found.append(" ".join(data.split()))


def words_in(html: str) -> str:
    words = Words()
    words.feed(html)
    words.close()
    return re.sub(r" *\n *", "\n", " ".join(one for one in words.found if one)).strip()


def weigh_signature(message: EmailMessage, raw: bytes, found: Opened) -> None:
    """Whose signature the mail bears, and whether it holds; a mail without one says so."""
    if message.get_content_type() != SIGNED:
        found.warn("mail_unsigned")
        return
    _content, signature = within(message)
    part = signed_part(raw, str(message.get_boundary()))
    verdict = weigh(part, content_of(signature), keyring().trusted())
    if verdict.stands:
        found.warn("mail_signed", who=verdict.who)
    elif Fault.UNTRUSTED in verdict.faults:
        found.warn("mail_untrusted", who=verdict.who)
    else:
        found.warn("mail_altered")


def report_of(message: EmailMessage, found: Opened) -> Report | None:
    """What a mail server reports; of which mail, stands in it three times, and any one is enough."""
    kind = str(message.get_param("report-type", "")).lower()
    if message.get_content_type() != "multipart/report" or kind != "delivery-status":
        return None
    report = None
    for part in leaves(message):
        if part.get_content_type() == "message/delivery-status":
            for block in within(part):
                found.named += [
                    f"<{envelope}@"
                    for envelope in re.findall(r"[0-9a-f-]{36}", said(block, "Original-Envelope-Id"))
                ]
                if "Action" in block and report is None:
                    why = said(block, "Diagnostic-Code").partition(";")[2] or said(block, "Status")
                    report = Report(said(block, "Action").lower(), why.strip()[:300])
        elif part.get_content_type() in {MAIL, "text/rfc822-headers"}:
            inner = next(iter(within(part)), None) or parsed(content_of(part))
            found.named.append(said(inner, "Message-ID"))
    return report
