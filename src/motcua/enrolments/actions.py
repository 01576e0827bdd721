"""Take down who was seen at a counter, and bring it to the node that keeps identities."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.enrolments import passwords
from motcua.enrolments.events import (
    EnrolmentDone,
    EnrolmentKept,
    EnrolmentRefused,
    OfficerKnown,
    PersonShown,
)
from motcua.enrolments.models import Enrolment, Officer
from motcua.enrolments.rules import receiver_there, themselves
from motcua.exchange import actions as exchange
from motcua.exchange.sending import Draft
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import Agency
from motcua.people import actions as people
from motcua.people.models import Account, Appointment

SYSTEM = Actor.system("enrolments")
KIND, OFFICERS = "identity.shown", "identity.officer"
NUMBER = re.compile(r"\d{12}", re.ASCII)


@dataclass(frozen=True)
class Shown:
    """What a counter says of a person; `password` is what is kept of a one-time password, empty if none was given."""

    agency: str
    number: str
    name: str = ""
    password: str = ""
    until: datetime | None = None
    drops_second_step: bool = False


@dataclass(frozen=True)
class Roll:
    """Who holds a post at an agency, each with the last day if one is known: of some of its officers, or the whole of it."""

    agency: str
    officers: Mapping[str, date | None]
    is_whole: bool


@action(who=receiver_there & ~themselves)
def show(enrolment: Enrolment, *, by: Actor) -> str:
    """A person and their card are seen at the counter: level 2, and where it was asked for an account or a new password.

    Returns the one-time password, to be printed and forgotten; empty if none was asked for.
    """
    if Enrolment.objects.filter(pk=enrolment.pk).exists():
        raise Invalid(_("This was written down already. Begin again if a new password is needed."))
    enrolment.number, enrolment.name = enrolment.number.strip(), " ".join(enrolment.name.split())
    check(enrolment)
    password = passwords.drawn() if enrolment.gives_password else ""
    enrolment.officer, enrolment.shown_at = by.name, timezone.now()
    is_here = not settings.NODE.identity_issuer
    enrolment.state = Enrolment.State.DONE if is_here else Enrolment.State.SENT
    enrolment.save(force_insert=True)
    told = PersonShown(enrolment.agency, enrolment.gives_password, enrolment.drops_second_step)
    record(told, about=enrolment, by=by)
    shown = Shown(
        enrolment.agency,
        enrolment.number,
        enrolment.name,
        make_password(password) if password else "",
        enrolment.shown_at + passwords.LIFE if password else None,
        enrolment.drops_second_step,
    )
    if is_here:
        keep(shown, by=SYSTEM)
    else:
        confirm_here(enrolment.number)
        send(enrolment, shown)
    return password


def check(enrolment: Enrolment) -> None:
    """A password goes to a named person who holds no post here. Raises Invalid."""
    if not NUMBER.fullmatch(enrolment.number):
        raise Invalid(_("A personal number has 12 digits."), field="number")
    enrolment.drops_second_step = enrolment.drops_second_step and enrolment.gives_password
    if enrolment.gives_password and not enrolment.name:
        raise Invalid(_("Enter the full name as it stands on the card."), field="name")
    if enrolment.gives_password and holds_post(enrolment.number):
        raise Invalid(
            _("Officers get a new password from the operator of their node, not at a counter."),
            field="number",
        )


def holds_post(number: str) -> bool:
    """Whether this person holds a post here today, or at a node that told of it: who has their password signs in their name."""
    here = Appointment.objects.in_force().filter(account__username=number)
    return here.exists() or Officer.objects.in_office().filter(number=number).exists()


def confirm_here(number: str) -> None:
    """An account the person already has at this node is of level 2 at once."""
    account = Account.objects.filter(username=number).first()
    if account:
        people.confirm_identity(account, by=SYSTEM)


def send(enrolment: Enrolment, shown: Shown) -> None:
    """To the agency whose node keeps identities; the password itself stays on the paper in the person's hand."""
    body = {
        "number": shown.number,
        "name": shown.name,
        "password": shown.password,
        "until": shown.until.isoformat() if shown.until else "",
        "officer": enrolment.officer,
        "drops_second_step": shown.drops_second_step,
    }
    exchange.send(
        KIND,
        json.dumps(body, ensure_ascii=False).encode(),
        sender=enrolment.agency,
        recipient=settings.NODE.identity_agency or settings.NODE.national,
        stream="identity",
        correlation=str(enrolment.pk),
    )


@action(who=system)
def keep(shown: Shown, *, by: Actor) -> Account:
    """What a counter says of a person holds from now on: their account is found or opened, and is of level 2. Raises Invalid."""
    account = Account.objects.select_for_update().filter(username=shown.number).first()
    if account is None and not shown.password:
        raise Invalid(
            _("There is no account under this number yet. Open one at the counter."), field="number"
        )
    if account is not None and shown.password:
        check_account(account, shown)
    if account is None:
        account = people.open_account(Account(username=shown.number, name=shown.name), by=by)
    people.confirm_identity(account, by=by)
    if shown.password and shown.until:
        people.give_one_time_password(account, by=by, encoded=shown.password, until=shown.until)
    is_dropped = bool(shown.password) and shown.drops_second_step
    if is_dropped:
        people.drop_second_steps(account, by=by)
    record(EnrolmentKept(shown.agency, bool(shown.password), is_dropped), about=account, by=by)
    return account


