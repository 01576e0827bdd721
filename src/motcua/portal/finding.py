"""Finding a procedure: by words, by a moment of life, by who handles it, with counts beside every filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from motcua.dossiers import facts
from motcua.lib.actions import Invalid
from motcua.organisations.decisions import codes_above
from motcua.portal.agencies import level_of
from motcua.portal.life import moment
from motcua.procedures.folding import fold
from motcua.procedures.life import life_events
from motcua.procedures.models import Version
from motcua.procedures.search import current, ranking
from motcua.procedures.search.index import BUSINESS, ORGANISATION, PERSON, Index, Office
from motcua.procedures.search.ranking import Ranked
from motcua.procedures.vocabulary import OnlineKind
from motcua.procedures.words import LEVELS
from motcua.tracking.codes import read_code
from motcua.ui.context import Link

ON_A_PAGE = 20
LONGEST = 200
FIELDS = 10
SHOWN = 3
# Briefs kept in a process: the procedures people really look at.
KEPT = 5000

WHO: dict[str, Promise] = {
    PERSON: _("Persons"),
    BUSINESS: _("Enterprises, cooperatives"),
    ORGANISATION: _("Other organisations"),
}
ONLINE: dict[str, Promise] = {
    OnlineKind.FULL: _("Fully online"),
    OnlineKind.PARTIAL: _("Partly online"),
    OnlineKind.NONE: _("Not online"),
}
CHOICES: Mapping[str, tuple[Promise, Mapping[str, Promise]]] = {
    "who": (_("Anyone"), WHO),
    "level": (_("Anywhere"), {level.value: words for level, words in LEVELS.items()}),
    "online": (_("Any way"), ONLINE),
}


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    text: str
    life: str
    level: str
    who: str
    online: str
    field: str
    offered: str
    agency: str


@dataclass(frozen=True)
class Brief:
    """How long it takes and what it costs, the way most people file it."""

    time: str
    fee: str


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    code: str
    name: str
    hint: str
    time: str
    fee: str
    is_offered: bool
    # Whether it can be filed from home, and not on paper alone.
    is_online: bool


def wanted(request: HttpRequest) -> Wanted:
    asked = request.GET
    life = asked.get("life", "")
    return Wanted(
        text=asked.get("q", "").strip()[:LONGEST],
        life=life if life in life_events() else "",
        level=known(asked.get("level", ""), CHOICES["level"][1]),
        who=known(asked.get("who", ""), WHO),
        online=known(asked.get("online", ""), ONLINE),
        field=asked.get("field", "")[:LONGEST],
        offered="1" if asked.get("offered") == "1" else "",
        agency=asked.get("agency", "")[:LONGEST],
    )


def known(value: str, choices: Mapping[str, Promise]) -> str:
    return value if value in choices else ""


def is_dossier_code(text: str) -> bool:
    """Whether the words are the code of a dossier: the box on the front page takes both."""
    try:
        return bool(read_code(text))
    except Invalid:
        return False


@dataclass(frozen=True)
class Paged:
    """One page: versions by number, of how many, and which pages lie near."""

    pks: list[int]
    count: int
    number: int
    pages: int

    @property
    def has_other_pages(self) -> bool:
        return self.pages > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def next_page_number(self) -> int:
        return self.number + 1


class Finding:
    """What was found for one request, its counts and its pages; the database is asked for the lines of one page only."""

    def __init__(self, asked: Wanted) -> None:
        self.asked = asked
        self.index: Index = current.current()
        self.ranked: Ranked = ranking.search(self.index, asked.text)
        self.found = self.ranked.everything
        self.agency = self.index.offices.get(asked.agency)
        if asked.life and not asked.text:
            self.ranked = ranking.of_occasion(self.index, asked.life)
            self.found = self.ranked.everything
        elif asked.life:
            self.found &= self.index.occasion(asked.life)
        if self.agency:
            self.found &= self.filed_at(self.agency)
        self.filters = {
            name: self.index.facets[name].get(value, 0)
            for name in ("who", "level", "online", "field", "offered")
            if (value := getattr(asked, name))
        }

    def within(self, *, but: str = "") -> int:
        """What was found and passes every filter, but for one."""
        return reduce(and_, (bits for name, bits in self.filters.items() if name != but), self.found)

    def page(self, wanted: str) -> "Paged":
        """One page of what was found; the first for what is no number, the last for one beyond it."""
        among = self.within()
        count = among.bit_count()
        pages = max(1, -(-count // ON_A_PAGE))
        number = min(max(1, int(wanted)), pages) if wanted.isdecimal() else 1
        start = (number - 1) * ON_A_PAGE
        found = self.ranked.page(start, start + ON_A_PAGE, within=among)
        return Paged([self.index.pks[one] for one in found], count, number, pages)

    def choices(self, name: str) -> list[Link]:
        """A filter as links with a mark and a count; what would find nothing is left out, unless it is chosen."""
        every, values = CHOICES[name]
        counts, chosen = self.counts(name), getattr(self.asked, name)
        return [
            Link(every, "", not chosen),
            *(
                Link(words, value, value == chosen, counts.get(value, 0))
                for value, words in values.items()
                if counts.get(value) or value == chosen
            ),
        ]

    def fields(self) -> list[Link]:
        """The fields that have most of what was found; the one chosen is always among them."""
        counts, chosen = self.counts("field"), self.asked.field
        most = sorted(counts, key=lambda field: (field != chosen, -counts[field], field))[:FIELDS]
        return [
            Link(_("Any field"), "", not chosen),
            *(
                Link(self.index.field_in(field, facts.language()), field, field == chosen, counts[field])
                for field in most
            ),
        ]

    def counts(self, name: str) -> dict[str, int]:
        """How many each value of a filter would leave, all other filters kept."""
        among = self.within(but=name)
        counted = {value: (bits & among).bit_count() for value, bits in self.index.facets[name].items()}
        return {
            value: count for value, count in counted.items() if count or value == getattr(self.asked, name)
        }

    @property
    def moments(self) -> list[Link]:
        """Life events that the words speak of and the catalogue has something for."""
        meant = (moment(id_) for id_ in self.ranked.occasions if self.index.life[id_])
        return [Link(one.title, one.url) for one in meant if one][:SHOWN]

    @property
    def agencies(self) -> list[Link]:
        """Agencies that bear all the words in their name, also with a slip in one, each with how many are filed there."""
        named = self.index.named_offices(set(fold(self.asked.text).split()))
        return [
            Link(one.name, f"?{urlencode({'agency': one.code})}", count=self.filed_at(one).bit_count())
            for one in named
        ]

    def filed_at(self, office: Office) -> int:
        """What is filed at an agency: of its level, and not another's own."""
        at_level = self.index.facets["level"].get(level_of(office), 0)
        return at_level & self.index.filed_at(codes_above(office.code))

    @property
    def offered_count(self) -> int:
        return (self.within(but="offered") & self.index.facets["offered"].get("1", 0)).bit_count()


