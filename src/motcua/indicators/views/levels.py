"""How many services reach which level online, on a day and by the rules of a time, for everyone."""

import csv
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.procedures.models import Version
from motcua.procedures.online_levels import (
    Reached,
    RuleSet,
    counted,
    rule_sets,
    rules_called,
    rules_on,
)
from motcua.ui.context import Link
from motcua.ui.words import day as written_day
from motcua.ui.words import number


@dataclass(frozen=True)
class Asked:
    """A day and the rules to judge it by: those of the day itself, unless others are asked for."""

    day: date
    rules: RuleSet
    # Whether the address said a day that is none.
    is_misread: bool

    def counted(self) -> list[Reached]:
        return counted(Version.objects.in_force(self.day), self.rules)


def asked(request: HttpRequest) -> Asked:
    """What the address asks for; a day that is none, or has not come yet, is today."""
    typed, today = request.GET.get("on", "").strip(), timezone.localdate()
    day = read_day(typed) or today
    rules = rules_called(request.GET.get("rules", "")) or rules_on(day)
    return Asked(min(day, today), rules, bool(typed) and read_day(typed) is None)


def read_day(text: str) -> date | None:
    """The day of an ISO date, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The levels of a day, what each means, and the acts that say so."""
    wanted, language = asked(request), get_language() or "vi"
    reached = wanted.counted()
    context = {
        "asked": wanted,
        "reached": [
            (one, one.level.name.said_in(language), one.level.says.said_in(language)) for one in reached
        ],
        "best": reached[0],
        "called": reached[0].level.name.said_in(language),
        "whole": sum(one.number for one in reached),
        "bars": [
            {
                "label": one.level.name.said_in(language),
                "value": number(one.number),
                "percent": one.share,
            }
            for one in reached
        ],
        "sets": [
            Link(
                _("Rules since %(day)s") % {"day": written_day(rules.since)},
                f"?{urlencode({'on': wanted.day.isoformat(), 'rules': rules.id})}",
                rules is wanted.rules,
            )
            for rules in rule_sets()
        ],
        "csv": f"{reverse('indicators:levels_table')}?{query(wanted)}",
        "crumbs": [Link(_("Numbers of the country"), reverse("indicators:national"))],
    }
    return render(request, "indicators/levels.html", context)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same as CSV: one line a level, plain numbers."""
    wanted = asked(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="levels_{wanted.day}_{wanted.rules.id}.csv"'
    response.write("\ufeff")  # tells spreadsheets that this is UTF-8
    lines = csv.writer(response)
    lines.writerow(["day", "rules", "basis", "level", "name", "procedures", "percent", "offered_here"])
    for one in wanted.counted():
        lines.writerow(
            [
                wanted.day.isoformat(),
                wanted.rules.id,
                wanted.rules.basis[0].number,
                one.level.id,
                one.level.name.said_in(get_language() or "vi"),
                one.number,
                f"{one.share:.2f}",
                one.offered,
            ]
        )
    return response


def query(wanted: Asked) -> str:
    return urlencode({"on": wanted.day.isoformat(), "rules": wanted.rules.id})
