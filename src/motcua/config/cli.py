"""The command line: `motcua COMMAND …`; most commands live in their context as Django management commands."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from motcua.config.catalogue import compile_messages
from motcua.config.node import HOME, UnreadableNodeError, home

type Command = Callable[[Sequence[str]], int]

HELP = """Một Cửa: one door to a country's public services.

  motcua demo [--fresh]        a country on this machine; Ctrl-C stops it
  motcua journey NAME …        plays whole stories and checks their ends
  motcua guides                takes the pictures of the guides, by playing the stories they tell
  motcua init HOME …           settings and keys of a new node
  motcua run                   one node: web, exchange and worker under one supervisor
  motcua directory show|sign   the country's directory of nodes
  motcua test [PYTEST …]       the whole test suite
  motcua bench [api]           measures, beside the budgets
  motcua COMMAND …             migrate, check, shell, user, certificates, organisations, reorganise, procedures, journal,
                               exchange, indicators, catalogue … (motcua COMMAND --help says more)

  --node HOME before a command chooses the node's home (default: $MOTCUA_HOME or .motcua/node).
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code."""
    rest = choose_home(list(arguments))
    if not rest or rest[0] in {"help", "-h", "--help"}:
        sys.stdout.write(HELP)
        return 0
    try:
        compile_messages()
        return OWN.get(rest[0], manage)(rest)
    except UnreadableNodeError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def choose_home(arguments: list[str]) -> list[str]:
    """Take `--node HOME` off the front; without it, the node that lies where one is looked for, if there is one."""
    if arguments[:1] == ["--node"] and len(arguments) > 1:
        os.environ[HOME] = str(Path(arguments[1]).resolve())
        return arguments[2:]
    if (home() / "node.toml").exists():
        os.environ[HOME] = str(home())
    return arguments


def manage(arguments: Sequence[str]) -> int:
    """Hand over to Django's management commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
    # Only now may Django be loaded: the settings read the home chosen above.
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["motcua", *arguments])
    return 0


LONG, MANY = "--long", "200"


def test(arguments: Sequence[str]) -> int:
    """Run the test suite in place of this process; `--long` tries many more examples wherever examples are thought up."""
    given = [word for word in arguments[1:] if word != LONG]
    if len(given) < len(arguments) - 1:
        os.environ.setdefault("MOTCUA_EXAMPLES", MANY)
    # One more than there are cores: whoever has the running country mostly waits for it.
    workers = str((os.cpu_count() or 1) + 1)
    parallel = [] if any(word.startswith("-n") or "::" in word for word in given) else ["-n", workers]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *parallel, *given])


def demo(arguments: Sequence[str]) -> int:
    """The country on this machine."""
    from motcua.config.demo import demo as run  # noqa: PLC0415 — loads what no other command needs

    return run(arguments)


def journey(arguments: Sequence[str]) -> int:
    """Stories, played and checked."""
    from motcua.config.journey import journey as play  # noqa: PLC0415 — as above

    return play(arguments)


def guides(arguments: Sequence[str]) -> int:
    """The guides' pictures."""
    from motcua.config.guides import guides as take  # noqa: PLC0415 — as above

    return take(arguments)


def bench(arguments: Sequence[str]) -> int:
    """Measurements beside the budgets."""
    from motcua.config.bench import bench as measure  # noqa: PLC0415 — as above

    return measure(arguments)


def run(_arguments: Sequence[str]) -> int:
    """One node under a supervisor."""
    from motcua.config.roles import supervise_one  # noqa: PLC0415 — as above

    return supervise_one()


def init(arguments: Sequence[str]) -> int:
    """A new node's home."""
    from motcua.config.init import init as make  # noqa: PLC0415 — as above

    return make(arguments)


def directory(arguments: Sequence[str]) -> int:
    """The country's directory."""
    from motcua.config.directory import directory as show_or_sign  # noqa: PLC0415 — as above

    return show_or_sign(arguments)


OWN: dict[str, Command] = {
    "test": test,
    "demo": demo,
    "journey": journey,
    "guides": guides,
    "bench": bench,
    "run": run,
    "init": init,
    "directory": directory,
}
