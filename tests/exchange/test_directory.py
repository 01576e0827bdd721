import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from runpy import run_path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.exchange.directory import Directory, Node, NodeKey, Right, opened, replace, signed
from motcua.exchange.root import Root, Untrusted, anchor, stated
from motcua.lib.keys import FileKey

NOW = datetime(2026, 11, 2, tzinfo=UTC)
ROOT, OLD, NEW = FileKey.generate(), FileKey.generate(), FileKey.generate()


def key(of, first, last):
    return NodeKey(
        id=of.key_id, pem=of.public_pem, from_=NOW + timedelta(days=first), to=NOW + timedelta(days=last)
    )


def directory(version=1, **changes):
    values = {
        "instance": "vn",
        "version": version,
        "issued": NOW,
        "expires": NOW + timedelta(days=30),
        "nodes": (
            Node(
                name="laocai",
                exchange_url="http://laocai",
                keys=(key(OLD, -100, 1), key(NEW, -1, 100)),
                agencies=("H38", "H38.01"),
            ),
            Node(name="vpcp", exchange_url="http://vpcp", keys=(), agencies=("G22",)),
        ),
        "rights": (
            Right(sender="G22", kind="dossier.*", recipient="H38*"),
            Right(sender="*", kind="document.sent", recipient="*"),
        ),
    }
    return Directory(**values | changes)


def test_what_the_root_signed_is_opened():
    assert opened(signed(directory(), ROOT), ROOT.public_pem) == directory()


@given(st.data())
def test_a_changed_byte_of_text_or_signature_is_found(data):
    published = signed(directory(), ROOT)
    place = data.draw(st.integers(0, len(published) - 1))
    changed = bytearray(published)
    changed[place] ^= data.draw(st.integers(1, 255))
    with suppress(
        Untrusted
    ):  # only the name of the root's key, and how things are written around, may differ
        assert opened(bytes(changed), ROOT.public_pem) == directory()


def test_another_root_is_not_believed():
    with pytest.raises(Untrusted, match="not signed by the root key"):
        opened(signed(directory(), FileKey.generate()), ROOT.public_pem)


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"[]", b'{"directory":1,"signature":2}', b"\xff"])
def test_rubbish_is_not_believed(rubbish):
    with pytest.raises(Untrusted, match="no signed directory"):
        opened(rubbish, ROOT.public_pem)


CLERKS = [FileKey.generate() for _key in range(3)]
SECOND = Root(version=2, threshold=2, keys=tuple(one.public_pem for one in CLERKS))
HANDED_OVER = stated(SECOND, ROOT, CLERKS[0], CLERKS[1])


def test_two_of_three_sign_once_the_root_has_handed_over_to_them():
    under = directory(2, root=SECOND)
    for pair in (CLERKS[:2], CLERKS[1:], CLERKS):
        assert opened(signed(under, *pair, roots=[HANDED_OVER]), ROOT.public_pem) == under
    for few in ([], CLERKS[:1], [CLERKS[0], CLERKS[0]], [CLERKS[0], ROOT], [ROOT]):
        with pytest.raises(Untrusted, match="of 2 signatures"):
            opened(signed(under, *few, roots=[HANDED_OVER]), ROOT.public_pem)
    with pytest.raises(Untrusted, match="does not name root 2"):
        opened(signed(directory(2), *CLERKS, roots=[HANDED_OVER]), ROOT.public_pem)


def test_a_root_is_followed_only_by_its_own_word_and_by_that_of_the_new_one():
    under, stranger = directory(2, root=SECOND), FileKey.generate()
    for signers in ([ROOT, CLERKS[0]], CLERKS, [stranger, *CLERKS], []):
        with pytest.raises(Untrusted, match="Root 2 is not signed"):
            opened(signed(under, *CLERKS, roots=[stated(SECOND, *signers)]), ROOT.public_pem)
    third = Root(version=3, keys=(stranger.public_pem,))
    chain = [HANDED_OVER, stated(third, CLERKS[0], CLERKS[2], stranger)]
    last = signed(directory(3, root=third), stranger, roots=chain)
    assert opened(last, ROOT.public_pem).root == third
    assert (
        opened(last, json.dumps(HANDED_OVER)).root == third
    )  # whoever was given the second root needs no first
    with pytest.raises(Untrusted, match="Root 2 is missing before root 3"):
        opened(signed(directory(3, root=third), stranger, roots=chain[1:]), ROOT.public_pem)


