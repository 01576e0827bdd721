"""Months dropped from the database: whoever reads the log finds what stood in it as before, or hears which file is not as it was."""

import asyncio
import json
import random
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone, translation

from motcua.exchange import months, neighbours, returning, tasks, verification
from motcua.exchange.actions import archiving, take_evidence, telling
from motcua.exchange.actions.archiving import Step
from motcua.exchange.blocks import Unreadable, line_of
from motcua.exchange.calling import Speaking
from motcua.exchange.canonical import hash_of
from motcua.exchange.delivery import Courier
from motcua.exchange.models import Apart, ArchivedBatch, ArchivedMonth, Incoming, Leaf, Outgoing
from motcua.exchange.proving import evidence_of
from motcua.exchange.receiving import Noting
from motcua.exchange.server import Call
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.lib.blobs import Store
from motcua.lib.named_files import unnamed
from tests.exchange.nodes import in_memory, sign_drafts
from tests.exchange.test_log import draft
from tests.exchange.test_operating import command, tamper
from tests.killing import killed_at

pytestmark = pytest.mark.django_db(transaction=True)

EARLIER = timedelta(days=95)  # three months at least, four at most
THEIRS, OURS = b"their map " * 7000, b"our map " * 9000
NAMES = [sha256(body).hexdigest() for body in (THEIRS, OURS)]
STRIDE = 5  # moments from one death to the next: before and after a statement, before and after what makes a file durable
DROPPED = ("message", "receipt", "witness")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@asynccontextmanager
async def doors(both):
    """The Government Office, whose log it is, and Lào Cai."""
    async with in_memory(*both.country.nodes) as (here, there):
        yield here, there


async def couriers(here, there):
    """Everything that waits is delivered both ways, large bodies too."""
    for door, peer in ((there, "vpcp"), (here, "laocai")):
        courier = Courier(door.station, door.dispatch.transport, peer)
        for _ in range(3):
            await courier.round()


@pytest.fixture
def talked(both, settings):
    """Messages of every kind, all settled, in a month that is over; their identifiers."""
    vpcp, laocai = both.country.nodes
    settings.HOME = vpcp.home
    sent = []

    async def story():
        async with doors(both) as (here, there):
            Store(vpcp.home / "files").put([OURS])
            Store(laocai.home / "files").put([THEIRS])
            sent.extend(laocai.send("G22", b'{"n":%d}' % number, stream="s") for number in range(3))
            sent.append(laocai.send("G22", None, digest=sha256(THEIRS).digest()))
            sent.extend(vpcp.send("H38", b'{"n":%d}' % number) for number in range(3))
            sent.append(vpcp.send("H38", None, digest=sha256(OURS).digest()))
            for door in (here, there):
                await sign_drafts(door.dispatch)
            await couriers(here, there)
            await here.station.log.write(Speaking(draft(b"a question").envelope))
            await here.station.log.write(Noting("refusal", [b'{"type":"refusal"}']))

    asyncio.run(story())
    assert laocai.states() == vpcp.states() == {"received": 4}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_incoming SET effect = 'done'")
        cursor.execute("UPDATE exchange_outgoing SET expires = now()")
    for table in ("batch", "peerhead"):
        tamper(f"UPDATE exchange_{table} SET at = at - interval '{EARLIER.days} days'")
    return sent


@pytest.fixture
def keys(both):
    return {both.key.key_id: both.key.public_pem}


@pytest.fixture
def month(talked):
    return f"{timezone.now() - EARLIER:%Y-%m}"


def speak(both):
    """What the exchange process does when it is told of the file."""

    async def story():
        async with in_memory(both.country.nodes[0]) as (here,):
            await here.dispatch._log_months()

    asyncio.run(story())


def step(keys, **more):
    return list(archiving.drop(timezone.now(), keys, **more))


@pytest.fixture
def dropped(both, keys, month):
    """The month, as it is when all of it was dropped; before, what every reader told."""
    before = told(both)
    assert [one.what for one in step(keys)] == ["unsaid"]
    speak(both)
    assert [one.what for one in step(keys)] == ["dropped"]
    assert not Leaf.objects.filter(what__in=DROPPED, text__isnull=False).exists()
    return before


