"""Two nodes that no network joins exchange by files on a medium: both ways, with attachments and receipts, in order; and nothing else gets in."""

import asyncio
import io
import json
from contextlib import asynccontextmanager
from hashlib import sha256

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from motcua.exchange import actions, medium
from motcua.exchange.carried import Told
from motcua.exchange.carry import carry
from motcua.exchange.evidence import SignedHead, read_receipt
from motcua.exchange.models import DirectoryVersion, Outbox
from motcua.exchange.problems import Problem
from motcua.exchange.recovery import make_fit
from motcua.exchange.root import Untrusted
from motcua.exchange.transport import Lost, Network
from motcua.exchange.witnessing import Witness
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor, Grant
from motcua.lib.blobs import Store
from motcua.lib.keys import FileKey
from tests.exchange.nodes import Country, beside, in_memory, sign_drafts
from tests.exchange.victims import until


class NoNetwork:
    """Whoever asks it has forgotten that there is none."""

    async def get(self, url):
        raise AssertionError(url)

    post = put = get

    def close(self):
        pass


@pytest.fixture
def apart(node):
    """Lào Cai, and the Ministry of Defence on a network of its own."""
    country = Country([node("laocai", "H38", "H38.01"), node("quocphong", "G02")])
    for one in country.nodes:
        one.carry_key = FileKey.generate()
    country.publish()
    for one in country.nodes:
        one.carry_key.save(one.home / "keys" / "carry.pem")
    return country


@asynccontextmanager
async def doors_of(country):
    async with in_memory(*country.nodes) as doors:
        for door in doors:
            door.dispatch.transport = NoNetwork()
        yield doors


async def out(door, path, node, **more):
    await sign_drafts(door.dispatch)
    asked = json.dumps({"node": node, "file": str(path), **more}).encode()
    return json.loads(await carry(door.station, door.dispatch, "out", asked))[0]


async def into(door, path):
    return json.loads(
        await carry(door.station, door.dispatch, "in", json.dumps({"file": str(path)}).encode())
    )


def file_at(node, content):
    """A file in a node's store; as a message names it."""
    blob = Store(node.home / "files").put([content])
    return {"digest": blob.digest, "size": blob.size, "media": "application/pdf"}


def told(country, story):
    return asyncio.run(_told(country, story))


async def _told(country, story):
    async with doors_of(country) as doors:
        return await story(*doors)


def test_messages_files_and_receipts_go_both_ways_without_a_network(apart, tmp_path):
    laocai, quocphong = apart.nodes
    large = b"T" * 300_000
    listed = file_at(laocai, large)
    body = b"B" * 100_000
    Store(laocai.home / "files").put([body])

    async def story(here, there):
        sent = [laocai.send("G02", b"%d" % n, stream="a") for n in range(3)]
        sent.append(laocai.send("G02", b"with", attachments=[listed]))
        sent.append(laocai.send("G02", None, digest=sha256(body).digest()))
        back = quocphong.send("H38", b"answer")
        first = await out(here, tmp_path / "1", "quocphong")
        assert (first["number"], first["messages"], first["files"]) == (1, 5, 2)
        (taken,) = await into(there, tmp_path / "1")
        assert (taken["what"], taken["messages"], taken["files"], taken["words"]) == ("taken", 5, 2, [])
        assert laocai.states() == {"signed": 5}
        second = await out(there, tmp_path / "2", "laocai")
        assert (second["messages"], second["receipts"]) == (1, 5)
        (taken,) = await into(here, tmp_path / "2")
        assert (taken["messages"], taken["receipts"], taken["words"]) == (1, 5, [])
        assert laocai.states() == {"received": 5}
        third = await out(here, tmp_path / "3", "quocphong")
        assert (third["messages"], third["receipts"]) == (0, 1)
        await into(there, tmp_path / "3")
        assert quocphong.states() == {"received": 1}
        fourth = await out(there, tmp_path / "4", "laocai")
        assert fourth["receipts"] == 0  # what was answered and came is not answered again
        return sent, back

    sent, back = told(apart, story)
    assert [row[0] for row in quocphong.received()] == sent
    assert [row[1] for row in quocphong.received()[:3]] == [1, 2, 3]
    assert [row[0] for row in laocai.received()] == [back]
    assert Store(quocphong.home / "files").read(listed["digest"]) == large
    assert Store(quocphong.home / "files").read(sha256(body).hexdigest()) == body
    kept = laocai.query("SELECT r.text, r.node, h.text, h.signature FROM exchange_receipt r "
                        "JOIN exchange_peerhead h ON h.node = r.node AND h.number = r.head")  # fmt: skip
    assert {read_receipt(bytes(text)).state for text, *_ in kept} == {"received"}
    assert all(
        SignedHead(bytes(head), bytes(signature)).is_signed_by(
            {quocphong.key.key_id: quocphong.key.public_pem}
        )
        for *_, head, signature in kept
    )


