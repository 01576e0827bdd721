"""What the journal promises."""

import threading
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.journal import actions, sealing, verification
from motcua.journal.actions import on, record
from motcua.journal.followers import FOLLOWERS, catch_up, follows
from motcua.journal.models import Entry, Head, Seal
from motcua.lib.actors import Actor
from motcua.lib.keys import FileKey
from tests.sealed import seal_all

ACTOR = Actor(urn="person:1", name="Trần Hạ Mây")


@dataclass(frozen=True)
class LampLit:
    where: str


LampLit.__module__ = "motcua.lamps.events"


@pytest.fixture
def key():
    return FileKey.generate()


@pytest.fixture
def reaction():
    seen = []

    @on(LampLit)
    def look(event, entry):
        seen.append((event, entry.pk))

    yield seen
    del actions.REACTIONS["lamps.LampLit"], actions.EVENTS["lamps.LampLit"]


@pytest.fixture
def choosy():
    """What looks only where a lamp stands that concerns it."""

    @on(LampLit, where=("door", "gate"))
    def look(event, entry):
        pass

    yield
    del actions.REACTIONS["lamps.LampLit"], actions.EVENTS["lamps.LampLit"]


def lit(where="door"):
    return record(LampLit(where), about="lamp:1", by=ACTOR)


def sealed(key):
    """Seal all there is, whoever else is at work on the same server; return how many entries it was."""
    before = Seal.objects.count()
    seal_all(key)
    return Seal.objects.count() - before


def lit_together(*places):
    """Entries of one transaction: they can only be sealed together."""
    with transaction.atomic():
        return [lit(place) for place in places]


@pytest.mark.django_db
def test_what_concerns_no_reaction_costs_no_job(choosy):
    places = ("door", "cellar", "gate", "door")
    for place in places[:3]:
        lit(place)
    actions.record_many([(LampLit(place), "lamp:1") for place in places], by=ACTOR)
    entries = [entry.pk for entry in Entry.objects.order_by("id") if entry.facts["where"] != "cellar"]
    jobs = ProcrastinateJob.objects.order_by("id").values_list("args", flat=True)
    assert [args["entry"] for args in jobs] == entries
    assert len(entries) == 5


def check(key):
    with override("en"):
        return verification.first_broken({key.key_id: key.public_pem})


@pytest.mark.django_db(transaction=True)
def test_an_entry_says_what_happened_to_what_and_who_did_it():
    entry = lit()
    entry.refresh_from_db()
    assert (entry.event, entry.about, entry.actor, entry.facts) == (
        "lamps.LampLit",
        "lamp:1",
        {"urn": "person:1", "name": "Trần Hạ Mây", "grants": []},
        {"where": "door"},
    )


@pytest.mark.django_db(transaction=True)
def test_entry_and_job_vanish_together_when_the_change_is_rolled_back(reaction):
    with pytest.raises(ZeroDivisionError):
        lit_in_vain()
    assert (Entry.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)


def lit_in_vain():
    with transaction.atomic():
        lit()
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_each_reaction_gets_a_job_that_waits_for_its_subject(reaction):
    entry = lit()
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.lock, job.args["entry"]) == ("journal.deliver", "lamp:1", entry.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal_entry SET event = 'x'", "DELETE FROM journal_entry", "TRUNCATE journal_entry"],
)
def test_the_database_refuses_to_change_the_past(statement):
    lit()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_sealing_gives_places_and_a_signed_head(key):
    entries = lit_together("0", "1", "2")
    assert sealed(key) == 3
    assert list(Seal.objects.order_by("place").values_list("place", "entry_id")) == [
        (n + 1, entry.pk) for n, entry in enumerate(entries)
    ]
    assert (sealed(key), Head.objects.count(), check(key)) == (0, 1, None)


@pytest.mark.django_db(transaction=True)
def test_sealing_waits_for_transactions_that_began_earlier(key):
    began, finish = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            lit("slow")
            began.set()
            finish.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    began.wait(10)
    lit("quick")
    assert sealing.seal(key, origin="test") == 0
    finish.set()
    thread.join()
    assert sealed(key) == 2
    places = Seal.objects.order_by("place").values_list("entry_id", flat=True)
    assert [Entry.objects.get(pk=pk).facts["where"] for pk in places] == ["slow", "quick"]


