"""Ask a register whether someone is a child's parent, or speaks for a business: it answers yes with the name, or nothing at all."""

from datetime import date

from django.conf import settings
from django.utils import timezone

from motcua.lib.actors import Actor
from motcua.mandates.actions import Found
from motcua.people.models import Account
from motcua.sharing.asking import read
from motcua.sharing.registers import keeper_of

SERVICE, HOLDER = "population.child", "G01"
# Written into the register's log, which is kept in Vietnamese whatever language the page is in.
PURPOSE = "Xác nhận cha, mẹ đại diện cho con chưa đủ 18 tuổi"
REPRESENTATIVE = "business.representative"
REPRESENTATION = "Xác nhận người đại diện theo pháp luật của doanh nghiệp"


def parent_of(child: str, account: Account, *, by: Actor) -> Found:
    """What proves it. Raises `sharing.asking.NotKnown` if the register cannot say so, `Unreachable`, `Denied`."""
    answer = read(
        SERVICE,
        {"personal_number": child, "parent_number": account.username},
        sender=settings.NODE.agency,
        to=HOLDER,
        purpose=PURPOSE,
        dossier="",
        by=by,
    )
    return Found(
        answer["full_name"], date.fromisoformat(answer["born_on"]), SERVICE, timezone.now().isoformat()
    )


def speaks_for(code: str, account: Account, *, by: Actor) -> Found:
    """What proves that the account's holder is the legal representative. Raises as `parent_of` does."""
    answer = read(
        REPRESENTATIVE,
        {"code": code, "personal_number": account.username},
        sender=settings.NODE.agency,
        to=keeper_of(REPRESENTATIVE),
        purpose=REPRESENTATION,
        dossier="",
        by=by,
    )
    return Found(answer["name"], None, REPRESENTATIVE, timezone.now().isoformat())
