"""What queues do when wishes, answers and questions come in, when the calendar changes or an agency ends, and who is told."""

import json
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.exchange.calls import Call, Failed, answers
from motcua.exchange.events import MessageDeadLettered, MessageRefused
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actions import NotNow
from motcua.lib.actors import Actor
from motcua.mandates.events import MandateLapsed, MandateRevoked
from motcua.mandates.models import Mandate, speakers
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.estates import Passing, left_behind
from motcua.organisations.events import (
    AgencyClosed,
    DayCleared,
    DaySet,
    HolidaysLoaded,
    HoursCleared,
    HoursSet,
)
from motcua.organisations.models import Agency
from motcua.people.models import Account
from motcua.queues import actions
from motcua.queues.asking import KIND, told
from motcua.queues.events import BookingCancelled, BookingLearned
from motcua.queues.models import Booking, Place, Queue, Reason, offer_of

QUEUES = Actor.system("queues")

BOOKED = wording(
    "queues.booked",
    subject=gettext_lazy("Your appointment at %(agency)s: %(begins_at)s"),
    body=gettext_lazy(
        "%(agency)s expects you at %(begins_at)s for: %(name)s. Show the code %(code)s at the ticket machine by the door. "
        "If you cannot come, cancel or change the time."
    ),
)
KEPT = wording(
    "queues.kept",
    subject=gettext_lazy("The other time could not be given; your appointment stays as it was"),
    body=gettext_lazy(
        "%(agency)s could not give you %(wanted_at)s for: %(name)s. You are expected at %(begins_at)s, as before."
    ),
)
DECLINED = wording(
    "queues.declined",
    subject=gettext_lazy("%(agency)s could not confirm your appointment"),
    body=gettext_lazy("You asked for %(begins_at)s for: %(name)s. Please choose another time."),
)
LOST = wording(
    "queues.lost",
    urgent=True,
    subject=gettext_lazy("Your appointment at %(agency)s cannot be kept: %(begins_at)s"),
    body=gettext_lazy("You were expected for: %(name)s. Please choose another time; we apologise."),
)
BOOKED_FOR = wording(
    "queues.booked_for",
    subject=gettext_lazy("%(agent)s comes to %(agency)s for %(principal)s: %(begins_at)s"),
    body=gettext_lazy(
        "An appointment was booked for: %(name)s, under %(mandate)s. If you do not want this, cancel it on its page; "
        "if you revoke the mandate, it is cancelled as well."
    ),
)
WITHDRAWN = wording(
    "queues.withdrawn",
    urgent=True,
    subject=gettext_lazy("The appointment at %(agency)s is cancelled: %(begins_at)s"),
    body=gettext_lazy(
        "%(agent)s was to come for %(principal)s, for: %(name)s. %(mandate)s has ended; whoever still wants to come books anew."
    ),
)
CALLED_OFF = wording(
    "queues.called_off",
    subject=gettext_lazy("The appointment at %(agency)s is cancelled: %(begins_at)s"),
    body=gettext_lazy("%(agent)s does not come for %(principal)s at this time any more, for: %(name)s."),
)
RECALLED = wording(
    "queues.recalled",
    urgent=True,
    subject=gettext_lazy("%(principal)s has cancelled the appointment at %(agency)s: %(begins_at)s"),
    body=gettext_lazy("You were to come for %(principal)s, for: %(name)s. %(mandate)s still holds."),
)
TOLD = {Booking.State.BOOKED: BOOKED, Booking.State.DECLINED: DECLINED, Booking.State.LOST: LOST}


@left_behind("queues", gettext_lazy("Queues"), rows=Queue.objects.all)
def pass_on(passing: Passing) -> int:
    """The desk that follows calls from the same queues, and takes appointments as the old one did if it has said nothing."""
    moved = actions.pass_on(passing, by=QUEUES)
    actions.pass_on_offer(passing, by=QUEUES)
    return moved


