"""What the population register does for other agencies."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.registers.population import actions, numbers
from motcua.registers.population.models import Person, PersonVersion, Reading, people_on, person_on
from motcua.registers.population.records import PersonRecord
from motcua.registers.records import Basis, Ground, Sex, typed
from motcua.registers.services import Asked, NotSo, Outcome, Params, parameters, service

REGISTER = Actor.system("population")
SHOWN = 20
LAST = 2**63 - 1


@dataclass(frozen=True)
class OfPerson:
    """The person a question is about."""

    personal_number: str


@dataclass(frozen=True)
class OfPersonTold(OfPerson):
    """The same; where an applicant wants something proven, who that is."""

    told_to: str = ""


@dataclass(frozen=True)
class OfReadings(OfPerson):
    """Whose readings, and from which on: what `next` of the page before said, the moment and the number of a reading."""

    upto: str = ""


@dataclass(frozen=True)
class OfChild:
    """A child, and who says to be its mother or father."""

    personal_number: str
    parent_number: str


@dataclass(frozen=True)
class OfRelative(OfPerson):
    """A person, and someone they say is their mother, father or child; who wants it proven is one of the two."""

    relative_number: str
    told_to: str = ""


@dataclass(frozen=True)
class OfParents:
    """The parents a question is about; either may be unknown."""

    mother_number: str = ""
    father_number: str = ""


@dataclass(frozen=True)
class Newborn:
    """The child who is to get a number; `place` is the province where the birth is registered."""

    full_name: str
    sex: Sex
    born_on: date
    place: str = ""
    ethnicity: str = "Kinh"
    nationality: str = "Việt Nam"
    home_town: str = ""
    mother_number: str = ""
    father_number: str = ""


@dataclass(frozen=True)
class Move:
    """A residence to register: in the household of someone who lives there, or at an address in a commune."""

    personal_number: str
    household_of: str = ""
    address: str = ""
    unit: str = ""


def persons(several: Sequence[tuple[Params, Asked]]) -> list[Outcome]:
    """What the register says of several, each to who asked: two statements, however many."""
    wanted = [typed(OfPersonTold, params) for params, _asked in several]
    for one in wanted:
        numbers.parse(one.personal_number, demo=settings.DEMO)
    asked = zip(wanted, (asked for _params, asked in several), strict=True)
    actions.log_all(
        [reading(one.personal_number, "population.person", who) for one, who in asked], by=REGISTER
    )
    held = people_on({one.personal_number for one in wanted})
    return [told_of(one, held.get(one.personal_number)) for one in wanted]


@service(
    "population.person",
    reads=True,
    proves=True,
    together=persons,
    asks=parameters(OfPersonTold),
    gives=(
        *("personal_number", "full_name", "sex", "born_on", "birth_year", "ethnicity", "nationality"),
        *("home_town", "residence", "residence_unit", "mother_number", "father_number", "is_alive"),
    ),
)
def person(params: Params, asked: Asked) -> Outcome:
    """What the register says of a person today; to `told_to` only of themselves or of their child."""
    wanted = typed(OfPersonTold, params)
    return told_of(wanted, read(wanted.personal_number, "population.person", asked))


@service("population.child", reads=True, asks=parameters(OfChild), gives=("full_name", "born_on"))
def child(params: Params, asked: Asked) -> Outcome:
    """Name and birth of a child, only for who stands in its record as mother or father; others learn nothing."""
    wanted = typed(OfChild, params)
    numbers.parse(wanted.personal_number, demo=settings.DEMO)
    log_reading(wanted.personal_number, "population.child", asked)
    version = person_on(wanted.personal_number)
    if version is None or wanted.parent_number not in {version.mother_number, version.father_number}:
        raise NotSo(
            _("The population register does not say that you are this child's mother or father."),
            field="personal_number",
        )
    return {"full_name": version.full_name, "born_on": version.born_on.isoformat()}


@service(
    "population.kinship",
    reads=True,
    proves=True,
    asks=parameters(OfRelative),
    gives=("relation", "full_name", "relative_name"),
)
def kinship(params: Params, asked: Asked) -> Outcome:
    """Whether one of two persons is the other's mother or father; of any other relation it says nothing."""
    wanted = typed(OfRelative, params)
    for number in (wanted.personal_number, wanted.relative_number):
        numbers.parse(number, demo=settings.DEMO)
        log_reading(number, "population.kinship", asked)
    person, relative = person_on(wanted.personal_number), person_on(wanted.relative_number)
    is_theirs = wanted.told_to in {"", wanted.personal_number, wanted.relative_number}
    if is_theirs and person and relative:
        if wanted.relative_number in {person.mother_number, person.father_number}:
            return {"relation": "parent", "full_name": person.full_name, "relative_name": relative.full_name}
        if wanted.personal_number in {relative.mother_number, relative.father_number}:
            return {"relation": "child", "full_name": person.full_name, "relative_name": relative.full_name}
    raise Invalid(
        _("The population register does not say that one of these two is the other's mother or father."),
        field="relative_number",
    )


@service("population.parents_address", reads=True, asks=parameters(OfParents))
def parents_address(params: Params, asked: Asked) -> Outcome:
    """Where the parents live, for the household a child joins."""
    parents = typed(OfParents, params)
    given = {"mother": parents.mother_number, "father": parents.father_number}
    found = {
        who: read(number, "population.parents_address", asked) for who, number in given.items() if number
    }
    return {who: residence(version) for who, version in found.items()}


@service("population.readings", reads=True)
def readings(params: Params, asked: Asked) -> Outcome:
    """Who has read a person's record, newest first; this reading is the first of them."""
    return told_readings(typed(OfReadings, params), "population", asked)


