"""Choosing a time at a one-stop desk: the days and times it has free, and how one's appointments stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import cast

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.exchange.calls import Denied, Failed, Unreachable
from motcua.lib.actors import Actor
from motcua.mandates.models import Mandate, account_id
from motcua.organisations.models import Agency
from motcua.portal.mandating import Once
from motcua.portal.own import ahead
from motcua.portal.whose import ONESELF, Whose
from motcua.queues import asking
from motcua.queues.models import Booking, Reason
from motcua.queues.slots import Slot
from motcua.ui import words
from motcua.ui.addresses import address
from motcua.ui.context import Link

NOON = time(12)

TAGS = {
    Booking.State.ASKED: "soon",
    Booking.State.BOOKED: "ok",
    Booking.State.DECLINED: "late",
    Booking.State.LOST: "late",
    Booking.State.CAME: "ok",
}


class Wish(Once):
    """Which of the free times it is to be."""

    begins_at = forms.ChoiceField(
        label=gettext_lazy("At what time?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a time."),
            "invalid_choice": gettext_lazy("This time has just been taken. Choose another."),
        },
    )

    whom = forms.CharField(
        label=gettext_lazy("For whom do you come?"),
        error_messages={"required": gettext_lazy("Choose for whom you come.")},
    )

    def __init__(
        self, *args: object, slots: Sequence[Slot], whose: Whose | None = None, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.whose = whose
        whom = whose.choices() if whose else []
        if len(whom) > 1:
            self.fields["whom"].widget = forms.RadioSelect(choices=whom)
            self.fields["whom"].initial = ONESELF
        else:
            del self.fields["whom"]
        parts = (
            (_("Morning"), slots_of(slots, morning=True)),
            (_("Afternoon"), slots_of(slots, morning=False)),
        )
        cast("forms.ChoiceField", self.fields["begins_at"]).choices = [
            (part, [(one.begins_at.isoformat(), words.clock(one.begins_at)) for one in some])
            for part, some in parts
            if some
        ]
        self.slots = {one.begins_at.isoformat(): one for one in slots}

    @property
    def mandate(self) -> Mandate | None:
        """By which one comes for somebody else. Raises Invalid where it does not allow this, or has ended meanwhile."""
        answer = str(self.data.get("whom") or ONESELF)
        return self.whose.chosen(answer) if self.whose else None

    @property
    def slot(self) -> Slot:
        """The time that was chosen."""
        return self.slots[self.cleaned_data["begins_at"]]


def slots_of(slots: Sequence[Slot], *, morning: bool) -> list[Slot]:
    """Those before noon, or after."""
    return [one for one in slots if (timezone.localtime(one.begins_at).time() < NOON) == morning]


@dataclass(frozen=True)
class Free:
    """What a desk has free, or why it is not known; and the day that is looked at."""

    times: asking.Times
    trouble: str = ""
    day: date | None = None

    @property
    def slots(self) -> list[Slot]:
        return self.times.on(self.day) if self.day else []

    def links(self, agency: str = "") -> list[Link]:
        """The days on which something is free."""
        where = f"agency={agency}&" if agency else ""
        return [
            Link(words.weekday(day), f"?{where}day={day.isoformat()}", day == self.day)
            for day in self.times.days
        ]


def free(agency: str, *, day: str = "", begins_at: str = "") -> Free:
    """What the desk has free now, on the day asked for, on that of the time that was sent, or on the first that has any."""
    try:
        times = asking.times(agency)
    except (Unreachable, Denied, Failed):
        trouble = _(
            "The agency does not answer just now, so we do not know which times are free. Try again in a few minutes."
        )
        return Free(asking.Times(is_open=False, slots=()), trouble)
    wanted = day_of(begins_at) or day_of(day)
    return Free(times, day=wanted if wanted in times.days else next(iter(times.days), None))


def day_of(text: str) -> date | None:
    """The day of an ISO day or moment; None for what is none."""
    try:
        return parse_date(text[:10])
    except ValueError:
        return None


@dataclass(frozen=True)
class Line:
    """An appointment in the list of one's own."""

    title: str
    url: str
    hint: str
    tag: tuple[str, str]


def appointments(actor: Actor) -> list[Line]:
    """What is ahead, the next first, also what others come to in one's stead: one query."""
    now = timezone.now()
    return [
        Line(
            title(one),
            address("portal:appointment", one.pk),
            " · ".join(filter(None, (one.name, one.agency_name, on_behalf(one, actor)))),
            (TAGS.get(Booking.State(one.state), "plain"), one.get_state_display()),
        )
        for one in ahead(account_id(actor), timezone.localdate(now), now)
    ]


def on_behalf(booking: Booking, actor: Actor) -> str:
    """For whom one comes; or who comes in one's stead, and by what."""
    if booking.mandate is None or booking.is_of(actor):
        return booking.whose
    told = {
        "agent": booking.account.name,
        "principal": booking.whose,
        "mandate": booking.mandate.number,
    }
    return _("%(agent)s comes for %(principal)s, under %(mandate)s") % told


def title(booking: Booking) -> str:
    """“Hẹn thứ Ba, 16/03/2027, 8:00”"""
    return _("Appointment %(when)s") % {"when": words.full(booking.begins_at)}


def verdict(booking: Booking, *, by: Actor) -> str:
    """How it stands, in one line, for who reads it."""
    if not booking.is_of(by):
        return verdict_for_principal(booking)
    if booking.state == Booking.State.CANCELLED and booking.reason == Reason.MANDATE:
        return _("This appointment is cancelled: you may not come in another's stead any more")
    if booking.state == Booking.State.CANCELLED and booking.reason == Reason.PRINCIPAL:
        return _("%(principal)s has cancelled this appointment") % {"principal": booking.whose}
    sentences = {
        Booking.State.ASKED: _("We are asking the agency for this time"),
        Booking.State.BOOKED: _("You are expected %(when)s"),
        Booking.State.DECLINED: _("The agency could not give you this time"),
        Booking.State.LOST: _("The agency cannot keep this appointment"),
        Booking.State.CANCELLED: _("You have cancelled this appointment"),
        Booking.State.CAME: _("You came to this appointment"),
        Booking.State.UNUSED: _("You did not come to this appointment"),
        Booking.State.OVER: _("This appointment is past"),
    }
    return sentences[Booking.State(booking.state)] % {"when": words.full(booking.begins_at)}


def verdict_for_principal(booking: Booking) -> str:
    """The same for whom somebody else comes."""
    is_own_doing = booking.reason == Reason.PRINCIPAL
    sentences = {
        Booking.State.ASKED: _("%(agent)s is asking the agency for this time"),
        Booking.State.BOOKED: _("%(agent)s comes for %(principal)s %(when)s"),
        Booking.State.DECLINED: _("The agency could not give %(agent)s this time"),
        Booking.State.LOST: _("The agency cannot keep this appointment"),
        Booking.State.CANCELLED: _("You have cancelled this appointment")
        if is_own_doing
        else _("%(agent)s does not come to this appointment any more"),
        Booking.State.CAME: _("%(agent)s came to this appointment"),
        Booking.State.UNUSED: _("%(agent)s did not come to this appointment"),
        Booking.State.OVER: _("This appointment is past"),
    }
    told = {
        "agent": booking.account.name,
        "principal": booking.whose,
        "when": words.full(booking.begins_at),
    }
    return sentences[Booking.State(booking.state)] % told


def office(code: str) -> Agency | None:
    """The agency, with where it is."""
    return Agency.objects.filter(code=code).first()