def lines(pks: Sequence[int]) -> list[Line]:
    """The procedures as the list shows them, in this order."""
    versions = {
        one.pk: one for one in Version.objects.filter(pk__in=pks).select_related("procedure").defer("content")
    }
    briefs = briefs_of(list(versions.values()))
    return [line(versions[pk], briefs[pk]) for pk in pks if pk in versions]


def line(version: Version, brief: Brief) -> Line:
    language = facts.language()
    hint = " · ".join(filter(None, [version.code, facts.levels(version.levels), version.field_in(language)]))
    name = version.name_in(language)
    return Line(version.code, name, hint, brief.time, brief.fee, version.is_offered, version.is_online)


BRIEFS: dict[tuple[str, str], Brief] = {}


def briefs_of(versions: Sequence[Version]) -> dict[int, Brief]:
    """Time and fee of each; the long content is read only of those this process has not yet seen."""
    language = facts.language()
    new = [one.pk for one in versions if (one.digest, language) not in BRIEFS]
    if len(BRIEFS) > KEPT:
        BRIEFS.clear()
        new = [one.pk for one in versions]
    if new:
        BRIEFS.update(((one.digest, language), brief(one)) for one in Version.objects.filter(pk__in=new))
    return {one.pk: BRIEFS[one.digest, language] for one in versions}


def brief(version: Version, case: str | None = None) -> Brief:
    """Of one case, or of the first."""
    definition = version.definition
    first = definition.cases[0].id if definition.cases else None
    way = facts.first_way(definition, case or first)
    return Brief(way.time, way.fee) if way else Brief("", "")


def respelled(ranked: Ranked, text: str, best: Line | None) -> str:
    """What to say if the words were not taken as they were typed; nothing if they were."""
    if best is None:
        return ""
    if read := ranked.read_as(text, best.name):
        return str(_("Nothing is called “%(typed)s”. This is what was found for “%(read)s”.")) % {
            "typed": text,
            "read": read,
        }
    if unknown := ranked.left_out(text):
        words = ", ".join(f"“{word}”" for word in unknown)
        return str(_("Nothing has the word %(words)s. This is what was found for the rest.")) % {
            "words": words
        }
    return str(_("Nothing has all these words. This is what has most of them.")) if ranked.is_partial else ""
