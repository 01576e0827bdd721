"""Days of the whole country, decided once for the nation, go to every node: due dates there move with them."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange import actions as exchange
from motcua.exchange.messages import Message, Unfit
from motcua.exchange.questions import edition_at, one_a_node
from motcua.organisations.models import CalendarDay

KIND = "calendar.days"
TOLD = ("works", "name_vi", "name_en", "source")


def share(year: int) -> None:
    """Tell every other node the nation's days of a year; only the nation's own node does.

    A whole year each time: a node that missed a message, or joined later, knows them all with the next one, and which of its
    own do not hold.
    """
    nation = settings.NODE.national
    if nation not in settings.NODE.agencies:
        return
    days = CalendarDay.objects.filter(agency=None, date__year=year).order_by("date")
    told = [{"date": day.date.isoformat(), **{name: getattr(day, name) for name in TOLD}} for day in days]
    body = json.dumps({"year": year, "days": told}, ensure_ascii=False).encode()
    for code in sorted(set(one_a_node(KIND, sender=nation)) - set(settings.NODE.agencies)):
        exchange.send(KIND, body, sender=nation, recipient=code, stream=f"calendar:{nation}")


def share_all() -> None:
    """Tell of this year, the next, and every later one for which anything is decided: all that a node which joins now can need."""
    this = timezone.localdate().year
    later = CalendarDay.objects.filter(agency=None, date__year__gte=this).values_list("date__year", flat=True)
    for year in sorted({this, this + 1, *later}):
        share(year)


def share_with_newcomers(*, since: datetime) -> None:
    """Tell of all of it again where an edition of the directory has come since then: a node may stand in it for the first time."""
    if (edition := edition_at()) and edition > since:
        share_all()


def read(message: Message) -> tuple[int, list[CalendarDay]]:
    """The year a message tells of, and its days; `Unfit` if they cannot be read, or another than the nation tells them."""
    if message.sender != settings.NODE.national:
        raise Unfit(_("Only the national agency tells of days of the whole country."))
    body: dict[str, Any] = message.json()
    try:
        return int(body["year"]), list(days_of(body))
    except (KeyError, TypeError, ValueError, ValidationError) as fault:
        raise Unfit(_("These days cannot be read here: %(fault)s") % {"fault": str(fault)[:500]}) from fault


def days_of(body: dict[str, Any]) -> Iterator[CalendarDay]:
    """Each day as it would be kept, looked at as one that was typed."""
    for told in body["days"]:
        day = CalendarDay(
            date=date.fromisoformat(told["date"]), agency=None, **{name: told[name] for name in TOLD}
        )
        day.full_clean(exclude=["id", "edited_at"], validate_unique=False, validate_constraints=False)
        if day.date.year != body["year"]:
            raise ValueError(told["date"])
        yield day
