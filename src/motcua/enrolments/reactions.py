"""What enrolments do when a counter's word arrives, and when it is known what became of it."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.enrolments import actions, passwords
from motcua.enrolments.actions import KIND, OFFICERS, SYSTEM, Roll, Shown
from motcua.enrolments.events import EnrolmentKept
from motcua.enrolments.models import Enrolment
from motcua.exchange.events import MessageDeadLettered, MessageDelivered, MessageRefused
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.models import Agency
from motcua.people.events import Appointed, AppointmentEnded
from motcua.people.models import Account

PASSWORD_GIVEN = wording(
    "enrolments.password_given",
    urgent=True,
    subject=gettext_lazy("A new password was given to you at %(agency)s"),
    body=gettext_lazy(
        "Somebody showed your card at %(agency)s and got a new password for your account. "
        "If it was not you, go to the nearest one-stop desk today."
    ),
)


STEP_DROPPED = wording(
    "enrolments.second_step_dropped",
    urgent=True,
    subject=gettext_lazy("A new password was given to you at %(agency)s, and your second step removed"),
    body=gettext_lazy(
        "Somebody showed your card at %(agency)s, got a new password for your account and had its second step and passkeys "
        "removed; you were signed out everywhere. If it was not you, go to the nearest one-stop desk today. "
        "If it was, set up a second step anew under your account."
    ),
)


@receives(KIND)
def take_shown(message: Message) -> None:
    """A counter has seen a person and their card; only the node that keeps identities takes it."""
    if settings.NODE.identity_issuer:
        raise Unfit(_("Identities are not kept at this node."))
    body = message.json()
    until = (
        min(datetime.fromisoformat(body["until"]), message.created + passwords.LIFE)
        if body["until"]
        else None
    )
    if body["password"] and (not passwords.is_digest(body["password"]) or until is None):
        raise Unfit(_("This is no password as it is kept."))
    if until and until < timezone.now():
        raise Unfit(_("The one-time password had lapsed before it came here. Give a new one."))
    if not actions.NUMBER.fullmatch(str(body["number"])):
        raise Unfit(_("A personal number has 12 digits."))
    try:
        drops = bool(body.get("drops_second_step"))
        shown = Shown(message.sender, body["number"], body["name"][:120], body["password"], until, drops)
        actions.keep(shown, by=SYSTEM)
    except Invalid as refusal:
        raise Unfit(str(refusal)) from refusal


@on(Appointed)
@on(AppointmentEnded)
def tell_of_officer(event: Appointed | AppointmentEnded, entry: Entry) -> None:
    """Where identities are kept, officers of all nodes are known: no counter gives them a password."""
    actions.tell_of_officers(event.agency, UUID(str(event.account)))


@receives(OFFICERS)
def take_officers(message: Message) -> None:
    """An agency tells of its officers; only the node that keeps identities takes it."""
    if settings.NODE.identity_issuer:
        raise Unfit(_("Identities are not kept at this node."))
    body = message.json()
    officers = {
        str(told["number"]): date.fromisoformat(told["until"]) if told["until"] else None
        for told in body["officers"]
    }
    if not all(actions.NUMBER.fullmatch(number) for number in officers):
        raise Unfit(_("A personal number has 12 digits."))
    actions.know_officers(Roll(message.sender, officers, bool(body["is_whole"])), by=SYSTEM)


@on(MessageDelivered, kind=KIND)
def settled(event: MessageDelivered, entry: Entry) -> None:
    """The node that keeps identities has signed for it."""
    enrolment = enrolment_of(event.correlation)
    if enrolment and enrolment.state == Enrolment.State.SENT:
        actions.conclude(enrolment, by=SYSTEM)


@on(MessageRefused, kind=KIND)
def refused(event: MessageRefused, entry: Entry) -> None:
    """It was not taken: the counter reads why."""
    give_up(event.correlation, event.reason)


@on(MessageDeadLettered, kind=KIND)
def lost(event: MessageDeadLettered, entry: Entry) -> None:
    """It could not be delivered in time."""
    give_up(event.correlation, event.reason)


def give_up(correlation: str, reason: str) -> None:
    enrolment = enrolment_of(correlation)
    if enrolment and enrolment.state != Enrolment.State.REFUSED:
        actions.call_off(enrolment, by=SYSTEM, reason=reason)


def enrolment_of(correlation: str) -> Enrolment | None:
    return Enrolment.objects.filter(pk=correlation).first()


@on(EnrolmentKept)
def tell_person(event: EnrolmentKept, entry: Entry) -> None:
    """Whoever gets a new password hears of it by mail and text message as well: should it not have been them, they know."""
    account = Account.objects.filter(pk=entry.about.removeprefix("person:")).first()
    if account is None or not event.gives_password:
        return
    agency = Agency.objects.filter(code=event.agency).first()
    notices.tell(
        Notice(
            recipient=account,
            code=STEP_DROPPED if event.drops_second_step else PASSWORD_GIVEN,
            parameters={"agency": agency.name_vi if agency else event.agency},
            about=account.urn,
            link="/account/",
            key=f"enrolment:{entry.pk}",
        ),
        by=SYSTEM,
    )
