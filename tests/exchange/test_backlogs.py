"""What waits: to find what comes next costs the same however much stands behind it."""

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from motcua.exchange import sql
from motcua.exchange.actions import handling
from tests.exchange.nodes import drop_database, execute, new_database, tables, uri

STREAMS, MOST = 4, 50

# Messages in a few streams, one after the other, as they are after an agency was away for long.
OUTGOING = """
INSERT INTO exchange_outgoing
    (id, leaf, kind, sender, recipient, stream, seq, correlation, created, expires, give_up_at, confirm, state, tries, reason, next_try)
SELECT gen_random_uuid(), n, 'note', 'H38', 'G22', 's' || n %% %(streams)s, 1 + n / %(streams)s, '', now(), now() + interval '9 days',
       now() + interval '9 days', true, 'signed', 0, '', now() + make_interval(mins => %(minutes)s)
FROM generate_series(0, %(count)s - 1) n
"""
INCOMING = """
INSERT INTO exchange_incoming (message, sender, recipient, kind, stream, seq, leaf, parcel, digest, effect, tries, reason)
SELECT gen_random_uuid(), 'H38', 'G22', 'note', 's' || n %% %(streams)s, 1 + n / %(streams)s, n, gen_random_uuid(), ''::bytea,
       'pending', 0, ''
FROM generate_series(0, %(count)s - 1) n
"""


@pytest.fixture
def database():
    name = new_database()
    execute(tables(), database=uri(name))
    yield uri(name)
    drop_database(name)


def pages_read(database, table, filling, statement, values, count, **given):
    """How many pages of the database are looked at with so many waiting, and what is found."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {table} CASCADE")
        connection.execute(filling, {"streams": STREAMS, "count": count, **given})
        connection.execute(f"ANALYZE {table}")
        cursor = psycopg.ClientCursor(connection)
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values)
        plan = cursor.fetchone()[0]
        plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], plan["Actual Rows"]


@pytest.mark.parametrize("minutes", [None, -1])
@pytest.mark.django_db
def test_what_is_sent_next_costs_the_same_however_much_waits(database, minutes):
    """Whether it waits for the first time or was tried before."""
    due = sql.DUE.replace("%b", "%s")
    now = datetime.now(UTC)
    values = [["G22"], now, now, now, now, now - timedelta(days=1), MOST, MOST]
    few, many = (
        pages_read(database, "exchange_outgoing", OUTGOING, due, values, count, minutes=minutes)
        for count in (400, 4000)
    )
    assert (few[1], many[1]) == (MOST, MOST)
    assert many[0] < 2 * few[0]


@pytest.mark.django_db
def test_what_is_handled_next_costs_the_same_however_much_waits(database):
    names = [f"s{number}" for number in range(STREAMS)]
    values = [["H38"] * STREAMS, ["G22"] * STREAMS, names, MOST]
    few, many = (
        pages_read(database, "exchange_incoming", INCOMING, handling.OF_STREAMS, values, count)
        for count in (400, 4000)
    )
    assert (few[1], many[1]) == (STREAMS, STREAMS)
    assert many[0] < 2 * few[0]


@pytest.mark.django_db
def test_what_goes_nowhere_is_found_however_much_waits_for_others(database):
    astray = sql.ASTRAY.replace("%b", "%s")
    values = [["G22"], datetime.now(UTC), MOST, MOST]
    few, many = (
        pages_read(database, "exchange_outgoing", OUTGOING, astray, values, count, minutes=None)
        for count in (400, 4000)
    )
    assert (few[1], many[1]) == (0, 0)
    assert many[0] < 2 * few[0]
    execute("UPDATE exchange_outgoing SET recipient = 'X1' WHERE leaf IN (7, 9)", database=database)
    found = execute(astray.replace("%s", "{}").format("ARRAY['G22']", "now()", MOST, MOST), database=database)
    assert [(row[1], row[4]) for row in found] == [(7, "X1"), (9, "X1")]


@pytest.mark.django_db
def test_many_behind_one_that_is_stuck_do_not_hide_what_was_left_behind(database):
    execute(
        INCOMING.replace("%(streams)s", "2").replace("%(count)s", "600").replace("%%", "%"), database=database
    )
    execute("UPDATE exchange_incoming SET effect = 'dead' WHERE stream = 's0' AND seq = 1", database=database)
    first = execute("SELECT parcel FROM exchange_incoming WHERE stream = 's1' AND seq = 1", database=database)
    assert execute(handling.LEFT_BEHIND, database=database) == first
