"""Load and change places, agencies, posts and the calendar."""

import csv
import lzma
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.decisions import write_spans
from motcua.organisations.events import (
    AgenciesLoaded,
    AgencyClosed,
    AgencyFounded,
    AgencyRenamed,
    CommunesFounded,
    DayCleared,
    DaySet,
    HolidaysLoaded,
    HoursCleared,
    HoursSet,
    PostOpened,
    UnitRenamed,
    UnitsLoaded,
)
from motcua.organisations.heirs import Heir
from motcua.organisations.holidays import LAW, days_of
from motcua.organisations.models import (
    ALWAYS,
    Agency,
    CalendarDay,
    OfficeHours,
    Post,
    Succession,
    Unit,
    unit_on,
)
from motcua.organisations.names import TITLES, commune_agency
from motcua.organisations.rules import administrator, national_administrator

DATA = Path(__file__).parent / "data"
UNITS = DATA / "units.tsv.xz"
SUCCESSIONS = DATA / "successions.tsv.xz"
AGENCIES = DATA / "agencies.tsv"

COPY_UNITS = """
COPY organisations_unit (code, level, kind, name, parent_code, valid_from, valid_to) FROM STDIN
"""
COPY_SUCCESSIONS = """
COPY organisations_succession (old_code, new_code, "on", main) FROM STDIN
"""


@action(who=system)
def load_units(units: Path, *, by: Actor, successions: Path = SUCCESSIONS) -> int:
    """The table of administrative units is filled from its file, once; later changes are made one by one."""
    if Unit.objects.exists():
        return 0
    content = lzma.decompress(units.read_bytes())
    count = _copy(COPY_UNITS, content)
    links = _copy(COPY_SUCCESSIONS, lzma.decompress(successions.read_bytes()))
    record(UnitsLoaded(count, links, sha256(content).hexdigest()), about="units", by=by)
    return count


def _copy(statement: str, rows: bytes) -> int:
    """Hand over rows as they are, in the text format of COPY: 24 thousand take a fraction of a second."""
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            copy.write(rows)
        count = int(cursor.rowcount)
        # Until the server has counted for itself it would plan for empty tables, and be slow by minutes.
        cursor.execute("ANALYZE organisations_unit, organisations_succession")
    return count


@action(who=national_administrator | system)
def rename(unit: Unit, *, by: Actor, kind: str, name: str, since: date) -> Unit:
    """A unit gets another name or kind; what was before keeps its own."""
    if unit.valid_to is not None or since <= unit.valid_from:
        raise Invalid(_("A new name begins after the present one, while the unit exists."), field="since")
    unit.valid_to = since - timedelta(days=1)
    unit.save(update_fields=["valid_to"])
    renamed = Unit.objects.create(
        code=unit.code,
        level=unit.level,
        kind=kind,
        name=name,
        parent_code=unit.parent_code,
        valid_from=since,
    )
    Succession.objects.create(old_code=unit.code, new_code=unit.code, on=since)
    record(UnitRenamed(unit.code, kind, name, since.isoformat()), about=renamed, by=by)
    return renamed