def told(both):
    """What every reader of the log says of what stood in it at first."""
    vpcp, laocai = both.country.nodes
    numbers = range(1, vpcp.query("SELECT max(number) FROM exchange_leaf WHERE what <> 'archived'")[0][0] + 1)
    messages = [row[0] for row in vpcp.query("SELECT id FROM exchange_outgoing ORDER BY leaf")]

    async def story():
        async with in_memory(*both.country.nodes) as (here, _there):
            station = here.station
            found = await station.archive.entries(numbers)
            node = station.directory.by_name["laocai"]
            pages = [await returning.page(station, node, way, 0, (0, 0)) for way in ("sent", "received")]
            wanted = [await neighbours.wanted(station, node, str(message)) for message in messages]
            return found, [[one.as_json() for one in page.entries] for page in pages], wanted

    found, pages, wanted = asyncio.run(story())
    every = messages + [row[0] for row in laocai.query("SELECT id FROM exchange_outgoing ORDER BY leaf")]
    return {
        "entries": {number: replace(one, envelope=None, came=None) for number, one in found.items()},
        "given back": pages,
        "wanted": wanted,
        "evidence": [evidence_of(message).text for message in every],
        "refusals": [bytes(one.text) for one in Leaf.objects.refusals()],
        "not named": unnamed([*NAMES, "0" * 64]),
    }


def test_a_month_goes_when_its_file_is_read_back_and_the_log_says_so(both, keys, month, talked):
    whole = Leaf.objects.filter(text__isnull=False).count()
    assert step(keys) == [Step(month, "unsaid")] == step(keys)
    assert Leaf.objects.filter(text__isnull=False).count() == whole
    speak(both)
    assert step(keys) == [Step(month, "dropped", batches())]
    assert step(keys) == []
    said = json.loads(bytes(Leaf.objects.get(what="archived").text))
    held = months.check(months.path_of(month), keys)
    assert (said["month"], said["digest"], said["first"], said["last"]) == (
        *(month, held.digest),
        *(held.first, held.last),
    )
    assert (held.first, held.last) == (1, held.entries)
    left = Leaf.objects.filter(number__lte=held.last, text__isnull=False)
    assert set(left.values_list("what", flat=True)) == {"refusal"}
    assert not Leaf.objects.filter(number__lte=held.last, envelope__isnull=False).exists()


def batches():
    return ArchivedBatch.objects.count()


def test_every_reader_finds_what_stood_there(both, keys, dropped):
    assert told(both) == dropped
    assert dropped["not named"] == {"0" * 64}
    assert [len(page) for page in dropped["given back"]] == [4, 4]
    assert verification.first_broken(keys) is None
    assert command("verify").startswith("The log is whole")


def test_bodies_stay_where_they_can_be_erased(both, keys, dropped):
    kept = Leaf.objects.filter(body__isnull=False)
    assert kept.count() == 6
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_leaf SET body = NULL WHERE number = %s", [kept.first().number])
    assert kept.count() == 5
    assert verification.first_broken(keys) is None
    assert unnamed(NAMES) == set()


def test_a_message_that_is_sent_again_gets_the_receipt_it_has(both, dropped):
    _vpcp, laocai = both.country.nodes
    before = laocai.query("SELECT message, text, head, index FROM exchange_receipt ORDER BY 1")
    entries = Leaf.objects.filter(what="receipt").count()
    again(both)
    assert laocai.query("SELECT message, text, head, index FROM exchange_receipt ORDER BY 1") == before
    assert laocai.states() == {"received": 4}
    assert Leaf.objects.filter(what="receipt").count() == entries


def again(both):
    """Lào Cai has forgotten that its messages were received."""
    _vpcp, laocai = both.country.nodes
    laocai.query(
        "UPDATE exchange_outgoing SET state = 'signed', expires = now() + interval '1 day', give_up_at = now() + interval '1 day'"
    )

    async def story():
        async with doors(both) as (_here, there):
            await Courier(there.station, there.dispatch.transport, "vpcp").round()

    asyncio.run(story())


def repeated(both, message):
    """A system of the Government Office sends again what it has sent; status and answer."""
    vpcp = both.country.nodes[0]
    wanted = {"id": str(message), "kind": "test.note", "sender": "G22", "recipient": "H38"}
    headers = {"authorization": f"Bearer {vpcp.secret}", "motcua-message": json.dumps(wanted)}

    async def receive():
        return {"type": "http.request", "body": b'{"n":0}'}

    async def story():
        async with in_memory(vpcp) as (here,):
            reply = await here.answer(Call("POST", "/exchange/messages", headers, receive))
            return reply.status, json.loads(reply.body)

    return asyncio.run(story())