def test_a_file_taken_in_twice_changes_nothing(apart, tmp_path):
    laocai, quocphong = apart.nodes

    async def story(here, there):
        laocai.send("G02")
        await out(here, tmp_path / "1", "quocphong")
        await into(there, tmp_path / "1")
        before = quocphong.query("SELECT count(*), max(number) FROM exchange_leaf")
        (again,) = await into(there, tmp_path / "1")
        assert (again["what"], quocphong.query("SELECT count(*), max(number) FROM exchange_leaf")) == (
            "before",
            before,
        )

    told(apart, story)


def test_a_file_that_broke_off_while_it_was_taken_in_is_taken_in_again_and_has_no_second_effect(
    apart, tmp_path
):
    laocai, quocphong = apart.nodes

    async def story(here, there):
        laocai.send("G02")
        await out(here, tmp_path / "1", "quocphong")
        await into(there, tmp_path / "1")
        quocphong.query("DELETE FROM exchange_carried")
        (again,) = await into(there, tmp_path / "1")
        assert (again["what"], len(quocphong.received())) == ("taken", 1)
        await out(there, tmp_path / "2", "laocai")
        await into(here, tmp_path / "2")
        assert laocai.states() == {"received": 1}

    told(apart, story)


def test_what_stands_in_one_file_does_not_stand_in_the_next_and_a_gap_is_held_until_it_is_closed(
    apart, tmp_path
):
    laocai, quocphong = apart.nodes

    async def story(here, there):
        sent = []
        for number in (1, 2, 3):
            sent.append(laocai.send("G02", b"%d" % number, stream="a"))
            assert (await out(here, tmp_path / str(number), "quocphong"))["messages"] == 1
        await into(there, tmp_path / "1")
        (held,) = await into(there, tmp_path / "3")
        assert (held["what"], held["number"], held["words"]) == ("held", 3, ["2"])
        assert [row[0] for row in quocphong.received()] == sent[:1]
        (tmp_path / "3").unlink()  # it was kept
        both = await into(there, tmp_path / "2")
        assert [(one["what"], one["number"]) for one in both] == [("taken", 2), ("taken", 3)]
        assert [row[0] for row in quocphong.received()] == sent
        assert list((quocphong.home / "carried").iterdir()) == []

    told(apart, story)


def test_a_lost_file_is_made_good_by_one_with_everything(apart, tmp_path):
    laocai, quocphong = apart.nodes

    async def story(here, there):
        sent = [laocai.send("G02", b"1", stream="a")]
        await out(here, tmp_path / "1", "quocphong")
        sent.append(laocai.send("G02", b"2", stream="a"))
        whole = await out(here, tmp_path / "2", "quocphong", everything=True)
        assert whole["messages"] == 2
        (taken,) = await into(there, tmp_path / "2")
        assert (taken["what"], [row[0] for row in quocphong.received()]) == ("taken", sent)
        (late,) = await into(there, tmp_path / "1")
        assert (late["what"], len(quocphong.received())) == ("late", 2)

    told(apart, story)


def test_a_changed_byte_is_refused_wherever_it_lies_with_its_place(apart, tmp_path):
    laocai, quocphong = apart.nodes
    listed = file_at(laocai, b"T" * 200_000)

    async def story(here, there):
        laocai.send("G02", b"{}", attachments=[listed])
        await out(here, tmp_path / "1", "quocphong")
        content = (tmp_path / "1").read_bytes()
        found = medium.outside(tmp_path / "1")
        header, signature = len(medium.MAGIC), len(found.lines)
        places = {
            3: "the first line",
            header + 10: "header",
            signature + 10: "header",
            found.begin + 5: "(piece 1)",
            found.begin + medium.PIECE + 100: "(piece 2)",
            found.end - 3: "(piece 4)",
            len(content) - 5: "the last 64 bytes",
        }
        before = quocphong.query("SELECT count(*) FROM exchange_incoming")
        for place, words in places.items():
            changed = bytearray(content)
            changed[place] ^= 1
            (tmp_path / "x").write_bytes(changed)
            with pytest.raises(Problem) as refused:
                await into(there, tmp_path / "x")
            assert (words in refused.value.detail, refused.value.status) == (True, 422), (
                place,
                refused.value,
            )
        for cut in (len(content) - 1, len(content) - 70, found.begin + medium.PIECE + 16, found.begin, 30, 0):
            (tmp_path / "x").write_bytes(content[:cut])
            with pytest.raises(Problem):
                await into(there, tmp_path / "x")
        (tmp_path / "x").write_bytes(content + b"\0")
        with pytest.raises(Problem):
            await into(there, tmp_path / "x")
        assert quocphong.query("SELECT count(*) FROM exchange_incoming") == before
        assert Store(quocphong.home / "files").exists(listed["digest"]) is False
        assert (await into(there, tmp_path / "1"))[0]["what"] == "taken"
        assert len(quocphong.refusals()) > 0

    told(apart, story)


