"""motcua journal seal|verify|export: give entries their place, prove that nothing was changed, hand the journal to a stranger.

What `export` writes is described in `motcua.journal.exporting`.
"""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Sum
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from motcua.journal import exporting, sealing, verification
from motcua.journal.keyring import NAME, node_key, public_keys
from motcua.journal.models import Head


class Command(BaseCommand):
    help = "Seal the journal, verify it from the first entry to the last, or export it for others to verify."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        commands.add_parser("seal", help="Give every entry that is ready its place and sign.")
        verify = commands.add_parser(
            "verify", help="Find any change, removal or reordering; exit code 1 if there is one."
        )
        verify.add_argument("--heads", type=int, default=0, metavar="N", help="Only the N newest heads.")
        export = commands.add_parser("export", help="Write entries and heads as JSON lines.")
        export.add_argument("file", nargs="?", default="-", help="Where to; - is standard output.")

    def handle(self, *_args: Any, **options: Any) -> None:
        {"seal": self.seal, "verify": self.verify, "export": self.export}[options["what"]](options)

    def seal(self, options: dict[str, Any]) -> None:
        try:
            key = node_key()
        except FileNotFoundError as error:
            raise CommandError(
                _("This node has no key: %(file)s is missing.") % {"file": settings.KEYS / NAME}
            ) from error
        count = 0
        while sealed := sealing.seal(key, origin=settings.NODE.name):
            count += sealed
        self.stdout.write(_("%(count)s entries sealed.") % {"count": count})

    def verify(self, options: dict[str, Any]) -> None:
        heads = Head.objects.order_by("-number")
        checked = heads[: options["heads"]] if options["heads"] else heads
        total = checked.aggregate(entries=Sum("size"))["entries"] or 0
        with progress() as bar:
            task = bar.add_task(_("Entries"), total=total)
            broken = verification.first_broken(
                public_keys(), heads=options["heads"], passed=lambda head: bar.advance(task, head.size)
            )
        if broken:
            raise CommandError(
                _("The journal is broken at place %(place)s: %(what)s.")
                % {"place": broken.place or "–", "what": broken.what}
            )
        self.stdout.write(
            _("The journal is whole: %(entries)s entries under %(heads)s signed heads.")
            % {"entries": total, "heads": checked.count()}
        )

    def export(self, options: dict[str, Any]) -> None:
        given = exporting.lines(public_keys())
        if options["file"] != "-":
            with Path(options["file"]).open("w", encoding="utf-8") as file:
                file.writelines(f"{text}\n" for text in given)
            return
        for text in given:
            self.stdout.write(text)


def progress() -> Progress:
    """A bar on the error stream, so that standard output stays clean."""
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(file=sys.stderr), transient=True)
