"""What proves a message to somebody who has nothing of ours: found whole by a program of its own, and broken by any byte."""

import base64
import hashlib
import importlib.util
import io
import json
import random
import subprocess
import sys
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from django.core.management.base import CommandError
from django.utils import translation
from lxml import etree

from motcua.exchange import actions, proving
from motcua.exchange.actions import handling
from motcua.exchange.canonical import canonical, hash_of
from motcua.exchange.container import contained
from motcua.exchange.messages import Unfit
from motcua.exchange.models import Incoming, Leaf, Outgoing
from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.lib.actors import Actor, Grant
from motcua.lib.keys import FileKey
from tests import given
from tests.exchange.nodes import listed
from tests.exchange.test_operating import command
from tests.oversight.test_oversight import KEY_OF_AUDITOR

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = Path(__file__).parents[2] / "tools" / "verify_evidence.py"
SYSTEM = Actor.system("operator")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def script():
    """The program, to be asked ten thousand times without starting it anew."""
    spec = importlib.util.spec_from_file_location("verify_evidence", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sent(both):
    """Two messages Lào Cai sent and the Government Office, on Django's own database, received: the first one's identifier."""
    return both.exchanged()[0]


def run(*arguments):
    """The program as somebody else starts it."""
    done = subprocess.run(
        [sys.executable, SCRIPT, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def taken(message):
    return actions.take_evidence(message, by=SYSTEM)


def test_what_was_received_is_proven_to_somebody_who_has_nothing_of_ours(both, sent, tmp_path):
    file = tmp_path / "evidence.json"
    assert command("evidence", str(sent), "-o", str(file)) == f"{file}: test.note, with the receipt\n"
    code, lines, error = run(file, both.root_pub)
    receipt = json.loads(json.loads(file.read_bytes())["received"]["entry"])
    assert (code, error, lines[0]) == (0, "", "It holds.")
    assert lines[1] == f"H38 sent test.note {sent} to G22"
    assert lines[3:] == [
        "with the body, 7 bytes",
        f"received by vpcp at {receipt['at']}, no time stamp checked",
        lines[-1],
    ]
    assert lines[-1].startswith("by edition 1 of the directory, issued 20")


def test_the_sender_proves_the_same_as_the_recipient(both):
    """What the sender kept of the receipt is what the recipient gave: both evidences hold the same entries and heads."""
    here = both.exchanged()[0]
    there = both.exchanged(outward=True)[0]
    for message in (here, there):
        code, lines, _ = run(both.written(message), both.root_pub)
        assert (code, lines[4].split()[0]) == (0, "received")


@pytest.mark.parametrize("refused", ["", "Không đúng mẫu."])
def test_what_its_recipient_made_of_it_is_proven_too(both, monkeypatch, script, refused):
    """By the recipient; its word is a message of its own, and says so of several."""

    def handler(message):
        if refused and message.json() == {"n": 0}:
            raise Unfit(refused)

    monkeypatch.setitem(handling.HANDLERS, "test.note", handler)
    first, second = both.exchanged()
    handling.handle_parcel(str(Incoming.objects.get(message=first).parcel))
    assert "handled" not in " ".join(run(both.written(first), both.root_pub)[1])  # it is not in the log yet
    both.exchanged(outward=True)
    code, lines, _error = run(both.written(first), both.root_pub)
    word = json.loads(json.loads(both.written(first).read_bytes())["handled"]["entry"])
    assert (code, word["kind"], word["sender"]) == (0, "exchange.handled", "G22")
    outcome = f"refused by vpcp: {refused}" if refused else "handled by vpcp"
    assert lines[5] == f"{outcome}, told {word['created']}, no time stamp checked"
    assert "handled by vpcp" in run(both.written(second), both.root_pub)[1][5]
    one, other = (json.loads(taken(message).text) for message in (first, both.exchanged()[0]))
    for wrong in (other | {"handled": one["handled"]}, one | {"handled": one["handled"] | {"body": "e30="}}):
        with pytest.raises(script.Broken, match="the word is"):
            script.verify(canonical(wrong), both.root_pem, datetime.now(UTC))
    with zipfile.ZipFile(io.BytesIO(contained(taken(first)))) as archive:
        assert json.loads(archive.read("body-of-handled.json"))["handled"][0]["message"] == str(first)


def test_so_does_its_sender(both):
    message = both.exchanged(outward=True)[0]
    sent = Outgoing.objects.get(pk=message)
    envelope = hash_of(bytes(Leaf.objects.get(number=sent.leaf).text)).hex()
    lines = [{"message": str(message), "digest": envelope, "refused": ""}]
    both.exchanged(bodies=[json.dumps({"handled": lines}).encode()], kind="exchange.handled")
    handling.sweep()
    assert Outgoing.objects.get(pk=message).state == "handled"
    code, lines, error = run(both.written(message), both.root_pub)
    assert (code, error, lines[5].partition(",")[0]) == (0, "", "handled by laocai")


def test_what_was_not_received_is_proven_to_have_been_sent(both, tmp_path):
    message = both.exchanged(outward=True, delivered=False)[0]
    file = tmp_path / "e.json"
    assert command("evidence", str(message), "--out", str(file)).endswith(": test.note, without a receipt\n")
    code, lines, _ = run(file, both.root_pub)
    assert (code, lines[-2]) == (0, "no receipt")


def test_a_body_that_was_erased_or_lies_apart_can_be_shown_beside(both, sent, tmp_path):
    evidence = replace(taken(sent), body=None)
    (file := tmp_path / "e.json").write_bytes(evidence.text)
    assert run(file, both.root_pub)[1][3] == "without the body"
    (body := tmp_path / "body").write_bytes(b'{"n":0}')
    assert run(file, both.root_pub, "--body", body)[1][3] == "with the body, 7 bytes"
    body.write_bytes(b'{"n":9}')
    code, _, error = run(file, both.root_pub, "--body", body)
    assert (code, error) == (1, "It does not hold: the body is not the one that was sent.\n")


def test_ten_thousand_random_changes_are_all_found(both, sent, script):
    """Envelopes, receipts, proofs, heads, signatures, directory, body: a byte changed, lost, doubled or exchanged anywhere."""
    good, now, chance = taken(sent).text, datetime.now(UTC), random.Random(7)  # noqa: S311 — no secret
    assert script.verify(good, both.root_pem, now)
    believed = []
    for number in range(10_000):
        changed = bytearray(good)
        place, other = chance.randrange(len(changed)), chance.randrange(len(changed))
        match number % 4:
            case 0:
                changed[place] ^= chance.randrange(1, 256)
            case 1:
                del changed[place : place + chance.randrange(1, 40)]
            case 2:
                changed[place:place] = changed[place : place + chance.randrange(1, 40)]
            case _:
                changed[place], changed[other] = changed[other], changed[place]
        if changed == good:
            continue
        with suppress(Exception):
            believed.append((number, script.verify(bytes(changed), both.root_pem, now)))
    assert believed == []


def test_parts_of_two_evidences_do_not_make_a_third(both, script):
    """Each whole in itself, and signed; only not of each other."""
    one, other = (json.loads(taken(message).text) for message in both.exchanged())
    now = datetime.now(UTC)
    for part in ("sent", "received", "body"):
        mixed = canonical(one | {part: other[part]})
        with pytest.raises(script.Broken):
            script.verify(mixed, both.root_pem, now)
    for half in ("sent", "received"):
        for part in ("entry", "proof", "index"):
            mixed = canonical(one | {half: one[half] | {part: other[half][part]}})
            with pytest.raises(script.Broken):
                script.verify(mixed, both.root_pem, now)


def test_a_tampered_file_another_root_and_rubbish_are_refused_by_the_program(both, sent, tmp_path):
    good = taken(sent).text
    (root := tmp_path / "other.pub").write_text(FileKey.generate().public_pem)
    (file := tmp_path / "e.json").write_bytes(good)
    assert (
        run(file, root)[2]
        == "It does not hold: the signature of the directory does not hold: 0 of 1 root keys signed.\n"
    )
    for changed in (good + b"\n", good.replace(b"test.note", b"test.nope"), b"", b"[]", b"\xff", b"{" * 9999):
        file.write_bytes(changed)
        code, lines, error = run(file, both.root_pub)
        assert (code, lines, error.startswith("It does not hold")) == (1, [], True)


def test_an_agency_of_another_node_is_not_believed_to_have_sent(both, sent, script):
    evidence = taken(sent)
    both.country.nodes[1].agencies, both.country.nodes[0].agencies = ("H99",), ("G22", "H38")
    elsewhere = replace(evidence, directory=both.publish())
    with pytest.raises(script.Broken, match="the sender is not of this node"):
        script.verify(elsewhere.text, both.root_pem, datetime.now(UTC))


def test_a_revoked_key_proves_nothing_and_what_the_present_one_signs_again_does(both, sent, script):
    laocai, now = both.country.nodes[1], datetime.now(UTC)
    evidence, new = taken(sent), FileKey.generate()
    revoked = listed(laocai.key, revoked_at=now - timedelta(hours=1))
    published = both.publish(keys={"laocai": (revoked, listed(new))})
    lost = replace(evidence, directory=published)
    with pytest.raises(script.Broken, match="sent: the key might not sign"):
        script.verify(lost.text, both.root_pem, now)
    again = replace(lost, sent=replace(lost.sent, signed=lost.sent.signed.renewed(new)))
    assert script.verify(again.text, both.root_pem, now)
    forged = replace(again.sent.signed, renewal=(new.key_id, laocai.key.sign(again.sent.signed.text)))
    with pytest.raises(script.Broken, match="sent: the second signature does not hold"):
        script.verify(replace(lost, sent=replace(lost.sent, signed=forged)).text, both.root_pem, now)


def test_an_old_edition_does_not_bring_a_stolen_key_back(both, sent, script, tmp_path):
    """A thief encloses the edition of the day before the theft: it must not have expired, and a newer one given beside it counts."""
    laocai, now = both.country.nodes[1], datetime.now(UTC)
    file = both.written(sent)
    revoked = listed(laocai.key, revoked_at=now - timedelta(hours=1))
    (newer := tmp_path / "newer.json").write_bytes(
        both.publish(keys={"laocai": (revoked, listed(FileKey.generate()))})
    )
    code, lines, _ = run(file, both.root_pub)
    assert (code, lines[-1].split(",")[0]) == (0, "by edition 1 of the directory")
    code, _, error = run(file, both.root_pub, "--directory", newer)
    assert (code, "sent: the key might not sign" in error) == (1, True)
    newer.write_bytes(both.publish())
    code, lines, _ = run(file, both.root_pub, "--directory", newer)
    assert (code, lines[-1].split(",")[0]) == (0, "by edition 3 of the directory")
    gone = both.publish(keys={"laocai": (listed(FileKey.generate()),)})
    with pytest.raises(script.Broken, match="sent: a key of nobody"):
        script.verify(file.read_bytes(), both.root_pem, now, newer=gone)
    forged = newer.read_bytes().replace(b"laocai", b"laocay")
    with pytest.raises(script.Broken, match="signature of the directory"):
        script.verify(file.read_bytes(), both.root_pem, now, newer=forged)
    with pytest.raises(script.Broken, match=r"edition 1 of the directory, .* has expired; give a newer one"):
        script.verify(file.read_bytes(), both.root_pem, now + timedelta(days=31))


def test_an_agency_that_moved_is_not_believed_of_its_former_node(both, sent, script):
    good, now = taken(sent).text, datetime.now(UTC)
    both.country.nodes[1].agencies, both.country.nodes[0].agencies = ("H99",), ("G22", "H38")
    with pytest.raises(script.Broken, match="the sender is not of this node"):
        script.verify(good, both.root_pem, now, newer=both.publish())


def test_a_key_that_merely_ran_out_proves_what_it_signed_in_its_time(both, sent, script):
    """The head names a moment of the key's time, which is its node's own word; a revoked key has none."""
    laocai, now = both.country.nodes[1], datetime.now(UTC)

    def said(key):
        published = both.publish(keys={"laocai": (key, listed(FileKey.generate()))})
        return script.verify(replace(taken(sent), directory=published).text, both.root_pem, soon)

    soon = now + timedelta(minutes=2)
    retired = listed(laocai.key, until=timedelta(minutes=1))
    assert said(retired)[1].endswith(
        f"; its key ran out on {retired.to:%Y-%m-%d}, and that it signed before is its own word"
    )
    for key in (
        listed(laocai.key, until=timedelta(minutes=1), revoked_at=now + timedelta(seconds=30)),
        listed(laocai.key, until=-timedelta(minutes=1)),
    ):
        with pytest.raises(script.Broken, match="sent: the key might not sign"):
            said(key)


def test_a_container_opens_with_what_others_have(both, sent, tmp_path):
    """The first entry says what it is, the manifest names each file by its digest, openssl finds the signature whole."""
    evidence = taken(sent)
    (file := tmp_path / "e.asice").write_bytes(contained(evidence))
    mark = b"mimetypeapplication/vnd.etsi.asic-e+zip"
    assert file.read_bytes()[30 : 30 + len(mark)] == mark
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    assert list(files) == [
        *("mimetype", "evidence.json", "message.json", "head.json", "receipt.json", "head-of-receipt.json"),
        *("body.json", "META-INF/ASiCManifest.xml", "META-INF/signature.p7s"),
    ]
    named = etree.fromstring(files["META-INF/ASiCManifest.xml"])
    space = {"asic": "http://uri.etsi.org/02918/v1.2.1#", "ds": "http://www.w3.org/2000/09/xmldsig#"}
    digests = {
        one.get("URI"): one.findtext("ds:DigestValue", namespaces=space)
        for one in named.findall("asic:DataObjectReference", space)
    }
    assert digests == {
        name: base64.b64encode(hashlib.sha256(content).digest()).decode()
        for name, content in files.items()
        if name != "mimetype" and not name.startswith("META-INF/")
    }
    assert named.find("asic:SigReference", space).get("URI") == "META-INF/signature.p7s"
    assert is_signed(files, tmp_path) == (0, both.key.public_pem)
    files["META-INF/ASiCManifest.xml"] += b" "
    assert is_signed(files, tmp_path)[0] != 0


def is_signed(files, folder):
    """What openssl says of the signature, and whose key it names."""
    for name in ("META-INF/ASiCManifest.xml", "META-INF/signature.p7s"):
        (folder / Path(name).name).write_bytes(files[name])
    signature, manifest, signer = folder / "signature.p7s", folder / "ASiCManifest.xml", folder / "signer.pem"
    ask = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", manifest]
    subprocess.run(
        [*ask, "-noverify", "-signer", signer, "-out", "/dev/null"], capture_output=True, check=False
    )
    whose = subprocess.run(
        ["openssl", "x509", "-in", signer, "-noout", "-pubkey"], capture_output=True, text=True, check=False
    )
    more = ["-cades", "-CAfile", signer, "-purpose", "any", "-out", "/dev/null"]
    return subprocess.run([*ask, *more], capture_output=True, check=False).returncode, whose.stdout


def test_taking_the_evidence_is_written_down(both, sent):
    taken(sent)
    entry = Entry.objects.about(f"message:{sent}").last()
    assert (entry.event, entry.facts) == (
        "exchange.EvidenceTaken",
        {"message": str(sent), "kind": "test.note", "sender": "H38", "recipient": "G22"},
    )


def test_of_a_message_nobody_knows_there_is_nothing_to_take(both, sent, tmp_path):
    before = Entry.objects.count()
    assert taken(uuid4()) is None
    assert (Entry.objects.count(), proving.is_proven(sent), proving.is_proven(uuid4())) == (
        before,
        True,
        False,
    )
    for message in (str(uuid4()), "rubbish"):
        with pytest.raises(CommandError, match="neither sent nor received a message"):
            command("evidence", message, "-o", str(tmp_path / "e.json"))
    with pytest.raises(CommandError, match=r"Name the file \*.json or \*.asice"):
        command("evidence", str(sent), "-o", str(tmp_path / "e.pdf"))


@pytest.mark.parametrize(("role", "agency"), [("administrator", None), ("auditor", "H38"), ("chair", None)])
def test_only_the_node_s_auditors_take_it(both, sent, role, agency):
    at = agency or django_settings.NODE.agency
    with pytest.raises(Refused):
        actions.take_evidence(sent, by=Actor("person:1", "An", frozenset({Grant(role, at)})))
    auditor = Actor("person:2", "Bình", frozenset({Grant("auditor", django_settings.NODE.agency)}))
    assert actions.take_evidence(sent, by=auditor)


def test_an_auditor_takes_it_from_the_message_s_timeline(both, sent, client, script):
    given.sign_in(client, KEY_OF_AUDITOR)
    taken(sent)
    page = client.get("/oversight/timeline/", {"about": f"message:{sent}"}).content.decode()
    address = f"/oversight/messages/{sent}/evidence"
    assert (f"{address}.json" in page, f"{address}.asice" in page) == (True, True)
    answer = client.post(f"{address}.json")
    assert script.verify(answer.content, both.root_pem, datetime.now(UTC))
    assert answer["Content-Disposition"] == f'attachment; filename="{sent}.json"'
    container = client.post(f"{address}.asice")
    assert (container["Content-Type"], container.content[:2]) == ("application/vnd.etsi.asic-e+zip", b"PK")
    for missing in (f"{address}.pdf", f"/oversight/messages/{uuid4()}/evidence.json"):
        assert client.post(missing).status_code == 404
    assert client.get(f"{address}.json").status_code == 405


@pytest.mark.parametrize("about", ["message:rubbish", f"message:{UUID(int=7)}", "dossier:1"])
def test_where_there_is_no_proof_there_is_no_button(both, sent, client, about):
    given.sign_in(client, KEY_OF_AUDITOR)
    assert "/evidence." not in client.get("/oversight/timeline/", {"about": about}).content.decode()
