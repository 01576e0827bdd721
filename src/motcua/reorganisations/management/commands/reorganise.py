"""`motcua reorganise check|try|example|plans|apply`: agencies merged, split, renamed or ended, from the terminal."""

from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.procedures.reading import Faulty
from motcua.reorganisations import actions
from motcua.reorganisations.example import real
from motcua.reorganisations.models import Plan
from motcua.reorganisations.problems import Problem, problems
from motcua.reorganisations.scheme import Scheme, read
from motcua.reorganisations.trial import Trial
from motcua.ui.words import moment

OPERATOR = Actor.system("operator")


class Command(BaseCommand):
    help = (
        "Plans of reorganisations: check a file, try it, list the plans, carry out what is approved and due."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        check = what.add_parser(
            "check", help="print what is wrong with a plan's file; exit 1 if it could not be done"
        )
        check.add_argument("file", type=Path)
        check.set_defaults(run=self.check_file)
        attempt = what.add_parser("try", help="print what would move, and change nothing")
        attempt.add_argument("file", type=Path)
        attempt.add_argument(
            "--list", action="store_true", help="every dossier and officer, not only their numbers"
        )
        attempt.set_defaults(run=self.attempt)
        example = what.add_parser(
            "example", help="print the reorganisation from which a commune came, by the table of units"
        )
        example.add_argument("code", help="code of the commune's agency, such as H38.03006")
        example.set_defaults(run=self.example)
        plans = what.add_parser("plans", help="list the plans of this node")
        plans.set_defaults(run=self.plans)
        apply = what.add_parser(
            "apply", help="carry out now what two people have approved and whose day has come"
        )
        apply.set_defaults(run=self.apply)

    def handle(self, *_args: Any, **options: Any) -> None:
        options["run"](options)

    @property
    def console(self) -> Console:
        return Console(
            file=cast("IO[str]", self.stdout), highlight=False, width=None if self.is_shown else 160
        )

    @property
    def is_shown(self) -> bool:
        return bool(getattr(self.stdout, "isatty", lambda: False)())

    def check_file(self, options: dict[str, Any]) -> None:
        self.tell(problems(Trial(self.read(options["file"]))))
        self.stdout.write(_("Nothing keeps it from being carried out."))

    def attempt(self, options: dict[str, Any]) -> None:
        trial = Trial(self.read(options["file"]))
        self.console.print(flows(trial))
        if options["list"]:
            self.console.print(officers(trial))
            self.console.print(dossiers(trial))
        self.tell(problems(trial))

    def example(self, options: dict[str, Any]) -> None:
        agency = Agency.objects.filter(code=options["code"]).first()
        text = real(agency) if agency else ""
        if not text:
            raise CommandError(_("The table of units knows of no reorganisation from which it came."))
        self.stdout.write(text)

    def plans(self, _options: dict[str, Any]) -> None:
        table = Table(_("Day"), _("Plan"), _("State"), _("Written by"), _("Approved by"))
        for plan in Plan.objects.order_by("on", "begun_at"):
            table.add_row(
                plan.on.isoformat(), plan.title, str(plan.get_state_display()), plan.author, plan.approver
            )
        self.console.print(table)

    def apply(self, _options: dict[str, Any]) -> None:
        due = list(Plan.objects.due(timezone.localdate()))
        for plan in due:
            actions.carry_out(plan, by=OPERATOR)
            plan.refresh_from_db()
            self.stdout.write(f"{plan.title}: {plan.trouble or plan.get_state_display()}")
        if not due:
            self.stdout.write(
                _("No approved plan is due. Plans are approved at the desk, by a second person.")
            )
        elif any(plan.trouble for plan in due):
            raise CommandError(_("Some plans could not be carried out."))

    def read(self, file: Path) -> Scheme:
        try:
            return read(file.read_text("utf-8"), shown_as=str(file))
        except Faulty as faulty:
            raise CommandError(str(faulty)) from faulty
        except OSError as fault:
            raise CommandError(str(fault)) from fault

    def tell(self, found: list[Problem]) -> None:
        for one in found:
            self.stdout.write(f"{'✗' if one.blocks else '!'} {one.where}: {one.says}")
        if blocking := [one for one in found if one.blocks]:
            raise CommandError(_("%(count)d faults.") % {"count": len(blocking)})


def flows(trial: Trial) -> Table:
    """From whom to whom, with numbers."""
    table = Table(_("From"), _("To"), _("Dossiers"), _("Officers"))
    for old, new in sorted({*trial.counts, *trial.officers}):
        table.add_row(
            trial.name(old),
            trial.name(new) if new else _("ends"),
            str(trial.counts.get((old, new), 0)),
            str(trial.officers.get((old, new), 0)),
        )
    return table


def officers(trial: Trial) -> Table:
    table = Table(_("Officer"), _("From"), _("To"), _("Post"))
    for one in trial.transfers:
        name, to = one.appointment.account.name, trial.name(one.to) if one.to else _("ends")
        table.add_row(name, trial.name(one.post.agency_id), to, one.title_vi or one.role)
    return table


def dossiers(trial: Trial) -> Table:
    table = Table(_("Dossier"), _("From"), _("To"), _("Due"))
    for one in trial.dossiers:
        due = moment(one.due_at) if one.due_at else "–"
        table.add_row(one.code, trial.name(one.old), trial.name(one.new), due)
    return table
