"""motcua documents sweep: files of the store that nobody names."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from motcua.documents import actions, sweeping
from motcua.documents.sweeping import Found


class Command(BaseCommand):
    help = "Delete old files nobody names that an earlier night noted, and note those found now, as the node does every night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["sweep"])
        parser.add_argument("--dry-run", action="store_true", help="Only count; delete and note nothing.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["dry_run"]:
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
