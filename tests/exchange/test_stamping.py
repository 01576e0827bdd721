"""Time stamps of a real authority (`openssl ts`): taken, kept beside the head, part of the evidence; and what is not one is refused."""

import base64
import hashlib
import json
import random
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import tsp
from django.core.management.base import CommandError
from django.utils import timezone, translation

from motcua.exchange import proving
from motcua.exchange.actions import stamping
from motcua.exchange.models import Authority, Batch, TimeStamp
from motcua.exchange.stamping import Asked, Unstamped, answered, authorities
from motcua.journal.models import Entry
from motcua.lib.keys import FileKey
from tests import given
from tests.exchange.authority import TimeAuthority
from tests.exchange.nodes import listed
from tests.exchange.test_evidence import run, script, taken  # noqa: F401 — a fixture among them
from tests.exchange.test_operating import command, tamper
from tests.oversight.test_oversight import KEY_OF_AUDITOR

pytestmark = pytest.mark.django_db(transaction=True)

DIGEST = hashlib.sha256(b"a head").digest()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return TimeAuthority(tmp_path_factory.mktemp("time") / "authority")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return TimeAuthority(tmp_path_factory.mktemp("time") / "stranger")


@pytest.fixture
def trusting(both, authority, settings):
    """The Government Office trusts the authority; which addresses it asks says the test."""
    (settings.KEYS / "timestamps").mkdir()
    (settings.KEYS / "timestamps" / "national.pem").write_bytes(authority.ca.read_bytes())

    def asks(*addresses):
        settings.NODE = settings.NODE.model_copy(update={"timestamp_authorities": addresses})

    return asks


@pytest.fixture
def stamped(both, trusting, authority):
    """A message received here, under a head with a time stamp on a later one; its identifier."""
    message = both.exchanged()[0]
    both.exchanged()
    with authority.open() as address:
        trusting(address)
        assert stamping.stamp().head == Batch.objects.count()
    return message


def grow_old(*, hours):
    """As if the clock had gone on."""
    tamper(f"UPDATE exchange_batch SET at = at - interval '{hours} hours'")


def asked(**changes):
    return replace(Asked.about(DIGEST, datetime.now(UTC)), **changes)


def verified(token, digest, ca, folder):
    """What openssl says of a token."""
    (file := folder / "token.tst").write_bytes(token)
    ask = ["openssl", "ts", "-verify", "-digest", digest.hex(), "-in", file, "-token_in", "-CAfile", ca]
    return subprocess.run(ask, capture_output=True, check=False).returncode == 0


def test_the_newest_head_is_stamped_and_openssl_finds_it_good(both, trusting, authority, stranger, tmp_path):
    both.exchanged()
    before = len(authority.asked)
    with authority.open() as address:
        trusting(address)
        kept = stamping.stamp()
        assert stamping.stamp() is None
    newest = Batch.objects.order_by("-number").first()
    assert (kept.head, kept.authority, len(authority.asked)) == (newest.number, address, before + 1)
    assert abs(kept.at - timezone.now()) < timedelta(minutes=1)
    digest, token = hashlib.sha256(bytes(newest.text)).digest(), bytes(TimeStamp.objects.get().token)
    assert verified(token, digest, authority.ca, tmp_path)
    assert not verified(token, DIGEST, authority.ca, tmp_path)
    assert not verified(token, digest, stranger.ca, tmp_path)


def test_only_the_answer_to_our_question_counts(authority, stranger):
    one, trusted = asked(), authorities(authority.folder)
    assert answered(authority.reply(one.query), one, trusted).der
    hour = timedelta(hours=1)
    for reply, question, why in (
        (authority.reply(replace(one, nonce=one.nonce ^ 1).query), one, "its nonce is not ours"),
        (authority.reply(replace(one, digest=bytes(32)).query), one, "its imprint is not the one"),
        (stranger.reply(one.query), one, "not of an authority trusted here"),
        (authority.reply(one.query), replace(one, at=one.at - hour), "when we had not asked"),
        (authority.reply(one.query), replace(one, at=one.at + hour), "when we had not asked"),
        (authority.reply(unheard_of(one)), one, "It refused: .*policy"),
    ):
        with pytest.raises(Unstamped, match=why):
            answered(reply, question, trusted)
    with pytest.raises(Unstamped, match="not of an authority trusted here"):
        answered(authority.reply(one.query), one, [])


