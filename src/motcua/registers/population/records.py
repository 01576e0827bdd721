"""What the population register records of a person."""

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.organisations.models import Unit, unit_on
from motcua.registers import names
from motcua.registers.population import numbers
from motcua.registers.records import Sex, check_born


@dataclass(frozen=True)
class PersonRecord:
    """A person as the register knows them (Luật Căn cước 26/2023, điều 9, the items this country of ours needs)."""

    full_name: str
    sex: Sex
    born_on: date
    ethnicity: str = "Kinh"
    nationality: str = "Việt Nam"
    home_town: str = ""
    residence: str = ""
    residence_unit: str = ""
    mother_number: str = ""
    father_number: str = ""
    is_alive: bool = True


def checked(record: PersonRecord) -> PersonRecord:
    """Return the record with its name tidied; `Invalid` if it cannot be true."""
    check_born(record.born_on)
    if record.born_on.year < numbers.FIRST_YEAR:
        raise Invalid(_("The date of birth is too long ago."), field="born_on")
    for field in ("mother_number", "father_number"):
        if number := getattr(record, field):
            numbers.parse(number, demo=settings.DEMO, field=field)
    if record.mother_number and record.mother_number == record.father_number:
        raise Invalid(_("Mother and father cannot have the same personal number."), field="father_number")
    if record.residence_unit:
        check_commune(record.residence_unit)
    return replace(record, full_name=names.checked(record.full_name, field="full_name"))


def check_commune(code: str) -> Unit:
    """Return the commune of this code as it is today; `Invalid` if there is none."""
    unit = unit_on(code)
    if unit is None or unit.level != Unit.Level.COMMUNE:
        message = _("There is no commune with the code %(code)s today.") % {"code": code}
        raise Invalid(message, field="residence_unit")
    return unit
