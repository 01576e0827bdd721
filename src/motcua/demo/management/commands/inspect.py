"""motcua inspect CODE: what this node knows of a dossier, as JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from motcua.demo.inspection import inspect


class Command(BaseCommand):
    help = "Say as JSON what this node of the demo country knows of a dossier."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")

    def handle(self, *_args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(inspect(options["code"])))
