"""Issue numbers, record persons, register residences, log readings."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib import rows
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.registers.actions import enter
from motcua.registers.population import numbers
from motcua.registers.population.events import (
    NumberIssued,
    PersonCorrected,
    PersonRecorded,
    RegisterRead,
    ResidenceRegistered,
)
from motcua.registers.population.models import Person, PersonVersion, Reading, person_on
from motcua.registers.population.records import PersonRecord, check_commune, checked
from motcua.registers.population.rules import keeper
from motcua.registers.records import Basis, version_of

DRAWS = 50


def draw() -> int:
    """Draw the last six digits by lot."""
    return secrets.randbelow(numbers.SERIALS)


@action(who=keeper | system)
def issue_number(
    newborn: PersonRecord,
    *,
    by: Actor,
    place: str,
    occasion: str,
    basis: Basis,
    drawn: Callable[[], int] = draw,
) -> Person:
    """A child whose birth is being registered gets a personal number and enters the register; once an occasion."""
    known = Person.objects.filter(occasion=occasion).first()
    if known is not None:
        return known
    record_checked = checked(newborn)
    person, is_new = _numbered(record_checked, place, occasion, drawn)
    if not is_new:
        return person
    enter(version_of(PersonVersion, person, record_checked, since=newborn.born_on, basis=basis))
    record(NumberIssued(**asdict(basis)), about=person, by=by)
    return person


def _numbered(
    newborn: PersonRecord, place: str, occasion: str, drawn: Callable[[], int]
) -> tuple[Person, bool]:
    """Draw until a number is free: of a million for each place, sex and year, few are taken."""
    for _draw in range(DRAWS):
        number = numbers.compose(place, newborn.sex, newborn.born_on.year, drawn())
        try:
            with transaction.atomic():
                return Person.objects.create(number=number, occasion=occasion), True
        except IntegrityError:
            known = Person.objects.filter(occasion=occasion).first()
            if known is not None:  # the same errand, run twice at once
                return known, False
    raise Invalid(_("No free personal number was found. Try again."))


@action(who=system)
def record_person(person: Person, *, by: Actor, known: PersonRecord, basis: Basis) -> Person:
    """A person who has a number already is taken into the register; one who is in it stays as they are."""
    numbers.parse(person.number, demo=settings.DEMO)
    there = Person.objects.filter(number=person.number).first()
    if there is not None:
        return there
    person.save(force_insert=True)
    enter(version_of(PersonVersion, person, checked(known), since=known.born_on, basis=basis))
    record(PersonRecorded(**asdict(basis)), about=person, by=by)
    return person


@action(who=keeper | system)
def register_residence(
    person: Person, *, by: Actor, residence: str, unit: str, since: date, basis: Basis
) -> PersonVersion:
    """A person's permanent residence is registered from a day on (Luật Cư trú 68/2020)."""
    held = person_on(person.number, since)
    if held is None:
        raise Invalid(_("The residence cannot begin before the birth."), field="since")
    if not held.record.is_alive:
        raise Invalid(_("This person has died; their record is locked."), field="personal_number")
    if not residence.strip():
        raise Invalid(_("Write the address."), field="address")
    if unit:
        check_commune(unit)
    if (held.residence, held.residence_unit) == (residence, unit):
        return held
    moved = replace(held.record, residence=residence, residence_unit=unit)
    version = enter(version_of(PersonVersion, person, moved, since=since, until=held.valid_to, basis=basis))
    record(ResidenceRegistered(unit, since.isoformat(), **asdict(basis)), about=person, by=by)
    return version


@action(who=keeper | system)
def correct(
    person: Person, *, by: Actor, held: PersonRecord, since: date, basis: Basis, until: date | None = None
) -> PersonVersion:
    """What the register holds of a person is corrected for a span of time; what it held before stays readable."""
    if until is not None and until < since:
        raise Invalid(_("The end comes before the beginning."), field="until")
    version = enter(version_of(PersonVersion, person, checked(held), since=since, until=until, basis=basis))
    ends = until.isoformat() if until else ""
    record(PersonCorrected(since.isoformat(), ends, **asdict(basis)), about=person, by=by)
    return version


@action(who=system)
def log(reading: Reading, *, by: Actor) -> Reading:
    """Someone reads a person's record: the register remembers who, what for and under which dossier."""
    note([reading], by=by)
    return reading


@action(who=system)
def log_all(readings: Sequence[Reading], *, by: Actor) -> None:
    """The same of several who read at once, in one statement."""
    note(readings, by=by)


def note(readings: Sequence[Reading], *, by: Actor) -> None:
    if not all(one.purpose.strip() for one in readings):
        raise Invalid(_("Say what the data is read for."), field="purpose")
    for one, (key,) in zip(readings, rows.write(rows.inserted(readings)), strict=True):
        one.pk = key
        record(RegisterRead(one.service, one.agency, one.purpose, one.dossier), about=one, by=by)
