"""The store of files: what is put in comes out, whole or not at all, and under no other name."""

import hashlib
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.lib.blobs import BadDigest, Blob, Damaged, Store, TooLarge, together


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_what_is_put_in_comes_out_under_its_sha_256(chunks):
    with tempfile.TemporaryDirectory() as root:
        store, content = Store(root), b"".join(chunks)
        blob = store.put(chunks)
        assert blob == Blob(hashlib.sha256(content).hexdigest(), len(content))
        assert store.read(blob.digest) == content
        with store.open(blob.digest) as file:
            assert file.read() == content


@given(st.text(max_size=80))
def test_only_digests_name_files(name):
    store = Store("/nowhere")
    with pytest.raises(BadDigest):
        store.path(name)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a" * 63,
        "a" * 65,
        "A" * 64,
        "a" * 64 + "\n",
        "٣" * 64,
        "/" + "a" * 63,
        "a" * 63 + "\0",
    ],
)
def test_hostile_names_are_refused_by_every_question(name, tmp_path):
    store = Store(tmp_path)
    for question in (store.path, store.exists, store.open, store.read):
        with pytest.raises(BadDigest):
            question(name)


def test_a_stored_file_lies_two_levels_deep(tmp_path):
    digest = Store(tmp_path).put([b"x"]).digest
    assert Store(tmp_path).path(digest) == tmp_path / digest[:2] / digest[2:4] / digest


def test_nothing_is_kept_of_a_file_over_the_limit(tmp_path):
    store, asked = Store(tmp_path), []

    def endless():
        while True:
            asked.append(1)
            yield b"x" * 10

    with pytest.raises(TooLarge) as refusal:
        store.put(endless(), limit=25)
    assert (refusal.value.limit, len(asked), files(tmp_path)) == (25, 3, [])


def test_a_file_of_exactly_the_limit_is_kept(tmp_path):
    assert Store(tmp_path).put([b"12", b"345"], limit=5).size == 5


def test_nothing_is_kept_when_the_sender_breaks_off(tmp_path):
    def broken():
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        Store(tmp_path).put(broken())
    assert files(tmp_path) == []


def test_the_same_content_is_kept_once_even_when_put_at_the_same_time(tmp_path):
    store = Store(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        blobs = set(pool.map(lambda _: store.put([b"same"]), range(40)))
    assert len(blobs) == 1
    assert files(tmp_path) == [store.path(blobs.pop().digest)]


def test_putting_again_heals_a_damaged_file(tmp_path):
    store = Store(tmp_path)
    digest = store.put([b"true"]).digest
    store.path(digest).write_bytes(b"bent")
    with pytest.raises(Damaged):
        store.read(digest)
    store.put([b"true"])
    assert store.read(digest) == b"true"


def test_what_is_not_there_is_said_not_to_be_there(tmp_path):
    digest = hashlib.sha256(b"").hexdigest()
    assert not Store(tmp_path).exists(digest)
    with pytest.raises(FileNotFoundError):
        Store(tmp_path).open(digest)


def test_the_file_and_its_directories_are_on_disk_before_put_returns(tmp_path, monkeypatch):
    synced, really = [], os.fsync

    def noted(handle):
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        really(handle)

    monkeypatch.setattr(os, "fsync", noted)
    digest = Store(tmp_path).put([b"x"]).digest
    place = Store(tmp_path).path(digest)
    assert synced[0].startswith(str(tmp_path / "incoming"))
    assert synced[1:] == [str(place.parent), str(place.parent.parent), str(tmp_path)]


def test_files_put_together_wait_for_the_disk_once_even_if_the_block_breaks_off(tmp_path, monkeypatch):
    waited = []
    monkeypatch.setattr(os, "fsync", lambda _handle: waited.append("each"))
    monkeypatch.setattr(os, "sync", lambda: waited.append("all"))
    with pytest.raises(TooLarge), together():
        Store(tmp_path).put([Store(tmp_path).put([b"x"]).digest.encode()], limit=1)
    assert waited == ["all"]
    Store(tmp_path).put([b"y"])
    assert waited == ["all", *["each"] * 4]


def files(root):
    return [path for path in root.rglob("*") if path.is_file()]


def test_what_is_withheld_stays_so_when_it_is_put_again_until_it_is_released(tmp_path):
    kept = Store(tmp_path)
    digest = kept.put([b"secret"]).digest
    kept.withhold(digest)
    kept.put([b"secret"])
    assert (kept.is_withheld(digest), kept.is_withheld("0" * 64)) == (True, False)
    assert [one.digest for one in kept.older(datetime.now(UTC) + timedelta(days=1))] == [digest]
    kept.release(digest)
    kept.release(digest)
    assert not kept.is_withheld(digest)