def test_a_root_that_was_followed_never_signs_again():
    known = replace(
        directory(1), signed(directory(2, root=SECOND), *CLERKS, roots=[HANDED_OVER]), ROOT.public_pem, NOW
    )
    stolen = FileKey.generate()
    forged = Root(version=2, keys=(stolen.public_pem,))
    others = [
        signed(directory(9), ROOT),
        signed(directory(9, root=forged), stolen, roots=[stated(forged, ROOT, stolen)]),
        signed(directory(9), *CLERKS),
    ]
    for published in others:
        with pytest.raises(Untrusted):
            replace(known, published, ROOT.public_pem, NOW)
    following = directory(3, root=SECOND)
    assert (
        replace(known, signed(following, *CLERKS[1:], roots=[HANDED_OVER]), ROOT.public_pem, NOW) == following
    )


@pytest.mark.parametrize(
    ("threshold", "pems", "says"),
    [
        (3, 2, "3 signatures are asked for, and there are 2 keys"),
        (1, 0, "at least 1 item"),
        (0, 1, "greater than or equal to 1"),
    ],
)
def test_a_root_nobody_could_meet_is_none(threshold, pems, says):
    with pytest.raises(ValueError, match=says):
        Root(threshold=threshold, keys=tuple(one.public_pem for one in CLERKS[:pems]))
    with pytest.raises(ValueError, match="stands twice"):
        Root(keys=(ROOT.public_pem, ROOT.public_pem))


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        "x",
        "{}",
        "{",
        '{"root": 1}',
        '{"root": "{}", "signatures": []}',
        '{"root": "[]", "signatures": [{"key": 1}]}',
    ],
)
def test_a_root_that_cannot_be_read_is_none(rubbish):
    with pytest.raises(Untrusted):
        anchor(rubbish)


@pytest.mark.parametrize("roots", [1, [1], [{}], [{"root": "x"}], ["root"], {"root": []}])
def test_a_chain_of_rubbish_is_not_believed(roots):
    published = json.loads(signed(directory(), ROOT)) | {"roots": roots}
    with pytest.raises(Untrusted):
        opened(json.dumps(published).encode(), ROOT.public_pem)


def test_a_newer_version_replaces_an_older_one():
    fresh = replace(directory(1), signed(directory(2), ROOT), ROOT.public_pem, NOW)
    assert fresh.version == 2


@pytest.mark.parametrize(
    ("published", "says"),
    [
        (directory(4), "Version 4 is older than version 5"),
        (directory(5, rights=()), "two different directories of version 5"),
        (directory(6, expires=NOW), "Version 6 of the directory expired"),
        (directory(6, instance="other"), "of the country other, not vn"),
    ],
)
def test_nothing_is_brought_back(published, says):
    with pytest.raises(Untrusted, match=says):
        replace(directory(5), signed(published, ROOT), ROOT.public_pem, NOW)


def test_the_same_version_again_is_no_fault():
    assert replace(directory(5), signed(directory(5), ROOT), ROOT.public_pem, NOW) == directory(5)


@pytest.mark.parametrize(
    ("nodes", "says"),
    [
        ((Node(name="a", exchange_url="u", keys=(), agencies=("H38", "H38")),), "agency H38 stands twice"),
        (
            (Node(name="a", exchange_url="u", keys=(key(OLD, 0, 1), key(OLD, 1, 2)), agencies=()),),
            "The key .* stands twice",
        ),
        (tuple(Node(name="a", exchange_url="u", keys=(), agencies=()) for _ in "ab"), "node a stands twice"),
        (
            (
                Node(
                    name="a",
                    exchange_url="u",
                    keys=(key(OLD, 0, 1).model_copy(update={"id": "x"}),),
                    agencies=(),
                ),
            ),
            "Key x of a is not the key it is called",
        ),
    ],
)
def test_a_directory_that_contradicts_itself_is_not_used(nodes, says):
    with pytest.raises(Untrusted, match=says):
        opened(signed(directory(nodes=nodes), ROOT), ROOT.public_pem)