def unheard_of(question):
    """The same under a policy the authority does not have."""
    query = tsp.TimeStampReq.load(question.query)
    query["req_policy"] = "1.2.3.9"
    return query.dump(force=True)


def test_rubbish_and_changed_answers_are_refused(authority):
    one, trusted = asked(), authorities(authority.folder)
    good, chance = authority.reply(one.query), random.Random(7)  # noqa: S311 — no secret
    for rubbish in (b"", b"\x30", b"<html>", good[:-1], good + b"x", bytes(2000)):
        with pytest.raises(Unstamped):
            answered(rubbish, one, trusted)
    first = answered(good, one, trusted)
    for _ in range(400):
        changed = bytearray(good)
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
        try:
            again = answered(bytes(changed), one, trusted)
        except Unstamped:
            continue
        assert (
            again.at == first.at
        )  # what is not signed, such as a name of an algorithm said twice, may differ


def test_the_evidence_holds_the_stamp_and_another_program_finds_the_moment(
    both, stamped, authority, stranger
):
    at = TimeStamp.objects.get().at
    file = both.written(stamped)
    assert len(json.loads(file.read_bytes())["received"]["stamp"]["heads"]) == 1
    code, lines, error = run(file, both.root_pub, "--tsa", authority.ca)
    assert (code, error) == (0, "")
    assert lines[-2].endswith(f", seen by a time-stamping authority at {at:%Y-%m-%d %H:%M:%S} UTC")
    assert run(file, both.root_pub)[1][-2].endswith(", no time stamp checked")
    code, _, error = run(file, both.root_pub, "--tsa", stranger.ca)
    assert (code, error) == (1, "It does not hold: the time stamp does not hold.\n")


def test_what_a_stamp_proves_to_be_older_outlives_the_key(both, stamped, authority):
    """The node lost its key after the stamp: what it signed before holds by the stamp alone, and what has none does not."""
    vpcp, new = both.country.nodes[0], FileKey.generate()
    unstamped = both.exchanged()[0]
    lost = listed(vpcp.key, revoked_at=datetime.now(UTC))
    published = both.publish(keys={"vpcp": (lost, listed(new))})
    for message, arguments, expected in (
        (stamped, ("--tsa", authority.ca), 0),
        (stamped, (), 1),
        (unstamped, ("--tsa", authority.ca), 1),
    ):
        evidence = replace(proving.evidence_of(message), directory=published)
        (file := both.folder / "e.json").write_bytes(evidence.text)
        assert run(file, both.root_pub, *arguments)[0] == expected


def test_a_stamp_on_other_heads_or_changed_proves_nothing(both, stamped, authority, script):  # noqa: F811 — a fixture
    good, now, chance = taken(stamped).text, datetime.now(UTC), random.Random(7)  # noqa: S311 — no secret
    truth = script.verify(good, both.root_pem, now, authority.ca)
    content = json.loads(good)
    for heads in ([], content["received"]["stamp"]["heads"] * 2, [content["received"]["head"]]):
        content["received"]["stamp"] = json.loads(good)["received"]["stamp"] | {"heads": heads}
        with pytest.raises(script.Broken):
            script.verify(proving.canonical(content), both.root_pem, now, authority.ca)
    token = base64.b64decode(json.loads(good)["received"]["stamp"]["token"])
    for _ in range(100):
        changed = bytearray(token)
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
        content["received"]["stamp"] = json.loads(good)["received"]["stamp"] | {
            "token": base64.b64encode(changed).decode()
        }
        try:
            found = script.verify(proving.canonical(content), both.root_pem, now, authority.ca)
        except Exception:  # noqa: S112 — whatever it is, it is no proof
            continue
        assert found == truth


