"""Procedures and their versions; dossiers point at the version they were filed under."""

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache, reduce
from itertools import combinations
from operator import or_
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Length

from motcua.procedures.folding import asked_for, deletions, is_slip
from motcua.procedures.schema import Definition
from motcua.procedures.vocabulary import Source

# More rows than this are not put in order: who asks so broadly will ask again.
LOOKED_AT = 400


class Procedure(models.Model):
    """A procedure under its national code, whatever its versions say."""

    code = models.CharField(max_length=8, unique=True)

    def __str__(self) -> str:
        return self.code

    @property
    def urn(self) -> str:
        return f"procedure:{self.code}"


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self, on: dt.date) -> Self:
        """The one version of each procedure that holds on this day."""
        return self.filter(Q(effective_until=None) | Q(effective_until__gt=on), effective_from__lte=on)

    def latest(self) -> Self:  # type: ignore[override]
        """The one version of each procedure that nothing has replaced."""
        return self.filter(effective_until=None)

    def offered(self) -> Self:
        """Versions that can be filed here, not only read."""
        return self.filter(is_offered=True)

    def coded(self, code: str) -> Self:
        return self.filter(procedure__code=code)

    def search(self, text: str) -> Self:
        """What was asked for, best first: with or without diacritics, forgiving a slip, then a word too many."""
        if re.fullmatch(r"\d\.\d{6}", text.strip()):
            return self.coded(text.strip())
        near = Word.objects.near(asked_for(text))
        if not any(near.values()):
            return self.none() if near else self.order_by("procedure__code")
        typed = [[word] if word in known else known for word, known in near.items() if known]
        full = self.matching(all_of(typed))
        if full.exists():
            return self.closest_first(full, near).order_by("tier", "-is_offered", Length("heading"), "pk")
        exact = [[word] for word, known in near.items() if word in known]
        loose = [known for known in near.values() if known]
        tries = [all_of(exact), all_but_one_of(exact), all_but_one_of(typed), all_of(loose)]
        found = (self.matching(words) for words in dict.fromkeys(tries) if words)
        best = next((some for some in found if some.exists()), self.none())
        score = sum(map(standing, exact or typed), start=Value(0))
        ranked = self.closest_first(best, near).alias(score=score)
        return ranked.order_by("tier", "-score", "-is_offered", Length("heading"), "pk")

    def matching(self, words: str) -> Self:
        return self.filter(search=in_words(words))

    def closest_first(self, found: Self, words: Iterable[str]) -> Self:
        """With a tier: 0 for what is called exactly so, 1 for what begins so, 2 for what says so in one piece.

        Only so many rows are put in order, since ranking twelve thousand costs more than all the rest of the
        search; but never without those that begin as asked.
        """
        phrase = " ".join(words)
        called_so = self.filter(heading=phrase).values("pk")
        begins = self.filter(heading__startswith=phrase).values("pk")[:LOOKED_AT]
        tier = Case(
            When(heading=phrase, then=0),
            When(heading__startswith=phrase, then=1),
            When(heading__contains=phrase, then=2),
            default=3,
        )
        return self.filter(pk__in=called_so.union(begins, found.values("pk")[:LOOKED_AT])).alias(tier=tier)


def standing(words: list[str]) -> Case:
    """2 where one of the words stands in the heading, 1 where only among the subjects."""
    in_heading = in_words(" | ".join(re.sub(r"\b(\w+)\b", r"\1:A", word) for word in words))
    return Case(When(search=in_heading, then=2), When(search=in_words(all_of([words])), then=1), default=0)


def in_words(words: str) -> SearchQuery:
    return SearchQuery(words, config="simple", search_type="raw")


def all_of(alternatives: list[list[str]]) -> str:
    """`[["khai"], ["sinh", "sin"]]` → `(khai) & (sin | sinh)`; folded words hold nothing tsquery could trip on."""
    return " & ".join(f"({' | '.join(sorted(words))})" for words in alternatives)


