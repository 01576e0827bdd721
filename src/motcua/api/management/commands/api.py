"""motcua api add|renew|end|list|portal: which systems may call here; how the national portal knows our dossiers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from motcua.api import actions
from motcua.api.models import PER_MINUTE, Client
from motcua.api.national import telling
from motcua.api.national.portal import NationalPortal
from motcua.api.scopes import Scope
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor
from motcua.procedures.importing import Unreached

OPERATOR = Actor.system("operator")


class Command(BaseCommand):
    help = "Let an agency's systems call the API, give them new secrets, end them, list them."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        add = commands.add_parser("add", help="Register a system of an agency; its secret is shown once.")
        add.add_argument("agency", help="Code of the agency, such as H38.03006.")
        add.add_argument("name", help="How people call the system.")
        add.add_argument("scopes", nargs="+", choices=[scope.value for scope in Scope], metavar="SCOPE")
        add.add_argument("--below", action="store_true", help="Also at all agencies below it.")
        add.add_argument("--per-minute", type=int, default=PER_MINUTE, help="Most calls a minute.")
        renew = commands.add_parser("renew", help="Give a system a new secret; the old one ends at once.")
        end = commands.add_parser("end", help="A system may no longer call.")
        for command in (renew, end):
            command.add_argument("client", type=UUID, help="Identifier of the system.")
        commands.add_parser("list", help="List the systems that may call.")
        portal = commands.add_parser(
            "portal", help="Ask the national portal where dossiers stand, and compare; exit 1 if one differs."
        )
        portal.add_argument("codes", nargs="+", metavar="CODE", help="Codes of dossiers of this node.")

    def handle(self, *_args: Any, **options: Any) -> None:
        run: dict[str, Callable[[dict[str, Any]], None]] = {
            "add": self.add,
            "renew": self.renew,
            "end": self.end,
            "list": self.show,
            "portal": self.compare,
        }
        try:
            run[options["what"]](options)
        except (Invalid, NotNow, Unreached) as refusal:
            raise CommandError(str(refusal)) from refusal
        except Client.DoesNotExist as fault:
            raise CommandError(_("There is no such system. See: motcua api list")) from fault

    def add(self, options: dict[str, Any]) -> None:
        client = Client(
            agency=options["agency"],
            below=options["below"],
            name=options["name"],
            scopes=list(dict.fromkeys(options["scopes"])),
            per_minute=max(1, options["per_minute"]),
        )
        self.tell(client, actions.register(client, by=OPERATOR))

    def renew(self, options: dict[str, Any]) -> None:
        client = Client.objects.get(pk=options["client"])
        self.tell(client, actions.renew_secret(client, by=OPERATOR))

    def end(self, options: dict[str, Any]) -> None:
        client = Client.objects.get(pk=options["client"])
        actions.end(client, by=OPERATOR)
        self.stdout.write(_("%(name)s may no longer call.") % {"name": client.name})

    def tell(self, client: Client, secret: str) -> None:
        self.stdout.write(f"client_id     {client.pk}\nclient_secret {secret}")
        if Scope.AXIS in client.scopes:
            self.stdout.write(f"axis_key      {client.axis_key}")
        self.stdout.write(_("The secret is shown this once. Hand it over where nobody reads along."))

    def compare(self, options: dict[str, Any]) -> None:
        portal, ours = NationalPortal(), telling.by_code(options["codes"])
        differing = 0
        for code in options["codes"]:
            differences = telling.differences(ours.get(code), portal.dossier(code))
            differing += bool(differences)
            self.stdout.write(f"{code}  {'; '.join(differences) or _('as here')}")
        if differing:
            raise CommandError(_("%(count)d dossiers stand otherwise at the portal.") % {"count": differing})

    def show(self, _options: dict[str, Any]) -> None:
        table = Table()
        for heading in (_("Agency"), _("Name"), "client_id", _("Rights"), _("Calls a minute")):
            table.add_column(heading)
        for one in Client.objects.in_force().order_by("agency", "name", "pk"):
            where = f"{one.agency}, {one.agency}.*" if one.below else one.agency
            table.add_row(where, one.name, str(one.pk), " ".join(one.scopes), str(one.per_minute))
        Console(file=self.stdout).print(table)  # type: ignore[arg-type]
