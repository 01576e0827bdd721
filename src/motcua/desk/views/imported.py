"""What imports left to be read by a person: each procedure with its text, by kind of work, until a draft is published."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTransform
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.desk.access import KEEPERS, led_by, officers
from motcua.lib.actions import may
from motcua.people.middleware import ActorRequest
from motcua.procedures.folding import fold
from motcua.procedures.models import Draft, Version, VersionQuerySet
from motcua.procedures.unread import Work
from motcua.procedures.words import RAW, WORK
from motcua.ui.context import Link

PAGE = 30


@dataclass(frozen=True)
class Line:
    """A procedure with the kinds of work it needs, the portal's own text, and the draft somebody has begun."""

    code: str
    name: str
    field: str
    work: list[str]
    texts: list[tuple[str, str]]
    draft: UUID | None
    author: str


@require_GET
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """The work list; one kind of work at a time if asked for, found by words of the name."""
    led_by(request, *KEEPERS)
    work, words = asked(request)
    found = named(Version.objects.with_work_left(), words)
    counts = found.aggregate(
        all=Count("pk"), **{str(one): Count("pk", filter=Q(work_left__contains=[one])) for one in Work}
    )
    shown = found.filter(work_left__contains=[work]) if work else found
    after = request.GET.get("after", "").replace("\x00", "")
    rows = list(
        shown.filter(procedure__code__gt=after)
        .select_related("procedure")
        .annotate(texts=KeyTransform("raw", "content"))
        .defer("content")
        .order_by("procedure__code")[: PAGE + 1]
    )
    context = {
        "lines": lines(rows[:PAGE]),
        "counts": counts,
        "pills": [Link(_("All"), address("", words), not work, count=counts["all"])]
        + [
            Link(str(WORK[one]), address(one, words), work == one, count=counts[one])
            for one in Work
            if counts[one]
        ],
        "words": words,
        "work": work,
        "next": address(work, words, after=rows[PAGE - 1].code) if len(rows) > PAGE else "",
        "can_revise": bool(rows) and may(request.actor, "procedures.revise", rows[0]),
    }
    return render(request, "desk/imported.html", context)


def asked(request: HttpRequest) -> tuple[str, str]:
    """The kind of work and the words asked for; a kind that does not exist is none."""
    work = request.GET.get("work", "")
    return work if work in set(Work) else "", request.GET.get("q", "").replace("\x00", "").strip()[:100]


def named(found: VersionQuerySet, words: str) -> VersionQuerySet:
    """Those whose name or field holds every word, whatever its marks; or whose code it is."""
    for word in fold(words).split():
        found = found.filter(Q(heading__contains=word) | Q(subjects__contains=word))
    return found


def address(work: str, words: str, **more: str) -> str:
    return f"?{urlencode({key: value for key, value in {'work': work, 'q': words, **more}.items() if value})}"


def lines(rows: list[Any]) -> list[Line]:
    """The rows with the drafts that are open; one query for all of them."""
    language = get_language() or "vi"
    drafts = {
        draft.code: draft
        for draft in Draft.objects.open().filter(code__in=[row.code for row in rows]).defer("content")
    }
    return [
        Line(
            row.code,
            row.name_in(language),
            row.field_in(language),
            [str(WORK[one]) for one in row.work_left],
            [(str(RAW.get(key, key)), text) for key, text in (row.texts or {}).items()],
            draft.pk if (draft := drafts.get(row.code)) else None,
            draft.author if draft else "",
        )
        for row in rows
    ]
