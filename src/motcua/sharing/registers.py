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
