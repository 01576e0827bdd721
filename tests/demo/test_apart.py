"""What a process of the past keeps apart comes to all at the end, or is gone if it breaks off."""

import pytest
from django.db import connection

from motcua.demo.history.apart import apart

pytestmark = pytest.mark.django_db

JOB = "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock) VALUES ('default', 'a.task', 'a', 'a')"
OWN = "SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relname IN ('procrastinate_jobs', 'exchange_outbox')"


def asked(question):
    with connection.cursor() as cursor:
        return cursor.execute(question).fetchone()[0]


def do(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_jobs_are_seen_by_all_at_the_end():
    with apart():
        do(JOB)
        assert asked("SELECT count(*) FROM public.procrastinate_jobs") == 0
    assert asked("SELECT count(*) FROM public.procrastinate_jobs") == 1


def fall():
    do(JOB)
    raise LookupError


def test_after_a_fall_the_connection_is_as_before():
    with pytest.raises(LookupError), apart():
        fall()
    assert (asked(OWN), asked("SHOW synchronous_commit")) == (0, "on")
    assert asked("SELECT count(*) FROM procrastinate_jobs") == 0
