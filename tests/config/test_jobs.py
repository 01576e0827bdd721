"""The worker: what people wait for is done while long work goes on, however much of it waits."""

import asyncio
import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from motcua.config.work import jobs
from motcua.journal.actions import EVENTS, REACTIONS, on, record
from motcua.lib.actors import Actor
from motcua.lib.queues import RETRY

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 9  # more than the worker does at once
LONG = 60  # seconds; nothing waits as long
ACTOR = Actor(urn="person:1", name="Trần Hạ Mây")


@dataclass(frozen=True)
class DayMoved:
    place: int


@dataclass(frozen=True)
class BellRung:
    place: int


DayMoved.__module__ = BellRung.__module__ = "motcua.bells.events"


@pytest.fixture
def done(monkeypatch):
    """What was done, in its order. Long work goes on until the bell is answered; at the end all of it is done."""
    # The worker's threads end with the test, and so must their connections.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    told, answered, over = [], threading.Event(), threading.Event()

    @on(DayMoved, patient=True)
    def move(event, entry):
        told.append("begun")
        told.append("moved" if answered.wait(LONG) else "in vain")
        if told.count("moved") + told.count("in vain") == MANY:
            over.set()

    @on(BellRung)
    def answer(event, entry):
        told.append("answered")
        answered.set()

    yield told, over
    for name in ("bells.DayMoved", "bells.BellRung"):
        EVENTS.pop(name)
        REACTIONS.pop(name)


def work_until(over):
    async def until_over():
        working = asyncio.ensure_future(jobs())
        try:
            assert await asyncio.to_thread(over.wait, LONG)
        finally:
            working.cancel()
            await working
            # What is due at its hour is put down in a thread that stays.
            await sync_to_async(connections.close_all)()

    asyncio.run(until_over())


def test_a_bell_is_answered_while_days_are_moved(done):
    told, over = done
    for place in range(MANY):
        record(DayMoved(place), about=f"day:{place}", by=ACTOR)
    record(BellRung(0), about="bell:1", by=ACTOR)
    work_until(over)
    assert (told.count("answered"), told.count("moved"), told.count("in vain")) == (1, MANY, 0)
    assert "begunbegun" not in "".join(one for one in told if one != "answered")  # one after the other


def test_later_news_of_a_subject_overtake_what_has_time(done):
    record(DayMoved(0), about="bell:1", by=ACTOR)
    record(BellRung(0), about="bell:1", by=ACTOR)
    waiting = ProcrastinateJob.objects.order_by("-priority").values_list("queue_name", "lock")
    assert [*waiting] == [("journal", "bell:1"), ("patient", "bell:1")]


def test_whatever_does_not_come_again_by_itself_is_tried_again():
    """A database that falls ends the job with a fault; nothing else would take it up."""
    comes_again = {task for task, _ in app.periodic_registry.periodic_tasks}
    tasks = {name: task for name, task in app.tasks.items() if task.name.split(":")[0] != "builtin"}
    assert [name for name, task in tasks.items() if name not in comes_again and not task.retry_strategy] == []
    assert len(tasks.keys() - comes_again) > 10


def test_it_is_tried_again_soon_and_at_last_once_an_hour_for_twelve_days():
    pauses, attempts = [], 0
    job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=0)
    while decision := RETRY.get_retry_decision(exception=OSError(), job=job.evolve(attempts=attempts)):
        pauses.append((decision.retry_at - timezone.now()).total_seconds())
        attempts += 1
    assert [round(one) for one in pauses[:4]] == [2, 4, 8, 16]
    assert max(pauses) <= 3600
    assert sum(pauses) > timedelta(days=11).total_seconds()


FAILS_ONCE = """
CREATE SEQUENCE times;
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('times') = 1 THEN RAISE disk_full; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_room BEFORE INSERT ON procrastinate_periodic_defers FOR EACH ROW EXECUTE FUNCTION no_room();
"""


def test_half_a_worker_ends_whole_and_is_started_again(monkeypatch):
    """What one half wants to put down for the next minute finds no room; the other would go on, and look as if all were there."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    with connection.cursor() as cursor:
        cursor.execute(FAILS_ONCE)

    async def story():
        working = asyncio.ensure_future(jobs())
        try:
            await asyncio.wait_for(asyncio.shield(working), LONG)
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            await sync_to_async(connections.close_all)()

    try:
        asyncio.run(story())
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION no_room CASCADE; DROP SEQUENCE times")
