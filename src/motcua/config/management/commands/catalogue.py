"""motcua catalogue [--check]: write the documents that follow from the code, or say which are out of date."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from motcua.config.reference import PAGES

DOCS: Path = settings.PACKAGE.parents[1] / "docs"


class Command(BaseCommand):
    help = (
        "Write docs/catalogue.md, events.md, lifecycles.md and settings.md from the code; needs no database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if a document is out of date"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        stale = {name: text for name, text in pages().items() if not is_current(DOCS / name, text)}
        if options["check"] and stale:
            raise CommandError(
                _("Out of date: %(names)s. Run: motcua catalogue") % {"names": ", ".join(stale)}
            )
        for name, text in stale.items():
            (DOCS / name).write_text(text, "utf-8")
            self.stdout.write(f"docs/{name}")
        if not stale:
            self.stdout.write(_("The documents are current."))


def pages() -> dict[str, str]:
    """Every generated document by its name, in English."""
    autodiscover_modules("events", "actions", "reactions", "services")
    with translation.override("en"):
        return {name: page() for name, page in PAGES.items()}


def is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text