def test_a_system_that_sends_again_what_it_sent_gets_the_old_answer(both, month, dropped, talked):
    (message,) = Outgoing.objects.filter(pk__in=talked).order_by("leaf").values_list("pk", flat=True)[:1]
    status, answer = repeated(both, message)
    assert (status, answer["id"]) == (200, str(message))
    assert hash_of(answer["envelope"].encode()) == hash_of(dropped["entries"][leaf_of(message)].text)
    months.path_of(month).unlink()
    status, answer = repeated(both, message)
    assert (status, answer["title"]) == (503, "The log cannot be read now")
    assert f"archive/{month}.log, byte " in answer["detail"]
    assert Outgoing.objects.count() == 4


def leaf_of(message):
    return Outgoing.objects.get(pk=message).leaf


def test_a_conflict_is_told_also_when_its_month_was_dropped_before(dropped, talked):
    received = Incoming.objects.filter(message__in=talked).first()
    telling.report_conflict(received.leaf)
    facts = Entry.objects.of("exchange.ConflictDetected").get().facts
    assert (facts["message"], facts["sender"]) == (str(received.message), "H38")


def test_without_the_file_every_reader_says_which_is_missing(both, keys, month, dropped, talked):
    _vpcp, laocai = both.country.nodes
    months.path_of(month).rename(both.folder / "elsewhere")
    with pytest.raises(Unreadable, match=f"archive/{month}.log, byte "):
        told(both)
    broken = verification.first_broken(keys)
    assert broken.what.startswith(f"archive/{month}.log, byte ")
    assert broken.what.endswith("the file is missing. Bring the file back from a backup.")
    with pytest.raises(CommandError, match=f"archive/{month}.log, byte 0: the file is missing"):
        command("archive")
    assert not months.path_of(month).exists()
    with pytest.raises(Invalid, match="the file is missing"):
        take_evidence(talked[0], by=Actor.system("operator"))
    # Who sends anew is served beside who asks for what stood there.
    new = laocai.send("G22", b"new")

    async def story():
        async with in_memory(*both.country.nodes) as (_here, there):
            await sign_drafts(there.dispatch)

    asyncio.run(story())
    again(both)
    rows = laocai.query("SELECT id = %s, state, reason FROM exchange_outgoing ORDER BY leaf", new)
    assert [row[:2] for row in rows] == [(False, "signed")] * 4 + [(True, "received")]
    assert f"archive/{month}.log, byte " in rows[0][2]
    (both.folder / "elsewhere").rename(months.path_of(month))
    laocai.query("UPDATE exchange_outgoing SET next_try = NULL")
    again(both)
    assert laocai.states() == {"received": 5}


def in_the_file():
    """Batches of which something is read there: those of refusals alone stay whole."""
    read = Leaf.objects.filter(text=None).values("batch")
    return list(ArchivedBatch.objects.filter(number__in=read).order_by("number"))


def test_no_bit_of_a_batch_can_be_another(both, keys, month, dropped):
    path = months.path_of(month)
    content = path.read_bytes()
    lying = in_the_file()
    chance = random.Random(7)  # noqa: S311 — the same on every run
    for _ in range(60):
        one = chance.choice(lying)
        at = one.place + chance.randrange(one.size)
        spoilt = bytearray(content)
        spoilt[at] ^= 1 << chance.randrange(8)
        path.write_bytes(spoilt)
        broken = verification.first_broken(keys)
        assert (broken.batch, broken.entry) == (one.number, 0)
        assert broken.what.startswith(f"archive/{month}.log, byte {one.place}: ")
    path.write_bytes(content)
    assert verification.first_broken(keys) is None


def test_a_line_that_was_written_anew_is_another(keys, month, dropped):
    """With a digest of its own that fits, and something else in it that no signature covers."""
    one, path = in_the_file()[0], months.path_of(month)
    content = path.read_bytes()
    text = content[one.place : one.place + one.size].replace(b'"what":"message"', b'"what":"refusal"')
    anew = line_of(json.loads(text[65:]))
    assert anew != content[one.place : one.place + one.size]
    path.write_bytes(content[: one.place] + anew + content[one.place + one.size :])
    assert verification.first_broken(keys).what.endswith("it was changed. Bring the file back from a backup.")