def tamper(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "place", "what"),
    [
        ('UPDATE journal_entry SET facts = \'{"where": "dooR"}\' WHERE id = {second}', 2, "has been changed"),
        ("DELETE FROM journal_entry WHERE id = {second}", 2, "has been removed"),
        (
            "UPDATE journal_seal SET entry_id = -entry_id; UPDATE journal_seal SET entry_id = {first} + {second} + entry_id WHERE place < 3",
            1,
            "has been changed",
        ),
        ("DELETE FROM journal_seal WHERE place = 2", 2, "seal of this place is missing"),
        ("UPDATE journal_head SET root = sha256('x') WHERE number = 1", 1, "signature of head 1"),
        ("DELETE FROM journal_head WHERE number = 1", 3, "does not follow"),
        (
            "INSERT INTO journal_entry (event, about, actor, facts, tx) SELECT event, about, actor, facts, tx FROM journal_entry WHERE id = {second}",
            0,
            "slipped in",
        ),
    ],
)
def test_verification_names_the_first_broken_place(key, statement, place, what):
    first, second = lit_together("1", "2")
    sealed(key)
    lit("3")
    sealed(key)
    tamper(statement.replace("{first}", str(first.pk)).replace("{second}", str(second.pk)))
    broken = check(key)
    assert broken is not None
    assert (broken.place, what in broken.what) == (place, True)


@pytest.mark.django_db(transaction=True)
def test_a_head_signed_by_a_stranger_is_found(key):
    lit()
    sealed(FileKey.generate())
    assert check(key).what == "the signature of head 1 does not hold"


@pytest.mark.django_db(transaction=True)
def test_followers_read_every_entry_once_and_in_order(key):
    read = []

    @follows("reader")
    def reader(entries):
        read.extend(entry.facts["where"] for entry in entries)

    try:
        for n in range(7):
            lit(str(n))
        assert catch_up("reader") == 0
        sealed(key)
        assert (catch_up("reader"), catch_up("reader")) == (7, 0)
        assert read == [str(n) for n in range(7)]
    finally:
        FOLLOWERS.pop("reader")


@pytest.mark.django_db(transaction=True)
def test_a_follower_that_fails_reads_the_same_again(key):
    @follows("clumsy")
    def clumsy(entries):
        raise ValueError

    try:
        lit()
        sealed(key)
        with pytest.raises(ValueError):
            catch_up("clumsy")
        read = []
        FOLLOWERS["clumsy"] = read.extend
        assert (catch_up("clumsy"), len(read)) == (1, 1)
    finally:
        FOLLOWERS.pop("clumsy")


@dataclass(frozen=True)
class LampPut:
    """Put out again; nobody asked to hear of it."""

    where: str


LampPut.__module__ = "motcua.lamps.events"


@pytest.mark.django_db(transaction=True)
def test_a_follower_hears_of_the_events_it_named_alone_and_passes_all(key, django_assert_num_queries):
    read = []

    @follows("choosy", ["lamps.LampPut"])
    def choosy(entries):
        read.extend(entry.facts["where"] for entry in entries)

    try:
        lit("door")
        record(LampPut("gate"), about="lamp:1", by=ACTOR)
        lit("roof")
        sealed(key)
        assert (catch_up("choosy"), read) == (3, ["gate"])
        lit("wall")
        sealed(key)
        # Its place, the entries it might want, its place anew; and the transaction around.
        with django_assert_num_queries(5):
            assert (catch_up("choosy"), read) == (1, ["gate"])
        for _number in range(5):
            lit("yard")
        record(LampPut("attic"), about="lamp:1", by=ACTOR)
        sealed(key)
        assert (catch_up("choosy", batch=3), read) == (6, ["gate", "attic"])
    finally:
        FOLLOWERS.pop("choosy")
