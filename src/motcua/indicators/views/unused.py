"""Services online that nobody uses or that cannot be done online after all, for everyone, page by page."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.indicators.unused import SPANS, Why, conditions_of, services, wanting
from motcua.indicators.usage import Usage, reasons, usage
from motcua.indicators.views.national import in_days
from motcua.procedures.words import HINDRANCES
from motcua.ui.context import Link

PAGE = 50


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Each service with what is wrong with it: last used when, kept back by what."""
    today, language = timezone.localdate(), get_language() or "vi"
    days, why = asked(request)
    found, use = services(today, days), usage(today, days)
    counts = {str(why): Count("pk", filter=condition) for why, condition in conditions_of(use).items()}
    tally = found.aggregate(whole=Count("pk"), **counts)
    after = request.GET.get("after", "").replace("\x00", "")
    listed = wanting(found, why, use).filter(procedure__code__gt=after).order_by("procedure__code")
    rows = list(listed.select_related("procedure").defer("content")[: PAGE + 1])
    context = {
        "tally": tally,
        "days": days,
        "rows": [row(version, language, today, use) for version in rows[:PAGE]],
        "spans": [Link(in_days(span), address(span, why), span == days) for span in SPANS],
        "pills": [
            Link(_("All"), address(days, None), why is None),
            Link(_("Unused"), address(days, Why.UNUSED), why is Why.UNUSED, count=tally["unused"]),
            Link(
                _("Promised fully online, but is not"),
                address(days, Why.IMPRACTICAL),
                why is Why.IMPRACTICAL,
                count=tally["impractical"],
            ),
            Link(
                _("Mostly at the counter"),
                address(days, Why.COUNTER),
                why is Why.COUNTER,
                count=tally["counter"],
            ),
            Link(_("Later than its peers"), address(days, Why.LATE), why is Why.LATE, count=tally["late"]),
            Link(_("Longer than its peers"), address(days, Why.LONG), why is Why.LONG, count=tally["long"]),
        ],
        "next": address(days, why, after=rows[PAGE - 1].code) if len(rows) > PAGE else "",
        "crumbs": [Link(_("Numbers of the country"), reverse("indicators:national"))],
    }
    return render(request, "indicators/unused.html", context)


def row(version: Any, language: str, today: date, use: Usage) -> dict[str, Any]:
    """A service as the page shows it; `version` bears the marks of `unused.services`."""
    return {
        "code": version.code,
        "name": version.name_in(language),
        "is_unused": version.is_unused,
        "is_impractical": version.is_impractical,
        "is_at_counter": use.of(version.code).is_mostly_at_counter,
        "is_late": use.is_late(version.code),
        "is_long": use.is_long(version),
        "said": [says for says, _change in reasons(version, use, is_unused=False)],
        "last_filed": version.last_filed,
        "months": (today - version.last_filed).days // 30 if version.last_filed else None,
        "reasons": ", ".join(str(HINDRANCES[name]) for name in version.hindrances)
        if version.is_impractical
        else "",
    }


def asked(request: HttpRequest) -> tuple[int, Why | None]:
    """The span in days and the reason asked for; what makes no sense is as if not said."""
    days, why = request.GET.get("days", ""), request.GET.get("why", "")
    return (
        int(days) if days in {str(span) for span in SPANS} else SPANS[-1],
        Why(why) if why in set(Why) else None,
    )


def address(days: int, why: Why | None, **more: str) -> str:
    return f"?{urlencode({'days': days} | ({'why': str(why)} if why else {}) | more)}"
