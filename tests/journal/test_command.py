"""The journal's command: seal, verify, export; and a stranger who verifies the export with nothing of ours."""

import json
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils.translation import override

from motcua.journal.actions import EVENTS, REACTIONS, on, record, record_many
from motcua.journal.keyring import node_key, public_keys
from motcua.journal.models import Entry, Head, Seal
from motcua.lib.actors import Actor
from motcua.lib.keys import FileKey
from tests.sealed import seal_all

ACTOR = Actor(urn="person:1", name="Trần Hạ Mây")

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class LampLit:
    where: str


LampLit.__module__ = "motcua.lamps.events"


@pytest.fixture
def key(node_home):
    key = FileKey.generate()
    key.save(node_home / "keys" / "node.pem")
    return key


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def sealed(key):
    """Seven entries under three heads."""
    for names in (("a", "b", "c"), ("d",), ("đèn", "é", "f")):
        with transaction.atomic():  # else somebody else's transaction may part them
            for name in names:
                record(LampLit(name), about="lamp:1", by=ACTOR)
        seal_all(key)


def run(*arguments):
    out = StringIO()
    call_command("journal", *arguments, stdout=out)
    return out.getvalue()


def test_sealing_says_how_many(key):
    record(LampLit("door"), about="lamp:1", by=ACTOR)
    seal_all(key)
    assert (run("seal"), Head.objects.get().key_id) == ("0 entries sealed.\n", key.key_id)


def test_a_node_without_a_key_cannot_seal():
    with pytest.raises(CommandError, match="This node has no key"):
        run("seal")


def test_a_whole_journal_is_whole(sealed):
    assert run("verify") == "The journal is whole: 7 entries under 3 signed heads.\n"
    assert run("verify", "--heads", "2") == "The journal is whole: 4 entries under 2 signed heads.\n"


def test_the_first_broken_place_is_named(sealed):
    tamper(
        "UPDATE journal_entry SET about = 'lamp:2' WHERE id = (SELECT entry_id FROM journal_seal WHERE place = 4)"
    )
    with pytest.raises(
        CommandError, match=r"^The journal is broken at place 4: entry \d+ has been changed\.$"
    ) as error:
        run("verify")
    assert error.value.returncode == 1


def test_a_retired_key_is_believed_as_long_as_its_public_half_is_kept(sealed, key, node_home):
    (node_home / "keys" / "node.pem").unlink()
    FileKey.generate().save(node_home / "keys" / "node.pem")
    with pytest.raises(CommandError, match="the signature of head 1 does not hold"):
        run("verify")
    (node_home / "keys" / "old.pub").write_text(key.public_pem)
    assert run("verify") == "The journal is whole: 7 entries under 3 signed heads.\n"
    assert set(public_keys()) == {key.key_id, node_key().key_id}


def tamper(statement):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET session_replication_role = replica; {statement}; SET session_replication_role = origin"
        )


# A stranger: knows the format as it is described, SHA-256 and ECDSA; imports nothing of the system under test.


def stranger_verifies(text):
    """The number of entries if everything holds; ValueError names what does not."""
    first, *lines = [json.loads(line) for line in text.splitlines()]
    keys, leaves, previous, number, place = first["keys"], [], bytes(32), 0, 1
    for line in lines:
        if "entry" in line:
            if line["place"] != place:
                raise ValueError(f"place {place}")
            leaves.append(sha256(b"\0" + (line["entry"] or "").encode()).digest())
            place += 1
            continue
        statement, signature = line["statement"], bytes.fromhex(line["signature"])
        said = json.loads(statement)
        number += 1
        wanted = (number, place - len(leaves), len(leaves), tree(leaves).hex(), previous.hex())
        if (said["number"], said["first_place"], said["size"], said["root"], said["previous"]) != wanted:
            raise ValueError(f"head {number}")
        signed(keys[said["key_id"]], signature, statement)
        leaves, previous = [], sha256(b"\0" + statement.encode() + signature).digest()
    if leaves:
        raise ValueError("entries without a head")
    return place - 1


def tree(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + tree(leaves[:half]) + tree(leaves[half:])).digest()


def signed(pem, signature, statement):
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    public = serialization.load_pem_public_key(pem.encode())
    public.verify(utils.encode_dss_signature(r, s), statement.encode(), ec.ECDSA(hashes.SHA256()))


def test_a_stranger_verifies_the_export(sealed):
    text = run("export")
    assert stranger_verifies(text) == 7
    lines = [json.loads(line) for line in text.splitlines()]
    assert [json.loads(line["entry"])["facts"]["where"] for line in lines if "entry" in line] == [
        "a",
        "b",
        "c",
        "d",
        "đèn",
        "é",
        "f",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("đèn", "đèo"), ('\\"first_place\\":4', '\\"first_place\\":5'), ('"place": 4', '"place": 5')],
)
def test_a_stranger_finds_what_was_changed_in_the_export(sealed, old, new):
    text = run("export")
    assert old in text
    with pytest.raises(ValueError):
        stranger_verifies(text.replace(old, new))


def test_what_was_removed_shows_as_a_hole(sealed):
    tamper("DELETE FROM journal_entry WHERE id = (SELECT entry_id FROM journal_seal WHERE place = 2)")
    text = run("export")
    assert json.loads(text.splitlines()[2]) == {"place": 2, "entry": None}
    with pytest.raises(ValueError, match="head 1"):
        stranger_verifies(text)


def test_the_export_goes_to_a_file(sealed, tmp_path):
    file = tmp_path / "journal.jsonl"
    assert (run("export", str(file)), stranger_verifies(file.read_text("utf-8"))) == ("", 7)


def test_many_events_are_written_as_one_by_one():
    record(LampLit("cửa"), about="lamp:1", by=ACTOR)
    record_many([(LampLit("cửa"), "lamp:1"), (LampLit('"\\\n\t'), "lamp:2")], by=ACTOR)
    one, same, other = Entry.objects.order_by("id").values("event", "about", "actor", "facts")
    assert one == same
    assert (other["about"], other["facts"]) == ("lamp:2", {"where": '"\\\n\t'})


@pytest.mark.django_db
def test_many_events_have_their_reactions_too():
    from procrastinate.contrib.django.models import ProcrastinateJob

    @on(LampLit)
    def look(event, entry):
        pass

    try:
        record_many([(LampLit("a"), "lamp:1"), (LampLit("b"), "lamp:2")], by=ACTOR)
    finally:
        REACTIONS.pop("lamps.LampLit")
        EVENTS.pop("lamps.LampLit")
    entries = list(Entry.objects.order_by("id"))
    jobs = ProcrastinateJob.objects.order_by("id").values_list("lock", "task_name", "args")
    assert [(lock, name, args["entry"]) for lock, name, args in jobs] == [
        (entry.about, "journal.deliver", entry.pk) for entry in entries
    ]
    assert [entry.facts["where"] for entry in entries] == ["a", "b"]


def test_nothing_at_all_is_written_as_nothing():
    record_many([], by=ACTOR)
    assert (Entry.objects.count(), Seal.objects.count()) == (0, 0)
