"""`motcua directory show|sign`: read the country's directory, and publish a new edition of it."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from motcua.config import node as nodes
from motcua.exchange.directory import Directory, Untrusted, opened, signed
from motcua.lib.keys import FileKey


def directory(arguments: Sequence[str]) -> int:
    """Show the directory of this node as a draft one can edit, or sign a draft."""
    given = options(arguments)
    try:
        text = show() if given.what == "show" else sign(given)
    except (OSError, ValueError, Untrusted) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{text}\n")
    return 0


def options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "motcua directory", description="Read or publish the country's directory."
    )
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("show", help="print this node's directory, its signature checked, as a draft to edit")
    sign_it = commands.add_parser(
        "sign", help="sign a draft as a new edition, for those who keep the root key"
    )
    sign_it.add_argument("draft", type=Path, help="the edited draft (JSON)")
    sign_it.add_argument("--root", type=Path, help="private root key (HOME/keys/root.pem)")
    sign_it.add_argument("--out", type=Path, help="where to write the edition (HOME/directory.json)")
    sign_it.add_argument("--days", type=int, default=365, help="how long it may be used (365)")
    return parser.parse_args(arguments[1:])


def show() -> str:
    """The content of the node's own copy."""
    home = nodes.home()
    known = opened((home / "directory.json").read_bytes(), (home / "keys" / "root.pub").read_text("ascii"))
    return known.model_dump_json(by_alias=True, indent=2)


def sign(given: argparse.Namespace) -> str:
    """Write the next edition: its number is the moment, so that it is always higher than the last."""
    home, now = nodes.home(), datetime.now(UTC)
    root = FileKey.load(given.root or home / "keys" / "root.pem")
    draft = json.loads(given.draft.read_text("utf-8"))
    edition = {
        "version": int(now.timestamp()),
        "issued": now.isoformat(),
        "expires": (now + timedelta(days=given.days)).isoformat(),
    }
    try:
        fresh = Directory.model_validate({**draft, **edition})
    except ValidationError as error:
        raise ValueError(f"{given.draft}: {error}") from error
    published = signed(fresh, root)
    opened(published, root.public_pem)  # refuses an agency or key that stands twice
    target = given.out or home / "directory.json"
    target.with_suffix(".new").write_bytes(published)
    target.with_suffix(".new").replace(target)
    return f"{target}: version {fresh.version}, {len(fresh.nodes)} nodes, until {fresh.expires:%Y-%m-%d}"