def test_a_file_for_another_node_is_refused_and_can_be_read_by_nobody_else(node, apart, tmp_path):
    apart.nodes.append(node("congan", "G01"))
    third = apart.nodes[2]
    third.carry_key = FileKey.generate()
    apart.publish()
    third.carry_key.save(third.home / "keys" / "carry.pem")

    async def story(here, there, other):
        apart.nodes[0].send("G02", b"SECRET-WORDS")
        await out(here, tmp_path / "1", "quocphong")
        with pytest.raises(Problem, match="the file is for quocphong, not for congan"):
            await into(other, tmp_path / "1")
        assert b"SECRET-WORDS" not in (tmp_path / "1").read_bytes()
        found = medium.outside(tmp_path / "1")
        with pytest.raises(medium.Unsound, match="can be opened with the key"):
            list(found.content(third.carry_key))
        assert (await into(there, tmp_path / "1"))[0]["messages"] == 1

    told(apart, story)


def test_a_file_under_a_key_that_was_revoked_is_refused(apart, tmp_path):
    laocai, _ = apart.nodes

    async def story(here, there):
        laocai.send("G02")
        await out(here, tmp_path / "1", "quocphong")
        there.station.adopt(apart.publish(keys={"laocai": ()}))
        with pytest.raises(Problem, match="may not sign with the key"):
            await into(there, tmp_path / "1")

    told(apart, story)


def test_a_forged_header_is_refused(apart, tmp_path):
    """Whoever has the recipient's public key can encrypt for it, but not sign for another."""
    laocai, quocphong = apart.nodes
    secret = medium.fresh_secret()
    header = medium.Header(
        instance="test", sender="laocai", recipient="quocphong", number=1, previous="", seen=0,
        made="2026-01-01T00:00:00.000Z", key=laocai.key.key_id, opens=quocphong.carry_key.key_id,
        wrapped=medium.wrapped(secret, quocphong.carry_key.public_pem),
    )  # fmt: skip
    with (tmp_path / "1").open("wb") as file:
        writer = medium.Writer(file, header, secret, FileKey.generate())
        writer.write(b"{}")
        writer.close()

    async def story(_, there):
        with pytest.raises(Problem, match="header: its signature does not hold"):
            await into(there, tmp_path / "1")

    told(apart, story)


def test_another_file_under_a_known_number_and_one_that_does_not_follow_are_refused(apart, tmp_path):
    laocai, _ = apart.nodes

    async def story(here, there):
        laocai.send("G02", b"1")
        await out(here, tmp_path / "1", "quocphong")
        await into(there, tmp_path / "1")
        laocai.query("DELETE FROM exchange_carried")
        await out(here, tmp_path / "other", "quocphong")
        with pytest.raises(Problem, match="another file with the number 1 was taken in before"):
            await into(there, tmp_path / "other")
        await out(here, tmp_path / "2", "quocphong")
        with pytest.raises(Problem, match="does not follow the file 1 that"):
            await into(there, tmp_path / "2")

    told(apart, story)


def test_a_newer_directory_comes_with_a_file(apart, tmp_path):
    async def story(here, there):
        here.station.adopt(apart.publish())
        await out(here, tmp_path / "1", "quocphong")
        (taken,) = await into(there, tmp_path / "1")
        assert taken["words"] == ["Version 2 of the directory came with it."]
        assert there.station.directory.version == 2

    told(apart, story)


