"""The report's running counts are what counting all dossiers anew says, whatever was told in whatever order."""

import random
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.lib.actors import Actor
from motcua.tracking.actions import join_stays, recount, take_states
from motcua.tracking.models import AgencyQuarter, Passage, ProcedureQuarter, Tracked
from motcua.tracking.sql import TABLES
from tests.tracking.conftest import FIRST, told

pytestmark = pytest.mark.django_db
BY = Actor.system("tests")
NUMBERS = ("received", "early", "on_day", "late", "undone", "over")
Q4 = 68  # the last quarter of 2026


def known(dossier, state, days, *, due=None, **changes):
    agency = ("H38.02683", "H38.03100", "G15")[dossier % 3]
    return told(
        state,
        days * 24 * 60,
        dossier=uuid.UUID(int=dossier),
        agency=agency,
        procedure=("2.000986", "1.004222")[dossier % 2],
        due_at=None if due is None else FIRST + timedelta(days=due),
        **changes,
    )


def take(*states):
    take_states(states, by=BY)


def counts(model=AgencyQuarter):
    """By quarter, of all: what is not nothing."""
    found = {}
    for one in model.objects.all():
        sums = found.setdefault(one.quarter, [0] * len(NUMBERS))
        for place, name in enumerate(NUMBERS):
            sums[place] += getattr(one, name)
    return {quarter: tuple(sums) for quarter, sums in found.items() if any(sums)}


def test_a_dossier_is_received_in_one_quarter_and_finished_early_in_another():
    take(known(1, 1, 0), known(1, 2, 1, due=80), known(1, 4, 2, due=80), known(1, 9, 60, due=80))
    assert counts() == counts(ProcedureQuarter) == {Q4: (1, 0, 0, 0, 0, 0), Q4 + 1: (0, 1, 0, 0, 0, 0)}


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (known(1, 9, 3, due=3), (1, 0, 1, 0, 0, 0)),
        (known(1, 10, 3), (1, 0, 1, 0, 0, 0)),
        (known(1, 9, 5, due=3, on_time=False), (1, 0, 0, 1, 0, 0)),
        (known(1, 7, 3, due=9), (1, 0, 0, 0, 1, 0)),
        (known(1, 8, 3, due=9), (1, 0, 0, 0, 1, 0)),
        (known(1, 4, 3, due=9), (1, 0, 0, 0, 0, 1)),
        (known(1, 5, 3, due=9), (1, 0, 0, 0, 0, 0)),
        (known(1, 6, 3, due=9), (1, 0, 0, 0, 0, 0)),
    ],
)
def test_what_became_of_a_dossier_is_one_of_the_columns(last, expected):
    take(known(1, 2, 1, due=3), last)
    assert counts() == {Q4: expected}


def test_what_was_late_for_a_quarter_is_late_no_more_when_it_ends():
    take(known(1, 2, 1, due=3))
    assert counts() == {Q4: (1, 0, 0, 0, 0, 1)}
    take(known(1, 9, 60, due=3, on_time=False))
    assert counts() == {Q4: (1, 0, 0, 0, 0, 1), Q4 + 1: (0, 0, 0, 1, 0, -1)}


def test_what_was_never_received_or_is_told_of_by_another_agency_is_not_counted():
    take(known(1, 1, 0), known(2, 1, 0), known(2, 3, 1), known(3, 2, 0), known(3, 3, 1, forwarded="out"))
    take(known(4, 5, 0), known(4, 8, 9))
    assert counts() == {}


STATES = st.lists(
    st.builds(
        known,
        st.integers(0, 4),
        st.integers(1, 10),
        st.integers(0, 200),
        due=st.sampled_from([None, 20, 60, 150]),
        on_time=st.booleans(),
        forwarded=st.sampled_from(["", "", "out", "in"]),
    ),
    min_size=1,
    max_size=20,
    # An agency that says two things of the same moment is believed in the order it is heard.
    unique_by=lambda one: (one.dossier, one.state, one.at),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATES, st.integers(1, 9), st.randoms(use_true_random=False))
def test_running_counts_are_those_of_a_recount_to_the_digit(states, size, rng: random.Random):
    """In any order, told twice, late, or joined to one stay."""
    for model in (Tracked, Passage, AgencyQuarter, ProcedureQuarter):
        model.objects.all().delete()
    take(*states)
    at_once = counts()
    for model in (Tracked, Passage, AgencyQuarter, ProcedureQuarter):
        model.objects.all().delete()
    shuffled = states * 2
    rng.shuffle(shuffled)
    for start in range(0, len(shuffled), size):
        take(*shuffled[start : start + size])
        assert recount(TABLES, mend=False, by=BY).differing == 0
    assert counts() == counts(ProcedureQuarter) == at_once
    join_stays({one.dossier for one in states}, by=BY)
    assert recount(TABLES, mend=False, by=BY).differing == 0

    running = counts()
    AgencyQuarter.objects.all().delete()
    ProcedureQuarter.objects.all().delete()
    again = recount(TABLES, mend=True, by=BY)
    assert (again.mended, counts(), counts(ProcedureQuarter)) == (bool(running), running, running)


def test_a_recount_says_what_was_wrong_and_mends_it_only_if_told_to():
    take(known(1, 2, 1, due=3), known(2, 2, 1, due=3))
    right = counts()
    AgencyQuarter.objects.filter(agency="G15").update(received=7)
    out = StringIO()
    call_command("tracking", "recount", stdout=out)
    assert counts() != right
    call_command("tracking", "recount", "--mend", stdout=out)
    call_command("tracking", "recount", stdout=out)
    assert counts() == right
    assert out.getvalue().splitlines() == [
        "4 con số; 1 con số sai.",
        "4 con số; 1 con số sai, đã được sửa.",
        "4 con số; 0 con số sai.",
    ]
    assert [entry.facts for entry in Entry.objects.of("tracking.ReportRecounted").order_by("id")] == [
        {"counts": 4, "differing": 1, "mended": False},
        {"counts": 4, "differing": 1, "mended": True},
        {"counts": 4, "differing": 0, "mended": False},
    ]


def test_only_the_system_recounts():
    with pytest.raises(Refused):
        recount(TABLES, mend=True, by=Actor(urn="person:1"))