def test_without_a_right_everything_is_denied():
    assert not directory(rights=()).may("G22", "dossier.submitted", "H38")


@pytest.mark.parametrize(
    ("question", "allowed"),
    [
        (("G22", "dossier.submitted", "H38"), True),
        (("G22", "dossier.submitted", "H38.01"), True),
        (("G22", "dossier.submitted", "G22"), False),
        (("H38", "dossier.submitted", "G22"), False),
        (("H38", "document.sent", "G22"), True),
        (("H38", "document.sent.x", "G22"), False),
    ],
)
def test_rights_say_who_may_send_what_to_whom(question, allowed):
    assert directory().may(*question) is allowed
    assert directory().may(*question) is allowed


def test_two_keys_are_valid_while_one_replaces_the_other():
    node = directory().by_name["laocai"]
    assert set(node.keys_at(NOW)) == {OLD.key_id, NEW.key_id}
    assert set(node.keys_at(NOW + timedelta(days=2))) == {NEW.key_id}
    assert set(node.public_keys) == {OLD.key_id, NEW.key_id}


def test_a_key_is_found_only_in_its_time():
    assert directory().pem_at(OLD.key_id, NOW) == OLD.public_pem
    assert directory().pem_at(OLD.key_id, NOW + timedelta(days=2)) is None
    assert directory().pem_at("unknown", NOW) is None


def test_a_revoked_key_signed_what_is_older_and_nothing_since():
    revoked = key(OLD, -100, 100).model_copy(update={"revoked_at": NOW})
    assert revoked.is_valid(NOW - timedelta(milliseconds=1))
    assert not revoked.is_valid(NOW)
    assert not revoked.is_valid(NOW - timedelta(days=101))
    node = directory().by_name["laocai"].model_copy(update={"keys": (revoked, key(NEW, -1, 100))})
    fresh = opened(signed(directory(nodes=(node,)), ROOT), ROOT.public_pem)
    assert fresh.pem_at(OLD.key_id, NOW) is None
    assert fresh.pem_at(OLD.key_id, NOW - timedelta(days=1)) == OLD.public_pem


def test_a_directory_in_which_no_key_is_revoked_says_nothing_of_it():
    """So nodes that do not know the word yet can read it."""
    assert b"revoked" not in signed(directory(), ROOT)


def test_agencies_and_keys_lead_to_their_node():
    assert directory().hosts["H38.01"].name == "laocai"
    assert directory().owners[NEW.key_id].name == "laocai"


@pytest.mark.parametrize(
    "certificate", ["", "rubbish", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_certificate_nobody_can_read_is_not_believed(certificate):
    node = directory().nodes[0].model_copy(update={"certificate": certificate})
    with pytest.raises(Untrusted, match="The certificate of laocai cannot be read"):
        opened(signed(directory(nodes=(node,)), ROOT), ROOT.public_pem)


def test_the_independent_program_follows_the_same_roots():
    program = run_path(str(Path(__file__).parents[2] / "tools" / "verify_evidence.py"))
    under = directory(2, root=SECOND)
    published = json.loads(signed(under, *CLERKS[1:], roots=[HANDED_OVER]))
    assert program["Directory"](published, ROOT.public_pem).version == 2
    others = [
        published | {"roots": []},
        published | {"signatures": published["signatures"][:1]},
        published | {"signatures": published["signatures"][:1] * 2},
        published | {"roots": [stated(SECOND, *CLERKS)]},
        published | {"roots": [HANDED_OVER, HANDED_OVER]},
        json.loads(signed(directory(2), *CLERKS, roots=[HANDED_OVER])),
    ]
    for one in others:
        with pytest.raises(program["Broken"]):
            program["Directory"](one, ROOT.public_pem)
