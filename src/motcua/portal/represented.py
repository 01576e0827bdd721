"""Whose readings one may see: one's own, and those of the children and businesses one represents (law 91/2025/QH15)."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.lib.actors import Actor
from motcua.mandates.models import Mandate, account_id
from motcua.people.models import Account
from motcua.portal import own
from motcua.sharing.registers import KEEPERS
from motcua.ui.context import Link

# Written into the registers' logs, which are kept in Vietnamese whatever language the page is in.
OWN = "Người dân xem ai đã đọc dữ liệu của mình"
AS_REPRESENTATIVE = (
    "Người đại diện theo pháp luật xem ai đã đọc dữ liệu của doanh nghiệp (đại diện, số {number})"
)
AS_PARENT = "Cha, mẹ hoặc người giám hộ xem ai đã đọc dữ liệu của con (đại diện, số {number})"


@dataclass(frozen=True)
class Subject:
    """Whose record it is; of a child or a business also the mandate by which one may ask."""

    number: str
    name: str = ""
    mandate: Mandate | None = None

    @property
    def purpose(self) -> str:
        if self.mandate is None:
            return OWN
        words = AS_REPRESENTATIVE if self.mandate.is_of_business else AS_PARENT
        return words.format(number=self.mandate.number)

    @property
    def registers(self) -> list[str]:
        """The registers that could hold something: a business stands in one of them only."""
        return ["business"] if self.mandate and self.mandate.is_of_business else list(KEEPERS)

    @property
    def key(self) -> str:
        """How the address names it: never by a number of a person."""
        return str(self.mandate.pk) if self.mandate else ""


def represented_by(actor: Actor) -> list[Mandate]:
    """By which this person represents children and businesses today, as a register or an agency has confirmed."""
    return own.confirmed(account_id(actor), timezone.localdate())


def subject_of(account: Account, key: str, represented: list[Mandate]) -> Subject:
    """Oneself, or whom a mandate in force represents; of others there is no such page."""
    if not key:
        return Subject(account.username)
    held = next((one for one in represented if str(one.pk) == key), None)
    if held is None:
        raise Http404
    return Subject(held.principal_number, held.principal_name, held)


def choices(chosen: Subject, represented: list[Mandate]) -> list[Link]:
    """Oneself and those one represents, to choose from; nothing for who represents none."""
    if not represented:
        return []
    here = reverse("portal:data")
    return [
        Link(_("Mine"), here, chosen.mandate is None),
        *(Link(one.principal_name, f"{here}?of={one.pk}", chosen.mandate == one) for one in represented),
    ]
