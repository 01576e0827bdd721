"""The words of `motcua exchange` about what came in and about the log as a whole."""

from pathlib import Path
from typing import Any


def about_received(commands: Any) -> None:
    """The words about messages that came in."""
    commands.add_parser("stuck", help="Messages that came in and could not be handled, oldest first.")
    handle = commands.add_parser("handle", help="Handle a received message again, now.")
    handle.add_argument("message", help="Its identifier.")
    for name, says in (
        ("send-back", "Close a received message without effect and tell its sender why, signed."),
        ("set-aside", "Close a received message without effect and without word to its sender."),
    ):
        command = commands.add_parser(name, help=says)
        command.add_argument("message", help="Its identifier.")
        command.add_argument("--reason", required=True, help="Why, in words; it is kept in the journal.")


def about_the_log(commands: Any) -> None:
    """The words about the log as a whole."""
    commands.add_parser(
        "verify", help="Check every entry, batch and signature; exit code 1 at the first break."
    )
    archive = commands.add_parser(
        "archive", help="Write each month of the log that is over to a file that proves itself."
    )
    one = archive.add_mutually_exclusive_group()
    one.add_argument(
        "--drop",
        action="store_true",
        help="Then drop from the database what stands in the files and nobody waits for; it is read there from then on.",
    )
    archive.add_argument(
        "--seconds", type=float, default=10, help="Wait so long at most for the log's own word (10)."
    )
    one.add_argument(
        "--check", nargs="+", type=Path, metavar="FILE", help="Only check these; exit code 1 at a break."
    )
