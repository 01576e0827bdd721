"""Files for nodes on networks of their own, as an operator writes them and takes them in."""

from pathlib import Path
from typing import Any

from django.conf import settings

from motcua.exchange import local, rules
from motcua.exchange.events import FileTakenIn, FileWritten
from motcua.exchange.medium import KEY
from motcua.journal.actions import record
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.keys import FileKey

COUNTED = ("messages", "files", "receipts")


def carry_out(node: str, file: Path, *, everything: bool, by: Actor) -> dict[str, Any]:
    """Write what waits for a node into a file; NotDone says why not."""
    (told,) = local.asked("/local/carry/out", node=node, file=str(file.resolve()), everything=everything)
    note_carried(told["node"], told, by=by)
    return told


def carry_in(file: Path, *, by: Actor) -> list[dict[str, Any]]:
    """Take in a file, and those held that follow it; NotDone says why not."""
    every = local.asked("/local/carry/in", file=str(file.resolve()))
    for told in every:
        note_carried(told["node"], told, by=by)
    return every


@action(who=rules.keeper)
def note_carried(node: str, told: dict[str, Any], *, by: Actor) -> None:
    """Write down that a file was written or taken in."""
    happened = {"written": FileWritten, "taken": FileTakenIn}.get(told["what"])
    if happened:
        counts = {name: told[name] for name in COUNTED}
        record(happened(node, told["number"], **counts), about=f"node:{node}", by=by)


def carry_key() -> str:
    """The public half of the key with which this node opens what is carried to it, made if there is none."""
    return FileKey.load_or_generate(settings.KEYS / KEY).public_pem
