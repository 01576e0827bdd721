"""What the register of enterprises does for other agencies."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.registers.business import actions, codes
from motcua.registers.business.models import Enterprise, EnterpriseVersion, enterprise_on, versions_from
from motcua.registers.business.records import EnterpriseRecord
from motcua.registers.population import numbers
from motcua.registers.population.services import OfReadings, basis_of, log_reading, told_readings
from motcua.registers.records import typed
from motcua.registers.services import Asked, Needs, NotSo, Outcome, Params, continues, parameters, service

REGISTER = Actor.system("business")
# Bộ Công an keeps the population register: it says who the owner is, and whether they are of age.
POPULATION = "G01"
MAJORITY = 18
# A shorter rest is announced to nobody (Nghị định 168/2025).
SHORTEST_PAUSE = timedelta(days=30)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class OfEnterprise:
    """The enterprise a question is about; the code of a household business is its owner's number."""

    code: str


@dataclass(frozen=True)
class OfRepresentative(OfEnterprise):
    """An enterprise, and who says to speak for it."""

    personal_number: str


@dataclass(frozen=True)
class OfCodeReadings(OfEnterprise):
    """Whose readings, and from which on."""

    upto: str = ""


@dataclass(frozen=True)
class Household:
    """A household business as declared; who its owner is the population register says."""

    owner_number: str
    name: str
    address: str
    trade: str = ""
    capital: int = 0
    agency: str = ""


@dataclass(frozen=True)
class Change:
    """What changes of a household business; what is not said stays as it was."""

    owner_number: str
    name: str = ""
    address: str = ""
    trade: str = ""
    capital: int | None = None


@dataclass(frozen=True)
class Pause:
    """A household business rests from a day to another, both included; or its work goes on before that day has come.

    Who goes on from a day before the pause begins takes it back.
    """

    owner_number: str
    paused_from: date | None = None
    paused_until: date | None = None
    resumed_on: date | None = None


@dataclass(frozen=True)
class End:
    """A household business ends: this is the first day on which it is none."""

    owner_number: str
    ended_on: date


ENTERPRISE = (
    *("code", "kind", "name", "address", "representative_name", "trade", "capital", "is_active"),
    *("is_paused", "registered_on", "registered_at"),
)


@service("business.enterprise", reads=True, proves=True, asks=parameters(OfEnterprise), gives=ENTERPRISE)
def enterprise(params: Params, asked: Asked) -> Outcome:
    """What the register says of an enterprise or household business today; not its representative's number."""
    return told(read(typed(OfEnterprise, params).code, "business.enterprise", asked))


@service("business.representative", reads=True, asks=parameters(OfRepresentative), gives=("name", "code"))
def representative(params: Params, asked: Asked) -> Outcome:
    """Name of an enterprise, only for who stands in the register as speaking for it; others learn nothing."""
    wanted = typed(OfRepresentative, params)
    version = read(wanted.code, "business.representative", asked, asks=wanted.personal_number)
    if version.representative_number != wanted.personal_number or not version.is_active:
        raise not_yours()
    return {"name": version.name, "code": version.subject.code}


@service("business.readings", reads=True)
def readings(params: Params, asked: Asked) -> Outcome:
    """Who has read the record of an enterprise, newest first."""
    wanted = typed(OfCodeReadings, params)
    return told_readings(OfReadings(wanted.code, wanted.upto), "business", asked)


@service("business.register_household", asks=parameters(Household), gives=ENTERPRISE)
def register_household(params: Params, asked: Asked) -> Outcome:
    """Register a household business: first ask who the owner is; the same dossier gets the same entry again."""
    household = typed(Household, params)
    numbers.parse(household.owner_number, demo=settings.DEMO, field="owner_number")
    log_reading(household.owner_number, "business.register_household", asked)
    known = Enterprise.objects.filter(occasion=asked.dossier or asked.request).first()
    if known is not None:
        return told(current(known.code))
    actions.refuse_twice(household.owner_number)
    wanted = {"personal_number": household.owner_number}
    return Needs("population.person", wanted, to=POPULATION, then="complete")


@continues("business.register_household", "complete")
def complete(params: Params, asked: Asked, answer: dict[str, Any]) -> Outcome:
    """The owner is known: enter the business."""
    household = typed(Household, params)
    check_owner(answer)
    registered = actions.register_household(
        Enterprise(occasion=asked.dossier or asked.request, registered_at=household.agency or asked.asker),
        by=REGISTER,
        declared=EnterpriseRecord(
            name=household.name,
            address=household.address,
            representative_name=str(answer["full_name"]),
            representative_number=household.owner_number,
            trade=household.trade,
            capital=household.capital,
        ),
        basis=basis_of(asked),
    )
    return told(current(registered.code))


@service("business.change_household", asks=parameters(Change), gives=ENTERPRISE)
def change_household(params: Params, asked: Asked) -> Outcome:
    """Enter what changes of a household business, from today on; the same change again changes nothing."""
    wanted = typed(Change, params)
    version = running(wanted.owner_number, "business.change_household", asked)
    said = {"name": wanted.name, "address": wanted.address, "trade": wanted.trade, "capital": wanted.capital}
    said = {part: value for part, value in said.items() if value not in {"", None}}
    today = timezone.localdate()
    # A pause keeps its end, and what follows it changes as well.
    for held in (
        versions_from(version.subject, today) if replace(version.record, **said) != version.record else ()
    ):
        since = max(today, held.valid_from)
        enter(version, replace(held.record, **said), since=since, until=held.valid_to, asked=asked)
    return told(current(wanted.owner_number))


