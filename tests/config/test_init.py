"""motcua init and motcua directory: a new node's home, and editions of the directory."""

import json
import os
import stat

import pytest

from motcua.config.cli import main
from motcua.config.node import HOME, Node, read
from motcua.exchange.directory import opened
from motcua.lib.keys import FileKey

DATABASE = os.environ["MOTCUA_TEST_SERVER"]


def init(home, *more, name="sapa", agency="H38.03006", database=DATABASE):
    return main(["init", str(home), "--name", name, "--agency", agency, "--database", database, *more])


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Where the node will be; the process's own choice of a home comes back afterwards."""
    monkeypatch.setenv(HOME, str(tmp_path / "node"))
    return tmp_path / "node"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_node_has_settings_that_can_be_read_and_a_directory_that_knows_it(home):
    assert init(home, "--agencies", "H38.02839", "--title", "Phường Sa Pa") == 0
    node, key = read(home), FileKey.load(home / "keys" / "node.pem")
    directory = opened((home / "directory.json").read_bytes(), (home / "keys" / "root.pub").read_text())
    me = directory.by_name["sapa"]
    assert (node.agency, node.agencies, node.national, node.title_vi) == (
        "H38.03006",
        ("H38.03006", "H38.02839"),
        "H38.03006",
        "Phường Sa Pa",
    )
    assert (list(me.public_keys), me.agencies) == ([key.key_id], node.agencies)
    assert directory.may("H38.03006", "dossier.submitted", "H38.02839") is True


def test_every_field_stands_in_the_file_with_its_description(home):
    init(home)
    text = (home / "node.toml").read_text()
    lines = text.splitlines()
    described = {lines[place + 1].partition(" = ")[0]: lines[place] for place in range(0, len(lines), 3)}
    assert described == {name: f"# {field.description}" for name, field in Node.model_fields.items()}


def test_what_is_secret_is_for_the_node_alone(home):
    init(home)
    assert [mode(home / name) for name in ("node.toml", "keys", "keys/node.pem", "keys/root.pem")] == [
        0o600,
        0o700,
        0o600,
        0o600,
    ]


def test_nothing_is_ever_overwritten(home, capsys):
    init(home)
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert init(home, name="other") == 1
    assert "There is a node in" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def test_a_node_that_joins_makes_no_directory_and_prints_its_entry(home, capsys):
    assert init(home, "--join", "--exchange-url", "https://exchange.sapa.gov.vn/") == 0
    said = capsys.readouterr().out
    entry = json.loads(said[said.index("{") : said.rindex("}") + 1])
    assert (entry["name"], entry["exchange_url"]) == ("sapa", "https://exchange.sapa.gov.vn")
    assert [(home / name).exists() for name in ("directory.json", "keys/root.pem", "keys/node.pem")] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "Sa Pa"}, "--name: String should match pattern"),
        ({"agency": "h38"}, "h38 is no agency code"),
        ({"database": "postgresql://127.0.0.1:1/none"}, "The database does not answer"),
    ],
)
def test_what_does_not_hold_is_said_and_nothing_written(home, capsys, wrong, words):
    assert init(home, **wrong) == 1
    assert words in capsys.readouterr().err
    assert not home.exists()


def test_a_directory_is_shown_edited_and_signed_as_a_newer_edition(home, capsys):
    init(home)
    first = opened((home / "directory.json").read_bytes(), (home / "keys" / "root.pub").read_text())
    capsys.readouterr()
    assert main(["directory", "show"]) == 0
    draft = json.loads(capsys.readouterr().out)
    draft["rights"] = [{"sender": "H38*", "kind": "dossier.*", "recipient": "G22"}]
    (home / "draft.json").write_text(json.dumps(draft))
    assert main(["directory", "sign", str(home / "draft.json")]) == 0
    second = opened((home / "directory.json").read_bytes(), (home / "keys" / "root.pub").read_text())
    assert second.may("H38.03006", "dossier.state", "G22") is True
    assert second.may("H38.03006", "dossier.state", "H38") is False
    assert second.version >= first.version


def test_a_draft_that_does_not_hold_is_not_signed(home, capsys):
    init(home)
    before = (home / "directory.json").read_bytes()
    capsys.readouterr()
    main(["directory", "show"])
    draft = json.loads(capsys.readouterr().out)
    draft["nodes"].append({**draft["nodes"][0], "name": "twin"})
    (home / "draft.json").write_text(json.dumps(draft))
    assert main(["directory", "sign", str(home / "draft.json")]) == 1
    assert capsys.readouterr().err == "The agency H38.03006 stands twice in the directory.\n"
    assert (home / "directory.json").read_bytes() == before
