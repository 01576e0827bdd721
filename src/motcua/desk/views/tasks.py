"""Tasks between agencies: what is to be answered here by when, and who of those we asked has answered."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.styles import Font

from motcua.desk.access import led_by, officers, places
from motcua.desk.deadlines import TimeLeft, by_day
from motcua.desk.views.dispatched import COUNTERS, MEDIA, periods
from motcua.dispatches.answering import Answered, all_together, answered
from motcua.dispatches.models import Delivery, Incoming
from motcua.dispatches.models.mails import names_of
from motcua.dispatches.rules import OFFICERS
from motcua.dispatches.statistics import Period, midnight
from motcua.people.middleware import ActorRequest

SHOWN = 100
# Who sees every document of the agency; an auditor sees the numbers alone.
SENDERS = ("clerk", "chair", "deputy")


@dataclass(frozen=True)
class Task:
    """What is to be answered or done by a day, and how much time is left."""

    about: Incoming | Delivery
    left: TimeLeft


@require_safe
@officers
def assigned(request: ActorRequest) -> HttpResponseBase:
    """What has a last day and is not done, the nearest first: who has it, and the time left."""
    led_by(request, *OFFICERS)
    found = Incoming.objects.visible_to(request.actor, *OFFICERS).tasks()
    today = timezone.localdate()
    tasks = [
        Task(one, by_day(one.last_day, one.arrived_at, today))
        for one in found.in_order_of_deadline()[:SHOWN]
        if one.last_day
    ]
    page = {"tasks": tasks, "overdue": found.overdue(today).count()}
    return render(request, "desk/dispatches/assigned.html", page)


@require_safe
@officers
def given(request: ActorRequest) -> HttpResponseBase:
    """Of one period: each receiver we asked for answers, and how many came in time, late, or not yet."""
    period, lines = asked(request)
    page = {
        "period": period,
        "periods": [(str(one), str(one)) for one in periods()],
        "lines": lines,
        "whole": all_together(lines),
        "opens": bool(places(request.actor, *SENDERS)),
    }
    return render(request, "desk/dispatches/given.html", page)


@dataclass(frozen=True)
class Receiver:
    """Whose answers are asked for."""

    code: str
    name: str


@require_safe
@officers
def owed(request: ActorRequest) -> HttpResponseBase:
    """The documents whose answer is still to come, the nearest last day first: of all, or of one receiver and period."""
    codes, today = led_by(request, *SENDERS), timezone.localdate()
    found = Delivery.objects.owing().filter(outgoing__agency__in=codes).select_related("outgoing")
    code = request.GET.get("receiver", "").replace("\x00", "")
    if code:
        found = found.filter(agency=code)
    period = Period.read(request.GET["period"], today) if request.GET.get("period") else None
    if period:
        found = found.filter(
            outgoing__issued_at__gte=midnight(period.first), outgoing__issued_at__lt=midnight(period.after)
        )
    late = found.filter(outgoing__answer_by__lt=today)
    only_late = "overdue" in request.GET
    rows = (late if only_late else found).order_by("outgoing__answer_by", "outgoing__issued_at", "pk")
    tasks = [
        Task(one, by_day(one.outgoing.answer_by, one.outgoing.issued_at, today))
        for one in rows[:SHOWN]
        if one.outgoing and one.outgoing.answer_by and one.outgoing.issued_at
    ]
    page = {
        "tasks": tasks,
        "overdue": late.count(),
        "receiver": Receiver(code, names_of([code])[code]) if code else None,
        "period": period,
        "only_late": only_late,
    }
    return render(request, "desk/dispatches/owed.html", page)


@require_safe
@officers
def workbook(request: ActorRequest) -> HttpResponseBase:
    """The same numbers as a workbook."""
    period, lines = asked(request)
    book, into = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.title = _("Tasks given")
    for row in table(lines):
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    book.save(into)
    return handed_out(into.getvalue(), MEDIA, f"nhiem-vu-{period}.xlsx")


@require_safe
@officers
def text(request: ActorRequest) -> HttpResponseBase:
    """The same numbers as lines of text."""
    period, lines = asked(request)
    into = io.StringIO()
    csv.writer(into).writerows(table(lines))
    # With a byte order mark, as spreadsheets of the country expect.
    return handed_out(
        into.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"nhiem-vu-{period}.csv"
    )


def asked(request: ActorRequest) -> tuple[Period, list[Answered]]:
    """The period asked for, and what one's agencies gave in it."""
    codes = led_by(request, *COUNTERS)
    today = timezone.localdate()
    period = Period.read(request.GET.get("period", ""), today)
    return period, answered(codes, period, today)


def table(lines: list[Answered]) -> list[list[Any]]:
    """Heads, and a row for each receiver."""
    heads = [
        _("Code"), _("Agency"), _("Tasks given"), _("Answered in time"), _("Answered late"), _("Done without an answer"),
        _("Still open"), _("Overdue, not answered"), _("Percent in time"),
    ]  # fmt: skip
    names = ("code", "name", "given", "in_time", "late", "done", "open", "overdue", "percent_in_time")
    return [heads, *([getattr(one, name) for name in names] for one in lines)]


def handed_out(content: bytes, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
