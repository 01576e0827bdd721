"""A document as an e-mail: plain words, the signed files and the edXML file, and over all of it the agency's signature."""

import re
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import localtime
from mimetypes import guess_type

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.dispatches.models import Correspondent, Incoming, SentMail
from motcua.documents.edxml.message import Code, Document, Purpose
from motcua.documents.models import keyring
from motcua.documents.smime import signed
from motcua.lib.actions import Invalid, NotNow
from motcua.organisations.models import Agency

MEGABYTE = 1024 * 1024


def document_mail(message: Document, raw: bytes, mail: SentMail, to: Correspondent) -> bytes:
    """The mail by which a message of the axis, `raw` as it is, goes to somebody who reads none. Raises Invalid, NotNow."""
    agency = Agency.objects.get(pk=mail.agency)
    code = message.header.code or Code()
    number = "/".join(part for part in (code.number, code.notation) if part)
    with override("vi"):
        subject, text = worded(message, number, agency, to)
        part = MIMEPart(policy=SMTP)
        part.set_content(text, charset="utf-8", cte="base64")
        for one in message.attachments:
            part.add_attachment(one.content, "application", subtype_of(one.name), filename=one.name)
        part.add_attachment(
            raw, "application", "xml", filename=f"{number.replace('/', '-') or 'van-ban'}.edxml"
        )
    return enveloped(part, mail, agency, subject)


def subtype_of(name: str) -> str:
    """Of which kind of `application` a file is; what is of another kind is shown by no mail program, but saved."""
    maintype, _slash, subtype = (guess_type(name)[0] or "").partition("/")
    return subtype if maintype == "application" else "octet-stream"


def worded(message: Document, number: str, agency: Agency, to: Correspondent) -> tuple[str, str]:
    """Subject and text: which document it is, what is attached, how to answer."""
    header, business = message.header, message.traces.business
    on = header.promulgation.on if header.promulgation else None
    about = {
        "agency": header.sender.name if header.sender else agency.name_vi,
        "number": number,
        "day": date_format(on, "d/m/Y") if on else "–",
        "subject": header.subject or header.content,
        "reason": business.reason if business else "",
    }
    lines = [_("To: %(name)s") % {"name": to.name}]
    if message.purpose is Purpose.RECALL:
        lines.append(
            _(
                "%(agency)s recalls document %(number)s of %(day)s. Reason: %(reason)s\n"
                "Please do not use it any more, delete it, and reply to this mail when that is done."
            )
            % about
        )
        return _("Recall of document %(number)s") % about, closed(lines)
    lines.append(_("%(agency)s sends document %(number)s of %(day)s: %(subject)s") % about)
    names = [f"- {one.name}" for one in message.attachments]
    lines.append(
        "\n".join([_("Attached:"), *names, _("- the same document for document systems (edXML file)")])
    )
    lines.append(
        _("The PDF files bear digital signatures; they can be checked at %(address)s")
        % {"address": f"{settings.NODE.web_url}/verify/"}
    )
    if header.due_on:
        lines.append(_("Please answer by %(day)s.") % {"day": date_format(header.due_on, "d/m/Y")})
    return _("Document %(number)s: %(subject)s") % about, closed(lines)


def closed(lines: list[str]) -> str:
    how = _(
        "To answer, use “Reply” in your mail program and attach your signed document: so the answer finds its document by itself. "
        "Never send state secrets by e-mail."
    )
    return "\n\n".join([*lines, how]) + "\n"


def refusal_mail(document: Incoming, words: str, mail: SentMail) -> bytes:
    """The mail by which whoever wrote by e-mail hears that their document is not taken in. Raises Invalid, NotNow."""
    agency = Agency.objects.get(pk=mail.agency)
    with override("vi"):
        text = _(
            "%(agency)s does not take in “%(subject)s”, which you sent by e-mail. Reason: %(reason)s"
        ) % {
            "agency": agency.name_vi,
            "subject": document.subject,
            "reason": words,
        }
        part = MIMEPart(policy=SMTP)
        part.set_content(f"{text}\n", charset="utf-8", cte="base64")
        return enveloped(part, mail, agency, _("Not taken in: %(subject)s") % {"subject": document.subject})


def enveloped(part: MIMEPart, mail: SentMail, agency: Agency, subject: str) -> bytes:
    """Signed with the agency's seal and addressed, as it goes over the wire. Raises Invalid if it is too large, NotNow."""
    node = settings.NODE
    if not node.letters_address:
        raise NotNow(
            _("This node has no address for documents by e-mail yet. The operator sets it (letters_address).")
        )
    if not keyring().has_seal(agency.code):
        raise NotNow(_("This node does not keep the seal of the agency."))
    head = EmailMessage(policy=SMTP)
    head["From"] = Address(agency.name_vi, addr_spec=node.letters_address)
    head["To"] = mail.address
    head["Subject"] = " ".join(subject.split())[:300]
    head["Date"] = localtime()
    head["Message-ID"] = mail.message_id
    head["MIME-Version"] = "1.0"
    body = signed(part.as_bytes(policy=SMTP), keyring().seal(agency.code), at=timezone.now())
    whole = head.as_bytes().rstrip(b"\r\n") + b"\r\n" + body
    if len(whole) > node.letters_megabytes * MEGABYTE:
        raise Invalid(
            _(
                "By e-mail this would be %(size)s MB, and at most %(most)s MB are sent. Send it on paper, or leave out %(address)s "
                "and send the appended files another way."
            )
            % {"size": -(-len(whole) // MEGABYTE), "most": node.letters_megabytes, "address": mail.address},
            field="receivers",
        )
    return whole


def readdressed(whole: bytes, mail: SentMail) -> bytes:
    """The same mail once more, to where `mail` goes and under its identifier; what is signed stays as it is."""
    head, end, body = whole.partition(b"\r\n\r\n")
    fresh = EmailMessage(policy=SMTP)
    fresh["To"], fresh["Date"], fresh["Message-ID"] = mail.address, localtime(), mail.message_id
    old = re.sub(rb"(?ms)^(To|Date|Message-ID): .*?\r\n(?=\S)", b"", head + b"\r\n").rstrip(b"\r\n")
    return fresh.as_bytes().rstrip(b"\r\n") + b"\r\n" + old + end + body
