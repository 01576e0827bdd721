"""Which times an agency's one-stop desk has free, asked on the spot and answered on the spot."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from motcua.exchange.calls import call
from motcua.organisations.models import Agency
from motcua.queues.models import offer_of
from motcua.queues.slots import Slot, free_slots

KIND = "booking.times"


@dataclass(frozen=True)
class Times:
    """What a desk offers: whether it takes appointments at all, and every time that is free, the earliest first."""

    is_open: bool
    slots: tuple[Slot, ...]

    @property
    def days(self) -> list[date]:
        """The days on which something is free."""
        return list(dict.fromkeys(timezone.localdate(one.begins_at) for one in self.slots))

    def on(self, day: date) -> list[Slot]:
        return [one for one in self.slots if timezone.localdate(one.begins_at) == day]

    def at(self, begins_at: datetime) -> Slot | None:
        """The free time that begins then."""
        return next((one for one in self.slots if one.begins_at == begins_at), None)


def times(agency: str) -> Times:
    """What the agency offers now. Raises `exchange.calls.Unreachable`, `Denied` or `Failed`, with words."""
    if agency in settings.NODE.agencies:
        return read(told(agency))
    return read(json.loads(call(KIND, b"{}", sender=settings.NODE.agency, recipient=agency)))


def told(agency: str) -> dict[str, Any]:
    """The answer for an agency of this node, as it goes over the wire."""
    offer = offer_of(agency)
    slots = free_slots(offer, Agency.objects.get(code=agency), now=timezone.now())
    return {
        "open": offer.is_open,
        "times": [[one.begins_at.isoformat(), one.ends_at.isoformat(), one.free] for one in slots],
    }


def read(answer: dict[str, Any]) -> Times:
    """The answer as it came over the wire."""
    return Times(
        answer["open"],
        tuple(
            Slot(datetime.fromisoformat(begins), datetime.fromisoformat(ends), free)
            for begins, ends, free in answer["times"]
        ),
    )