def check_account(account: Account, shown: Shown) -> None:
    """A mistyped number gives nobody else's account away; officers' accounts are not opened from a counter. Raises Invalid."""
    if plain(account.name) != plain(shown.name):
        raise Invalid(
            _("The account under this number bears another name. Look at the number on the card again."),
            field="name",
        )
    if holds_post(account.username) or not account.is_active:
        raise Invalid(
            _("Officers get a new password from the operator of their node, not at a counter."),
            field="number",
        )


def plain(name: str) -> str:
    """A name as it is compared: however it is typed, it is the same."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def tell_of_officers(agency: str, *accounts: UUID) -> None:
    """To the node that keeps identities, if that is another one: who holds a post at an agency of this node, and until when.

    Of these accounts, or else of all: a node that missed a message, or keeps identities only since yesterday, then knows them
    with the next one, and who has left without its having heard.
    """
    tell_of_officers_at([agency], accounts)


def tell_of_all_officers() -> None:
    """Each agency of this node tells of all who hold a post there; one whose officers have all left tells that nobody does."""
    ever = Agency.objects.filter(code__in=settings.NODE.agencies, posts__appointments__isnull=False)
    tell_of_officers_at(list(ever.distinct().values_list("code", flat=True)))


@transaction.atomic
def tell_of_officers_at(agencies: Sequence[str], accounts: Sequence[UUID] = ()) -> None:
    """A message from each agency."""
    if not settings.NODE.identity_issuer:
        return
    # Two of these at once must leave in the order in which they looked.
    locked = Agency.objects.select_for_update(no_key=True).filter(code__in=agencies).order_by("code")
    codes = list(locked.values_list("code", flat=True))
    ends = last_days(Appointment.objects.filter(post__agency__in=codes), accounts)
    exchange.leave([roll_of(code, ends.get(code, {}), is_whole=not accounts) for code in codes])


def roll_of(agency: str, ends: Mapping[str, date], *, is_whole: bool) -> Draft:
    """What an agency tells; the whole of its roll need not name who has left."""
    today = timezone.localdate()
    told = [
        {"number": number, "until": "" if until == date.max else until.isoformat()}
        for number, until in ends.items()
        if not is_whole or until >= today
    ]
    return exchange.drafted(
        OFFICERS,
        json.dumps({"officers": told, "is_whole": is_whole}).encode(),
        sender=agency,
        recipient=settings.NODE.identity_agency or settings.NODE.national,
        stream="officers",
    )


def last_days(held: QuerySet[Appointment], accounts: Sequence[UUID]) -> dict[str, dict[str, date]]:
    """At each agency each number with its last day in any of these appointments, `date.max` where no end is known."""
    ends: dict[str, dict[str, date]] = {}
    asked = held.filter(account__in=accounts) if accounts else held
    rows = asked.order_by("account__username").values_list("post__agency", "account__username", "valid_to")
    for agency, number, until in rows:
        there = ends.setdefault(agency, {})
        there[number] = max(there.get(number, date.min), until or date.max)
    return ends


@action(who=system)
def know_officers(roll: Roll, *, by: Actor) -> None:
    """What an agency says of its own officers holds until it says otherwise; whom a whole roll leaves out holds no post there."""
    known = dict(Officer.objects.filter(agency=roll.agency).values_list("number", "until"))
    told, today = dict(roll.officers), timezone.localdate()
    if roll.is_whole:
        in_office = {number for number, until in known.items() if until is None or until >= today}
        told |= dict.fromkeys(sorted(in_office - told.keys()), today - timedelta(days=1))
    news = [
        Officer(number=number, agency=roll.agency, until=until)
        for number, until in told.items()
        if number not in known or known[number] != until
    ]
    Officer.objects.bulk_create(
        news, update_conflicts=True, unique_fields=["number", "agency"], update_fields=["until"]
    )
    happened = [
        (OfficerKnown(one.agency, one.until.isoformat() if one.until else ""), one.urn) for one in news
    ]
    record_many(happened, by=by)


@action(who=system)
def conclude(enrolment: Enrolment, *, by: Actor) -> None:
    """The node that keeps identities signed for it."""
    enrolment.save(update_fields=["state"])
    record(EnrolmentDone(), about=enrolment, by=by)


@action(who=system)
def call_off(enrolment: Enrolment, *, by: Actor, reason: str) -> None:
    """The node that keeps identities did not take it, or could not be reached; the counter reads why."""
    enrolment.reason = reason[:500]
    enrolment.save(update_fields=["state", "reason"])
    record(EnrolmentRefused(enrolment.reason), about=enrolment, by=by)
