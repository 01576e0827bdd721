"""Numbers follow the journal, and a recount arrives at the same digits."""

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.indicators.actions import NAME, count, recount
from motcua.indicators.models import Count, Standing
from motcua.journal.followers import advance, catch_up
from motcua.journal.models import Entry, Follower
from motcua.lib.actions import Refused
from motcua.lib.actors import Actor
from motcua.tracking.actions import Rated, Told, take_rating, take_states
from tests.sealed import seal_all

BY = Actor.system("tests")
START = datetime(2026, 11, 16, 10, tzinfo=UTC)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
KINDS = {2: "received", 3: "refused", 5: "supplemented", 7: "withdrawn", 8: "stopped", 10: "delivered"}

pytestmark = pytest.mark.django_db(transaction=True)


def told(dossier, state, hours, *, due=None, on_time=True, channel=2, forwarded=""):
    agency = ("H38.02683", "H38.03100", "G15")[dossier % 3]
    return Told(
        dossier=uuid.UUID(int=dossier),
        code=f"{agency}-261116-{dossier:04}",
        procedure=("2.000986", "1.004222")[dossier % 2],
        agency=agency,
        channel=channel,
        state=state,
        step="",
        at=START + timedelta(hours=hours),
        due_at=None if due is None else START + timedelta(hours=due),
        on_time=on_time,
        forwarded=forwarded,
    )


def take(*states):
    take_states(states, by=BY)


def follow():
    seal_all()
    return catch_up(NAME)


def counts():
    return Counter(
        {
            (one.day.isoformat(), one.agency, one.procedure, one.channel, one.kind): one.number
            for one in Count.objects.all()
        }
    )


def standings():
    return {(one.agency, one.procedure, one.channel, one.state): one.number for one in Standing.objects.all()}


def kinds():
    found = Counter()
    for *_, kind, number in Count.objects.values_list("agency", "kind", "number"):
        found[kind] += number
    return dict(found)


def test_a_dossier_s_life_is_counted():
    take(
        told(1, 1, 0, due=None),
        told(1, 2, 1, due=100),
        told(1, 4, 2, due=100),
        told(1, 9, 50, due=100),
        told(1, 10, 60, due=100),
    )
    follow()
    assert kinds() == {"filed": 1, "received": 1, "finished": 1, "early": 1, "delivered": 1}
    assert {key: number for key, number in standings().items() if number} == {
        ("H38.03100", "1.004222", 2, 10): 1
    }


@pytest.mark.parametrize(
    ("due", "on_time", "timing"),
    [
        (49, False, "overdue"),
        (50, True, "on_day"),
        (53, True, "on_day"),
        (90, True, "early"),
        (None, True, "on_day"),
    ],
)
def test_finishing_is_early_on_the_day_or_overdue(due, on_time, timing):
    take(told(1, 9, 50, due=due, on_time=on_time))
    follow()
    assert kinds() == {"filed": 1, "finished": 1, timing: 1}


def test_days_are_the_country_s_days():
    take(told(1, 1, 7.5))  # 17:30 in Greenwich is half past midnight in Hà Nội
    follow()
    assert [key[0] for key in counts()] == ["2026-11-17"]


def test_each_kind_counts_a_dossier_once():
    take(told(1, 4, 1), told(1, 5, 2), told(1, 4, 3), told(1, 5, 4), told(1, 4, 5))
    follow()
    assert kinds() == {"filed": 1, "supplemented": 1}


def test_nothing_is_counted_before_it_is_sealed():
    take(told(1, 1, 0))
    assert (catch_up(NAME), counts()) == (0, Counter())


def test_only_the_system_counts():
    follower = Follower.objects.create(name=NAME)
    for act in (lambda: count([], by=Actor("person:1")), lambda: recount(follower, by=Actor("person:1"))):
        with pytest.raises(Refused):
            act()


def by_hand():
    """The same numbers, counted the slow way from the entries themselves."""
    found, standing = Counter(), Counter()
    for entry in Entry.objects.of("tracking.StateTaken"):
        facts = entry.facts
        day = datetime.fromisoformat(facts["at"]).astimezone(VIETNAM).date()
        key = (facts["agency"], facts["procedure"], facts["channel"])
        state, was = facts["state"], facts["was"]
        out, into = (facts["forwarded"] == way for way in ("out", "in"))
        named = ["filed"] if was == 0 and not into else []
        if facts["first"]:
            named += [KINDS[state]] if state in KINDS and not (out and state == 3) else []
            if state == 9:
                due = (
                    datetime.fromisoformat(facts["due_at"]).astimezone(VIETNAM).date()
                    if facts["due_at"]
                    else day
                )
                named += [
                    "finished",
                    "overdue" if not facts["on_time"] else "early" if day < due else "on_day",
                ]
        found.update((day.isoformat(), *key, kind) for kind in named)
        stood, stands = facts["stood"], 0 if out else state
        if stood != stands:
            standing[*key, stands] += 1
            standing[*key, stood] -= 1
    return found, {key: number for key, number in standing.items() if key[-1]}


