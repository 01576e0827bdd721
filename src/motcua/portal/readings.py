"""Who has read my data: each register is asked for its own list; one that is away does not hide the others."""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.exchange.calls import Denied, Unreachable
from motcua.lib.actors import Actor
from motcua.portal.represented import Subject
from motcua.sharing.asking import NotKnown, read
from motcua.sharing.registers import KEEPERS, NAMES

LAST = 2**63 - 1
# What the registers said stays with the visit that asked for so long: each question is a call to another node and one more
# reading in its list. It is asked again as soon as the visitor has done anything (`middleware.Afresh`).
KEPT, FRESH = "readings", timedelta(minutes=1)
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
    # The code of the agency that read; where one asks it why, if it answers questions.
    code: str = ""
    why: str = ""


@dataclass(frozen=True)
class Register:
    """One register's answer; `trouble` says in words why there is none."""

    name: str
    readings: list[Reading]
    trouble: str = ""
    key: str = ""
    # From which reading on the next page goes; empty on the last.
    next: str = ""


@dataclass(frozen=True)
class Told:
    """What the registers said, and since when we know it."""

    registers: list[Register]
    at: datetime


def readings_of(subject: Subject, *, by: Actor, visit: SessionBase, only: str = "", upto: str = "") -> Told:
    """The first page of all registers, in their order; or of one of them the page from `upto` on.

    `visit` keeps what those said that answered; those that did not are asked again each time.
    """
    now = timezone.now()
    if only:
        return Told([register(only, subject, ask(only, subject, by, upto))], now)
    kept = {key: one for key, one in visit.get(KEPT, {}).items() if is_fresh(one, now)}
    mine = kept.get(subject.key) or {"at": now.isoformat(), "said": {}}
    if missing := [key for key in subject.registers if key not in mine["said"]]:
        found = ask_all(missing, subject, by)
        said = mine["said"] | {key: answer for key, answer in found.items() if answer is not None}
        keep(visit, subject.key, mine | {"said": said}, now)
    else:
        found, said = {}, mine["said"]
    answers = found | said
    registers = [register(key, subject, answers[key]) for key in subject.registers]
    return Told(registers, datetime.fromisoformat(mine["at"]))


def keep(visit: SessionBase, key: str, said: dict[str, Any], now: datetime) -> None:
    """What was said is put into the visit as it is by now, and nothing else of it is written.

    The calls took seconds: the visit as it was read before them would take away what another tab has stored meanwhile.
    """
    with transaction.atomic():
        lasting = Session.objects.filter(session_key=visit.session_key, expire_date__gt=timezone.now())
        if not lasting.select_for_update().exists():
            return  # signed out meanwhile
        visit = type(visit)(visit.session_key)
        kept = {other: one for other, one in visit.get(KEPT, {}).items() if is_fresh(one, now)}
        visit[KEPT] = kept | {key: said}
        visit.save()


def is_fresh(kept: Mapping[str, Any], now: datetime) -> bool:
    return now - FRESH < datetime.fromisoformat(kept["at"]) <= now


def forget(visit: MutableMapping[str, Any]) -> None:
    """The next look asks the registers again."""
    if KEPT in visit:
        del visit[KEPT]


def ask_all(keys: Iterable[str], subject: Subject, by: Actor) -> dict[str, dict[str, Any] | None]:
    """What these registers say, asked at the same time."""
    # The actor of a request is looked up when first asked for: here, not by each thread on a connection of its own.
    by = Actor(by.urn, by.name, by.grants)
    with ThreadPoolExecutor(max_workers=len(subject.registers)) as pool:
        asked = {key: pool.submit(ask, key, subject, by) for key in keys}
        return {key: one.result() for key, one in asked.items()}


def named(
    registers: Iterable[Register],
    dossiers: Mapping[str, str],
    *,
    subject: Subject,
    answers: Callable[[str], bool],
) -> list[Register]:
    """The same lists, with one's own dossiers called by what one knows them by, and where to ask agencies that answer."""
    return [
        replace(
            register, readings=[known(one, register, dossiers, subject, answers) for one in register.readings]
        )
        for register in registers
    ]


def known(
    reading: Reading,
    register: Register,
    dossiers: Mapping[str, str],
    subject: Subject,
    answers: Callable[[str], bool],
) -> Reading:
    asked = {"at": reading.at.isoformat()} | ({"of": subject.key} if subject.key else {})
    why = (
        f"{reverse('portal:question', args=[register.key])}?{urlencode(asked)}"
        if answers(reading.code)
        else ""
    )
    return replace(reading, dossier=dossiers.get(reading.dossier, reading.dossier), why=why)


def place(text: str) -> str:
    """Where a page begins, as an address carries it; nothing for what is no place."""
    at, _tilde, number = text.partition("~")
    try:
        is_one = datetime.fromisoformat(at).tzinfo is not None and 0 <= int(number) <= LAST
    except ValueError:
        return ""
    return text if is_one else ""


def ask(key: str, subject: Subject, by: Actor, upto: str = "") -> dict[str, Any] | None:
    """One register, from the reading `upto` on or from the newest; None if it does not answer, empty if it knows nobody."""
    try:
        return read(
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
        return None
    except NotKnown:
        return {}


def register(key: str, subject: Subject, answer: Mapping[str, Any] | None) -> Register:
    """What one register said, in words."""
    name = str(NAMES[key])
    if answer is None:
        return Register(name, [], _("It does not answer at the moment. Nothing is lost; look again later."))
    if not answer:
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
