"""Due dates follow the calendar: a day off moves them, taking it back restores them, and a date promised in writing stays."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import assume
from hypothesis import given as forall
from hypothesis import strategies as some

from motcua.dossiers import actions
from motcua.dossiers.clock import due_at, ends, running, shifts
from motcua.dossiers.models import Application, Dossier
from motcua.dossiers.papers import term
from motcua.journal.models import Entry
from motcua.lib.working_time import OFFICE_HOURS, VIETNAM, Calendar, Week
from motcua.notices.models import Notice
from motcua.organisations import actions as organisations
from motcua.organisations.decisions import Decisions
from motcua.organisations.models import CalendarDay, OfficeHours, calendar_for, decided
from motcua.procedures.models import Version
from motcua.procedures.schema import Term
from motcua.procedures.vocabulary import Channel, Unit
from tests import given
from tests.post import run_jobs, settle

SATURDAYS = (*(OFFICE_HOURS,) * 5, ((time(7, 30), time(11, 30)),), ())

# The algebra

DAYS = some.dates(date(2026, 11, 1), date(2026, 12, 31))
CODES = some.sampled_from(["", "H38", given.SA_PA])
MOMENTS = some.datetimes(datetime(2026, 11, 2), datetime(2026, 12, 1)).map(  # noqa: DTZ001 - made aware here
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=VIETNAM)
)
TERMS = some.one_of(
    some.builds(Term, value=some.integers(1, 20), unit=some.sampled_from([Unit.WORKING_DAYS, Unit.DAYS])),
    some.builds(Term, value=some.integers(1, 60), unit=some.just(Unit.HOURS)),
    some.just(Term(value=1, unit=Unit.MONTHS)),
    some.none(),
)


@some.composite
def decisions(draw):
    days = draw(some.dictionaries(CODES, some.dictionaries(DAYS, some.booleans(), max_size=6), max_size=3))
    weeks = draw(some.dictionaries(some.just("H38"), some.builds(lambda day: [Week(day, SATURDAYS)], DAYS)))
    return Decisions(days, weeks)


@forall(decisions(), CODES, DAYS, TERMS, MOMENTS)
def test_a_day_off_added_never_brings_a_due_date_forward(known, code, day, term, began):
    before = ends(term, known.calendar(given.SA_PA), began)
    assert before <= ends(term, known.with_day(code, day, works=False).calendar(given.SA_PA), began)


@forall(decisions(), CODES, DAYS, TERMS, MOMENTS)
def test_a_day_off_taken_back_restores_every_due_date(known, code, day, term, began):
    assume(day not in known.days.get(code, {}))
    back = known.with_day(code, day, works=False).without_day(code, day)
    assert ends(term, back.calendar(given.SA_PA), began) == ends(term, known.calendar(given.SA_PA), began)


@forall(decisions(), DAYS, TERMS, MOMENTS)
def test_what_a_neighbour_decides_moves_nothing_here(known, day, term, began):
    other = known.with_day(given.BAC_HA, day, works=False)
    assert ends(term, other.calendar(given.SA_PA), began) == ends(term, known.calendar(given.SA_PA), began)


@pytest.mark.parametrize(
    ("term", "due"),
    [
        (Term(value=2, unit=Unit.WORKING_DAYS), datetime(2026, 11, 24, 9, tzinfo=VIETNAM)),
        (Term(value=2, unit=Unit.DAYS), datetime(2026, 11, 23, 17, tzinfo=VIETNAM)),  # Sunday: with Monday
        (Term(value=1, unit=Unit.MONTHS), datetime(2026, 12, 21, 17, tzinfo=VIETNAM)),
        (Term(value=3, unit=Unit.HOURS), datetime(2026, 11, 20, 13, 30, tzinfo=VIETNAM)),
        (None, datetime(2026, 11, 23, 9, tzinfo=VIETNAM)),
    ],
)
def test_each_unit_of_a_term_ends_in_its_own_way(term, due):
    assert ends(term, Decisions({}, {}).calendar(), datetime(2026, 11, 20, 9, tzinfo=VIETNAM)) == due


# Dossiers


@pytest.fixture
def accepted(db):
    given.keys()
    return given.dossier(at="accepted")


def day_off(agency=None):
    """A decision on the day the dossier is due, whichever that is."""
    return CalendarDay(
        date=timezone.localdate(Dossier.objects.earliest("arrived_at").due_at),
        agency=agency,
        works=False,
        name_vi="Mất điện",
    )


def due(dossier):
    return Dossier.objects.get(pk=dossier.pk).due_at


def test_a_day_off_moves_the_due_date_and_all_are_told_once(accepted):
    was, day = accepted.due_at, organisations.set_day(day_off(given.agency()), by=given.SYSTEM)
    settle(times=2)
    assert timezone.localdate(due(accepted)) == calendar_for(given.SA_PA).next_working_day(day.date)
    (entry,) = Entry.objects.of("dossiers.DueDateMoved")
    told = {name: datetime.fromisoformat(entry.facts[name]) for name in ("was_due_at", "due_at")}
    assert told == {"was_due_at": was, "due_at": due(accepted)}
    assert Application.objects.get(pk=accepted.pk).due_at == due(accepted)
    assert Notice.objects.get(code="dossiers.moved").body.startswith(
        "Lịch làm việc của Ủy ban nhân dân phường"
    )


def test_taking_the_day_back_restores_the_due_date(accepted):
    was, steps = accepted.due_at, list(accepted.steps.values_list("key", "due_at"))
    day = organisations.set_day(day_off(), by=given.SYSTEM)
    settle()
    assert due(accepted) > was
    organisations.clear_day(day, by=given.SYSTEM)
    settle()
    assert due(accepted) == was
    assert list(accepted.steps.values_list("key", "due_at")) == steps


def test_longer_hours_bring_the_due_date_forward(accepted):
    week = ["00:00-11:30, 13:00-23:59"] * 7
    hours = OfficeHours(agency=given.agency(), since=timezone.localdate(), week=week)
    was = accepted.due_at
    set_ = organisations.set_hours(hours, by=given.SYSTEM)
    settle()
    assert due(accepted) < was
    organisations.clear_hours(set_, by=given.SYSTEM)
    settle()
    assert due(accepted) == was


def test_a_date_promised_in_writing_stays(accepted):
    on = calendar_for(given.SA_PA).on_or_after(timezone.localdate(accepted.due_at) + timedelta(days=9))
    extension = actions.extend(accepted, by=given.officer("chair"), on=on, reason="Chờ xác nhận.")
    organisations.set_day(day_off(), by=given.SYSTEM)
    settle()
    assert due(accepted) == extension.due_at


def test_another_agency_s_day_off_moves_nothing_here(accepted):
    organisations.set_day(day_off(given.agency(given.BAC_HA)), by=given.SYSTEM)
    settle()
    assert due(accepted) == accepted.due_at


def test_what_would_move_is_what_moves(accepted):
    day = day_off(given.agency())
    would = decided().with_day(given.SA_PA, day.date, works=False)
    (shift,) = shifts(running(given.SA_PA), would)
    organisations.set_day(day, by=given.SYSTEM)
    settle()
    assert (shift.before, shift.after) == (accepted.due_at, due(accepted))


def test_many_dossiers_move_with_as_many_statements_as_one(accepted):
    def statements():
        day = organisations.set_day(day_off(), by=given.SYSTEM)
        with CaptureQueriesContext(connection) as queries:
            actions.follow_calendar("", by=given.SYSTEM)
        assert Entry.objects.of("dossiers.DueDateMoved").exists()
        organisations.clear_day(day, by=given.SYSTEM)
        actions.follow_calendar("", by=given.SYSTEM)
        return len(queries)

    few = statements()
    copies(accepted, 29)
    assert statements() == few
    run_jobs()


def copies(dossier, count):
    """More dossiers like this one, with their clocks and steps."""
    steps, (segment,) = list(dossier.steps.all()), dossier.segments.filter(ended_at=None)
    for number in range(count):
        twin = Dossier.objects.get(pk=dossier.pk)
        twin.pk, twin.code = uuid4(), f"{dossier.code}{number}"
        twin.save(force_insert=True)
        for row in (segment, *steps):
            row.pk, row.dossier = None, twin
            row.save(force_insert=True)


@pytest.mark.parametrize(("channel", "days"), [("post", 9), ("online", 3)])
def test_what_comes_by_post_is_due_by_the_term_of_the_post_and_form_01_says_so(db, channel, days):
    version = given.procedure("2.000635")
    terms = [
        Term(unit=Unit.WORKING_DAYS, value=value, channels=(Channel(way),))
        for way, value in (("direct", 3), (channel, 9))
    ]
    known = version.definition.model_copy(update={"terms": tuple(terms), "cases": ()})
    own = Version(procedure=version.procedure, content=known.as_content(), digest=channel)
    dossier = Dossier(version=own, channel=3, agency=given.SA_PA)
    began, calendar = datetime(2026, 11, 2, 9, tzinfo=VIETNAM), Calendar()
    assert due_at(dossier, calendar, began) == calendar.add_days(began, days)
    assert term(dossier) == f"{days} ngày làm việc"
