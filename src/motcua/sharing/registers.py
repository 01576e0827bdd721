"""The registers of the country: what they are called, and which agency keeps each."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Promise] = {
    "population": _("National Population Database"),
    "civil": _("Electronic Civil Status Database"),
    "insurance": _("Social Insurance Database"),
    "business": _("National Business Registration Database"),
}
KEEPERS = {"population": "G01", "civil": "G15", "insurance": "G24", "business": "G12"}


def register_of(service: str) -> str:
    """`civil.birth` → `civil`."""
    return service.partition(".")[0]


def name_of(service: str) -> str:
    """What people call the register a service belongs to; nothing for one there is none of."""
    return str(NAMES.get(register_of(service), ""))


def keeper_of(service: str) -> str:
    """The code of the agency that answers it; nothing for a register there is none of."""
    return KEEPERS.get(register_of(service), "")


# What registers say of a person or a business at once, as a question is filled in from it.
FACTS: dict[str, Promise] = {
    "population.person.full_name": _("Full name"),
    "population.person.personal_number": _("Personal number"),
    "population.person.sex": _("Sex"),
    "population.person.born_on": _("Date of birth"),
    "population.person.birth_year": _("Year of birth"),
    "population.person.ethnicity": _("Ethnicity"),
    "population.person.nationality": _("Nationality"),
    "population.person.home_town": _("Home town"),
    "population.person.residence": _("Place of residence"),
    "population.person.mother_number": _("Personal number of the mother"),
    "population.person.father_number": _("Personal number of the father"),
    "business.enterprise.code": _("Enterprise code"),
    "business.enterprise.name": _("Name of the business"),
    "business.enterprise.address": _("Registered office"),
    "business.enterprise.representative_name": _("Legal representative"),
    "business.enterprise.trade": _("Trade"),
    "business.enterprise.capital": _("Capital in đồng"),
    "business.enterprise.registered_on": _("Day of registration"),
}
