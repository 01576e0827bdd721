"""One bit flipped in a copy of what the receiving node keeps: in a row of its log, in a month's file of it, in a kept file."""

import random
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from motcua.config.children import answer_of_child
from motcua.config.country import TEMPLATE, Country, kept_secret, write_toml
from motcua.config.faults.strikes import RECIPIENT
from motcua.demo.nodes import NODES

COPY, ENTRIES = "faults_copy", 1000
COLUMNS = (
    ("leaf", "text"),
    ("leaf", "envelope"),
    ("leaf", "body"),
    ("batch", "text"),
    ("batch", "signature"),
)
LAST = "SELECT max(number), max(first + size - 1) FROM exchange_batch WHERE first + size - 1 <= %s"
PARTS = {
    "exchange_batch": "number <= {batch}",
    "exchange_leaf": "number <= {leaf}",
    # Of its own log those after which it went on when a backup had been put back.
    "exchange_peerhead": "node = '{node}' OR "
    "(node, number) IN (SELECT peer, peer_head FROM exchange_leaf WHERE number <= {leaf})",
}
CHOSEN = "SELECT number, length({column}) * 8 FROM {table} WHERE length({column}) > 0 ORDER BY number"
FLIPPED = "UPDATE {table} SET {column} = set_bit({column}, %s, 1 - get_bit({column}, %s)) WHERE number = %s"
WHERE = {"row": "a row of a copy of the log", "month": "a month's file of it", "file": "a kept file"}
LATER = timedelta(days=40)

type Found = dict[str, int]


def found(country: Country, *, places: int, seed: int) -> Found:
    """Of so many bits flipped in each, one after the other, how many were found."""
    home = copied(country)
    return dict(answer_of_child(home, lambda: at_the_copy(home, places, seed)))


def copied(country: Country) -> Path:
    """A node of its own with the beginning of the log, as long as it takes a moment to verify; its home."""
    postgres = country.postgres
    assert postgres  # noqa: S101 — a country that ran has one
    postgres.create(COPY, template=TEMPLATE)
    with psycopg.connect(postgres.uri(RECIPIENT)) as source, psycopg.connect(postgres.uri(COPY)) as copy:
        row = source.execute(LAST, [ENTRIES]).fetchone()
        batch, leaf = row or (0, 0)
        for table, part in PARTS.items():
            rows = f"COPY (SELECT * FROM {table} WHERE {part.format(batch=batch, leaf=leaf, node=RECIPIENT)}) TO STDOUT"  # noqa: S608 — our own words
            with (
                source.cursor().copy(rows.encode()) as out,
                copy.cursor().copy(f"COPY {table} FROM STDIN".encode()) as into,
            ):
                for data in out:
                    into.write(data)
    home = country.home / COPY
    node = next(one for one in NODES if one.name == RECIPIENT)
    shutil.copytree(country.home / RECIPIENT / "keys", home / "keys")
    settings = country.settings(node, kept_secret(country.home / RECIPIENT))
    write_toml(home / "node.toml", settings | {"database": postgres.uri(COPY)})
    return home


def at_the_copy(home: Path, places: int, seed: int) -> Found:
    """At the copy, which is whole at first."""
    from django.utils import timezone  # noqa: PLC0415 — needs the child's settings

    from motcua.exchange import months, verification  # noqa: PLC0415 — as above
    from motcua.journal.keyring import public_keys  # noqa: PLC0415 — as above
    from motcua.lib.blobs import Store  # noqa: PLC0415 — as above

    chance = random.Random(seed)  # noqa: S311 — the same places each time
    pems = {name: pem.decode() for name, pem in public_keys().items()}
    store = Store(home / "files")
    kept = store.put([chance.randbytes(100_000)]).digest
    month = next(months.archive(timezone.now() + LATER, pems))
    wrong: Mapping[str, Callable[[], bool]] = {
        "row": lambda: verification.first_broken(pems) is not None,
        "month": lambda: raises(lambda: months.check(month, pems)),
        "file": lambda: raises(lambda: store.read(kept)),
    }
    if unsound := [name for name, is_wrong in wrong.items() if is_wrong()]:
        raise ValueError(f"The copy is not whole before a bit is flipped: {unsound}")
    return {
        "row": sum(in_a_row(chance, wrong["row"]) for _ in range(places)),
        "month": sum(in_a_file(month, chance, wrong["month"]) for _ in range(places)),
        "file": sum(in_a_file(store.path(kept), chance, wrong["file"]) for _ in range(places)),
    }


def in_a_row(chance: random.Random, is_wrong: Callable[[], bool]) -> bool:
    """Whether it is found; afterwards the row is as it was."""
    from django.db import connection  # noqa: PLC0415 — needs the child's settings

    name, column = chance.choice(COLUMNS)
    names = {"table": sql.Identifier(f"exchange_{name}"), "column": sql.Identifier(column)}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql.SQL(CHOSEN).format(**names))
        number, bits = chance.choice(cursor.fetchall())
        bit = chance.randrange(bits)
        flip = sql.SQL(FLIPPED).format(**names)
        cursor.execute(flip, [bit, bit, number])
        was_found = is_wrong()
        cursor.execute(flip, [bit, bit, number])
    return was_found


def in_a_file(path: Path, chance: random.Random, is_wrong: Callable[[], bool]) -> bool:
    """The same."""
    whole = path.read_bytes()
    spoilt = bytearray(whole)
    spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    path.write_bytes(spoilt)
    was_found = is_wrong()
    path.write_bytes(whole)
    return was_found


def raises(check: Callable[[], object]) -> bool:
    """Whether it says that something is wrong."""
    from motcua.exchange.months import Wrong  # noqa: PLC0415 — needs the child's settings
    from motcua.lib.blobs import Damaged  # noqa: PLC0415 — as above

    try:
        check()
    except (Wrong, Damaged):
        return True
    return False
