"""Who has read my data: each register asked for its own log, on the spot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.exchange.calls import Denied, Unreachable
from motcua.lib.actors import Actor
from motcua.portal import facts
from motcua.sharing.asking import NotKnown, read

# Written into the registers' logs, which are kept in Vietnamese whatever language the page is in.
PURPOSE = "Người dân xem ai đã đọc dữ liệu của mình"
LOGS = (("population.readings", "G01"), ("civil.readings", "G15"), ("insurance.readings", "G24"))
WORDS: dict[str, Promise] = {
    "population.person": _("Name, birth, home town, residence"),
    "population.parents_address": _("Residence of the parents"),
    "population.readings": _("This list"),
    "civil.readings": _("This list"),
    "insurance.readings": _("This list"),
    "civil.birth": _("Birth record"),
    "insurance.card": _("Health insurance card"),
    "population.issue_number": _("Personal number issued"),
    "population.register_residence": _("Residence registered"),
    "civil.register_birth": _("Birth registered"),
    "insurance.issue_child_card": _("Health insurance card issued"),
}


@dataclass(frozen=True)
class Reading:
    """One look into one's record."""

    at: datetime
    who: str
    what: str
    purpose: str
    dossier: str
    is_own: bool


@dataclass(frozen=True)
class Answers:
    """What the registers said, and which did not answer."""

    readings: list[Reading]
    silent: list[str]


def ask(number: str, *, by: Actor) -> Answers:
    """Ask each register; one that does not answer does not keep the others from being shown."""
    readings: list[Reading] = []
    silent: list[str] = []
    for service, agency in LOGS:
        try:
            told = read(
                service,
                {"personal_number": number},
                sender=settings.NODE.agency,
                to=agency,
                purpose=PURPOSE,
                dossier="",
                by=by,
            )
        except (NotKnown, Unreachable, Denied):
            silent.append(str(facts.REGISTERS[service.partition(".")[0]]))
        else:
            readings += [reading(one, by) for one in told["readings"]]
    return Answers(sorted(readings, key=lambda one: one.at, reverse=True), silent)


def reading(told: dict[str, Any], by: Actor) -> Reading:
    is_own = told["reader"] == by.name
    return Reading(
        at=datetime.fromisoformat(told["at"]),
        who=told["agency_name"] if is_own or not told["reader"] else f"{told['reader']}, {told['agency_name']}",
        what=str(WORDS.get(told["service"], told["service"])),
        purpose=told["purpose"],
        dossier=told["dossier"],
        is_own=is_own,
    )


def by_others(readings: Iterable[Reading]) -> int:
    return sum(1 for one in readings if not one.is_own)