@pytest.mark.parametrize("left", [0, 1, 500, -1])
def test_a_file_cut_off_is_no_whole_one(both, keys, month, dropped, left):
    path = months.path_of(month)
    end = in_the_file()[-1]
    path.write_bytes(
        path.read_bytes()[: end.place + end.size + left] if left < 0 else path.read_bytes()[:left]
    )
    assert verification.first_broken(keys).what.startswith(f"archive/{month}.log, byte ")


def test_a_batch_is_read_without_the_rest_of_the_file(both, keys, month, dropped):
    """Only its own bytes: all others are spoilt here."""
    path = months.path_of(month)
    content = path.read_bytes()
    for one in in_the_file():
        kept = content[one.place : one.place + one.size]
        path.write_bytes(b"x" * one.place + kept + b"x" * 9)
        number = Leaf.objects.filter(batch=one.number).first().number

        async def story(number=number):
            async with in_memory(both.country.nodes[0]) as (here,):
                return await here.station.archive.entries([number])

        assert asyncio.run(story())[number].text == dropped["entries"][number].text


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exchange_outgoing SET state = 'dead' WHERE leaf = (SELECT min(leaf) FROM exchange_outgoing)",
        "UPDATE exchange_outgoing SET state = 'signed' WHERE leaf = (SELECT max(leaf) FROM exchange_outgoing)",
        "UPDATE exchange_outgoing SET expires = now() + interval '1 day' WHERE leaf = (SELECT max(leaf) FROM exchange_outgoing)",
        "UPDATE exchange_incoming SET effect = 'pending' WHERE leaf = (SELECT max(leaf) FROM exchange_incoming)",
        "UPDATE exchange_incoming SET effect = 'dead' WHERE leaf = (SELECT min(leaf) FROM exchange_incoming)",
    ],
)
def test_what_is_not_settled_keeps_its_month(both, keys, month, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert step(keys) == [Step(month, "open", 1)]
    assert not ArchivedMonth.objects.exists()


def test_the_file_must_say_what_the_database_says(both, keys, month):
    """As after an old backup was restored: the file holds batches the database has lost."""
    step(keys)
    speak(both)
    tamper(
        "UPDATE exchange_batch SET number = number + 1000 WHERE number = (SELECT max(number) - 1 FROM exchange_batch)"
    )
    with pytest.raises(Unreadable, match="the batch is not the one in the database"):
        step(keys)
    assert not ArchivedBatch.objects.exists()


def test_a_file_the_log_does_not_speak_of_is_no_reason_to_drop(both, keys, month):
    step(keys)
    speak(both)
    tamper("UPDATE exchange_archivedmonth SET digest = sha256('another')")
    with pytest.raises(Unreadable, match="it is not the file the log speaks of"):
        step(keys)
    assert not ArchivedBatch.objects.exists()


def test_the_database_itself_lets_nothing_go_too_early(both, keys, month):
    large = Leaf.objects.get(what="message", body=None, number__in=own_leaves(both)).number
    small = Leaf.objects.filter(what="receipt", body__isnull=False).first().number
    drop = "UPDATE exchange_leaf SET text = NULL, envelope = NULL, peer_proof = NULL WHERE number = %s"
    step(keys)
    here = Leaf.objects.get(number=small).batch
    places(month, here)
    refused(drop, small)  # the log does not speak of it
    speak(both)
    refused(
        drop, Leaf.objects.filter(what="receipt").exclude(batch=here).first().number
    )  # nor known where it lies
    places(month, *Leaf.objects.exclude(batch=here).values_list("batch", flat=True).distinct())
    refused("UPDATE exchange_leaf SET text = NULL, peer = 'x' WHERE number = %s", small)
    refused(
        "UPDATE exchange_leaf SET text = NULL, envelope = NULL, peer_proof = 'x' WHERE number = %s", small
    )
    refused("UPDATE exchange_leaf SET envelope = NULL WHERE number = %s", small)
    refused(drop, large)  # nobody would name its body any more
    refused("DELETE FROM exchange_leaf WHERE number = %s", small)
    with connection.cursor() as cursor:
        cursor.execute(drop, [small])
        cursor.execute("UPDATE exchange_leaf SET what = what WHERE number = %s", [small])
    assert Leaf.objects.get(number=small).body is not None
    for table in ("archivedmonth", "archivedbatch", "apart"):
        if table == "apart":
            Apart.objects.create(leaf=large, digest=b"")
        refused(f"DELETE FROM exchange_{table} WHERE %s > 0", 1)
    refused("UPDATE exchange_archivedmonth SET digest = '' WHERE %s > 0", 1)


def places(month, *numbers):
    ArchivedBatch.objects.bulk_create(
        [ArchivedBatch(number=number, month=month, place=0, size=0, digest=b"") for number in numbers]
    )


def own_leaves(both):
    return [row[0] for row in both.country.nodes[0].query("SELECT leaf FROM exchange_outgoing")]


def refused(statement, number):
    with (
        pytest.raises(ProgrammingError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [number])


@pytest.fixture
def as_before(month):
    """Put everything back as it was, however far it had gone."""
    rows = list(Leaf.objects.values_list("number", "text", "envelope", "peer_proof"))

    def put_back(*, said):
        tables = "exchange_archivedbatch, exchange_apart" + ("" if said else ", exchange_archivedmonth")
        tamper(f"TRUNCATE {tables}")
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.executemany(
                "UPDATE exchange_leaf SET text = %s, envelope = %s, peer_proof = %s WHERE number = %s",
                [(*rest, number) for number, *rest in rows],
            )
            cursor.execute("SET session_replication_role = origin")

    return put_back


def test_killed_before_the_log_speaks_nothing_is_lost_and_a_repeat_ends_it(both, keys, month, as_before):
    before, path, moment = told(both), months.path_of(month), 0
    while killed_at(moment, lambda: step(keys), files=True):
        assert not Leaf.objects.filter(text=None).exists()
        assert step(keys) == [Step(month, "unsaid")]
        months.check(path, keys)
        as_before(said=False)
        path.unlink()
        moment += STRIDE
    assert moment > 30
    assert told(both) == before


def test_killed_while_it_drops_nothing_is_lost_and_a_repeat_ends_it(
    both, keys, month, as_before, monkeypatch
):
    monkeypatch.setattr(archiving, "AT_ONCE", 2)
    before = told(both)
    step(keys)
    speak(both)
    moment, seen = 0, set()
    while killed_at(moment, lambda: step(keys), files=True):
        count = ArchivedBatch.objects.count()
        if count not in seen:  # as many as each commit leaves
            seen.add(count)
            assert told(both) == before
        assert verification.first_broken(keys) is None
        assert unnamed(NAMES) == set()
        step(keys)
        assert not Leaf.objects.filter(what__in=DROPPED, text__isnull=False, number__lte=last(month)).exists()
        as_before(said=True)
        moment += STRIDE
    assert moment > 60
    assert len(seen) > 2
    assert told(both) == before


def last(month):
    return ArchivedMonth.objects.get(month=month).last


def test_an_administrator_sets_for_how_long_the_log_is_kept_whole(both, keys, month, settings):
    def night(kept):
        settings.NODE = settings.NODE.model_copy(update={"log_kept": kept})
        tasks.archive.func(0)
        speak(both)
        tasks.archive.func(0)
        return ArchivedBatch.objects.exists()

    now, then = timezone.now(), timezone.now() - EARLIER
    since = (now.year - then.year) * 12 + now.month - then.month
    assert settings.NODE.log_kept == 0
    assert [night(0), night(since), night(since - 1)] == [False, False, True]


def test_the_operator_drops_and_hears_what_is_left(both, keys, month, talked):
    path = months.path_of(month)
    waits = (
        f"{month} stays until the log says of its file that it was written: the exchange must run. Repeat.\n"
    )
    assert command("archive", "--drop", "--seconds", "0") == f"{path} is whole: {entries()} entries.\n{waits}"
    speak(both)
    said = command("archive", "--drop")
    assert said == f"{month}: {batches()} batches are read from {path} from now on.\n"
    assert command("archive", "--drop") == ""


def entries():
    return Leaf.objects.exclude(what="archived").count()
