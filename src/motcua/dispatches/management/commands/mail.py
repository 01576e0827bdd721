"""motcua mail FILE…: takes e-mails that answer documents; without a file from the input, as mail servers hand one over."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from motcua.dispatches.mails.taking import take
from motcua.dispatches.models import ReceivedMail


class Command(BaseCommand):
    help = "Take e-mails that came for the agencies of this node (RFC 5322), from files or from the input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="Mails as they came; none: the input is one.")

    def handle(self, *_args: Any, **options: Any) -> None:
        for file in options["files"]:
            try:
                self.say(take(file.read_bytes()), f"{file}: ")
            except OSError as error:
                raise CommandError(
                    _("The file cannot be opened: %(reason)s") % {"reason": error.strerror}
                ) from error
        if not options["files"]:
            self.say(take(sys.stdin.buffer.read()))

    def say(self, mail: ReceivedMail, before: str = "") -> None:
        """What became of it, without its content."""
        words = [str(mail.get_state_display()), mail.why if mail.reason else ""]
        self.stdout.write(before + " · ".join(filter(None, words)))