def forget():
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica; "
            "TRUNCATE journal_entry, journal_seal, journal_head, journal_follower, tracking_tracked, tracking_passage, "
            "indicators_count, indicators_standing; SET session_replication_role = origin"
        )


RATED = {"overall": 1, "convenience": 2, "timeliness": 3, "attitude": 2}


def test_a_rating_is_counted_once_and_a_recount_agrees():
    take(told(1, 9, 1))
    for answers in (RATED, RATED | {"overall": 3}):
        facts = told(1, 9, 1).model_dump(include={"dossier", "code", "procedure", "agency", "channel", "at"})
        take_rating(Rated(**facts, **answers), by=BY)
    follow()
    assert kinds() == {"filed": 1, "finished": 1, "on_day": 1, "rated": 1, "satisfied": 0, **RATED}
    assert recount(Follower.objects.get(name=NAME), by=BY).differing == 0


def test_what_is_forwarded_is_filed_once_and_refused_by_who_refuses_it():
    take(told(1, 1, 0), told(1, 3, 1, forwarded="out"))  # sent on by the one
    take(told(2, 1, 2, forwarded="in"), told(2, 3, 3, forwarded="in"))  # not taken by the other
    take(told(3, 3, 0, forwarded="out"))  # from a counter, and nobody had heard of it
    follow()
    assert kinds() == {"filed": 2, "refused": 1}
    # It stands where it was sent, and nowhere it was sent on from.
    assert {key[-1]: number for key, number in standings().items() if number} == {3: 1}
    take(told(3, 1, 4), told(3, 3, 5))  # it comes back, and is turned away after all
    follow()
    assert kinds() == {"filed": 2, "refused": 2}
    assert sum(standings().values()) == 2
    assert recount(Follower.objects.get(name=NAME), by=BY).differing == 0


def test_what_was_away_when_nobody_noted_it_is_taken_off_once():
    take(told(1, 1, 0), told(1, 3, 1, forwarded="out"), told(2, 1, 2))
    take(told(2, 3, 1, forwarded="out"))  # told of late
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracking_tracked SET is_away = false")  # as a mirror of before
    take(told(1, 1, 4))  # it comes back
    follow()
    standing = sorted((key[-1], number) for key, number in standings().items() if number)
    with connection.cursor() as cursor:  # as entries of before
        cursor.execute(
            "SET session_replication_role = replica; UPDATE journal_entry SET facts = facts - 'stood'; "
            "SET session_replication_role = origin"
        )
    assert (standing, recount(Follower.objects.get(name=NAME), by=BY).differing) == ([(1, 1), (1, 1)], 0)


STATES = st.lists(
    st.builds(
        told,
        st.integers(0, 5),
        st.integers(1, 10),
        st.integers(0, 60),
        due=st.sampled_from([None, 10, 40]),
        on_time=st.booleans(),
        channel=st.just(2),
        forwarded=st.sampled_from(["", "out", "in"]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATES, st.integers(1, 9), st.integers(1, 7))
def test_the_running_numbers_are_those_of_a_recount_to_the_digit(states, size, batch):
    forget()
    for start in range(0, len(states), size):
        take(*states[start : start + size])
        seal_all()
        advance(NAME, batch=batch)
    while advance(NAME, batch=batch):
        pass
    running = counts(), standings()
    assert running == by_hand()

    done = recount(Follower.objects.get(name=NAME), by=BY)
    assert (done.differing, done.numbers) == (0, len(running[0]) + len(running[1]))
    assert (counts(), standings()) == running

    Count.objects.all().delete()
    Standing.objects.all().delete()
    again = recount(Follower.objects.get(name=NAME), by=BY)
    assert (again.differing, counts(), standings()) == (done.numbers, *running)


def test_a_recount_stops_where_the_running_numbers_have_come_to():
    take(told(1, 1, 0))
    follow()
    take(told(2, 1, 0), told(3, 1, 0))
    seal_all()
    advance(NAME, batch=1)
    running = counts()
    assert (recount(Follower.objects.get(name=NAME), by=BY).differing, counts()) == (0, running)


def test_a_recount_puts_right_what_was_wrong_and_says_so():
    take(told(1, 1, 0), told(2, 1, 0))
    follow()
    right = counts()
    Count.objects.filter(agency="H38.03100").update(number=7)
    done = recount(Follower.objects.get(name=NAME), by=BY)
    assert (done.differing, counts()) == (2, right)
    entry = Entry.objects.of("indicators.NumbersRecounted").get()
    assert (entry.about, entry.facts) == ("numbers:country", {"place": 2, "numbers": 4, "differing": 2})


def test_the_command_shows_and_recounts():
    take(told(1, 1, 0))
    seal_all()
    out = StringIO()
    call_command("indicators", "recount", stdout=out)
    call_command("indicators", "show", "--days", "90", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "Đã đếm lại 2 con số đến mục 1; 0 con số sai và đã được sửa."
    assert lines[-1].split()[:3] == ["state", "1", "1"]
