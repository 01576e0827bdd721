"""Months of the log as files: whole they prove themselves, and no bit of them, or of what they are written from, can be another."""

import json
import random
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone, translation

from motcua.exchange import months, verification
from motcua.exchange.blocks import line_of
from motcua.exchange.canonical import canonical
from motcua.exchange.models import Leaf
from motcua.exchange.months import Wrong
from motcua.lib.keys import FileKey
from tests.exchange.test_operating import command, tamper

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(days=40)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def keys(both, settings):
    """A log of messages sent and received, all of this month; the keys it is checked by."""
    settings.HOME = both.folder
    both.exchanged()
    both.exchanged(outward=True)
    return {both.key.key_id: both.key.public_pem}


def put_back(last):
    """The batches up to this one were written in an earlier month."""
    tamper(f"UPDATE exchange_batch SET at = at - interval '{LATER.days} days' WHERE number <= {last}")


@pytest.fixture
def archived(keys):
    (path,) = months.archive(timezone.now() + LATER, keys)
    return path


def test_each_month_that_is_over_is_written_once_and_proves_itself(keys):
    now = timezone.now()
    assert list(months.archive(now, keys)) == []
    put_back(2)
    (earlier,) = months.archive(now, keys)
    assert earlier.name == f"{now - LATER:%Y-%m}.log"
    (rest,) = months.archive(now + LATER, keys)
    assert sum(months.check(file, keys).entries for file in (earlier, rest)) == Leaf.objects.count()
    assert list(months.archive(now + LATER, keys)) == []
    assert sorted(path.name for path in months.folder().iterdir()) == [earlier.name, rest.name]


def test_the_operator_writes_and_checks_them(keys):
    now = timezone.now()
    put_back(99)
    path = months.folder() / f"{now - LATER:%Y-%m}.log"
    said = f"{path} is whole: {Leaf.objects.count()} entries.\n"
    assert command("archive") == said
    assert command("archive") == ""
    assert command("archive", "--check", str(path)) == said
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CommandError, match="it was changed"):
        command("archive", "--check", str(path))


def test_no_bit_of_a_file_can_be_another(archived, keys):
    content = archived.read_bytes()
    chance = random.Random(5)  # noqa: S311 — the same on every run
    for _ in range(500):
        at = chance.randrange(len(content))
        spoilt = bytearray(content)
        spoilt[at] ^= 1 << chance.randrange(8)
        archived.write_bytes(spoilt)
        with pytest.raises(Wrong):
            months.check(archived, keys)


@pytest.mark.parametrize(
    ("change", "line", "what"),
    [
        (lambda lines: lines[:-1], 5, "the end is missing"),
        (lambda lines: [*lines, lines[1]], 6, "it has no place here"),
        (lambda lines: lines[1:], 1, "it has no place here"),
        (lambda lines: [*lines[:2], *lines[3:]], 3, "the batch does not follow the one before it"),
        (lambda lines: [*lines[:3], lines[-1]], 4, "a line before it was added, taken away or changed"),
        (lambda _: [], 1, "the end is missing"),
    ],
)
def test_no_line_can_be_missing_or_too_many(archived, keys, change, line, what):
    lines = archived.read_bytes().splitlines(keepends=True)
    head, batches, end = lines[:1], lines[1:-1], lines[-1:]
    archived.write_bytes(b"".join(change([*head, *batches[:3], *end])))
    with pytest.raises(Wrong) as caught:
        months.check(archived, keys)
    assert (caught.value.line, caught.value.what) == (line, what)


def test_another_nodes_file_is_not_ours(archived):
    stranger = FileKey.generate()
    with pytest.raises(Wrong, match="the signature of the batch does not hold"):
        months.check(archived, {stranger.key_id: stranger.public_pem})


def test_a_strangers_word_at_the_end_is_not_ours(archived, keys):
    """The end is taken from a stranger who signs under the name of our key, and all else is whole."""
    *lines, end = archived.read_bytes().splitlines(keepends=True)
    said = json.loads(end[65:])
    del said["signature"]
    signature = b64encode(FileKey.generate().sign(canonical(said))).decode()
    archived.write_bytes(b"".join([*lines, line_of(said | {"signature": signature})]))
    with pytest.raises(Wrong) as caught:
        months.check(archived, keys)
    assert caught.value.what == "the signature of this node does not hold"


def another_envelope(entry):
    entry["envelope"] = entry["envelope"].replace('"seq":0', '"seq":7')


def another_place(entry):
    entry["place"]["index"] += 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (another_envelope, "the envelope is not the one of the receipt"),
        (another_place, "the envelope does not stand under its sender's head"),
    ],
)
def test_whoever_has_the_key_cannot_change_what_came(archived, keys, change, what):
    """Not even by writing all digests, and the end, anew: receipts and the heads of others speak against it."""
    contents = [json.loads(line[65:]) for line in archived.read_bytes().splitlines()]
    for content in contents:
        for entry in content.get("entries", ()):
            if "envelope" in entry:
                change(entry)
    lines = b"".join(line_of(content) for content in contents[:-1])
    end = contents[-1] | {"digest": sha256(lines).hexdigest()}
    archived.write_bytes(lines + line_of(months._signed(end)))
    with pytest.raises(Wrong) as caught:
        months.check(archived, keys)
    assert caught.value.what == what


@pytest.mark.parametrize(
    ("table", "column", "where"),
    [
        ("leaf", "text", "what = 'message'"),
        ("leaf", "text", "what = 'receipt'"),
        ("leaf", "envelope", "envelope IS NOT NULL"),
        ("leaf", "body", "what = 'message' AND body IS NOT NULL"),
        ("leaf", "body", "what = 'receipt' AND body IS NOT NULL"),
        ("batch", "text", "true"),
        ("batch", "signature", "true"),
    ],
)
def test_a_bit_flipped_in_a_row_is_found(keys, table, column, where):
    changed = f"{column} = set_bit({column}, 300, 1 - get_bit({column}, 300))"
    if column == "body":
        changed = changed.replace("300", "3")
    number = f"(SELECT min(number) FROM exchange_{table} WHERE {where})"
    tamper(f"UPDATE exchange_{table} SET {changed} WHERE number = {number}")
    assert verification.first_broken(keys) is not None
    if column != "body":
        with pytest.raises((Wrong, ValueError)):
            list(months.archive(timezone.now() + LATER, keys))
        assert not list(months.folder().glob("*.log"))


def test_a_file_holds_no_body_so_that_one_can_be_erased(archived, keys):
    before = archived.read_bytes().splitlines()
    archived.unlink()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_leaf SET body = NULL")
    (path,) = months.archive(timezone.now() + LATER, keys)
    assert path.read_bytes().splitlines()[:-1] == before[:-1]
