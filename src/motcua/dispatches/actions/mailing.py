"""Documents by e-mail: kept addresses, mails that go out and what becomes of them."""

from collections.abc import Callable, Collection, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from motcua.dispatches.events import CorrespondentKept, MailHeard, MailSent
from motcua.dispatches.mails.composing import document_mail, readdressed, refusal_mail
from motcua.dispatches.models import Correspondent, Delivery, Incoming, SentMail
from motcua.dispatches.models.mails import outside
from motcua.dispatches.rules import administrator, clerk
from motcua.dispatches.secrecy import may_leave
from motcua.documents.edxml.message import Document
from motcua.documents.edxml.reading import read
from motcua.documents.models import store
from motcua.exchange.questions import hosted
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import Agency

# Pauses double from two minutes to four hours; then, after some two days, somebody has to look.
PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS = 60, 4 * 3600, 20
State = SentMail.State
LAST = {"failed": State.REFUSED, "withheld": State.FAILED}


def connected() -> Collection[str]:
    """The agencies that a node hosts: documents reach them by themselves, and by no mail."""
    return hosted() or settings.NODE.agencies


@action(who=clerk | administrator)
def keep_correspondent(one: Correspondent, *, by: Actor) -> Correspondent:
    """The address of an agency no node reaches, or of an organisation outside; kept again it is the new address."""
    one.name, one.address = " ".join(one.name.split()), one.address.strip()
    try:
        validate_email(one.address)
    except ValidationError as fault:
        raise Invalid(_("This is no e-mail address. It looks like ten@noi.vn."), field="address") from fault
    named = Agency.objects.in_force().filter(Q(code=one.name) | Q(name_vi__iexact=one.name))
    match list(named[:2]):
        case []:
            one.code = outside(one.name)
        case [agency]:
            one.code, one.name = agency.code, agency.name_vi
        case _:
            raise Invalid(
                _("Several agencies have this name. Write the code of the one you mean."), field="name"
            )
    if one.code == one.agency or one.code in connected():
        raise Invalid(_("Documents reach this agency by themselves; no e-mail is needed."), field="name")
    known = Correspondent.objects.filter(agency=one.agency, code=one.code).first()
    if known:
        known.name, known.address, known.kept_at = one.name, one.address, timezone.now()
        one = known
    one.save()
    record(CorrespondentKept(one.agency, one.code, one.address), about=one, by=by)
    return one


def written_to(agency: str, receivers: Sequence[str]) -> list[Correspondent]:
    """Those of the receivers who get an e-mail: their address is kept and no node reaches them."""
    rows = list(Correspondent.objects.filter(agency=agency, code__in=receivers).order_by("code"))
    reached = connected() if rows else frozenset()
    return [one for one in rows if one.code not in reached]


def post(raw: bytes, to: Sequence[Correspondent], *, document: str) -> None:
    """A message of the axis about a document to each of them, as a signed mail. Raises Invalid, NotNow before any leaves."""
    codes = [one.code for one in to]
    about = Delivery.objects.filter(Q(outgoing=document) | Q(forwarded=document), agency__in=codes)
    deliveries = {one.agency: one for one in about}
    message = read(raw).message if to else None
    for one in to:
        assert isinstance(message, Document)  # noqa: S101 — states go by no mail
        mail = SentMail(agency=one.agency, delivery=deliveries[one.code], address=one.address)
        make(mail, document_mail(message, raw, mail, one))


def post_refusal(document: Incoming, words: str) -> None:
    """Whoever wrote by e-mail hears in one why it is not taken in."""
    mail = SentMail(agency=document.agency, address=document.mail)
    make(mail, refusal_mail(document, words, mail))


def make(mail: SentMail, whole: bytes) -> None:
    """The mail is kept as it will be sent; a job sends it once this is committed."""
    mail.message = store().put([whole]).digest
    mail.save(force_insert=True)
    send_later(mail)


def send_later(mail: SentMail, *, pause: int = 0) -> None:
    when = {"schedule_in": {"seconds": pause}} if pause else {}
    app.configure_task("dispatches.mail", queue="dispatches", lock=mail.urn, **when).defer(  # type: ignore[arg-type]
        mail=str(mail.pk)
    )


@action(who=system)
def send_out(mail: SentMail, *, by: Actor, send: Callable[[SentMail, bytes], None]) -> None:
    """The mail server takes it: written down first and sent last, so that what cannot be noted is not sent again and again.

    Raises what `send` raises; then nothing is written.
    """
    if mail.state != State.WAITING:
        return
    content = store().read(mail.message)
    mail.state, mail.sent_at, mail.trouble = State.SENT, timezone.now(), ""
    mail.attempts += 1
    mail.save()
    record(MailSent(mail.agency, str(mail.delivery_id or "")), about=mail, by=by)
    send(mail, content)


@action(who=system)
def put_off(mail: SentMail, *, by: Actor, trouble: str) -> None:
    """It could not be sent: again after a pause, and at last not any more."""
    mail.attempts, mail.trouble = mail.attempts + 1, trouble[:300]
    if mail.attempts < MOST_ATTEMPTS:
        send_later(mail, pause=min(PAUSE * 2**mail.attempts, LONGEST_PAUSE))
        mail.save()
    else:
        hear(mail, State.FAILED, trouble, by=by)


@action(who=system)
def note_heard(mail: SentMail, *, by: Actor, heard: str, words: str) -> None:
    """Delivered, failed or delayed, as mail servers say, or withheld by ourselves; a refusal is the last word."""
    if heard in LAST:
        hear(mail, LAST[heard], words, by=by)
    elif heard == "delivered" and mail.state not in SentMail.ENDED:
        hear(mail, State.DELIVERED, "", by=by)
    elif mail.state == State.SENT:
        mail.trouble = words[:300]
        mail.save()


def hear(mail: SentMail, state: SentMail.State, words: str, *, by: Actor) -> None:
    if mail.state == state:
        return
    mail.state, mail.trouble, mail.heard_at = state, words[:300], timezone.now()
    mail.save()
    record(MailHeard(mail.agency, mail.state, mail.trouble), about=mail, by=by)


@action(who=clerk)
def send_again(mail: SentMail, *, by: Actor) -> SentMail:
    """What was refused or could not be sent goes out once more, to the address that is kept today."""
    if mail.state not in SentMail.ENDED or mail.delivery is None:
        raise NotNow(_("This mail is on its way."))
    if mail.document:
        may_leave(mail.document)
    kept = Correspondent.objects.filter(agency=mail.agency, code=mail.delivery.agency).first()
    again = SentMail(
        agency=mail.agency, delivery=mail.delivery, address=kept.address if kept else mail.address
    )
    make(again, readdressed(store().read(mail.message), again))
    return again