@left_behind("appointments", gettext_lazy("Appointments of the desk"), rows=Place.objects.held)
def give_up_places(passing: Passing) -> int:
    """Nobody is expected at an agency that has ended: whoever had a time there is told, and chooses one where the work goes on."""
    held = Place.objects.held().filter(agency=passing.old)
    before = held.count()
    follow_calendar(passing.old)
    return before - held.count()


@answers(KIND)
def answer_times(call: Call) -> bytes:
    """A portal asks which times are free; nothing is said of who has the others."""
    if not Agency.objects.filter(code=call.recipient).exists():
        raise Failed(_("There is no such agency here."))
    return json.dumps(told(call.recipient)).encode()


@receives("booking.asked")
def take_wish(message: Message) -> None:
    """Someone asks for a time at the one-stop desk, or for another one."""
    body = message.json()
    begins_at = datetime.fromisoformat(body["begins_at"])
    place = Place(
        pk=UUID(body["booking"]),
        agency=message.recipient,
        origin=message.sender,
        procedure=body["procedure"],
        name_vi=body["name_vi"],
        name_en=body["name_en"],
        person_name=body["person"]["name"],
        person_number=body["person"]["number"],
        bringer=body.get("bringer", {}),
        begins_at=begins_at,
    )
    known = Place.objects.filter(pk=place.pk).first()
    if known and (known.origin, known.agency) != (place.origin, place.agency):
        raise Unfit(_("This appointment was not booked by you."))
    actions.hold(offer_of(message.recipient), by=QUEUES, place=place)


@receives("booking.cancelled")
def take_back(message: Message) -> None:
    """The person gives the time back; where none is held there is nothing to do."""
    held = Place.objects.filter(pk=message.json()["booking"], origin=message.sender)
    place = held.filter(agency=message.recipient).first()
    if place is None:
        return
    try:
        actions.free(place, by=QUEUES)
    except NotNow:
        return  # it is over, or was lost before


@receives("booking.news")
def take_news(message: Message) -> None:
    """The agency says what became of an appointment; only the one it was booked at may."""
    news = message.json()
    booking = Booking.objects.filter(pk=news["booking"], agency=message.sender).first()
    if booking is None:
        raise Unfit(_("Nobody has booked this with you from here."))
    actions.learn(booking, by=QUEUES, news=news)


@on(BookingLearned)
def tell_person(event: BookingLearned, entry: Entry) -> None:
    """The person hears that the time is theirs, could not be given, or cannot be kept; whose matter it is hears who comes."""
    booking = booking_of(entry)
    code = (
        KEPT
        if event.wanted_at and event.state == Booking.State.BOOKED
        else TOLD.get(Booking.State(event.state))
    )
    if code is None:
        return
    parameters = {
        "agency": booking.agency_name,
        "name": booking.name_vi,
        "begins_at": event.begins_at,
        "code": booking.code,
        **({"wanted_at": event.wanted_at} if event.wanted_at else {}),
    }
    notices.tell(
        Notice(
            recipient=booking.account,
            code=code,
            parameters=parameters,
            about=booking.urn,
            link=f"/my/appointments/{booking.pk}/",
            key=f"{booking.urn}:{entry.pk}",
        ),
        by=QUEUES,
    )
    if code in {BOOKED, LOST} and booking.mandate:
        others = set(speakers(booking.mandate)) - {booking.account}
        tell_parties(booking, BOOKED_FOR if code == BOOKED else CALLED_OFF, others, entry)


@on(BookingCancelled)
def tell_withdrawn(event: BookingCancelled, entry: Entry) -> None:
    """Whose matter it is hears that nobody comes; where the mandate has ended or they have cancelled, so does who was to come."""
    booking = booking_of(entry)
    if booking.mandate is None:
        return
    others = set(speakers(booking.mandate))
    if booking.reason == Reason.MANDATE:
        tell_parties(booking, WITHDRAWN, {booking.account} | others, entry)
    elif booking.reason == Reason.PRINCIPAL:
        tell_parties(booking, RECALLED, {booking.account}, entry)
    elif booking.code:  # what was never confirmed they have not heard of
        tell_parties(booking, CALLED_OFF, others - {booking.account}, entry)


