"""The index this process keeps: made anew when the catalogue, the agencies or the day have changed."""

import datetime as dt
import threading
import time
from dataclasses import dataclass

from django.utils import timezone

from motcua.organisations.models import Agency
from motcua.procedures.folding import fold
from motcua.procedures.life import life_events
from motcua.procedures.models import Edition, Version
from motcua.procedures.search.index import Entry, Index, Office

COLUMNS = (
    "pk",
    "procedure__code",
    "heading",
    "subjects",
    "agency",
    "field_vi",
    "field_en",
    "levels",
    "audience",
    "online",
    "is_offered",
    "is_online",
    "life_events",
    "procedure__owner",
)
# Making an index of 50,000 procedures takes seconds. While thousands are being imported the old one serves on, so
# that no more than a twentieth of the time goes into making; a smaller catalogue is always read anew.
LARGE = 5000
REST = 20


@dataclass(frozen=True)
class Kept:
    """An index, of which edition and day it is, and when and how long it was made."""

    edition: object
    on: dt.date
    index: Index
    made_at: float
    took: float

    @property
    def may_rest(self) -> bool:
        return self.index.size >= LARGE and time.monotonic() - self.made_at < REST * self.took


class Shelf:
    """Room for one index; while one thread makes the next, the others use the one before."""

    def __init__(self) -> None:
        self.kept: Kept | None = None
        self.making = threading.Lock()

    def current(self, on: dt.date) -> Index:
        edition = Edition.objects.values_list("stamp", flat=True).first()
        kept = self.kept
        if kept and kept.on == on and (kept.edition == edition or kept.may_rest):
            return kept.index
        if not self.making.acquire(blocking=kept is None or kept.on != on):
            return kept.index if kept else self.current(on)
        try:
            return self.renewed(edition, on)
        finally:
            self.making.release()

    def renewed(self, edition: object, on: dt.date) -> Index:
        if self.kept and (self.kept.edition, self.kept.on) == (edition, on):
            return self.kept.index
        began = time.monotonic()
        index = made(on)
        self.kept = Kept(edition, on, index, time.monotonic(), time.monotonic() - began)
        return index


def made(on: dt.date) -> Index:
    """The index of the procedures in force on a day."""
    rows = Version.objects.in_force(on).values_list(*COLUMNS).iterator(chunk_size=5000)
    entries = [Entry.of(row) for row in rows]
    return Index(entries, [event.occasion for event in life_events().values()], offices(on))


def offices(on: dt.date) -> list[Office]:
    """The agencies of a day."""
    rows = Agency.objects.in_force(on).values_list("code", "short_name", "unit_code", "name_vi", "name_en")
    return [
        Office(code, name, unit, frozenset(fold(f"{name} {vi} {en}").split()))
        for code, name, unit, vi, en in rows.order_by("short_name")
    ]


SHELF = Shelf()


def current(on: dt.date | None = None) -> Index:
    """The index of today, or of another day; one small query if nothing has changed."""
    return SHELF.current(on or timezone.localdate())