@service("population.issue_number", asks=parameters(Newborn), gives=("personal_number",))
def issue_number(params: Params, asked: Asked) -> Outcome:
    """Give a newborn child a personal number; the same dossier gets the same number again."""
    newborn = typed(Newborn, params)
    issued = actions.issue_number(
        PersonRecord(
            full_name=newborn.full_name,
            sex=newborn.sex,
            born_on=newborn.born_on,
            ethnicity=newborn.ethnicity,
            nationality=newborn.nationality,
            home_town=newborn.home_town,
            mother_number=newborn.mother_number,
            father_number=newborn.father_number,
        ),
        by=REGISTER,
        place=numbers.DEMO_PLACE if settings.DEMO else f"0{newborn.place}",
        occasion=asked.dossier or asked.request,
        basis=basis_of(asked),
    )
    return {"personal_number": issued.number}


@service(
    "population.register_residence",
    asks=parameters(Move),
    gives=("personal_number", "address", "unit", "registered_on"),
)
def register_residence(params: Params, asked: Asked) -> Outcome:
    """Register a person's permanent residence; in someone's household, the address is the one registered there."""
    move = typed(Move, params)
    mover = Person.objects.filter(number=move.personal_number).first()
    if mover is None:
        raise unknown("personal_number")
    address, unit = move.address, move.unit
    if move.household_of:
        household = person_on(move.household_of)
        if household is None:
            raise unknown("household_of")
        address, unit = household.residence or address, household.residence_unit or unit
    version = actions.register_residence(
        mover, by=REGISTER, residence=address, unit=unit, since=timezone.localdate(), basis=basis_of(asked)
    )
    return {
        "personal_number": mover.number,
        "address": version.residence,
        "unit": version.residence_unit,
        "registered_on": version.valid_from.isoformat(),
    }


def read(number: str, name: str, asked: Asked) -> PersonVersion:
    """Return what is known of a person, and note who asked."""
    numbers.parse(number, demo=settings.DEMO)
    log_reading(number, name, asked)
    version = person_on(number)
    if version is None:
        raise unknown("personal_number")
    return version


def told_of(wanted: OfPersonTold, version: PersonVersion | None) -> dict[str, Any]:
    """What the register says of a person to who may know it."""
    if version is None or wanted.told_to not in {
        *("", wanted.personal_number, version.mother_number, version.father_number)
    }:
        raise unknown("personal_number")
    return answer(version)


def unknown(field: str) -> Invalid:
    return Invalid(_("The population register knows no one with this personal number."), field=field)


def answer(version: PersonVersion) -> dict[str, Any]:
    """A person as told to other agencies; forms prefill from these names."""
    return {
        "personal_number": version.subject.number,
        "full_name": version.full_name,
        "sex": version.sex,
        "born_on": version.born_on.isoformat(),
        "birth_year": version.born_on.year,
        "ethnicity": version.ethnicity,
        "nationality": version.nationality,
        "home_town": version.home_town,
        "residence": version.residence,
        "residence_unit": version.residence_unit,
        "mother_number": version.mother_number,
        "father_number": version.father_number,
        "is_alive": version.is_alive,
    }


def residence(version: PersonVersion) -> dict[str, Any]:
    return {
        "full_name": version.full_name,
        "residence": version.residence,
        "residence_unit": version.residence_unit,
    }


def basis_of(asked: Asked) -> Basis:
    """What a change asked for by another agency rests on: its dossier, or else the request itself."""
    ground = Ground.DOSSIER if asked.dossier else Ground.DOCUMENT
    return Basis(ground, asked.dossier or asked.request, asked.asker)


def log_reading(number: str, name: str, asked: Asked) -> None:
    """Note who reads what of whom, and why; it stands even where the answer is a refusal."""

    def note() -> None:
        actions.log(reading(number, name, asked), by=REGISTER)

    note()
    asked.noted.append(note)


def reading(number: str, name: str, asked: Asked) -> Reading:
    """Who reads what of whom, and why."""
    return Reading(
        subject=number,
        service=name,
        agency=asked.asker,
        reader=asked.by.urn,
        reader_name=asked.by.name,
        purpose=asked.purpose,
        dossier=asked.dossier,
    )


def told_readings(wanted: OfReadings, register: str, asked: Asked) -> dict[str, Any]:
    """A page of the readings of one person's record in one register, newest first, and from which on the next goes."""
    log_reading(wanted.personal_number, f"{register}.readings", asked)
    rows = Reading.objects.of(wanted.personal_number).filter(service__startswith=f"{register}.")
    found = list(rows.filter(place(wanted.upto) if wanted.upto else Q())[: SHOWN + 1])
    known = Agency.objects.in_bulk({reading.agency for reading in found})
    return {
        "readings": [told(reading, known.get(reading.agency)) for reading in found[:SHOWN]],
        "next": "".join(f"{one.at.isoformat()}~{one.pk}" for one in found[SHOWN:]),
    }


def told(reading: Reading, agency: Agency | None) -> dict[str, Any]:
    """A reading as it is shown to the person."""
    return {
        "at": reading.at.isoformat(),
        "service": reading.service,
        "agency": reading.agency,
        "agency_name": agency.name_vi if agency else reading.agency,
        "reader": reading.reader_name,
        "purpose": reading.purpose,
        "dossier": reading.dossier,
    }


def place(upto: str) -> Q:
    """The readings from this one on; raises Invalid for what names no place in the list."""
    said, _tilde, number = upto.partition("~")
    with suppress(ValueError):
        at, last = datetime.fromisoformat(said), int(number)
        if at.tzinfo and 0 <= last <= LAST:
            return Q(at__lt=at) | Q(at=at, pk__lte=last)
    raise Invalid(_("“%(field)s” is missing or not in its form.") % {"field": "upto"}, field="upto")
