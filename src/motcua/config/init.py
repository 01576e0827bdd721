"""`motcua init HOME`: a new node's settings and key; and, for a node that stands alone, a directory that knows only it."""

import argparse
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import psycopg
from pydantic import ValidationError

from motcua.config.node import Context, Node, as_toml
from motcua.exchange import directory as directories
from motcua.exchange.directory import Directory, NodeKey, Right, signed
from motcua.exchange.envelope import AGENCY
from motcua.lib.keys import FileKey

CONTEXTS = get_args(Context.__value__)
ALONE = ("portal", "desk", "tracking", "indicators", "oversight")
OLDEST_POSTGRESQL = 150_000
LIFE = timedelta(days=3650)
FOLDERS = ("files", "keys", "mail", "log", "run")


class CannotInitError(Exception):
    """The node cannot be made; the message says why and what to do. Nothing has been written."""


def init(arguments: Sequence[str]) -> int:
    """Make a node's home, or say why not."""
    given = options(arguments)
    home = Path(given.home).resolve()
    try:
        node = described(given)
        check_home(home)
        check_database(node.database)
    except CannotInitError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    make(home, node, exchange_url=given.exchange_url, alone=not given.join)
    sys.stdout.write(farewell(home, node, given))
    return 0


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """What was typed; argparse ends the program with the right words if it does not hold."""
    parser = argparse.ArgumentParser(
        "motcua init", description="Make a new node's settings and keys in HOME."
    )
    parser.add_argument("home", metavar="HOME", help="an empty or new folder")
    parser.add_argument("--name", required=True, help="short name of the node: a-z, 0-9, -")
    parser.add_argument("--agency", required=True, metavar="CODE", help="the agency that runs the node")
    parser.add_argument(
        "--database", required=True, metavar="URI", help="postgresql://user:password@host/name"
    )
    parser.add_argument("--agencies", nargs="+", default=[], metavar="CODE", help="further agencies it hosts")
    parser.add_argument(
        "--contexts",
        nargs="+",
        default=ALONE,
        choices=CONTEXTS,
        help=f"what is switched on ({' '.join(ALONE)})",
    )
    parser.add_argument("--title", help="name on Vietnamese pages (the node's name)")
    parser.add_argument("--title-en", help="name on English pages (the same)")
    parser.add_argument("--web-port", type=int, default=8000, help="port of the pages (8000)")
    parser.add_argument("--exchange-port", type=int, default=8100, help="port for other nodes (8100)")
    parser.add_argument("--web-url", help="public address of the pages (http://127.0.0.1:WEB_PORT)")
    parser.add_argument("--exchange-url", help="address for other nodes (http://127.0.0.1:EXCHANGE_PORT)")
    parser.add_argument("--national", metavar="CODE", help="the agency that tracks dossiers (the node's own)")
    parser.add_argument("--join", action="store_true", help="join a country: make no directory of one's own")
    given = parser.parse_args(arguments[1:])
    given.web_url = (given.web_url or f"http://127.0.0.1:{given.web_port}").rstrip("/")
    given.exchange_url = (given.exchange_url or f"http://127.0.0.1:{given.exchange_port}").rstrip("/")
    return given


def described(given: argparse.Namespace) -> Node:
    """The node's settings, checked as they will be when it starts."""
    for code in [given.agency, *given.agencies]:
        if not AGENCY.fullmatch(code):
            raise CannotInitError(
                f"{code} is no agency code; write it as in decision 20/2020, such as H38 or G15."
            )
    title = given.title or given.name
    try:
        return Node(
            name=given.name,
            title_vi=title,
            title_en=given.title_en or title,
            database=given.database,
            secret=secrets.token_urlsafe(48),
            web_url=given.web_url,
            web_port=given.web_port,
            exchange_port=given.exchange_port,
            agency=given.agency,
            agencies=tuple(dict.fromkeys([given.agency, *given.agencies])),
            contexts=tuple(given.contexts),
            national=given.national or given.agency,
            tracking_url=given.web_url if "tracking" in given.contexts else "",
        )
    except ValidationError as error:
        faults = [f"--{str(one['loc'][0]).replace('_', '-')}: {one['msg']}" for one in error.errors()]
        raise CannotInitError("\n".join(faults)) from error


