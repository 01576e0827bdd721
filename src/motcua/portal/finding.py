"""Finding a procedure: by words, by a moment of life, by who handles it."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
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


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    text: str
    life: str
    level: str
    offered: bool

    @property
    def is_open(self) -> bool:
        """Whether anything narrows the list."""
        return not (self.text or self.life or self.level or self.offered)


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
        offered=asked.get("offered") == "1",
    )


def is_dossier_code(text: str) -> bool:
    """Whether the words are the code of a dossier: the box on the front page takes both."""
    try:
        return bool(read_code(text))
    except Invalid:
        return False


def page_of(asked: Wanted, number: str) -> Page[Version]:
    """One page of what was found, best first."""
    found: VersionQuerySet = Version.objects.in_force(timezone.localdate())
    if asked.life:
        found = found.filter(life_events__contains=[asked.life])
    if asked.level:
        found = found.filter(levels__contains=[asked.level])
    if asked.offered:
        found = found.offered()
    found = found.search(asked.text) if asked.text else found.order_by("-is_offered", "name_vi")
    return Paginator(found.select_related("procedure"), ON_A_PAGE).get_page(number)


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
