"""E-mails that come: what answers a document of ours becomes an incoming document, the rest lies aside with its reason."""

import re
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.arriving import arrive
from motcua.dispatches.actions.classifying import turn_away
from motcua.dispatches.actions.mailing import note_heard
from motcua.dispatches.events import MailCame
from motcua.dispatches.mails.opening import ClosedError, Opened, opened
from motcua.dispatches.messages import incoming_of, organ
from motcua.dispatches.models import Correspondent, Incoming, Outgoing, ReceivedMail, SentMail
from motcua.dispatches.models.mails import outside
from motcua.dispatches.rules import clerk
from motcua.documents.edxml.message import Attachment, Document, DocumentType, Header, Organ, ResponseFor
from motcua.documents.edxml.reading import read
from motcua.documents.edxml.trees import UnreadableError
from motcua.documents.edxml.warnings import Warned
from motcua.documents.edxml.writing import UnwritableError, write
from motcua.documents.models import store
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import Agency

OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
NUMBER = re.compile(r"0*([1-9][0-9]{0,5})/(\S{1,30})")
TEXT, WHOLE, KIND = "noi-dung-thu.txt", "thu-goc.eml", "Thư điện tử"
State = ReceivedMail.State


@action(who=system)
def take_mail(mail: ReceivedMail, *, by: Actor, raw: bytes, found: Opened | None) -> ReceivedMail:
    """A mail has come; come again, it changes nothing. `found` is what it says, None where it cannot be opened."""
    known = ReceivedMail.objects.filter(pk=mail.pk).first()
    if known is not None:
        return known
    mail.state = State.ASIDE
    if found is not None:
        mail.answers, mail.reason = fate(found)
        mail.text, mail.names = found.text[:2000], [one.name for one in found.files]
    if mail.answers:
        mail.agency = mail.answers.agency
    if mail.reason not in {"large", "secret"}:
        mail.message = store().put([raw]).digest
    if found and found.report and mail.answers:
        mail.state = State.NOTED
        note_heard(mail.answers, by=by, heard=found.report.action, words=found.report.reason)
    elif found and mail.reason == "secret":
        turn_off(mail, found, by=by)
    elif found and mail.answers and not mail.reason:
        delivery = mail.answers.delivery
        incoming = incoming_from(mail, found, delivery.outgoing if delivery else None)
        mail.state, mail.incoming = State.TAKEN, arrive(incoming, by=by)
    mail.save(force_insert=True)
    record(MailCame(mail.agency, mail.state, mail.reason), about=mail, by=by)
    return mail


def fate(found: Opened) -> tuple[SentMail | None, str]:
    """Which mail of ours it speaks of, and why it does not become a document, if it does not."""
    keys = [key for name in found.named for key in OURS.findall(name)]
    sent = (
        SentMail.objects.filter(pk__in=keys).select_related("delivery__outgoing").order_by("-made_at").first()
    )
    if not found.address and not found.report:
        return None, "unreadable"
    if found.report:
        return sent, "" if sent else "report"
    if found.degree:
        return sent, "secret"
    if found.is_auto:
        return sent, "auto"
    return (sent, "") if sent else by_number(found)


def by_number(found: Opened) -> tuple[SentMail | None, str]:
    """By the document an edXML file says it answers: only who was written to may say so, for numbers are no secret."""
    message = found.edxml.message if found.edxml else None
    named = [one.document_id for one in message.header.responses] if isinstance(message, Document) else []
    theirs = SentMail.objects.filter(delivery__outgoing__document_id__in=filter(None, named))
    sent = theirs.filter(address__iexact=found.address).select_related("delivery__outgoing").last()
    return sent, "" if sent else "address" if theirs.exists() else "unknown"


def turn_off(mail: ReceivedMail, found: Opened, *, by: Actor) -> None:
    """Nothing of a state secret is kept, and clerk and head hear of it; whoever wrote it hears why, if we wrote to them before."""
    mail.subject = mail.text = ""
    mail.names = []
    code, name = sender_of(mail, found)
    refused = Incoming(
        pk=mail.pk,
        agency=mail.agency,
        sender=code,
        sender_name=name,
        mail=found.address if mail.answers else "",
    )
    turn_away(refused, by=by, degree=found.degree)