def all_but_one_of(alternatives: list[list[str]]) -> str:
    """The same with any one word left out, if at least two remain."""
    if len(alternatives) < 3:
        return ""
    return " | ".join(f"({all_of([*rest])})" for rest in combinations(alternatives, len(alternatives) - 1))


class Version(models.Model):
    """What a procedure says from a day on; never changed once published."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    effective_from = models.DateField()
    effective_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=[(source.value, source.value) for source in Source])
    digest = models.CharField(max_length=64)
    content = models.JSONField()

    # Copied out of the content, so that lists and search need not read it.
    name_vi = models.TextField()
    name_en = models.TextField(blank=True)
    field_vi = models.CharField(max_length=200)
    field_en = models.CharField(max_length=200, blank=True)
    online = models.CharField(max_length=10)
    is_offered = models.BooleanField()
    levels = ArrayField(models.CharField(max_length=10))
    audience = ArrayField(models.CharField(max_length=30))
    life_events = ArrayField(models.CharField(max_length=20))
    heading = models.TextField()
    subjects = models.TextField()
    search = models.GeneratedField(
        expression=SearchVector("heading", weight="A", config="simple")
        + SearchVector("subjects", weight="B", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(effective_until=None), name="procedures_one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gte=F("effective_from")),
                name="procedures_until_not_before_from",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="procedures_search"),
            GinIndex(fields=["life_events"], name="procedures_life_events"),
            models.Index(fields=["field_vi"], name="procedures_field"),
            models.Index(fields=["heading"], opclasses=["text_pattern_ops"], name="procedures_heading"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.code} ({self.effective_from.isoformat()})"

    @property
    def code(self) -> str:
        return self.procedure.code

    @property
    def urn(self) -> str:
        return self.procedure.urn

    @property
    def definition(self) -> Definition:
        """The typed definition; read once per digest, however many rows and requests ask."""
        return parsed(Content(self))

    def name_in(self, language: str) -> str:
        return self.name_en if language.startswith("en") and self.name_en else self.name_vi

    def field_in(self, language: str) -> str:
        return self.field_en if language.startswith("en") and self.field_en else self.field_vi


class Content:
    """The content of a version, known by its digest alone, and not read while its definition is known."""

    def __init__(self, version: Version) -> None:
        self.version, self.digest = [version], version.digest

    def take(self) -> dict[str, Any]:
        """The content, once; what stays as a key keeps no row alive."""
        value: dict[str, Any] = self.version.pop().content
        return value

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and other.digest == self.digest


@lru_cache(maxsize=500)
def parsed(content: Content) -> Definition:
    return Definition.from_content(content.take())


class WordQuerySet(models.QuerySet["Word"]):
    def near(self, words: list[str]) -> dict[str, list[str]]:
        """For each word the known words at most one slip away, or else the two it may be run together from."""
        halves = {half for word in words for pair in splits(word) for half in pair}
        wanted = reduce(or_, map(deletions, words), set[str]())
        known = set(
            self.filter(Q(deletions__overlap=sorted(wanted)) | Q(text__in=sorted(halves))).values_list(
                "text", flat=True
            )
        )
        return {word: nearest(word, known) for word in words}


def nearest(word: str, known: set[str]) -> list[str]:
    slips = sorted(other for other in known if is_slip(word, other))
    return slips or [f"({one} & {other})" for one, other in splits(word) if {one, other} <= known]


def splits(word: str) -> list[tuple[str, str]]:
    """The ways to read a word as two run together: “khaisinh” → … (“khai”, “sinh”) …"""
    return [(word[:n], word[n:]) for n in range(2, len(word) - 1)]


class Word(models.Model):
    """A folded word that stands in some heading, and its one-letter deletions."""

    text = models.CharField(max_length=60, unique=True)
    deletions = ArrayField(models.CharField(max_length=60))

    objects = WordQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["deletions"], name="procedures_word_deletions")]

    def __str__(self) -> str:
        return self.text