def check_home(home: Path) -> None:
    """Nothing there may be overwritten: a lost key cannot be made again."""
    taken = [name for name in ("node.toml", "directory.json", "keys/node.pem") if (home / name).exists()]
    if taken:
        raise CannotInitError(
            f"There is a node in {home} already ({', '.join(taken)}); choose another folder. Nothing was changed."
        )
    if home.exists() and not home.is_dir():
        raise CannotInitError(f"{home} is a file; choose a folder.")


def check_database(address: str) -> None:
    """It answers, and is new enough."""
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        raise CannotInitError(
            f"The database does not answer: {str(error).strip()}\n"
            "Create it first (createuser, createdb) and give its address: --database postgresql://user:password@host/name"
        ) from error
    if version < OLDEST_POSTGRESQL:
        raise CannotInitError(f"PostgreSQL {version // 10_000} is too old; 15 or newer is needed.")


def make(home: Path, node: Node, *, exchange_url: str, alone: bool) -> None:
    """Write everything, readable by the node's user only."""
    for folder in FOLDERS:
        (home / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    key = FileKey.load_or_generate(home / "keys" / "node.pem")
    if alone:
        root = FileKey.load_or_generate(home / "keys" / "root.pem")
        (home / "keys" / "root.pub").write_text(root.public_pem)
        entry = directory_entry(node, key, exchange_url)
        (home / "directory.json").write_bytes(signed(directory_of_one(entry), root))
    file = home / "node.toml"
    file.touch(mode=0o600)
    file.write_text(described_toml(node), "utf-8")


def directory_entry(node: Node, key: FileKey, exchange_url: str) -> directories.Node:
    """The node as the directory of a country shows it."""
    now = datetime.now(UTC)
    span = {"from_": now - timedelta(minutes=5), "to": now + LIFE}
    own = NodeKey(id=key.key_id, pem=key.public_pem, **span)
    return directories.Node(
        name=node.name, title=node.title_vi, exchange_url=exchange_url, keys=(own,), agencies=node.agencies
    )


def directory_of_one(entry: directories.Node) -> Directory:
    """A country of one node, whose agencies may send each other anything."""
    now = datetime.now(UTC)
    return Directory(
        instance=f"VN-{entry.name.upper()}",
        version=int(now.timestamp()),
        issued=now,
        expires=now + LIFE,
        nodes=(entry,),
        rights=(Right(sender="*", kind="*", recipient="*"),),
    )


def described_toml(node: Node) -> str:
    """Each field with its description."""
    values: dict[str, Any] = node.model_dump(mode="json")
    return "\n".join(
        f"# {field.description}\n{name} = {as_toml(values[name])}\n"
        for name, field in Node.model_fields.items()
    )


def farewell(home: Path, node: Node, given: argparse.Namespace) -> str:
    """What was made, and what to do next."""
    lines = [f"Made the node {node.name} in {home}: node.toml, keys/node.pem"]
    if given.join:
        key = FileKey.load(home / "keys" / "node.pem")
        entry = directory_entry(node, key, given.exchange_url).model_dump_json(by_alias=True, indent=2)
        lines += ["", "Give this entry to those who keep the country's directory:", entry]
        lines += [f"and put what they give you at {home}/directory.json and {home}/keys/root.pub.", ""]
    lines += ["Next:", *(f"  motcua --node {home} {command}" for command in NEXT)]
    return "\n".join(lines) + "\n"


NEXT = (
    "migrate",
    "organisations load",
    "procedures load",
    "user add NUMBER --name NAME",
    "user appoint NUMBER administrator AGENCY",
    "run",
)
