"""`motcua transitions list|try`: dossiers that run under an earlier version, and what would become of them under the latest."""

from argparse import ArgumentParser
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from motcua.dossiers.models import Transition
from motcua.dossiers.transiting import concerned, fates, outdated, proposed
from motcua.organisations.models import Agency
from motcua.procedures.models import Version
from motcua.ui.words import moment


class Command(BaseCommand):
    help = "Running dossiers under earlier versions: list them, and try the map that goes without saying. Nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        listed = what.add_parser("list", help="which agencies have dossiers running under an earlier version")
        listed.set_defaults(run=self.show)
        attempt = what.add_parser("try", help="what would become of each under the latest version")
        attempt.add_argument("code", help="code of the procedure")
        attempt.add_argument("--agency", required=True, help="of which agency, with those below it")
        attempt.set_defaults(run=self.attempt)

    def handle(self, *_args: Any, **options: Any) -> None:
        options["run"](options)

    @property
    def console(self) -> Console:
        return Console(file=cast("IO[str]", self.stdout), highlight=False, width=160)

    def show(self, _options: dict[str, Any]) -> None:
        table = Table(_("Agency"), _("Procedure"), _("In force from"), _("Dossiers"))
        for one in outdated():
            table.add_row(
                one.agency, one.version.code, one.version.effective_from.isoformat(), str(one.count)
            )
        self.console.print(table)

    def attempt(self, options: dict[str, Any]) -> None:
        agency = Agency.objects.filter(code=options["agency"]).first()
        versions = Version.objects.coded(options["code"]).select_related("procedure")
        new = versions.latest().first()
        if agency is None or new is None:
            raise CommandError(_("There is no such agency or procedure."))
        table = Table(_("Dossier"), _("Now at"), _("Then at"), _("Due then"))
        for old in versions.exclude(pk=new.pk).order_by("effective_from"):
            map_ = proposed(old.definition, new.definition)
            transition = Transition(agency=agency, old=old, new=new, steps=map_)
            for one in fates(transition, concerned(transition)):
                due = moment(one.due_at) if one.due_at else "–"
                table.add_row(one.dossier.number, one.was_at, one.hindrance or one.at, due)
        self.console.print(table)