def test_a_message_whose_file_is_gone_stays_with_those_behind_it(apart, tmp_path):
    laocai, _ = apart.nodes
    listed = file_at(laocai, b"gone")
    Store(laocai.home / "files").path(listed["digest"]).unlink()

    async def story(here, _):
        laocai.send("G02", stream="a", attachments=[listed])
        laocai.send("G02", stream="a")
        laocai.send("G02", attachments=[listed])
        laocai.send("G02")
        written = await out(here, tmp_path / "1", "quocphong")
        assert (written["messages"], "its file" in written["words"][0]) == (1, True)

    told(apart, story)


def test_what_is_carried_waits_until_it_expires_and_no_network_is_asked(apart):
    laocai, _ = apart.nodes

    async def story(here, _):
        laocai.send("G02")
        await sign_drafts(here.dispatch)
        laocai.query("UPDATE exchange_outgoing SET give_up_at = now() - interval '1 day'")
        courier = here.dispatch.courier("quocphong")
        assert await courier.round() == 30.0
        assert laocai.states() == {"signed": 1}
        laocai.query("UPDATE exchange_outgoing SET expires = now() - interval '1 hour', give_up_at = expires")
        laocai.query("UPDATE exchange_outgoing SET give_up_at = expires")
        assert await courier.round() == 0
        assert laocai.states() == {"dead": 1}
        with pytest.raises(Lost, match="carried files only"):
            await Network(laocai.key).get("carry:quocphong/exchange/head")

    told(apart, story)


def test_what_cannot_be_written_is_said(apart, tmp_path):
    async def story(here, _):
        (tmp_path / "there").write_bytes(b"")
        for path, node, words in (
            (tmp_path / "there", "quocphong", "is there already"),
            (tmp_path / "no" / "folder", "quocphong", "is no folder"),
            (tmp_path / "1", "nobody", "names no other node nobody"),
            (tmp_path / "1", "laocai", "names no other node laocai"),
        ):
            with pytest.raises(Problem, match=words):
                await out(here, path, node)
        apart.nodes[1].carry_key = None
        here.station.adopt(apart.publish())
        with pytest.raises(Problem, match="lists no carry_key for quocphong"):
            await out(here, tmp_path / "1", "quocphong")
        for asked in (b"no JSON", b"{}"):
            with pytest.raises(Problem, match="Write file, node"):
                await carry(here.station, here.dispatch, "in", asked)
        with pytest.raises(Problem, match="cannot be read"):
            await into(here, tmp_path / "nothing")

    told(apart, story)


def test_a_key_for_carrying_is_a_key(apart):
    class NoKey:
        public_pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"

    apart.nodes[1].carry_key = NoKey()

    async def story(here, _):
        with pytest.raises(Untrusted, match="no key on the curve P-256"):
            here.station.adopt(apart.publish())

    told(apart, story)


def test_what_was_put_off_goes_with_the_next_file(apart, tmp_path):
    """Over a network it would be tried again in a moment; who travels does not wait for that."""
    laocai, quocphong = apart.nodes

    async def story(here, there):
        laocai.send("G02")
        await sign_drafts(here.dispatch)
        laocai.query("UPDATE exchange_outgoing SET tries = 9, next_try = now() + interval '1 hour'")
        assert (await out(here, tmp_path / "1", "quocphong"))["messages"] == 1
        await into(there, tmp_path / "1")
        assert len(quocphong.received()) == 1

    told(apart, story)


def test_what_was_held_and_does_not_hold_any_more_is_told_after_what_was_taken_in(apart, tmp_path):
    laocai, quocphong = apart.nodes

    async def story(here, there):
        for number in (1, 2):
            laocai.send("G02")
            await out(here, tmp_path / str(number), "quocphong")
        await into(there, tmp_path / "2")
        (kept,) = (quocphong.home / "carried").iterdir()
        kept.write_bytes(kept.read_bytes()[:-1])
        (taken,) = await into(there, tmp_path / "1")
        assert (taken["what"], len(quocphong.received())) == ("taken", 1)
        assert "laocai-2.carry is refused, bytes" in taken["words"][0]
        assert (await into(there, tmp_path / "2"))[0]["what"] == "taken"
        assert list((quocphong.home / "carried").iterdir()) == []

    told(apart, story)


def test_a_node_that_was_set_back_goes_on_with_a_file_that_has_everything(apart, tmp_path):
    """Its numbers begin again below those that were taken in, and its next one names another predecessor."""
    laocai, quocphong = apart.nodes

    async def story(here, there):
        laocai.send("G02", b"1")
        await out(here, tmp_path / "1", "quocphong")
        await into(there, tmp_path / "1")
        laocai.query("DELETE FROM exchange_carried")
        laocai.send("G02", b"2")
        await out(here, tmp_path / "other", "quocphong")
        with pytest.raises(Problem, match="have its node write the next one with --everything"):
            await into(there, tmp_path / "other")
        await out(here, tmp_path / "2", "quocphong", everything=True)
        (taken,) = await into(there, tmp_path / "2")
        assert (taken["what"], len(quocphong.received())) == ("taken", 2)

    told(apart, story)


