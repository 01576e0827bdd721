"""motcua tracking recount: the counts of the country's report beside every dossier of the mirror."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from motcua.lib.actors import Actor
from motcua.tracking.actions import recount
from motcua.tracking.sql import TABLES


class Command(BaseCommand):
    help = "Count the country's report anew from every dossier, and say which of its running counts differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["recount"])
        parser.add_argument("--mend", action="store_true", help="Put right what differs.")

    def handle(self, *_args: Any, **options: Any) -> None:
        done = recount(TABLES, mend=options["mend"], by=Actor.system("tracking"))
        found = {"counts": done.counts, "differing": done.differing}
        if done.mended:
            self.stdout.write(_("%(counts)s counts; %(differing)s had been wrong and are put right.") % found)
        else:
            self.stdout.write(_("%(counts)s counts; %(differing)s are wrong.") % found)
