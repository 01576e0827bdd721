"""What has been decided about working time, put together: the calendar of any agency, now or as it would be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from motcua.lib.working_time import Calendar, Spans, Week

COUNTRY = ""


@dataclass(frozen=True)
class Decisions:
    """Days that differ and weeks with hours of their own, by the code of who decided (`COUNTRY`: for all).

    An agency's decision goes before one of those above it, and that before the country's.
    """

    days: Mapping[str, Mapping[date, bool]]
    weeks: Mapping[str, Sequence[Week]]
    _known: dict[str, Calendar] = field(default_factory=dict, compare=False, repr=False)

    def calendar(self, code: str = COUNTRY) -> Calendar:
        """Return the calendar of an agency, or the country's."""
        if code not in self._known:
            self._known[code] = self._made(codes_above(code))
        return self._known[code]

    def _made(self, codes: Sequence[str]) -> Calendar:
        # The nearest decision comes last and stays.
        works = {
            day: how for code in (COUNTRY, *reversed(codes)) for day, how in self.days.get(code, {}).items()
        }
        return Calendar(
            days_off=frozenset(day for day, day_works in works.items() if not day_works),
            days_on=frozenset(day for day, day_works in works.items() if day_works),
            weeks=tuple(self._weeks(codes)),
        )

    def _weeks(self, codes: Sequence[str]) -> Iterable[Week]:
        """On each day on which hours change, those of the nearest agency that has any then."""
        known = [sorted(self.weeks.get(code, ()), key=lambda week: week.since) for code in codes]
        for day in sorted({week.since for weeks in known for week in weeks}):
            begun = ([week for week in weeks if week.since <= day] for weeks in known)
            yield replace(next(weeks[-1] for weeks in begun if weeks), since=day)

    def with_day(self, code: str, day: date, *, works: bool) -> "Decisions":
        """Return what would be if this day worked, or were off."""
        return Decisions({**self.days, code: {**self.days.get(code, {}), day: works}}, self.weeks)

    def without_day(self, code: str, day: date) -> "Decisions":
        """Return what would be if nothing were decided about this day here."""
        left = {known: works for known, works in self.days.get(code, {}).items() if known != day}
        return Decisions({**self.days, code: left}, self.weeks)

    def with_week(self, code: str, week: Week) -> "Decisions":
        """Return what would be with these hours; they take the place of hours that begin on the same day."""
        others = [known for known in self.weeks.get(code, ()) if known.since != week.since]
        return Decisions(self.days, {**self.weeks, code: [*others, week]})

    def without_week(self, code: str, since: date) -> "Decisions":
        """Return what would be without the hours that begin on this day here."""
        left = [known for known in self.weeks.get(code, ()) if known.since != since]
        return Decisions(self.days, {**self.weeks, code: left})


def codes_above(code: str) -> list[str]:
    """`H38.02683` → `["H38.02683", "H38"]`: this agency and those above it; nothing for the country."""
    groups = code.split(".") if code else []
    return [".".join(groups[:length]) for length in range(len(groups), 0, -1)]


def read_spans(text: str) -> Spans:
    """Read “07:30-11:30, 13:00-17:00”; nothing at all is a day off. ValueError if it cannot be read."""
    parts = text.replace("–", "-").replace("h", ":").replace(";", ",").split(",")
    return tuple(_span(part.strip()) for part in parts if part.strip())


def _span(text: str) -> tuple[time, time]:
    opening, closing = (_clock(edge.strip()) for edge in text.split("-"))
    return opening, closing


def _clock(text: str) -> time:
    hour, _colon, minute = text.partition(":")
    return time(int(hour), int(minute or 0))


def write_spans(spans: Spans) -> str:
    """`read_spans` the other way."""
    return ", ".join(f"{opening:%H:%M}-{closing:%H:%M}" for opening, closing in spans)