def test_when_none_answers_messages_go_on_and_the_operator_hears_of_it_once(
    both, trusting, authority, stranger
):
    message = both.exchanged()[0]
    with ExitStack() as open_doors:
        foreign = open_doors.enter_context(stranger.open())
        trusting("http://127.0.0.1:9/", foreign)
        assert stamping.stamp() is None
        assert [(one.address, one.failures) for one in Authority.objects.order_by("address")] == [
            *sorted([("http://127.0.0.1:9/", 1), (foreign, 1)])
        ]
        assert Entry.objects.of("exchange.TimeStampsMissing").count() == 0
        grow_old(hours=2)
        for _ in range(2):
            stamping.stamp()
        alarm = Entry.objects.of("exchange.TimeStampsMissing").get()
        assert alarm.facts["head"] == 1
        assert "http://127.0.0.1:9/: " in alarm.facts["reason"]
        assert "not of an authority trusted here" in alarm.facts["reason"]
    assert taken(message).received.stamp is None
    assert both.exchanged(delivered=True)
    with authority.open() as address:
        trusting("http://127.0.0.1:9/", address)
        assert stamping.stamp().authority == address
    assert taken(message).received.stamp is not None
    assert stamping.pending() is None


def test_what_runs_out_is_told_anew_after_an_authority_had_answered(both, trusting, authority):
    both.exchanged()
    with authority.open() as address:
        trusting(address)
        Authority.objects.create(address=address, failures=9, is_reported=True)
        assert stamping.stamp()
    both.exchanged()
    grow_old(hours=2)
    stamping.stamp()
    assert Entry.objects.of("exchange.TimeStampsMissing").count() == 1


def test_nodes_that_ask_no_authority_are_not_bothered(both, trusting):
    both.exchanged()
    grow_old(hours=48)
    trusting()
    assert stamping.stamp() is None
    assert (Authority.objects.count(), Entry.objects.of("exchange.TimeStampsMissing").count()) == (0, 0)


def test_the_operator_asks_by_hand(both, trusting, authority):
    trusting()
    assert command("stamp") == "The newest head is stamped.\n"
    both.exchanged()
    with pytest.raises(CommandError, match="No authority of time is set"):
        command("stamp")
    trusting("http://127.0.0.1:9/")
    with pytest.raises(CommandError, match=r"http://127\.0\.0\.1:9/: "):
        command("stamp")
    with authority.open() as address:
        trusting(address)
        assert command("stamp").startswith(f"{address}: ")
    assert command("stamp") == "The newest head is stamped.\n"


def test_the_page_of_other_nodes_says_how_time_stands(both, trusting, authority, client):
    given.sign_in(client, KEY_OF_AUDITOR)
    trusting()
    assert "Dấu thời gian" not in client.get("/oversight/peers/").content.decode()
    both.exchanged()
    trusting("http://127.0.0.1:9/")
    stamping.stamp()
    assert "trong vòng một phút" in client.get("/oversight/peers/").content.decode()
    grow_old(hours=2)
    page = client.get("/oversight/peers/").content.decode()
    assert ("không dịch vụ nào trả lời" in page, "http://127.0.0.1:9/" in page) == (True, True)
    with authority.open() as address:
        trusting(address)
        stamping.stamp()
    assert "đã có dấu" in client.get("/oversight/peers/").content.decode()


def test_a_stamp_too_far_away_or_beyond_a_gap_is_left_out(both, stamped, monkeypatch):
    """The evidence holds all heads up to the stamp's, one after the other: without them it is the same but for the time."""
    assert taken(stamped).received.stamp is not None
    with monkeypatch.context() as patched:
        patched.setattr(proving, "FARTHEST", 0)
        assert taken(stamped).received.stamp is None
    other = "SELECT text FROM exchange_batch ORDER BY number LIMIT 1"
    newest = "SELECT max(number) FROM exchange_batch"
    tamper(f"UPDATE exchange_batch SET text = ({other}) WHERE number = ({newest})")
    assert taken(stamped).received.stamp is None
    assert run(both.written(stamped), both.root_pub)[0] == 0
