"""A connection that lay idle is looked at without a statement, and one that has ended is found out."""

import pytest
from django.db import connection

from motcua.lib.postgresql.base import lies_idle


@pytest.fixture
def beside(db):
    """Another connection to the same database."""
    another = connection.copy()
    another.connect()
    yield another
    another.close()


def pid_of(other):
    return other.connection.info.backend_pid


def test_an_idle_connection_is_believed_until_the_server_says_something(beside):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_activity(%s)", [pid_of(beside)])
        before = cursor.fetchone()
        assert (lies_idle(beside.connection), beside.is_usable()) == (True, True)
        cursor.execute("SELECT pg_stat_get_activity(%s)", [pid_of(beside)])
        assert cursor.fetchone() == before
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid_of(beside)])
        assert cursor.fetchone() == (True,)
    assert (lies_idle(beside.connection), beside.is_usable()) == (False, False)


def test_within_a_transaction_the_server_itself_is_asked(beside):
    beside.connection.autocommit = False
    with beside.connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert (lies_idle(beside.connection), beside.is_usable()) == (False, True)
    with pytest.raises(Exception, match="nowhere"), beside.connection.cursor() as cursor:
        cursor.execute("SELECT nowhere")
    assert beside.is_usable() is False
