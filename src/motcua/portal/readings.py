"""Who has read my data: each register is asked for its own list; one that is away does not hide the others."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.exchange.calls import Denied, Unreachable
from motcua.lib.actors import Actor
from motcua.portal.represented import Subject
from motcua.sharing.asking import NotKnown, read
from motcua.sharing.registers import KEEPERS, NAMES

LAST = 2**63 - 1
WHAT: dict[str, Promise] = {
    "population.person": gettext_lazy("Name, birth, home town, residence"),
    "population.child": gettext_lazy("Whether someone is the parent"),
    "population.kinship": gettext_lazy("Whether two people are parent and child"),
    "population.parents_address": gettext_lazy("Residence of the parents"),
    "population.issue_number": gettext_lazy("Personal number issued"),
    "population.register_residence": gettext_lazy("Residence registered"),
    "population.readings": gettext_lazy("This list"),
    "civil.birth": gettext_lazy("Birth entry"),
    "civil.register_birth": gettext_lazy("Birth registered"),
    "civil.readings": gettext_lazy("This list"),
    "insurance.card": gettext_lazy("Health insurance card"),
    "insurance.issue_child_card": gettext_lazy("Health insurance card issued"),
    "insurance.readings": gettext_lazy("This list"),
    "business.enterprise": gettext_lazy("Name, place, trade, representative of the business"),
    "business.representative": gettext_lazy("Whether someone speaks for the business"),
    "business.register_household": gettext_lazy("Household business registered"),
    "business.change_household": gettext_lazy("Household business changed"),
    "business.readings": gettext_lazy("This list"),
}


@dataclass(frozen=True)
class Reading:
    """One line: when, who, what, what for."""

    at: datetime
    who: str
    agency: str
    what: str
    purpose: str
    dossier: str
    # The code of the agency that read.
    code: str = ""


@dataclass(frozen=True)
class Register:
    """One register's answer; `trouble` says in words why there is none."""

    name: str
    readings: list[Reading]
    trouble: str = ""
    key: str = ""
    # From which reading on the next page goes; empty on the last.
    next: str = ""


def readings_of(subject: Subject, *, by: Actor, only: str = "", upto: str = "") -> list[Register]:
    """The first page of all registers, asked at the same time, in their order; or of one of them the page from `upto` on."""
    if only:
        return [ask(only, subject, by, upto)]
    # The actor of a request is looked up when first asked for: here, not by each thread on a connection of its own.
    by = Actor(by.urn, by.name, by.grants)
    with ThreadPoolExecutor(max_workers=len(subject.registers)) as pool:
        # Each thread speaks the language of the page.
        asked = [pool.submit(copy_context().run, ask, key, subject, by) for key in subject.registers]
        return [one.result() for one in asked]


def named(registers: Iterable[Register], dossiers: Mapping[str, str]) -> list[Register]:
    """The same lists, with one's own dossiers called by what one knows them by."""
    return [
        replace(
            register,
            readings=[
                replace(one, dossier=dossiers.get(one.dossier, one.dossier)) for one in register.readings
            ],
        )
        for register in registers
    ]


def place(text: str) -> str:
    """Where a page begins, as an address carries it; nothing for what is no place."""
    at, _tilde, number = text.partition("~")
    try:
        is_one = datetime.fromisoformat(at).tzinfo is not None and 0 <= int(number) <= LAST
    except ValueError:
        return ""
    return text if is_one else ""


def ask(key: str, subject: Subject, by: Actor, upto: str = "") -> Register:
    """One register; from the reading `upto` on, or from the newest."""
    name = str(NAMES[key])
    try:
        answer = read(
            f"{key}.readings",
            {"code" if key == "business" else "personal_number": subject.number}
            | ({"upto": upto} if upto else {}),
            sender=settings.NODE.agency,
            to=KEEPERS[key],
            purpose=subject.purpose,
            dossier="",
            by=by,
        )
    except (Unreachable, Denied):
        return Register(name, [], _("It does not answer at the moment. Nothing is lost; look again later."))
    except NotKnown:
        unknown = _("It knows nothing of %(name)s yet.") % {"name": subject.name}
        return Register(name, [], unknown if subject.name else _("It knows nothing of you yet."))
    return Register(name, lines(answer["readings"]), key=key, next=answer.get("next", ""))


def lines(found: Iterable[dict[str, Any]]) -> list[Reading]:
    return [
        Reading(
            at=datetime.fromisoformat(one["at"]),
            who=one["reader"],
            agency=one["agency_name"],
            what=str(WHAT.get(one["service"], one["service"])),
            purpose=one["purpose"],
            dossier=one["dossier"],
            code=one["agency"],
        )
        for one in found
    ]
