"""`motcua directory show|sign|cosign|root`: read the country's directory, publish a new edition, change who signs it."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from motcua.config import node as nodes
from motcua.exchange.directory import Directory, coherent, opened, signed
from motcua.exchange.root import Root, Untrusted, anchor, latest, parts, read, signature, stated
from motcua.lib.keys import FileKey


def directory(arguments: Sequence[str]) -> int:
    """Show the directory of this node as a draft one can edit, sign a draft, add a signature, or name new root keys."""
    given = options(arguments)
    try:
        text = {"show": show, "sign": sign, "cosign": cosign, "root": root}[given.what](given)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, Untrusted) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{text}\n")
    return 0


def options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "motcua directory", description="Read or publish the country's directory."
    )
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser(
        "show", help="print this node's directory, its signatures checked, as a draft to edit"
    )
    sign_it = commands.add_parser("sign", help="sign a draft as a new edition, for those who keep a root key")
    sign_it.add_argument("draft", type=Path, help="the edited draft (JSON)")
    sign_it.add_argument("--roots", type=Path, help="statement of a new root that signs from now on")
    sign_it.add_argument("--out", type=Path, help="where to write the edition (HOME/directory.json)")
    sign_it.add_argument("--days", type=int, default=365, help="how long it may be used (365)")
    cosign_it = commands.add_parser(
        "cosign", help="add a signature to an edition, or to the statement of a root"
    )
    cosign_it.add_argument("file", type=Path, help="what others have signed already")
    root_it = commands.add_parser("root", help="state who signs from now on, and how many of them it takes")
    root_it.add_argument(
        "--key", type=Path, action="append", required=True, help="a public root key (PEM); once for each"
    )
    root_it.add_argument("--threshold", type=int, default=1, help="how many of them must sign (1)")
    root_it.add_argument("--out", type=Path, required=True, help="where to write the statement")
    for one in (sign_it, cosign_it, root_it):
        one.add_argument(
            "--root",
            type=Path,
            action="append",
            help="private root key (HOME/keys/root.pem); once for each at hand",
        )
    return parser.parse_args(arguments[1:])


def at_hand(given: argparse.Namespace) -> list[FileKey]:
    """The private root keys whoever calls holds."""
    return [FileKey.load(path) for path in given.root or [nodes.home() / "keys" / "root.pem"]]


def current() -> tuple[Directory, list[dict[str, Any]], Root]:
    """The node's own copy, the roots it carries, and the one that signs now."""
    home = nodes.home()
    published = (home / "directory.json").read_bytes()
    given = (home / "keys" / "root.pub").read_text("ascii")
    known, roots = opened(published, given), json.loads(published).get("roots", [])
    return known, roots, latest(anchor(given), roots)


def show(_given: argparse.Namespace) -> str:
    """The content of the node's own copy."""
    return current()[0].model_dump_json(by_alias=True, exclude={"root"}, indent=2)


def sign(given: argparse.Namespace) -> str:
    """Write the next edition: its number is the moment, so that it is always higher than the last."""
    home, now, keys = nodes.home(), datetime.now(UTC), at_hand(given)
    draft = json.loads(given.draft.read_text("utf-8"))
    roots: list[dict[str, Any]] = []
    signs = Root(keys=(keys[0].public_pem,))
    if (home / "directory.json").exists():
        _known, roots, signs = current()
    if given.roots:
        roots = [*roots, json.loads(given.roots.read_text("utf-8"))]
        signs = latest(signs, roots)
    edition = {
        "version": int(now.timestamp()),
        "issued": now.isoformat(),
        "expires": (now + timedelta(days=given.days)).isoformat(),
        "root": signs if signs.version > 1 else None,
    }
    try:
        fresh = Directory.model_validate({**draft, **edition})
    except ValidationError as error:
        raise ValueError(f"{given.draft}: {error}") from error
    coherent(fresh)
    target = given.out or home / "directory.json"
    if not given.out and len(keys) < signs.threshold:
        raise ValueError(
            f"{signs.threshold} root keys must sign: write to --out, and have the others cosign it."
        )
    there = written(json.loads(signed(fresh, *keys, roots=roots)), "directory", signs, target)
    return (
        f"{target}: version {fresh.version}, {len(fresh.nodes)} nodes, until {fresh.expires:%Y-%m-%d}{there}"
    )


def cosign(given: argparse.Namespace) -> str:
    """One more signature under the same text; whoever signs has read it."""
    whole = json.loads(given.file.read_text("utf-8"))
    name = "directory" if "directory" in whole else "root"
    text, _signatures = parts(whole, name)
    if name == "directory":
        fresh = Directory.model_validate_json(text)
        signs = fresh.root or current()[2]
    else:
        signs = read(text)
    whole["signatures"] += [signature(text, key) for key in at_hand(given)]
    return f"{given.file}{written(whole, name, signs, given.file)}"


def root(given: argparse.Namespace) -> str:
    """The next root, signed by the keys at hand: it takes enough of those before and enough of the new ones."""
    _known, _roots, before = current()
    following = Root(
        version=before.version + 1,
        threshold=given.threshold,
        keys=tuple(path.read_text("ascii") for path in given.key),
    )
    whole = stated(following, *at_hand(given))
    there = written(whole, "root", following, given.out)
    held = len(before.signers(*parts(whole, "root")))
    return f"{given.out}: root {following.version}{there}; of the root before it {held} of {before.threshold}"


def written(whole: dict[str, Any], name: str, signs: Root, target: Path) -> str:
    """The file, replaced at once; says how many signatures stand there of how many."""
    text, signatures = parts(whole, name)
    target.with_suffix(".new").write_text(json.dumps(whole), "utf-8")
    target.with_suffix(".new").replace(target)
    return f", {len(signs.signers(text, signatures))} of {signs.threshold} signatures"