def test_what_was_held_is_forgotten_when_one_with_everything_has_come(apart, tmp_path):
    laocai, quocphong = apart.nodes

    async def story(here, there):
        for number in (1, 2, 3):
            laocai.send("G02")
            await out(here, tmp_path / str(number), "quocphong", everything=number == 3)
        assert (await into(there, tmp_path / "2"))[0]["what"] == "held"
        assert (await into(there, tmp_path / "3"))[0]["what"] == "taken"
        assert (list((quocphong.home / "carried").iterdir()), len(quocphong.received())) == ([], 3)

    told(apart, story)


def test_nobody_is_asked_over_a_network_that_does_not_lead_there(apart):
    async def story(here, _):
        await Witness(here.station, here.dispatch.transport).round()
        await make_fit(here.station, here.dispatch.transport)

    told(apart, story)


@pytest.fixture
def at(settings):
    """The command of a node, as its operator writes it."""

    def run(node, *words):
        settings.NODE = settings.NODE.model_copy(
            update={"name": node.name, "secret": node.secret, "exchange_port": node.exchange_port}
        )
        out = io.StringIO()
        with translation.override("en"):
            call_command("exchange", "carry", *words, stdout=out)
        return out.getvalue().splitlines()

    return run


@pytest.mark.django_db
def test_an_operator_carries_out_and_in_by_the_command_and_it_is_written_down(apart, at, tmp_path, settings):
    laocai, quocphong = apart.nodes
    with beside(laocai, quocphong):
        files = [str(tmp_path / str(number)) for number in (1, 2, 3)]
        for number, file in enumerate(files, start=1):
            laocai.send("G02")
            until(lambda known=number: laocai.states() == {"signed": known}, 20)
            words = f"File {number} for quocphong: 1 messages, 0 files, 0 receipts."
            assert at(laocai, "out", "quocphong", file) == [words]
        taken = "File {} from laocai is taken in: 1 messages, 0 files, 0 receipts."
        assert at(quocphong, "in", files[0]) == [taken.format(1)]
        assert at(quocphong, "in", files[0]) == [
            "File 1 from laocai was taken in before; nothing has changed."
        ]
        with pytest.raises(CommandError, match=r"Bring first: 2\. If one of them is lost, have its node"):
            at(quocphong, "in", files[2])
        assert at(quocphong, "in", files[1]) == [taken.format(2), taken.format(3)]
        with pytest.raises(CommandError, match="the file is for quocphong, not for laocai"):
            at(laocai, "in", files[0])
    with pytest.raises(CommandError, match="does not run; start it with"):
        at(laocai, "in", files[0])
    events = Entry.objects.filter(event__startswith="exchange.File").order_by("id")
    assert [(one.event, one.facts["number"]) for one in events] == [
        *[("exchange.FileWritten", number) for number in (1, 2, 3)],
        *[("exchange.FileTakenIn", number) for number in (1, 2, 3)],
    ]
    settings.KEYS = tmp_path / "keys"
    once, again = at(laocai, "key"), at(laocai, "key")
    assert (once[0], once == again) == ("-----BEGIN PUBLIC KEY-----", True)


@pytest.mark.django_db
def test_only_who_works_at_the_machine_writes_down_what_was_carried():
    told = vars(Told("written", "quocphong", 1))
    with pytest.raises(Refused):
        actions.note_carried(
            "quocphong", told, by=Actor("person:1", "An", frozenset({Grant("administrator", "G22")}))
        )
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_no_test_message_goes_where_only_files_go(apart, settings):
    settings.NODE = settings.NODE.model_copy(
        update={"name": "laocai", "agency": "H38", "agencies": ["H38", "H38.01"]}
    )
    settings.KEYS = apart.nodes[0].home / "keys"
    DirectoryVersion.objects.create(version=1, text=apart.publish())
    with pytest.raises(Invalid, match="reached by files on a medium only"), translation.override("en"):
        actions.selftest("quocphong", by=Actor.system("operator"))
    with pytest.raises(Invalid):
        actions.selftest("", by=Actor.system("operator"))
    assert Outbox.objects.count() == 0
