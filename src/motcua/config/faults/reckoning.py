"""The reckoning: what was acknowledged beside what came about, and both logs beside each other."""

from collections.abc import Callable, Iterable
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
HEADS = "SELECT number, text FROM exchange_batch"
HELD = "SELECT number, text FROM exchange_peerhead WHERE node = %s"
FORKS = "SELECT count(*) FROM exchange_fork"


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


def contradictions(databases: dict[str, str]) -> dict[str, int]:
    """Of the heads each node holds of each other: how many were compared with that node's own log, and how many differ."""
    own: dict[str, dict[int, bytes]] = {}
    for name, uri in databases.items():
        with psycopg.connect(uri) as connection:
            own[name] = {number: bytes(text) for number, text in connection.execute(HEADS)}
    compared = differing = 0
    for name, uri in databases.items():
        with psycopg.connect(uri) as connection:
            differing += one(connection, FORKS)
            for other in databases.keys() - {name}:
                for number, text in connection.execute(HELD, [other]):
                    compared += 1
                    differing += own[other].get(number) != bytes(text)
    return {"heads compared": compared, "heads that contradict": differing}


def one(connection: psycopg.Connection[Any], question: str) -> int:
    row = connection.execute(question.encode()).fetchone()
    return int(row[0]) if row else 0


def breaks() -> dict[str, str]:
    """At a node: the first place where its exchange log or its journal does not hold, in words; empty if both are whole."""
    from motcua.exchange import verification as of_log  # noqa: PLC0415 — needs the child's settings
    from motcua.journal import verification as of_journal  # noqa: PLC0415
    from motcua.journal.keyring import public_keys  # noqa: PLC0415

    pems = {name: pem.decode() for name, pem in public_keys().items()}
    found: dict[str, Callable[[], object]] = {
        "log": lambda: of_log.first_broken(pems),
        "journal": lambda: of_journal.first_broken(public_keys()),
    }
    return {name: str(broken) for name, look in found.items() if (broken := look())}
