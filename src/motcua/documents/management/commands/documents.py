"""motcua documents edxml show FILE: what a message of another system says. motcua documents sweep: files nobody names."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from motcua.documents import actions, sweeping
from motcua.documents.edxml.reading import read
from motcua.documents.edxml.showing import lines
from motcua.documents.edxml.trees import UnreadableError
from motcua.documents.sweeping import Found


class Command(BaseCommand):
    help = "Read messages of the document axis (edXML); delete files of the store that nobody names."
    # A message is read without a database.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        edxml = what.add_parser("edxml", help="A message of the document axis.")
        show = edxml.add_subparsers(dest="how", required=True).add_parser(
            "show", help="Print what it says, and every warning; or why it is refused, and where."
        )
        show.add_argument("file", type=Path)
        sweep = what.add_parser(
            "sweep",
            help="Delete old files nobody names that an earlier night noted, and note those found now.",
        )
        sweep.add_argument("--dry-run", action="store_true", help="Only count; delete and note nothing.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["what"] == "edxml":
            self.show(options["file"])
        else:
            self.sweep(only_count=options["dry_run"])

    def show(self, file: Path) -> None:
        try:
            reading = read(file.read_bytes())
        except OSError as error:
            raise CommandError(
                _("The file cannot be opened: %(reason)s") % {"reason": error.strerror}
            ) from error
        except UnreadableError as error:
            raise CommandError(_("This message is refused. %(reason)s") % {"reason": error}) from error
        # At once: whoever reads only the head of it must not break off the rest.
        self.stdout.write("\n".join(lines(reading)))

    def sweep(self, *, only_count: bool) -> None:
        if only_count:
            self.say(_("%(files)s old files (%(size)s MB) are named by nobody."), sweeping.loose_together())
            self.stdout.write(_("%(files)s files wait to be deleted.") % {"files": sweeping.waiting()})
            return
        gone, found = actions.sweep(by=actions.DOCUMENTS)
        self.say(_("%(files)s files (%(size)s MB) were deleted."), gone)
        self.say(
            _("%(files)s old files (%(size)s MB) are named by nobody and noted for another night."), found
        )

    def say(self, words: str, found: Found) -> None:
        self.stdout.write(words % {"files": found.files, "size": f"{found.size / 1024**2:.1f}"})
