"""Those who keep the root keys publish editions together, and hand over to others."""

import json

import pytest

from motcua.config.directory import directory
from motcua.exchange.directory import Directory, opened, signed
from motcua.lib.keys import FileKey
from tests.exchange.test_directory import directory as draft_of


@pytest.fixture
def keeper(tmp_path, monkeypatch, capsys):
    """A home with the first root's key and an edition; calls the command and returns what it said and its exit code."""
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    first = FileKey.load_or_generate(tmp_path / "keys" / "root.pem")
    (tmp_path / "keys" / "root.pub").write_text(first.public_pem)
    for name in "abc":
        (tmp_path / f"{name}.pub").write_text(FileKey.load_or_generate(tmp_path / f"{name}.pem").public_pem)
    (tmp_path / "directory.json").write_bytes(signed(draft_of(), first))

    def call(*words):
        code = directory(["directory", *(str(word) for word in words)])
        said = capsys.readouterr()
        return code, said.out + said.err

    call.home = tmp_path
    return call


def known(home) -> Directory:
    return opened((home / "directory.json").read_bytes(), (home / "keys" / "root.pub").read_text())


def test_one_key_hands_over_to_two_of_three_who_sign_each_on_their_own_machine(keeper):
    home = keeper.home
    keys = [word for name in "abc" for word in ("--key", home / f"{name}.pub")]
    old = ["--root", home / "keys" / "root.pem"]
    code, said = keeper("root", *keys, "--threshold", 2, *old, "--out", home / "root-2.json")
    assert (code, "root 2, 0 of 2 signatures; of the root before it 1 of 1" in said) == (0, True)
    for name, there in (("a", "1 of 2"), ("a", "1 of 2"), ("b", "2 of 2")):
        code, said = keeper("cosign", home / "root-2.json", "--root", home / f"{name}.pem")
        assert (code, there in said) == (0, True)
    (home / "draft.json").write_text(keeper("show")[1])
    sign = ["sign", home / "draft.json", "--roots", home / "root-2.json", "--root", home / "c.pem"]
    assert "2 root keys must sign" in keeper(*sign)[1]
    assert known(home).version == 1
    code, said = keeper(*sign, "--out", home / "next.json")
    assert (code, "1 of 2 signatures" in said) == (0, True)
    keeper("cosign", home / "next.json", "--root", home / "a.pem")
    (home / "next.json").replace(home / "directory.json")
    assert (known(home).root.version, known(home).version > 1) == (2, True)
    both = ["--root", home / "a.pem", "--root", home / "b.pem"]
    code, said = keeper("sign", home / "draft.json", *both)
    assert (code, known(home).root.version) == (0, 2)
    assert "root" not in json.loads(keeper("show")[1])


def test_what_cannot_be_signed_is_said(keeper):
    home = keeper.home
    (home / "rubbish.json").write_text("{}")
    for words in (
        ["cosign", home / "rubbish.json"],
        ["cosign", home / "nowhere.json"],
        ["sign", home / "rubbish.json"],
        ["root", "--key", home / "a.pub", "--threshold", 2, "--out", home / "r.json"],
    ):
        code, said = keeper(*words)
        assert (code, bool(said.strip())) == (1, True)
    assert known(home).version == 1
