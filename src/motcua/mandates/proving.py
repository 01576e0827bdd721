"""Ask a register whether someone is a child's parent, or speaks for a business: it answers yes with the name, or nothing at all."""

from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange.calls import Denied, Unreachable
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor
from motcua.mandates import actions
from motcua.mandates.actions import Found
from motcua.mandates.models import Kind, Mandate, account_id
from motcua.people.models import Account
from motcua.sharing.asking import NotKnown, SaysNo, read
from motcua.sharing.registers import keeper_of, name_of

SERVICE, HOLDER = "population.child", "G01"
# Written into the register's log, which is kept in Vietnamese whatever language the page is in.
PURPOSE = "Xác nhận cha, mẹ đại diện cho con chưa đủ 18 tuổi"
REPRESENTATIVE = "business.representative"
REPRESENTATION = "Xác nhận người đại diện theo pháp luật của doanh nghiệp"
MANDATES = Actor.system("mandates")


class Lapsed(NotNow):
    """The register no longer says so: what rested on it has ended, and nothing typed would mend it."""


def parent_of(child: str, account: Account, *, by: Actor) -> Found:
    """What proves it. Raises `sharing.asking.NotKnown` if the register cannot say so, and `SaysNo` if it says no; `Unreachable`,
    `Denied`.
    """
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


def ask_anew(mandate: Mandate | None, *, by: Actor) -> None:
    """Before something is filed: whether the register still says what the mandate rests on. It goes on if it does.

    Raises `Lapsed` where it says no, and what rested on it has ended; Invalid where it does not answer or may not be asked, and
    nothing has changed.
    """
    proven = behind(mandate, by) if mandate else None
    if proven is None:
        return
    said = {
        "register": name_of(proven.proof["service"]),
        "who": proven.agent.name,
        "whom": proven.principal_name,
    }
    try:
        found = answered(proven, by=by)
        if proven.is_in_force:
            actions.affirm(proven, by=MANDATES, found=found)
    except SaysNo as refusal:
        actions.lapse_of(proven, by=MANDATES, service=proven.proof["service"])
        words = _(
            "Nothing was sent: the %(register)s no longer says that %(who)s represents %(whom)s, so the mandate has ended."
            " What was prepared is kept; whoever represents %(whom)s now can send it."
        )
        raise Lapsed(words % said) from refusal
    except Denied as fault:
        words = _(
            "Nothing was sent: we must ask the %(register)s whether %(who)s still represents %(whom)s, and are not allowed to."
            " What was prepared is kept. Trying again does not help: tell those who run this portal."
        )
        raise Invalid(words % said) from fault
    except (Unreachable, NotKnown) as fault:
        words = _(
            "Nothing was sent yet: the %(register)s does not answer just now, and we must ask it whether %(who)s still"
            " represents %(whom)s. What was prepared is kept; try again in a few minutes."
        )
        raise Invalid(words % said) from fault


def behind(mandate: Mandate, by: Actor) -> Mandate | None:
    """The representation something is filed by: the mandate itself, or that of who gave it or speaks in its principal's name.

    Nothing where what holds now was seen on paper: no register was asked, so none is asked again, whatever one said before.
    Where nothing holds any more, what a register said last.
    """
    is_agent = by.urn == f"person:{mandate.agent_id}"
    speaker = mandate.given_by_id if is_agent else account_id(by)
    known = Mandate.objects.filter(principal_number=mandate.principal_number).select_related("agent")
    if is_agent and mandate.kind in {Kind.PARENT, Kind.REPRESENTATIVE}:
        known = known.filter(pk=mandate.pk)
    else:
        known = known.filter(agent_id=speaker, kind=Kind.REPRESENTATIVE)
    if holds := known.in_force().first():
        return holds if "service" in holds.proof else None
    return known.filter(proof__has_key="service").order_by("-made_at").first()


def answered(proven: Mandate, *, by: Actor) -> Found:
    """What the register says of it now. Raises as `parent_of` does."""
    asked = parent_of if proven.kind == Kind.PARENT else speaks_for
    return asked(proven.principal_number, proven.agent, by=by)
