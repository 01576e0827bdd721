"""Days of the whole country, decided once for the nation, go to every node: due dates there move with them."""

import json
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from motcua.exchange import actions as exchange
from motcua.exchange.messages import Message, Unfit
from motcua.exchange.questions import one_a_node
from motcua.organisations.models import CalendarDay

KIND = "calendar.days"
TOLD = ("works", "name_vi", "name_en", "source")


def share(year: int, *, cleared: Collection[str] = ()) -> None:
    """Tell every other node the nation's days of a year, and which of them were withdrawn; only the nation's own node does.

    A whole year each time: a node that missed a message, or joined later, knows them all with the next one.
    """
    nation = settings.NODE.national
    if nation not in settings.NODE.agencies:
        return
    days = CalendarDay.objects.filter(agency=None, date__year=year).order_by("date")
    told = [{"date": day.date.isoformat(), **{name: getattr(day, name) for name in TOLD}} for day in days]
    body = json.dumps({"days": told, "cleared": sorted(cleared)}, ensure_ascii=False).encode()
    for code in sorted(set(one_a_node(KIND, sender=nation)) - set(settings.NODE.agencies)):
        exchange.send(KIND, body, sender=nation, recipient=code, stream=f"calendar:{nation}")


def read(message: Message) -> tuple[list[CalendarDay], list[date]]:
    """The days a message brings, and those it withdraws; `Unfit` if they cannot be read, or another than the nation tells them."""
    if message.sender != settings.NODE.national:
        raise Unfit(_("Only the national agency tells of days of the whole country."))
    body: dict[str, Any] = message.json()
    try:
        return list(days_of(body)), [date.fromisoformat(day) for day in body["cleared"]]
    except (KeyError, TypeError, ValueError, ValidationError) as fault:
        raise Unfit(_("These days cannot be read here: %(fault)s") % {"fault": str(fault)[:500]}) from fault


def days_of(body: dict[str, Any]) -> Iterator[CalendarDay]:
    """Each day as it would be kept, looked at as one that was typed."""
    for told in body["days"]:
        day = CalendarDay(
            date=date.fromisoformat(told["date"]), agency=None, **{name: told[name] for name in TOLD}
        )
        day.full_clean(exclude=["id", "edited_at"], validate_unique=False, validate_constraints=False)
        yield day