def sender_of(mail: ReceivedMail, found: Opened) -> tuple[str, str]:
    """Code and name: whom we wrote to, else whose address is kept, else nobody known."""
    delivery = mail.answers.delivery if mail.answers else None
    if delivery:
        return delivery.agency, delivery.agency_name
    kept = Correspondent.objects.filter(agency=mail.agency, address__iexact=found.address).first()
    if kept:
        return kept.code, kept.name
    name = found.name or found.address or "–"
    return outside(name), name


def incoming_from(mail: ReceivedMail, found: Opened, answered: Outgoing | None) -> Incoming:
    """The document as it will stand in our register: as a message of the axis, so that all that reads those can read it."""
    agency = Agency.objects.get(pk=mail.agency)
    code, name = sender_of(mail, found)
    claimed = found.edxml.message if found.edxml else None
    header = claimed.header if isinstance(claimed, Document) else Header()
    header = replace(
        header,
        sender=Organ(organ_id=code, name=name, email=found.address),
        receivers=(organ(agency),),
        document_id=header.document_id or f"{code},{timezone.localdate():%Y/%m/%d},{mail.pk}",
        type=header.type or DocumentType(name=KIND),
        subject=header.subject or found.subject or _("(without a subject)"),
        responses=tuple(responding(answered)),
    )
    text = Attachment(content_id="text", name=TEXT, content=found.text.encode())
    files = (text, *found.files) if found.text else tuple(found.files)
    try:
        raw = write(Document(header=header, attachments=files))
        incoming = incoming_of(read(raw), raw, agency=mail.agency, sender=code)
    except (UnwritableError, UnreadableError) as fault:
        raise ClosedError("unreadable") from fault
    incoming.mail, incoming.responds_to = found.address, answered
    wrong = [Warned.of("", "mail", address=found.address), *found.warnings]
    if mail.answers and mail.answers.address.casefold() != found.address.casefold():
        wrong.append(Warned.of("", "mail_address", address=mail.answers.address))
    incoming.warnings = [*(one.row for one in wrong), *incoming.warnings]
    incoming.files = [*incoming.files, original(mail, incoming)]
    return incoming


def responding(answered: Outgoing | None) -> list[ResponseFor]:
    if answered is None:
        return []
    return [
        ResponseFor(organ_id=answered.agency, code=answered.number, document_id=answered.document_id or "")
    ]


def original(mail: ReceivedMail, incoming: Incoming) -> dict[str, object]:
    """The mail as it came, among the files; what could run in one of them could run in it."""
    row = {"name": WHOLE, "media": "message/rfc822", "size": store().path(mail.message).stat().st_size}
    runs = any(one.get("fault") == "program" for one in incoming.files)
    return {**row, "digest": mail.message, **({"fault": "program"} if runs else {})}


@action(who=clerk)
def take_in(mail: ReceivedMail, *, by: Actor, number: str = "") -> ReceivedMail:
    """The clerk has looked at what lay aside: it is a document, and answers the one of this number, if one is named."""
    if not mail.can_be_opened:
        raise NotNow(_("This mail cannot be opened here. Ask its sender for the document in another way."))
    answered = numbered(mail.agency, number)
    try:
        incoming = incoming_from(mail, opened(store().read(mail.message)), answered)
    except ClosedError as fault:
        raise NotNow(str(ReceivedMail.REASONS[str(fault)])) from fault
    mail.incoming = arrive(incoming, by=Actor.system("dispatches"))
    mail.save()
    record(MailCame(mail.agency, mail.state, mail.reason), about=mail, by=by)
    return mail


def numbered(agency: str, number: str) -> Outgoing | None:
    """The agency's document of this number, the latest there is. Raises Invalid."""
    if not number.strip():
        return None
    parts = NUMBER.fullmatch(number.strip())
    ours = Outgoing.objects.filter(agency=agency, serial=int(parts[1]), notation=parts[2]) if parts else None
    found = ours.order_by("-year").first() if ours is not None else None
    if found is None:
        raise Invalid(_("Your agency has sent no document of this number."), field="number")
    return found


@action(who=clerk)
def dismiss(mail: ReceivedMail, *, by: Actor) -> ReceivedMail:
    """The clerk has looked at it: nothing is to be done; it is kept and not shown any more."""
    mail.save()
    record(MailCame(mail.agency, mail.state, mail.reason), about=mail, by=by)
    return mail
