"""What the civil-status register does for other agencies."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.organisations.decisions import codes_above
from motcua.organisations.models import Agency
from motcua.registers.civil import actions
from motcua.registers.civil.models import Birth, birth_of
from motcua.registers.civil.records import BirthRecord, Parent
from motcua.registers.population.services import OfPerson, OfReadings, basis_of, log_reading, told_readings
from motcua.registers.records import Sex, typed
from motcua.registers.services import Asked, Needs, Outcome, Params, continues, parameters, service

REGISTER = Actor.system("civil")
# Bộ Công an keeps the population register and gives the numbers (Luật Hộ tịch 60/2014, điều 16).
POPULATION = "G01"


@dataclass(frozen=True)
class Declaration:
    """The child as declared; the parents come beside it as `mother_…` and `father_…`."""

    surname: str
    given_name: str
    sex: Sex
    born_on: date
    born_at: str
    middle_name: str = ""
    born_in: str = ""
    home_town: str = ""
    ethnicity: str = "Kinh"
    nationality: str = "Việt Nam"
    relation: str = ""
    applicant_number: str = ""
    agency: str = ""


@dataclass(frozen=True)
class OfBirth(OfPerson):
    """Whose birth; where an applicant wants to have it proven, who that is."""

    told_to: str = ""

    def may_learn(self, said: BirthRecord) -> bool:
        """An agency may; an applicant may learn of their own birth, and of a child's whose mother or father they are."""
        parents = {said.parent("mother").number, said.parent("father").number}
        return self.told_to in {"", self.personal_number, *parents - {""}}


REGISTERED = (
    *("birth", "certificate_number", "book", "registered_on", "registered_at"),
    *("personal_number", "full_name"),
)


@service(
    "civil.register_birth",
    asks=(
        *parameters(Declaration),
        *(f"{who}_{name}" for who in ("mother", "father") for name in parameters(Parent)),
    ),
    gives=REGISTERED,
)
def register_birth(params: Params, asked: Asked) -> Outcome:
    """Register a birth: check the declaration, then ask for the child's personal number."""
    declaration = typed(Declaration, params)
    birth = actions.take(
        Birth(occasion=_occasion(asked), agency=declaration.agency or asked.asker),
        by=REGISTER,
        declared=_record(declaration, params),
    )
    if birth.state == Birth.State.REGISTERED:
        return _registered(birth)
    return Needs("population.issue_number", _newborn(birth), to=POPULATION, then="complete")


@continues("civil.register_birth", "complete")
def complete(params: Params, asked: Asked, answer: dict[str, Any]) -> Outcome:
    """The number has come: enter the birth into the book."""
    birth = Birth.objects.filter(occasion=_occasion(asked)).first()
    if birth is None:
        raise Invalid(_("Another dossier has taken over the registration of this birth."))
    if birth.state == Birth.State.AWAITING:
        birth = actions.complete(
            birth, by=REGISTER, personal_number=str(answer["personal_number"]), basis=basis_of(asked)
        )
    return _registered(birth)


@service(
    "civil.birth",
    reads=True,
    proves=True,
    asks=parameters(OfBirth),
    gives=(*REGISTERED, "sex", "born_on", "born_at", "home_town", "ethnicity", "nationality"),
)
def birth(params: Params, asked: Asked) -> Outcome:
    """What the book says of a person's birth; to `told_to` only if they stand in the entry, others learn nothing."""
    wanted = typed(OfBirth, params)
    number = wanted.personal_number
    log_reading(number, "civil.birth", asked)
    version = birth_of(number)
    if version is None or not wanted.may_learn(version.record):
        raise Invalid(_("No birth is registered under this personal number."), field="personal_number")
    said: BirthRecord = version.record
    return asdict(said) | {
        "born_on": said.born_on.isoformat(),
        "mother": asdict(said.parent("mother")),
        "father": asdict(said.parent("father")),
        **_registered(version.subject),
    }


@service("civil.readings", reads=True)
def readings(params: Params, asked: Asked) -> Outcome:
    """Who has read the entry of a person's birth, newest first."""
    return told_readings(typed(OfReadings, params), "civil", asked)


def _occasion(asked: Asked) -> str:
    return asked.dossier or asked.request


def _record(declaration: Declaration, params: Params) -> BirthRecord:
    child = asdict(declaration)
    del child["agency"], child["applicant_number"]
    return BirthRecord(
        **child,
        declarant_number=declaration.applicant_number,
        mother=_parent("mother", params),
        father=_parent("father", params),
    )


def _parent(who: str, params: Params) -> dict[str, Any]:
    """Gather `mother_name`, `mother_number`, … into one parent."""
    given = {part.name: params.get(f"{who}_{part.name}") for part in fields(Parent)}
    parent = typed(Parent, given)
    return asdict(parent) if parent.is_known else {}


def _newborn(birth: Birth) -> dict[str, Any]:
    declared = typed(BirthRecord, birth.declared)
    return {
        "full_name": declared.full_name,
        "sex": declared.sex,
        "born_on": declared.born_on.isoformat(),
        "ethnicity": declared.ethnicity,
        "nationality": declared.nationality,
        "home_town": declared.home_town,
        "mother_number": declared.parent("mother").number,
        "father_number": declared.parent("father").number,
        "place": _province(birth.agency),
    }


def _province(agency: str) -> str:
    """The code of the province whose agency registers."""
    top = Agency.objects.filter(code=codes_above(agency)[-1]).first()
    return top.unit_code if top else ""


def _registered(birth: Birth) -> dict[str, Any]:
    version = birth.versions.current().order_by("-valid_from").first()
    return {
        "birth": str(birth.pk),
        "certificate_number": birth.certificate_number,
        "book": birth.book,
        "registered_on": birth.registered_on.isoformat() if birth.registered_on else "",
        "registered_at": birth.agency,
        "personal_number": birth.personal_number or "",
        "full_name": version.record.full_name if version else "",
    }