@action(who=system)
def load_agencies(file: Path, *, by: Actor) -> int:
    """State agencies are taken from a file; those known already stay as they are."""
    content = file.read_text("utf-8")
    rows = list(csv.DictReader(content.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    known = set(Agency.objects.values_list("code", flat=True))
    fresh = [_agency(row) for row in rows if row["code"] not in known]
    # Parents and successors are checked by the database when the transaction ends, so any order will do.
    Agency.objects.bulk_create(fresh)
    Heir.objects.bulk_create(
        Heir(old=one, new_id=one.successor_id, on=one.valid_to + timedelta(days=1))
        for one in fresh
        if one.successor_id and one.valid_to
    )
    if fresh:
        record(AgenciesLoaded(len(fresh), sha256(content.encode()).hexdigest()), about="agencies", by=by)
    return len(fresh)


def _agency(row: dict[str, str]) -> Agency:
    return Agency(
        code=row["code"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        short_name=row["short_name"],
        abbreviation=row["abbreviation"],
        level=row["code"].count(".") + 1,
        parent_id=row["parent"] or None,
        unit_code=row["unit_code"],
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else ALWAYS,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        successor_id=row["successor"] or None,
        address=row["address"],
        phone=row["phone"],
    )


@action(who=administrator | system)
def found_communes(province: Agency, *, by: Actor) -> int:
    """Every commune of the province gets its People's Committee as an agency; those that have one keep it."""
    place = unit_on(province.unit_code)
    if place is None:
        raise Invalid(_("This agency does not govern a province."), field="province")
    known = set(province.subordinates.values_list("code", flat=True))
    communes = Unit.objects.on(timezone.localdate()).within(place.code).filter(level=Unit.Level.COMMUNE)
    founded = [commune_agency(province, place, commune) for commune in communes]
    fresh = [agency for agency in founded if agency.code not in known]
    Agency.objects.bulk_create(fresh)
    if fresh:
        record(CommunesFounded(province.code, len(fresh)), about=province, by=by)
    return len(fresh)


@action(who=administrator | system)
def found(agency: Agency, *, by: Actor) -> None:
    """An agency begins on a day, under the one above it."""
    agency.full_clean(validate_unique=False)
    if agency.parent is not None and not agency.parent.is_in_force(agency.valid_from):
        raise Invalid(_("The agency above it does not exist on that day."), field="parent")
    agency.save(force_insert=True)
    record(AgencyFounded(agency.code, agency.name_vi, agency.valid_from.isoformat()), about=agency, by=by)


@action(who=administrator | system)
def rename_agency(agency: Agency, *, by: Actor, name_vi: str, name_en: str, short_name: str) -> None:
    """An agency has another name under the same code; papers made before bear the name of their time."""
    was, today = agency.name_vi, timezone.localdate()
    if (was, agency.name_en, agency.short_name) == (name_vi, name_en, short_name):
        return
    agency.name_vi, agency.name_en, agency.short_name = name_vi, name_en, short_name
    agency.save(update_fields=["name_vi", "name_en", "short_name"])
    record(AgencyRenamed(agency.code, was, name_vi, today.isoformat()), about=agency, by=by)


@action(who=administrator | system)
def close(
    agency: Agency,
    *,
    by: Actor,
    on: date,
    successor: Agency | None = None,
    parts: Sequence[Agency] = (),
    shares: Mapping[str, list[dict[str, Any]]] | None = None,
) -> None:
    """An agency ceases at the end of a day; its successor answers for what it leaves, or for what the parts do not take.

    `shares` says by code which part of the work goes to whom, as `Heir.share` keeps it.
    """
    if on < agency.valid_from:
        raise Invalid(_("An agency cannot end before it began."), field="on")
    if successor is not None and not successor.is_in_force(on + timedelta(days=1)):
        raise Invalid(_("The successor must exist when this agency ends."), field="successor")
    agency.valid_to, agency.successor = on, successor
    agency.save(update_fields=["valid_to", "successor"])
    inherit(agency, [successor, *parts] if successor else [], shares or {})
    code = successor.code if successor else ""
    record(AgencyClosed(agency.code, on.isoformat(), code), about=agency, by=by)


def inherit(agency: Agency, heirs: Sequence[Agency], shares: Mapping[str, list[dict[str, Any]]]) -> None:
    """Note who follows an agency, the main one first; whoever it followed itself is followed by them as well."""
    day = agency.valid_to + timedelta(days=1) if agency.valid_to else timezone.localdate()
    left = [(agency.code, True), *Heir.objects.filter(new=agency).values_list("old", "main")]
    Heir.objects.bulk_create(
        [
            Heir(
                old_id=old,
                new=heir,
                on=day,
                main=main and heir == heirs[0],
                share=shares.get(heir.code, []) if old == agency.code else [],
            )
            for old, main in left
            for heir in heirs
        ],
        ignore_conflicts=True,
    )


@action(who=administrator | system)
def open_post(agency: Agency, *, by: Actor, role: str, title_vi: str = "", title_en: str = "") -> Post:
    """An agency gets a post with a role; without a title it takes the usual one. A post that is there stays."""
    if role not in Post.Role.values:
        raise Invalid(_("There is no such role."), field="role")
    if not title_vi:
        title_vi, title_en = TITLES[role]
    post, is_new = Post.objects.get_or_create(
        agency=agency, role=role, title_vi=title_vi, defaults={"title_en": title_en}
    )
    if is_new:
        record(PostOpened(agency.code, role, title_vi), about=post, by=by)
    return post


SAID_OF_A_DAY = ("works", "name_vi", "name_en", "source")


@action(who=national_administrator | system)
def load_holidays(year: int, *, by: Actor) -> int:
    """The holidays of a year and its swapped days enter the calendar; decisions made by hand stay."""
    known = set(CalendarDay.objects.filter(agency=None).values_list("date", flat=True))
    fresh = [day for day in days_of(year) if day.date not in known]
    CalendarDay.objects.bulk_create(fresh)
    if fresh:
        record(HolidaysLoaded(year, len(fresh)), about=f"calendar:{year}", by=by)
    return len(fresh)


@action(who=administrator | system)
def set_day(day: CalendarDay, *, by: Actor) -> CalendarDay:
    """It is decided that a day works or is off, for everyone or for one agency."""
    day.full_clean(exclude=["id", "edited_at"], validate_unique=False, validate_constraints=False)
    decided, _is_new = CalendarDay.objects.update_or_create(
        date=day.date,
        agency=day.agency,
        defaults={
            "works": day.works,
            "name_vi": day.name_vi,
            "name_en": day.name_en,
            "source": day.source,
            "edited_at": timezone.now(),
        },
    )
    record(
        DaySet(day.date.isoformat(), day.agency_id or "", works=day.works, name=day.name_vi),
        about=decided,
        by=by,
    )
    return decided


@action(who=administrator | system)
def clear_day(day: CalendarDay, *, by: Actor) -> None:
    """A decision on a day is withdrawn."""
    urn, agency = day.urn, day.agency_id or ""
    day.delete()
    record(DayCleared(day.date.isoformat(), agency), about=urn, by=by)


@action(who=system, locks=False)
def keep_days(year: int, *, by: Actor, days: Sequence[CalendarDay]) -> None:
    """All days of the whole country in a year, as the nation's node tells them: what differs is set, what it has not is cleared."""
    known = {day.date: day for day in CalendarDay.objects.filter(agency=None, date__year=year)}
    for day in days:
        held = known.get(day.date)
        if held is None or any(getattr(held, name) != getattr(day, name) for name in SAID_OF_A_DAY):
            set_day(day, by=by)
    for gone in sorted(known.keys() - {day.date for day in days}):
        clear_day(known[gone], by=by)


def load_coming_years(*, by: Actor) -> None:
    """The holidays of this year and the next are loaded, beside days decided by hand; a year that has any is left as it is."""
    for year in (timezone.localdate().year, timezone.localdate().year + 1):
        if not CalendarDay.objects.filter(agency=None, date__year=year, source=LAW).exists():
            load_holidays(year, by=by)


@action(who=administrator | system)
def set_hours(hours: OfficeHours, *, by: Actor) -> OfficeHours:
    """An agency has other hours from a day on; hours decided before for the same day give way."""
    try:
        week = hours.as_week
    except ValueError as fault:
        raise Invalid(
            _("Write each day like 07:30-11:30, 13:00-17:00, in order; at least one day is worked."),
            field="week",
        ) from fault
    decided, _is_new = OfficeHours.objects.update_or_create(
        agency=hours.agency,
        since=hours.since,
        defaults={
            "week": [write_spans(spans) for spans in week.days],
            "source": hours.source,
            "edited_at": timezone.now(),
        },
    )
    record(HoursSet(hours.agency_id, hours.since.isoformat(), "; ".join(decided.week)), about=decided, by=by)
    return decided


@action(who=administrator | system)
def clear_hours(hours: OfficeHours, *, by: Actor) -> None:
    """Hours are withdrawn; what held before them holds on."""
    urn, code = hours.urn, hours.agency_id
    hours.delete()
    record(HoursCleared(code, hours.since.isoformat()), about=urn, by=by)
