"""What nodes tell each other of working days: those of the whole country come from the nation's node."""

from datetime import date

from motcua.dossiers import calendars
from motcua.exchange.messages import Message, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.organisations import actions as organisations
from motcua.organisations.events import DayCleared, DaySet, HolidaysLoaded

DOSSIERS = Actor.system("dossiers")


@receives(calendars.KIND)
def take_days(message: Message) -> None:
    """Days of the whole country were decided at the nation's node: they hold here too, and due dates move."""
    year, days = calendars.read(message)
    organisations.keep_days(year, by=DOSSIERS, days=days)


@on(DaySet)
def tell_of_day(event: DaySet, entry: Entry) -> None:
    """A day of the whole country is told to every node."""
    if not event.agency:
        calendars.share(date.fromisoformat(event.date).year)


@on(DayCleared)
def tell_of_cleared_day(event: DayCleared, entry: Entry) -> None:
    """A day of the whole country that was withdrawn is told to every node."""
    if not event.agency:
        calendars.share(date.fromisoformat(event.date).year)


@on(HolidaysLoaded)
def tell_of_holidays(event: HolidaysLoaded, entry: Entry) -> None:
    """The holidays of a year are told to every node, with what was decided for it by hand."""
    calendars.share(event.year)
