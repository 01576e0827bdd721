"""The mirror takes states over in any order, any number of times, and never moves back."""

import random
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.exchange.messages import HANDLERS, MASS_HANDLERS, Unfit
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor
from motcua.tracking import reactions
from motcua.tracking.actions import take_states
from motcua.tracking.models import Passage, Tracked
from tests.tracking.conftest import CODE, DOSSIER, FIRST, message, told

pytestmark = pytest.mark.django_db
BY = Actor.system("tracking")


def take(*states):
    return take_states(states, by=BY)


def mirror():
    fields = ("dossier", "code", "state", "step", "due_at", "on_time", "first_at", "changed_at", "seen")
    return set(Tracked.objects.values_list(*fields))


def passages():
    return set(Passage.objects.values_list("dossier", "state", "step", "at"))


def news():
    return list(Entry.objects.of("tracking.StateTaken").order_by("id"))


def minutes(n):
    return FIRST + timedelta(minutes=n)


def test_a_state_is_shown_and_recorded():
    assert take(told(2, step="receive")) == 1
    tracked = Tracked.objects.get()
    assert (tracked.urn, tracked.code, tracked.state, tracked.step) == (
        f"dossier:{DOSSIER}",
        CODE,
        2,
        "receive",
    )
    assert [(entry.about, entry.actor["urn"], entry.facts) for entry in news()] == [
        (
            f"dossier:{DOSSIER}",
            "system:tracking",
            {
                "code": CODE,
                "procedure": "2.000986",
                "agency": "H38.02683",
                "channel": 2,
                "state": 2,
                "was": 0,
                "step": "receive",
                "at": "2026-11-16T02:12:00+00:00",
                "due_at": "2026-11-23T02:12:00+00:00",
                "on_time": True,
                "first": True,
                "forwarded": "",
                "stood": 0,
            },
        )
    ]


def test_only_the_system_takes_states():
    with pytest.raises(Refused):
        take_states([told(1)], by=Actor(urn="person:1"))


def test_a_repeated_state_is_recorded_once():
    assert [take(told(2), told(2)), take(told(2))] == [1, 0]
    assert (len(passages()), len(news())) == (1, 1)


def test_an_older_state_is_recorded_but_moves_nothing_back():
    take(told(9, 60))
    assert take(told(4, 30, step="examine")) == 1
    tracked = Tracked.objects.get()
    assert (tracked.state, tracked.first_at, tracked.changed_at) == (9, minutes(30), minutes(60))
    assert [(entry.facts["was"], entry.facts["state"]) for entry in news()] == [(0, 9), (4, 4)]


def test_each_change_knows_what_was_before_it_also_within_one_batch():
    take(told(4, 3, step="b"), told(1, 0), told(4, 2, step="a"), told(2, 1))
    take(told(5, 4), told(4, 5, step="b"))
    assert [(e.facts["was"], e.facts["state"], e.facts["step"], e.facts["first"]) for e in news()] == [
        (0, 1, "", True),
        (1, 2, "", True),
        (2, 4, "a", True),
        (4, 4, "b", False),
        (4, 5, "", True),
        (5, 4, "b", False),
    ]


def test_two_states_of_the_same_moment_are_ordered_by_their_number():
    take(told(9, 1), told(4, 1))
    assert Tracked.objects.get().state == 9
    assert [(entry.facts["was"], entry.facts["state"]) for entry in news()] == [(0, 4), (4, 9)]


def test_an_agency_cannot_move_the_dossier_of_another():
    take(told(2))
    with pytest.raises(Invalid, match=str(DOSSIER)):
        take(told(9, 1, agency="H38.03100"))
    with pytest.raises(Invalid):
        take(told(1, dossier=uuid.UUID(int=2)), told(2, 1, dossier=uuid.UUID(int=2), agency="H38.03100"))
    assert (Tracked.objects.get().state, len(passages()), len(news())) == (2, 1, 1)


