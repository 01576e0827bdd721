"""Who opened one's dossiers and their papers at the agencies, filed online or brought to a counter, and where to ask why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.models import Application, Opening
from motcua.people.models import Account
from motcua.portal import own
from motcua.portal.context import tracking_address
from motcua.portal.represented import Subject
from motcua.procedures.folding import fold
from motcua.tracking.overdue import procedures

# How the address of a question names them, beside the registers.
PAPERS = "papers"


@dataclass(frozen=True)
class Opened:
    """One line: when, who, the dossier or which paper of it, and where that is followed."""

    at: datetime
    who: str
    agency: str
    paper: str
    code: str
    url: str
    # Where one asks why; empty if nobody there answers.
    why: str


@dataclass(frozen=True)
class Openings:
    """A page of them, the last first, and where earlier ones stand."""

    lines: list[Opened]
    page: int
    next: int


def opened(account: Account, subject: Subject, answers: Callable[[str], bool], page: int = 1) -> Openings:
    """As many queries for one as for all; one line more than is shown tells whether there are earlier ones."""
    first = (page - 1) * own.OPENINGS
    asked = own.openings(first, first + own.OPENINGS + 1)
    found = asked(account.pk, timezone.localdate(), subject.number, folded(account, subject))
    of = {"of": subject.key} if subject.key else {}
    lines = [line(one, of, answers) for one in found[: own.OPENINGS]]
    return Openings(lines, page, page + 1 if len(found) > own.OPENINGS and page < own.PAGES else 0)


def line(one: Opening, of: dict[str, str], answers: Callable[[str], bool]) -> Opened:
    matter, asked = (
        one.matter,
        f"{reverse('portal:question', args=[PAPERS])}?{urlencode({'at': one.pk} | of)}",
    )
    is_online = isinstance(matter, Application)
    followed = reverse("portal:application", args=[matter.pk]) if is_online else ""
    if matter.code and not is_online:
        followed = f"{tracking_address()}?code={matter.code}"
    return Opened(
        at=one.at,
        who=one.who,
        agency=one.agency,
        paper=one.paper or _("The dossier and what was declared"),
        code=matter.code,
        url=followed,
        why=asked if answering_of(one, answers) else "",
    )


def told_of(
    account: Account, subject: Subject, at: str, answers: Callable[[str], bool]
) -> dict[str, Any] | None:
    """An opening as a question about it carries it; nothing if it is not of one's own, or nobody answers."""
    mine = Opening.objects.of_person(
        account.pk, timezone.localdate(), number=subject.number, folded_name=folded(account, subject)
    )
    one = mine.newest_first().filter(pk=at).first() if at.isdecimal() and len(at) < 19 else None
    asked = one and answering_of(one, answers)
    if one is None or not asked:
        return None
    matter = one.matter
    procedure = matter.version.code if isinstance(matter, Application) else matter.procedure
    return {
        "at": one.at.isoformat(),
        "who": one.who,
        "agency": asked,
        "agency_name": one.agency,
        "what": one.paper or _("The dossier and what was declared"),
        "purpose": procedures({procedure}).get(procedure, procedure),
        "dossier": matter.code,
    }


def answering_of(one: Opening, answers: Callable[[str], bool]) -> str:
    """The agency that answers for an opening: the one that opened it, or the one that has the dossier since."""
    return next((code for code in one.agencies if answers(code)), "")


def folded(account: Account, subject: Subject) -> str:
    """The name a dossier at a counter must bear, beside the number, to be shown."""
    return fold(subject.name or account.name)
