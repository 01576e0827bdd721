"""How documents go and come: the numbers of a month or a year, by agency, as a page and as a workbook."""

import io
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.styles import Font

from motcua.desk.access import led_by, officers
from motcua.desk.remarks import fault_words
from motcua.dispatches.statistics import Counted, Period, counted, total
from motcua.organisations.models import Agency, AgencyQuerySet
from motcua.people.middleware import ActorRequest

COUNTERS = ("clerk", "chair", "deputy", "auditor")
MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONTHS = 12


@require_safe
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """One period, each agency a line; below them which faults their signatures had."""
    period, lines = asked(request)
    whole = total(lines)
    page = {
        "period": period,
        "periods": [(str(one), str(one)) for one in periods()],
        "lines": lines,
        "whole": whole,
        "faults": [(fault_words(code), number) for code, number in by_number(whole)],
    }
    return render(request, "desk/dispatches/statistics.html", page)


@require_safe
@officers
def table(request: ActorRequest) -> HttpResponseBase:
    """The same numbers as a workbook; faults by kind on a sheet of their own."""
    period, lines = asked(request)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Documents")
    heads = [_("Code"), *columns(total(lines))]
    sheet.append(heads)
    for line in lines:
        sheet.append([line.code, *columns(line).values()])
    faults = book.create_sheet(_("Faults of signatures"))
    faults.append([_("Code"), _("Agency"), _("Fault"), _("Documents")])
    for line in lines:
        for code, number in by_number(line):
            faults.append([line.code, line.name, fault_words(code), number])
    for one in (sheet, faults):
        for cell in one[1]:
            cell.font = Font(bold=True)
    into = io.BytesIO()
    book.save(into)
    answer = HttpResponse(into.getvalue(), content_type=MEDIA)
    answer["Content-Disposition"] = content_disposition_header(True, f"van-ban-{period}.xlsx") or ""
    return answer


def asked(request: ActorRequest) -> tuple[Period, list[Counted]]:
    """The period asked for, and the numbers of one's agencies and all below them."""
    codes = led_by(request, *COUNTERS)
    period = Period.read(request.GET.get("period", ""), timezone.localdate())
    return period, counted(below(codes), period)


def below(codes: list[str]) -> AgencyQuerySet:
    """These agencies and whatever stands below them by its code."""
    return reduce(or_, (Agency.objects.under(code) for code in codes))


def periods() -> Iterator[Period]:
    """The present year, the one before, and the last twelve months."""
    today = timezone.localdate()
    yield Period.read(str(today.year), today)
    yield Period.read(str(today.year - 1), today)
    for back in range(MONTHS):
        months = today.year * 12 + today.month - 1 - back
        yield Period.month(months // 12, months % 12 + 1)


def by_number(line: Counted) -> list[tuple[str, int]]:
    return sorted(line.faults.items(), key=lambda one: (-one[1], one[0]))


def columns(line: Counted) -> dict[str, Any]:
    """What a line of the workbook says, under its heads."""
    return {
        _("Agency"): line.name,
        _("Documents sent"): line.sent,
        _("Sent by network"): line.sent_electronic,
        _("Percent electronic"): line.percent_electronic,
        _("Documents received"): line.received,
        _("Signed by a person alone"): line.personal,
        _("Signed by the agency alone"): line.seal,
        _("Signed by both"): line.both,
        _("Percent signed"): line.percent_signed,
        _("Percent signed by both"): line.percent_both,
        _("Entered"): line.registered,
        _("Entered the same day"): line.registered_same_day,
        _("Hours until entered (middle)"): hours(line.seconds_to_register),
        _("Done (documents)"): line.done,
        _("Hours until done (middle)"): hours(line.seconds_to_done),
        _("Done late"): line.late,
    }


def hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(float(seconds) / 3600, 1)