def tell_parties(booking: Booking, code: str, accounts: set[Account], entry: Entry) -> None:
    """What becomes of an appointment in another's stead; its page is open to both sides."""
    mandate = booking.mandate
    if mandate is None:
        return
    parameters = {
        "agency": booking.agency_name,
        "name": booking.name_vi,
        "begins_at": booking.begins_at.isoformat(),
        "agent": booking.account.name,
        "principal": mandate.principal_name,
        "mandate": mandate.number,
    }
    for account in accounts:
        told = Notice(
            recipient=account,
            code=code,
            parameters=parameters,
            about=booking.urn,
            link=f"/my/appointments/{booking.pk}/",
            key=f"{booking.urn}:{entry.pk}:{code}",
        )
        notices.tell(told, by=QUEUES)


def booking_of(entry: Entry) -> Booking:
    known = Booking.objects.select_related("account", "mandate")
    return known.get(pk=entry.about.removeprefix("booking:"))


@on(MandateRevoked)
def follow_revoked(event: MandateRevoked, entry: Entry) -> None:
    """The mandate was taken back, or laid down: nobody is expected by it any more."""
    follow_end_of(entry)


@on(MandateLapsed)
def follow_lapsed(event: MandateLapsed, entry: Entry) -> None:
    """Nobody stands behind the mandate any more: nobody is expected by it."""
    follow_end_of(entry)


def follow_end_of(entry: Entry) -> None:
    mandate = Mandate.objects.get(pk=entry.about.removeprefix("mandate:"))
    actions.follow_mandate(mandate, by=QUEUES)


@on(MessageRefused, kind="booking.asked")
def wish_refused(event: MessageRefused, entry: Entry) -> None:
    """The other side would not take the wish: that is its answer."""
    give_up(event.correlation)


@on(MessageDeadLettered, kind="booking.asked")
def wish_lost(event: MessageDeadLettered, entry: Entry) -> None:
    """The wish could not be delivered in time."""
    give_up(event.correlation)


def give_up(correlation: str) -> None:
    """A wish that never reached its agency: the first is declined, of another time the one before stands."""
    booking = Booking.objects.filter(pk=correlation).first()
    if booking is None or not booking.is_asked:
        return
    news = {
        "state": Booking.State.BOOKED if booking.is_booked else Booking.State.DECLINED,
        "begins_at": booking.begins_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "code": booking.code,
        "reason": Reason.UNHEARD,
        "wanted_at": booking.wanted_at.isoformat() if booking.wanted_at else "",
    }
    actions.learn(booking, by=QUEUES, news=news)


@on(DaySet, patient=True)
def follow_day(event: DaySet, entry: Entry) -> None:
    """A day works or is off: appointments on a day off cannot be kept."""
    follow_calendar(event.agency)


@on(DayCleared, patient=True)
def follow_cleared_day(event: DayCleared, entry: Entry) -> None:
    """A day is an ordinary one again, which may be a day off."""
    follow_calendar(event.agency)


@on(HolidaysLoaded, patient=True)
def follow_holidays(event: HolidaysLoaded, entry: Entry) -> None:
    """The holidays of a year are known."""
    follow_calendar("")


@on(HoursSet, patient=True)
def follow_hours(event: HoursSet, entry: Entry) -> None:
    """An agency has other hours."""
    follow_calendar(event.agency)


@on(HoursCleared, patient=True)
def follow_cleared_hours(event: HoursCleared, entry: Entry) -> None:
    """An agency's hours are as before."""
    follow_calendar(event.agency)


@on(AgencyClosed)
def follow_end(event: AgencyClosed, entry: Entry) -> None:
    """An agency ends: nobody is expected there after its last day."""
    follow_calendar(event.code)


def follow_calendar(agency: str) -> None:
    """All times still held at the agency and below it, some hundred in each transaction."""
    place = actions.follow_calendar(agency, by=QUEUES)
    while place:
        place = actions.follow_calendar(agency, by=QUEUES, after=place)
