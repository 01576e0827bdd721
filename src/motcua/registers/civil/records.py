"""What the civil-status register records of a birth (Luật Hộ tịch 60/2014, điều 14)."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.registers import names
from motcua.registers.population import numbers
from motcua.registers.records import Sex, check_born

# Luật Hộ tịch 60/2014, điều 15: father or mother register within 60 days of the birth.
TERM = timedelta(days=60)


@dataclass(frozen=True)
class Parent:
    """Mother or father as declared; all empty when not known."""

    name: str = ""
    number: str = ""
    birth_year: int | None = None
    ethnicity: str = ""
    nationality: str = ""
    residence: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.name)

    @property
    def key(self) -> str:
        """What tells this parent from others: the number, or else the name."""
        return self.number or names.key(self.name)


@dataclass(frozen=True)
class BirthRecord:
    """A birth: the child, the parents, and who declared it."""

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
    mother: dict[str, Any] = field(default_factory=dict)
    father: dict[str, Any] = field(default_factory=dict)
    declarant_number: str = ""
    relation: str = ""

    @property
    def full_name(self) -> str:
        return names.joined(self.surname, self.middle_name, self.given_name)

    def parent(self, who: str) -> Parent:
        return Parent(**(self.mother if who == "mother" else self.father))

    @property
    def parents_key(self) -> str:
        """The mother's, or else the father's key; empty for a child of whom neither is known."""
        return self.parent("mother").key or self.parent("father").key


def checked(birth: BirthRecord) -> BirthRecord:
    """Return the record with its names tidied; `Invalid` if it cannot be true."""
    check_born(birth.born_on)
    for who in ("mother", "father"):
        _check_parent(birth.parent(who), who, birth.born_on)
    mother, father = birth.parent("mother"), birth.parent("father")
    if mother.number and mother.number == father.number:
        raise Invalid(_("Mother and father cannot have the same personal number."), field="father_number")
    return replace(
        birth,
        surname=names.checked(birth.surname, field="surname"),
        middle_name=names.checked(birth.middle_name, field="middle_name") if birth.middle_name else "",
        given_name=names.checked(birth.given_name, field="given_name"),
    )


def _check_parent(parent: Parent, who: str, born_on: date) -> None:
    if not parent.is_known:
        return
    names.checked(parent.name, field=f"{who}_name")
    if parent.number:
        numbers.parse(parent.number, demo=settings.DEMO, field=f"{who}_number")
    if parent.birth_year is not None and parent.birth_year >= born_on.year:
        raise Invalid(_("A parent is born before the child."), field=f"{who}_birth_year")
