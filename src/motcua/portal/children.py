"""Whose readings one may see: one's own, and those of the children one represents (law 91/2025/QH15, civil code art. 134–141)."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.lib.actors import Actor
from motcua.mandates.models import Kind, Mandate
from motcua.people.models import Account
from motcua.ui.context import Link

# Written into the registers' logs, which are kept in Vietnamese whatever language the page is in.
OWN = "Người dân xem ai đã đọc dữ liệu của mình"
AS_PARENT = "Cha, mẹ hoặc người giám hộ xem ai đã đọc dữ liệu của con (đại diện, số {number})"


@dataclass(frozen=True)
class Subject:
    """Whose record it is; of a child also the mandate by which one may ask."""

    number: str
    name: str = ""
    mandate: Mandate | None = None

    @property
    def purpose(self) -> str:
        return AS_PARENT.format(number=self.mandate.number) if self.mandate else OWN

    @property
    def key(self) -> str:
        """How the address names it: never by a number of a person."""
        return str(self.mandate.pk) if self.mandate else ""


def children_of(actor: Actor) -> list[Mandate]:
    """By which this person represents children today, as a register or an agency has confirmed."""
    held = Mandate.objects.in_force().held_by(actor).filter(kind=Kind.PARENT)
    return list(held.order_by("principal_name", "number"))


def subject_of(account: Account, key: str, children: list[Mandate]) -> Subject:
    """Oneself, or the child of a mandate in force; of others there is no such page."""
    if not key:
        return Subject(account.username)
    held = next((one for one in children if str(one.pk) == key), None)
    if held is None:
        raise Http404
    return Subject(held.principal_number, held.principal_name, held)


def choices(chosen: Subject, children: list[Mandate]) -> list[Link]:
    """Oneself and the children, to choose from; nothing for who represents none."""
    if not children:
        return []
    here = reverse("portal:data")
    return [
        Link(_("Mine"), here, chosen.mandate is None),
        *(Link(one.principal_name, f"{here}?of={one.pk}", chosen.mandate == one) for one in children),
    ]