def test_the_number_of_statements_does_not_grow_with_the_batch():
    def statements(count, base):
        with CaptureQueriesContext(connection) as captured:
            take(*(told(2, dossier=uuid.UUID(int=base + n)) for n in range(count)))
        return len(captured)

    assert statements(1, 1000) == statements(300, 2000)


def test_nothing_at_all_is_nothing():
    assert take() == 0


STATES = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 10), st.sampled_from(["", "a", "b"]), st.integers(0, 5)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATES, st.integers(1, 5), st.randoms(use_true_random=False))
def test_order_repetition_and_batches_change_nothing(states, size, rng: random.Random):
    """Taking states over is a union: commutative, associative, idempotent."""
    batch = [
        told(state, at, step=step, dossier=uuid.UUID(int=dossier)) for dossier, state, step, at in states
    ]
    forget()
    take(*batch)
    at_once, known = mirror(), passages()

    forget()
    shuffled = batch * 2
    rng.shuffle(shuffled)
    for start in range(0, len(shuffled), size):
        take(*shuffled[start : start + size])
    assert (mirror(), passages()) == (at_once, known)
    assert len(news()) == len(known)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATES, st.integers(1, 5))
def test_what_entries_say_adds_up_to_what_the_mirror_shows(states, size):
    forget()
    batch = [
        told(state, at, step=step, dossier=uuid.UUID(int=dossier)) for dossier, state, step, at in states
    ]
    for start in range(0, len(batch), size):
        take(*batch[start : start + size])
    standing, seen = {}, {}
    for entry in news():
        if entry.facts["was"] != entry.facts["state"]:
            assert standing.get(entry.about, 0) == entry.facts["was"]
            standing[entry.about] = entry.facts["state"]
        assert entry.facts["first"] == (entry.facts["state"] not in seen.setdefault(entry.about, set()))
        seen[entry.about].add(entry.facts["state"])
    assert standing == {tracked.urn: tracked.state for tracked in Tracked.objects.all()}


def forget():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM journal_entry")
        cursor.execute("SET LOCAL session_replication_role = origin")
    Tracked.objects.all().delete()
    Passage.objects.all().delete()


BODY = {
    "dossier": str(DOSSIER),
    "code": CODE,
    "procedure": "2.000986",
    "agency": "H38.02683",
    "channel": 2,
    "state": 4,
    "step": "examine",
    "at": "2026-11-16T09:40:00+07:00",
    "due_at": "",
    "on_time": True,
}


def test_messages_are_taken_over_as_agencies_write_them():
    reactions.take_states([message(BODY), message(BODY | {"state": 5, "at": "2026-11-17T09:40:00+07:00"})])
    tracked = Tracked.objects.get()
    assert (tracked.state, tracked.due_at, tracked.first_at) == (5, None, FIRST + timedelta(minutes=28))


@pytest.mark.parametrize(
    ("body", "sender", "words"),
    [
        (BODY | {"state": 11}, "H38.02683", "state"),
        (BODY | {"at": "yesterday"}, "H38.02683", "at"),
        (BODY | {"at": "2026-11-16T09:40:00"}, "H38.02683", "at"),
        ({"dossier": str(DOSSIER)}, "H38.02683", "code"),
        (b"no json", "H38.02683", "body"),
        (BODY, "H38.03100", "H38.03100"),
        (BODY | {"at": (timezone.now() + timedelta(hours=2)).isoformat()}, "H38.02683", "tương lai"),
    ],
)
def test_what_cannot_be_is_refused_for_good(body, sender, words):
    with pytest.raises(Unfit, match=words):
        reactions.take_states([message(body, sender)])
    assert mirror() == set()


def test_a_stranger_s_state_is_refused_for_good():
    reactions.take_states([message(BODY)])
    with pytest.raises(Unfit, match=str(DOSSIER)):
        reactions.take_states([message(BODY | {"agency": "H38.03100", "state": 9}, "H38.03100")])


def test_the_exchange_knows_who_takes_states():
    assert (MASS_HANDLERS["dossier.state"], "dossier.state" in HANDLERS) == (reactions.take_states, True)
