"""What the register records of an enterprise (Luật Doanh nghiệp 59/2020, điều 33; Nghị định 168/2025)."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.registers import names
from motcua.registers.population import numbers

LONGEST_NAME = 150


@dataclass(frozen=True)
class EnterpriseRecord:
    """An enterprise or a household business: its name, where it is, who speaks for it, what it does."""

    name: str
    address: str
    representative_name: str
    representative_number: str
    trade: str = ""
    capital: int = 0
    is_active: bool = True
    # Paused for a time its owner has named; what it is afterwards stands in the version that follows.
    is_paused: bool = False


def checked(record: EnterpriseRecord) -> EnterpriseRecord:
    """Return the record with its names tidied; `Invalid` if it cannot be true."""
    name = names.tidy(record.name)
    if not any(letter.isalnum() for letter in name) or len(name) > LONGEST_NAME:
        raise Invalid(_("Write the name of the business, at most 150 letters."), field="name")
    if not record.address.strip():
        raise Invalid(_("Write the address."), field="address")
    if record.capital < 0:
        raise Invalid(_("The capital cannot be less than nothing."), field="capital")
    numbers.parse(record.representative_number, demo=settings.DEMO, field="representative_number")
    speaks = names.checked(record.representative_name, field="representative_name")
    return replace(record, name=name, address=names.tidy(record.address), representative_name=speaks)
