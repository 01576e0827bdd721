"""Finding a procedure: by words, by a moment of life, by who handles it."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.actions import Invalid
from motcua.portal import facts
from motcua.portal.life import BY_EVENT
from motcua.procedures.models import Version, VersionQuerySet
from motcua.procedures.vocabulary import Level
from motcua.tracking.codes import read_code
from motcua.ui.context import Link

ON_A_PAGE = 20
LONGEST = 200
FIELDS = 10


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    text: str
    life: str
    level: str
    field: str
    offered: bool


@dataclass(frozen=True)
class Found:
    """One line of the list."""

    code: str
    name: str
    hint: str
    time: str
    fee: str
    is_offered: bool


def wanted(request: HttpRequest) -> Wanted:
    asked = request.GET
    life, level = asked.get("life", ""), asked.get("level", "")
    return Wanted(
        text=asked.get("q", "").strip()[:LONGEST],
        life=life if life in BY_EVENT else "",
        level=level if level in set(Level) else "",
        field=asked.get("field", "")[:LONGEST],
        offered=asked.get("offered") == "1",
    )


def is_dossier_code(text: str) -> bool:
    """Whether the words are the code of a dossier: the box on the front page takes both."""
    try:
        return bool(read_code(text))
    except Invalid:
        return False


def matching(asked: Wanted) -> VersionQuerySet:
    """What fits but for the field, best first."""
    found: VersionQuerySet = Version.objects.in_force(timezone.localdate())
    if asked.life:
        found = found.filter(life_events__contains=[asked.life])
    if asked.level:
        found = found.filter(levels__contains=[asked.level])
    if asked.offered:
        found = found.offered()
    found = found.search(asked.text) if asked.text else found.order_by("-is_offered", "name_vi", "pk")
    # One procedure found by its code comes without an order.
    return found if found.ordered else found.order_by("pk")


def page_of(found: VersionQuerySet, asked: Wanted, number: str) -> Page[Version]:
    """One page of what was found, in one field if asked."""
    in_field = found.filter(field_vi=asked.field) if asked.field else found
    return Paginator(in_field.select_related("procedure"), ON_A_PAGE).get_page(number)


def field_choices(found: VersionQuerySet, asked: Wanted) -> list[Link]:
    """The fields that have most of what was found, with their counts; the one chosen is always among them."""
    ids = found.order_by().values("pk")
    most = (
        Version.objects.filter(pk__in=ids)
        .values("field_vi", "field_en")
        .annotate(number=Count("pk"), chosen=Case(When(field_vi=asked.field, then=1), default=0))
        .order_by("-chosen", "-number", "field_vi")[:FIELDS]
    )
    is_english = facts.language().startswith("en")
    return [
        Link(_("Any field"), "", not asked.field),
        *(
            Link(
                one["field_en"] if is_english and one["field_en"] else one["field_vi"],
                one["field_vi"],
                one["field_vi"] == asked.field,
                one["number"],
            )
            for one in most
        ),
    ]


def line(version: Version) -> Found:
    """A procedure as the list shows it."""
    definition = version.definition
    case = definition.cases[0].id if definition.cases else None
    way = facts.first_way(definition, case)
    hint = " · ".join(
        filter(None, [version.code, facts.levels(version.levels), version.field_in(facts.language())])
    )
    return Found(
        code=version.code,
        name=version.name_in(facts.language()),
        hint=hint,
        time=way.time if way else "",
        fee=way.fee if way else "",
        is_offered=version.is_offered,
    )


def level_choices(asked: Wanted) -> list[Link]:
    """The filter by who handles it, as links with a mark."""
    return [
        Link(_("Anywhere"), "", not asked.level),
        *(Link(words, level.value, asked.level == level.value) for level, words in facts.LEVELS.items()),
    ]
