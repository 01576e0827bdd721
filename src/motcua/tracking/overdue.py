"""What is overdue, for everyone to see: codes, agencies and days, nothing about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode

from motcua.organisations.models import Agency, decided
from motcua.procedures.models import Version
from motcua.ui.words import left

PAGE = 50


@dataclass(frozen=True)
class Late:
    """One overdue dossier as it is published."""

    code: str
    procedure: str
    agency: str
    due_at: datetime
    has_new_date: bool = False


@dataclass(frozen=True)
class Row:
    """The same in words."""

    code: str
    procedure: str
    agency: str
    due_at: datetime
    words: str
    has_new_date: bool


def page_of(found: QuerySet[Any], request: HttpRequest, *, key: str) -> tuple[list[Any], str]:
    """One page, the longest overdue first, of one agency and those below it if asked for; and where the next begins."""
    if code := agency_asked(request):
        found = found.filter(Q(agency=code) | Q(agency__startswith=f"{code}."))
    if after := read(request.GET.get("after", "")):
        due, last = after
        found = found.filter(Q(due_at__gt=due) | Q(due_at=due, **{f"{key}__gt": last}))
    rows = list(found.order_by("due_at", key)[: PAGE + 1])
    if len(rows) <= PAGE:
        return rows, ""
    end = rows[PAGE - 1]
    return rows[:PAGE], f"{end.due_at.isoformat()}~{getattr(end, key)}"


def read(text: str) -> tuple[datetime, UUID] | None:
    """Where a page begins; None if the address carries nothing that can be read."""
    due, _mark, last = text.partition("~")
    try:
        moment = datetime.fromisoformat(due)
        return (moment, UUID(last)) if moment.tzinfo else None
    except ValueError:
        return None


def agency_asked(request: HttpRequest) -> str:
    """The agency of the address, if it can be a code."""
    code = request.GET.get("under", "")[:35]
    return code if code.replace(".", "").isalnum() else ""


def answered(request: HttpRequest, late: Sequence[Late], after: str) -> dict[str, Any]:
    """What the page shows: two queries, however many dossiers."""
    decisions, now, under = decided(), timezone.now(), agency_asked(request)
    agencies = Agency.objects.filter(code__in={one.agency for one in late} | {under})
    names = {one.code: one.name for one in agencies.only("name_vi", "name_en")}
    rows = [
        Row(
            one.code,
            one.procedure,
            names.get(one.agency, one.agency),
            one.due_at,
            left(min(-1 / 60, decisions.calendar(one.agency).between(now, one.due_at))),
            one.has_new_date,
        )
        for one in late
    ]
    asked = {"under": under} if under else {}
    return {
        "rows": rows,
        "agency": names.get(under, ""),
        "now": now,
        "next": f"?{urlencode({**asked, 'after': after})}" if after else "",
    }


def procedures(codes: set[str]) -> dict[str, str]:
    """Names of procedures as they are called now, by code."""
    known = Version.objects.filter(procedure__code__in=codes, effective_until=None)
    return dict(known.values_list("procedure__code", "name_vi"))
