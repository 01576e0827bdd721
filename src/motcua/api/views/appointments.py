"""Appointments at the one-stop desk: the agency's own systems (a call centre, a kiosk, a partner) book them for people."""

from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.pages import paged
from motcua.api.scopes import Scope
from motcua.api.shapes import appointments as shapes
from motcua.api.shapes.others import Nothing
from motcua.lib.actions import Invalid, take
from motcua.lib.enterprise_codes import enterprise
from motcua.organisations.models import Agency
from motcua.procedures.models import Version
from motcua.queues import actions
from motcua.queues.models import Place, offer_of
from motcua.queues.slots import free_slots

ABOUT = "appointments"
PERSONAL = 12  # digits of a personal number; the code of a business has another length
# A place's state as it is called where people book.
STATES: dict[str, shapes.State] = {
    Place.State.HELD: "booked",
    Place.State.COME: "come",
    Place.State.UNUSED: "unused",
    Place.State.FREED: "cancelled",
    Place.State.LOST: "lost",
}


@operation(
    "GET",
    "/free-times",
    _("The times the agency's desk has free, the earliest first"),
    about=ABOUT,
    scope=Scope.APPOINTMENTS,
    query=shapes.Days,
    gives=shapes.FreeTimes,
)
def list_free_times(call: Call) -> shapes.FreeTimes:
    """Of the days ahead the agency offers; nothing is said of who has the others."""
    offer, agency = offer_of(call.agency), Agency.objects.get(code=call.agency)
    day, found = call.query.day, free_slots(offer, agency, now=timezone.now())
    times = [
        shapes.FreeTime(begins_at=one.begins_at, ends_at=one.ends_at, free=one.free)
        for one in found
        if day is None or timezone.localdate(one.begins_at) == day
    ]
    return shapes.FreeTimes(agency=agency.code, is_open=offer.is_open, times=times)


@operation(
    "GET",
    "/appointments",
    _("The appointments this machine has booked, by time"),
    about=ABOUT,
    scope=Scope.APPOINTMENTS,
    query=shapes.Appointments,
    gives=shapes.AppointmentPage,
)
def list_appointments(call: Call) -> shapes.AppointmentPage:
    """Those that people booked at a portal are theirs, and stand at the desk."""
    asked, mine = call.query, own(call)
    rows = mine.filter(state=state_of(asked.state)) if asked.state else mine
    found, after = paged(call, rows, by="begins_at", among=mine)
    return shapes.AppointmentPage(items=[shown(one) for one in found], next=after)


def state_of(name: str) -> str:
    return next(state for state, known in STATES.items() if known == name)


@operation(
    "GET",
    "/appointments/{appointment}",
    _("One appointment this machine has booked, and how it stands"),
    about=ABOUT,
    scope=Scope.APPOINTMENTS,
    gives=shapes.Appointment,
)
def show_appointment(call: Call, appointment: UUID) -> shapes.Appointment:
    """`lost` where the agency does not work then any more: choose another time."""
    return shown(own(call).get(pk=appointment))


@operation(
    "POST",
    "/appointments",
    _("Book a time for a person"),
    about=ABOUT,
    scope=Scope.APPOINTMENTS,
    body=shapes.NewAppointment,
    gives=shapes.Appointment,
    status=201,
    is_deed=True,
)
def book_appointment(call: Call) -> shapes.Appointment:
    """Its identifier follows from the machine and the idempotency key: tried again, it is the same appointment."""
    pk = uuid5(call.client.pk, call.key)
    with call.once() as is_first:
        if not is_first:
            return shown(own(call).get(pk=pk))
        place = wished(call, pk)
        actions.reserve(offer_of(call.agency), by=call.actor, place=place)
    return shown(place)


def wished(call: Call, pk: UUID) -> Place:
    """The appointment, not saved; raises Invalid for a procedure that cannot be filed here, and a business without who comes."""
    given: shapes.NewAppointment = call.body
    is_business = len(given.person.number) != PERSONAL
    if is_business and given.comes is None:
        raise Invalid(now_("Say who comes for the business."), field="comes")
    offered = Version.objects.in_force(timezone.localdate()).offered().coded(given.procedure)
    version = offered.filed_at([call.agency]).select_related("procedure").first()
    if version is None:
        raise Invalid(
            now_("Procedure %(code)s cannot be filed here.") % {"code": given.procedure}, field="procedure"
        )
    return Place(
        pk=pk,
        procedure=given.procedure,
        name_vi=version.name_vi,
        name_en=version.name_in("en"),
        person_name=given.person.name.strip(),
        person_number=business(given.person.number) if is_business else given.person.number,
        bringer=given.comes.model_dump() if given.comes else {},
        begins_at=given.begins_at,
    )


def business(typed: str) -> str:
    """The code of a business; raises Invalid if its digits do not fit together."""
    try:
        return enterprise(typed)
    except Invalid as fault:
        raise Invalid(str(fault), field="person.number") from fault


@operation(
    "POST",
    "/appointments/{appointment}/move",
    _("Choose another time; where it cannot be given, the first one stands"),
    about=ABOUT,
    scope=Scope.APPOINTMENTS,
    body=shapes.Moved,
    gives=shapes.Appointment,
    is_deed=True,
)
def move_appointment(call: Call, appointment: UUID) -> shapes.Appointment:
    """Until it begins; the code stays the same."""
    with call.once() as is_first:
        place = take(own(call), pk=appointment)
        if is_first:
            actions.shift(place, by=call.actor, begins_at=call.body.begins_at)
    return shown(place)


@operation(
    "POST",
    "/appointments/{appointment}/cancel",
    _("The person will not come; somebody else can have the time"),
    about=ABOUT,
    scope=Scope.APPOINTMENTS,
    body=Nothing,
    gives=shapes.Appointment,
    is_deed=True,
)
def cancel_appointment(call: Call, appointment: UUID) -> shapes.Appointment:
    """Until it begins."""
    with call.once() as is_first:
        place = take(own(call), pk=appointment)
        if is_first:
            actions.free(place, by=call.actor)
    return shown(place)


def own(call: Call) -> Any:
    """Those this machine has booked where it acts; others' do not exist here."""
    return Place.objects.reserved_by(call.actor).filter(agency__in=call.agencies)


def shown(one: Place) -> shapes.Appointment:
    names = (
        "id",
        "agency",
        "procedure",
        "person_name",
        "begins_at",
        "ends_at",
        "code",
        "booked_at",
        "came_at",
    )
    return shapes.Appointment(state=STATES[one.state], **{name: getattr(one, name) for name in names})
