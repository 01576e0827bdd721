"""motcua user add|password|appoint|end|list: accounts and posts from the terminal."""

import sys
from collections.abc import Callable
from datetime import date
from getpass import getpass
from typing import IO, Any, cast

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.organisations import actions as organisations
from motcua.organisations.models import Agency, Post
from motcua.people import actions
from motcua.people.models import Account, Appointment

OPERATOR = Actor.system("operator")


class Command(BaseCommand):
    help = "Open accounts, give passwords, appoint officers to posts, end appointments, list who is who."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        for name, (run, options, says) in self.commands().items():
            command = commands.add_parser(name, help=says, description=says)
            command.set_defaults(run=run)
            options(command)

    def commands(self) -> dict[str, tuple[Callable[..., None], Callable[[CommandParser], None], str]]:
        return {
            "add": (self.add, of_person, "Open an account under a personal number."),
            "password": (self.password, of_password, "Give a person a new password."),
            "lost-device": (
                self.lost_device,
                of_number,
                "A person lost their second step: remove it and their passkeys; all sessions end.",
            ),
            "confirm": (self.confirm, of_number, "A person has shown their card: identity of level 2."),
            "appoint": (self.appoint, of_appointment, "Appoint a person to a post of an agency."),
            "end": (self.end, of_end, "End a person's appointment at the end of a day."),
            "list": (self.show, of_list, "List accounts and the posts they hold today."),
        }

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            options["run"](options)
        except Invalid as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as faults:
            raise CommandError(" ".join(faults.messages)) from faults

    def add(self, options: dict[str, Any]) -> None:
        account = Account(
            username=options["number"], name=options["name"], email=options["email"], phone=options["phone"]
        )
        account.clean_fields(exclude=["password"])  # before asking for a password in vain
        account = actions.open_account(account, by=OPERATOR, password=asked_password(options, account))
        self.stdout.write(_("%(name)s can sign in.") % {"name": account.name})

    def password(self, options: dict[str, Any]) -> None:
        account = account_of(options["number"])
        actions.give_password(account, by=OPERATOR, password=asked_password(options, account))
        self.stdout.write(_("%(name)s has a new password.") % {"name": account.name})

    def lost_device(self, options: dict[str, Any]) -> None:
        account = account_of(options["number"])
        actions.drop_second_steps(account, by=OPERATOR)
        self.stdout.write(_("%(name)s signs in by password alone now.") % {"name": account.name})

    def confirm(self, options: dict[str, Any]) -> None:
        account = account_of(options["number"])
        actions.confirm_identity(account, by=OPERATOR)
        self.stdout.write(_("%(name)s now has an identity of level 2.") % {"name": account.name})

    def appoint(self, options: dict[str, Any]) -> None:
        account, agency = account_of(options["number"]), agency_of(options["agency"])
        titles = {"title_vi": options["title"], "title_en": options["title_en"]}
        post = organisations.open_post(agency, by=OPERATOR, role=options["role"], **titles)
        since = options["since"] or timezone.localdate()
        actions.appoint(post, by=OPERATOR, account=account, since=since)
        self.stdout.write(
            _("%(name)s: %(post)s, from %(day)s.") % {"name": account.name, "post": post, "day": since}
        )

    def end(self, options: dict[str, Any]) -> None:
        account, agency = account_of(options["number"]), agency_of(options["agency"])
        held = Appointment.objects.in_force().filter(
            account=account, post__agency=agency, post__role=options["role"]
        )
        if not held:
            raise CommandError(_("%(name)s holds no such post today.") % {"name": account.name})
        on = options["on"] or timezone.localdate()
        for appointment in held:
            actions.end_appointment(appointment, by=OPERATOR, on=on)
            self.stdout.write(
                _("%(name)s: %(post)s, until %(day)s.")
                % {"name": account.name, "post": appointment.post, "day": on}
            )

    def show(self, options: dict[str, Any]) -> None:
        held = Appointment.objects.in_force().select_related("post__agency")
        posts: dict[Any, list[str]] = {}
        for appointment in held.filter(post__agency=options["agency"]) if options["agency"] else held:
            posts.setdefault(appointment.account_id, []).append(
                f"{appointment.post} ({appointment.post.role} {appointment.post.agency_id})"
            )
        table = Table(_("Personal number"), _("Full name"), _("Posts"))
        for account in Account.objects.order_by("username"):
            if account.pk in posts or not options["agency"]:
                table.add_row(account.username, account.name, "\n".join(posts.get(account.pk, [])))
        Console(file=cast("IO[str]", self.stdout), highlight=False).print(table)


def of_person(parser: CommandParser) -> None:
    of_password(parser)
    parser.add_argument("--name", required=True, help="full name, as it is written")
    parser.add_argument("--email", default="")
    parser.add_argument("--phone", default="")


def of_number(parser: CommandParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help="personal number, 12 digits")


def of_password(parser: CommandParser) -> None:
    of_number(parser)
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from the first line of standard input",
    )


def of_post(parser: CommandParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help="personal number, 12 digits")
    parser.add_argument("role", choices=Post.Role.values, metavar="ROLE", help=", ".join(Post.Role.values))
    parser.add_argument("agency", metavar="AGENCY", help="code of an agency this node hosts")


def of_appointment(parser: CommandParser) -> None:
    of_post(parser)
    parser.add_argument(
        "--title", default="", help="title in Vietnamese; without it, the usual one of the role"
    )
    parser.add_argument("--title-en", default="", help="title in English")
    parser.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="first day (today)")


def of_end(parser: CommandParser) -> None:
    of_post(parser)
    parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="last day (today)")


def of_list(parser: CommandParser) -> None:
    parser.add_argument("--agency", default="", metavar="CODE", help="only those who hold a post there")


def account_of(number: str) -> Account:
    account = Account.objects.filter(username=number).first()
    if account is None:
        raise CommandError(_("There is no account with this personal number; open one: motcua user add"))
    return account


def agency_of(code: str) -> Agency:
    """An agency this node hosts; a post elsewhere would give nothing here."""
    if code not in settings.NODE.agencies:
        raise CommandError(
            _("This node does not host %(code)s; node.toml lists: %(codes)s")
            % {"code": code, "codes": ", ".join(settings.NODE.agencies)}
        )
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise CommandError(
            _("Agency %(code)s is not in the database yet; run: motcua organisations load") % {"code": code}
        )
    return agency


def asked_password(options: dict[str, Any], account: Account) -> str:
    """From standard input if told so, else typed twice; it must be a fit one."""
    if options["password_stdin"]:
        password = sys.stdin.readline().rstrip("\n")
    elif sys.stdin.isatty():
        password = getpass(_("Password: "))
        if getpass(_("Once more: ")) != password:
            raise CommandError(_("The two passwords differ; nothing was done."))
    else:
        raise CommandError(_("Nobody can be asked for a password here; give it with --password-stdin."))
    validate_password(password, account)
    return password