@service("business.pause_household", asks=parameters(Pause), gives=ENTERPRISE)
def pause_household(params: Params, asked: Asked) -> Outcome:
    """Enter a pause of a household business, or that its work goes on before the pause is over (Nghị định 168/2025)."""
    wanted = typed(Pause, params)
    version = running(wanted.owner_number, "business.pause_household", asked)
    if wanted.resumed_on:
        return resumed(version, wanted.resumed_on, asked)
    since, until = wanted.paused_from, wanted.paused_until
    if since is None or until is None or until < since:
        raise Invalid(_("Say from which day until which day it rests."), field="paused_until")
    if until - since + DAY < SHORTEST_PAUSE:
        raise Invalid(
            _("A pause lasts at least %(days)s days; a shorter one need not be announced.")
            % {"days": SHORTEST_PAUSE.days},
            field="paused_until",
        )
    refuse_ending(version, since, until, field="paused_until")
    held = enterprise_on(wanted.owner_number, since) or version
    if not (held.is_paused and held.valid_to == until):
        enter(version, replace(held.record, is_paused=True), since=since, until=until, asked=asked)
    return told(current(wanted.owner_number))


def resumed(version: EnterpriseVersion, day: date, asked: Asked) -> Outcome:
    """The work goes on from a day within the pause; of one that begins only later nothing is left. Raises Invalid."""
    code = version.subject.code
    following = versions_from(version.subject, day)
    if any(one.reference == basis_of(asked).reference for one in following):
        return told(current(code))
    held = next((one for one in following if one.is_paused), None)
    if held is None:
        raise Invalid(_("This household business is not paused on that day or later."), field="resumed_on")
    going_on = replace(held.record, is_paused=False)
    enter(version, going_on, since=max(day, held.valid_from), until=held.valid_to, asked=asked)
    return told(current(code))


@service("business.end_household", asks=parameters(End), gives=ENTERPRISE)
def end_household(params: Params, asked: Asked) -> Outcome:
    """Enter the end of a household business; what it was stays readable, and its owner may register one again."""
    wanted = typed(End, params)
    last = enterprise_on(wanted.owner_number, wanted.ended_on)
    if last and not last.is_active and last.reference == basis_of(asked).reference:
        return told(last)
    version = running(wanted.owner_number, "business.end_household", asked)
    refuse_ending(version, timezone.localdate(), date.max, field="ended_on")
    ended = replace(version.record, is_active=False, is_paused=False)
    return told(enter(version, ended, since=wanted.ended_on, until=None, asked=asked))


def running(code: str, name: str, asked: Asked) -> EnterpriseVersion:
    """The household business of this owner, which has not ended; note who asked. Raises Invalid."""
    # An enterprise has a registration of its own: nobody changes one by the form of household businesses.
    if not codes.is_household(code):
        raise unknown()
    # Dossiers of one business wait here for one another: each sees what those before it have entered.
    Enterprise.objects.select_for_update().filter(code=code).first()
    return unended(read(code, name, asked))


def unended(version: EnterpriseVersion) -> EnterpriseVersion:
    """The same, unless it says that the business has ended. Raises Invalid."""
    if not version.is_active:
        raise Invalid(
            _("This household business has ended. Register one anew to do business again."),
            field="owner_number",
        )
    return version


def refuse_ending(version: EnterpriseVersion, since: date, until: date, *, field: str) -> None:
    """An end that has been announced stands: nothing else begins or goes on beyond it. Raises Invalid."""
    ends = [one.valid_from for one in versions_from(version.subject, since) if not one.is_active]
    if ends and min(ends) <= until:
        raise Invalid(
            _("It is registered already that this household business ends on %(day)s.")
            % {"day": f"{min(ends):%d/%m/%Y}"},
            field=field,
        )


def enter(
    version: EnterpriseVersion, held: EnterpriseRecord, *, since: date, until: date | None, asked: Asked
) -> EnterpriseVersion:
    basis = basis_of(asked)
    return actions.change(version.subject, by=REGISTER, held=held, since=since, until=until, basis=basis)


def check_owner(person: dict[str, Any]) -> None:
    """Only who lives and is of age owns a household business. Raises Invalid."""
    if not person.get("is_alive", True):
        raise Invalid(_("The owner has died; their record is locked."), field="owner_number")
    born_on, today = parse_date(str(person.get("born_on", ""))), timezone.localdate()
    if born_on is None or (today.year - MAJORITY, today.month, today.day) < (
        born_on.year,
        born_on.month,
        born_on.day,
    ):
        raise Invalid(_("The owner of a household business is at least 18 years old."), field="owner_number")


def read(code: str, name: str, asked: Asked, *, asks: str = "") -> EnterpriseVersion:
    """Return what is known of an enterprise, and note who asked; who asks whether they speak for it learns no more."""
    known = codes.checked(code, demo=settings.DEMO)
    log_reading(known, name, asked)
    version = enterprise_on(known)
    if version is None:
        raise not_yours() if asks else unknown()
    return version


def current(code: str) -> EnterpriseVersion:
    """The same without asking who asks, for what the register itself does."""
    version = enterprise_on(code)
    if version is None:
        raise unknown()
    return version


def unknown() -> Invalid:
    return Invalid(_("The register of enterprises knows none with this code."), field="code")


def not_yours() -> NotSo:
    return NotSo(
        _("The register of enterprises does not say that you speak for this business."), field="code"
    )


def told(version: EnterpriseVersion) -> dict[str, Any]:
    """An enterprise as told to other agencies; forms prefill from these names."""
    subject = version.subject
    return {
        "code": subject.code,
        "kind": subject.kind,
        "name": version.name,
        "address": version.address,
        "representative_name": version.representative_name,
        "trade": version.trade,
        "capital": version.capital,
        "is_active": version.is_active,
        "is_paused": version.is_paused,
        "registered_on": subject.registered_on.isoformat(),
        "registered_at": subject.registered_at,
    }
