"""motcua units build: make the files of administrative units anew from the development package."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.organisations.actions import DATA
from motcua.organisations.building import PackageMissingError, build


class Command(BaseCommand):
    help = "Make the committed files of administrative units from the package vietnamadminunits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["build"])
        parser.add_argument("--to", type=Path, default=DATA, help="Folder for the files.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            rows = build(options["to"])
        except PackageMissingError as error:
            raise CommandError(str(error)) from error
        for name, count in rows.items():
            self.stdout.write(f"{name}: {count}")
