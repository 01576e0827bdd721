"""The reckoning: what was acknowledged beside what came about, and both logs beside each other."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

NOTED = "CREATE TABLE faults_noted (message uuid, stream text, place int)"
QUESTIONS = {
    "acknowledged": "SELECT count(*) FROM faults_noted",
    "lost": "SELECT count(*) FROM faults_noted n WHERE NOT EXISTS (SELECT 1 FROM faults_effect e WHERE e.message = n.message)",
    "twice": "SELECT count(*) FROM (SELECT 1 FROM faults_effect GROUP BY message HAVING count(*) > 1) t",
    # Each stream counts up by one: whatever does not follow its predecessor is out of order, or one is missing between.
    "disordered": "SELECT count(*) FROM (SELECT place - lag(place, 1, 0) OVER (PARTITION BY stream ORDER BY number) AS step "
    "FROM faults_effect) s WHERE step <> 1",
}
# Of its own log a node holds also those heads that only others still had when an old backup was put back.
HEADS = "SELECT number, text FROM exchange_batch UNION ALL SELECT number, text FROM exchange_peerhead WHERE node = %s"
HELD = "SELECT number, text FROM exchange_peerhead WHERE node = %s"
FORKS = "SELECT count(*) FROM exchange_fork WHERE log = 'exchange' OR node <> ALL(%s)"
UNTOLD = """
SELECT count(*) FROM (
    SELECT about FROM noted EXCEPT SELECT about FROM journal_entry WHERE event = 'exchange.MessageDelivered') AS missing
"""
LOST = "SELECT restored + 1, continued FROM exchange_recovery WHERE continued IS NOT NULL"


def reckoned(recipient: str, files: Iterable[Path]) -> dict[str, int]:
    """At the recipient's database: what was acknowledged, lost, had its effect twice, came out of order."""
    with psycopg.connect(recipient, autocommit=True) as connection:
        connection.execute(NOTED)
        with connection.cursor() as cursor, cursor.copy("COPY faults_noted FROM STDIN") as copy:
            for file in files:
                with file.open("rb") as lines:
                    while block := lines.read(1 << 20):
                        copy.write(block)
        connection.execute("CREATE INDEX ON faults_effect (message)")
        connection.execute("ANALYZE faults_effect, faults_noted")
        return {name: one(connection, question) for name, question in QUESTIONS.items()}


def identifiers(files: Iterable[Path]) -> Iterator[str]:
    """Of the messages that were noted as acknowledged."""
    for file in files:
        with file.open(encoding="ascii") as lines:
            yield from (line.split("\t", 1)[0] for line in lines)


def untold(sender: str, messages: Iterable[str]) -> int:
    """At the sender's database: of these messages, those of which its journal does not say that they were delivered."""
    with psycopg.connect(sender, autocommit=True) as connection:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE noted (about text)")
            with cursor.copy("COPY noted FROM STDIN") as copy:
                for message in messages:
                    copy.write_row([f"message:{message}"])
        return one(connection, UNTOLD)


def contradictions(databases: dict[str, str], restored: Sequence[str] = ()) -> dict[str, int]:
    """Of the heads each node holds of each other: how many were compared with that node's own log, and how many differ or do not
    follow each other. The journal of a node put back to an old backup (`restored`) contradicts what others saw of it, as it must.
    """
    compared = wrong = lost = 0
    for name, uri in databases.items():
        with psycopg.connect(uri) as connection:
            own = {number: bytes(text) for number, text in connection.execute(HEADS, [name])}
            gone = {at for first, last in connection.execute(LOST) for at in range(first, last + 1)}
            wrong += one(connection, FORKS, [list(restored)])
        for other in databases.keys() - {name}:
            with psycopg.connect(databases[other]) as connection:
                held = {number: bytes(text) for number, text in connection.execute(HELD, [name])}
            compared += len(held)
            lost += len(held.keys() & gone - own.keys())
            wrong += sum(
                own.get(number) != text
                for number, text in held.items()
                if number in own or number not in gone
            )
            wrong += unchained(own | held)
    return {"heads compared": compared, "heads lost": lost, "heads that contradict": wrong}


def unchained(heads: dict[int, bytes]) -> int:
    """How many of a log's heads do not follow the one before them, where that is known."""
    return sum(
        json.loads(text)["previous"] != sha256(heads[number - 1]).hexdigest()
        for number, text in heads.items()
        if number - 1 in heads
    )


def one(connection: psycopg.Connection[Any], question: str, given: Sequence[Any] = ()) -> int:
    row = connection.execute(question.encode(), given).fetchone()
    return int(row[0]) if row else 0


def breaks() -> dict[str, str]:
    """At a node: the first place where its exchange log or its journal does not hold, in words; empty if both are whole."""
    from motcua.exchange import verification as of_log  # noqa: PLC0415 — needs the child's settings
    from motcua.journal import verification as of_journal  # noqa: PLC0415
    from motcua.journal.keyring import public_keys, public_pems  # noqa: PLC0415

    pems = public_pems()
    found: dict[str, Callable[[], object]] = {
        "log": lambda: of_log.first_broken(pems),
        "journal": lambda: of_journal.first_broken(public_keys()),
    }
    return {name: str(broken) for name, look in found.items() if (broken := look())}


def given_up() -> list[str]:
    """At a node: the jobs that nothing will try again."""
    from procrastinate.contrib.django import app  # noqa: PLC0415 — as above
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: PLC0415

    comes_again = {task for task, _ in app.periodic_registry.periodic_tasks}
    failed = ProcrastinateJob.objects.filter(status="failed").exclude(task_name__in=comes_again)
    return [f"{job.task_name} {job.pk}" for job in failed.order_by("pk")]
