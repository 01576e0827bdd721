"""Procedures and their versions; dossiers point at the version they were filed under."""

import datetime as dt
from functools import lru_cache, reduce
from itertools import chain
from operator import or_
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Length

from motcua.procedures.folding import asked_for, deletions, is_slip
from motcua.procedures.schema import Definition
from motcua.procedures.vocabulary import Source


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
        """What was asked for, best first; with or without diacritics, forgiving one slip in each word."""
        words = asked_for(text)
        if not words:
            return self.order_by("procedure__code")
        if "." in text and (coded := self.coded(text.strip())):
            return coded
        near = Word.objects.near(words)
        exact = self.matching([near[word] if word not in near[word] else [word] for word in words])
        if exact.exists():
            return exact.ranked(words)
        loose = self.matching([near[word] for word in words])
        return (loose if loose.exists() else self.matching([list(chain(*near.values()))])).ranked(words)

    def matching(self, alternatives: list[list[str]]) -> Self:
        """Versions with one word of each list in their heading or among their subjects."""
        query = SearchQuery(as_tsquery(alternatives), config="simple", search_type="raw")
        return self.filter(search=query).annotate(
            rank=SearchRank(F("search"), query, normalization=1, cover_density=len(alternatives) > 1)
        )

    def ranked(self, words: list[str]) -> Self:
        """First what is called exactly so, then what begins so, then what we offer, then by closeness."""
        phrase = " ".join(words)
        tier = Case(When(heading=phrase, then=0), When(heading__startswith=phrase, then=1), default=2)
        return self.alias(tier=tier).order_by("tier", "-is_offered", "-rank", Length("heading"), "pk")


def as_tsquery(alternatives: list[list[str]]) -> str:
    """`[["khai"], ["sinh", "sin"]]` → `(khai) & (sinh | sin)`; folded words hold nothing tsquery could trip on."""
    return " & ".join(f"({' | '.join(sorted(words))})" for words in alternatives)


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
        return parsed(Content(self.digest, self.content))

    def name_in(self, language: str) -> str:
        return self.name_en if language.startswith("en") and self.name_en else self.name_vi

    def field_in(self, language: str) -> str:
        return self.field_en if language.startswith("en") and self.field_en else self.field_vi


class Content:
    """The content of a version, known by its digest alone."""

    def __init__(self, digest: str, value: dict[str, Any]) -> None:
        self.digest, self.value = digest, value

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and other.digest == self.digest


@lru_cache(maxsize=500)
def parsed(content: Content) -> Definition:
    return Definition.from_content(content.value)


class WordQuerySet(models.QuerySet["Word"]):
    def near(self, words: list[str]) -> dict[str, list[str]]:
        """For each word the known words one slip away, the two it may be run together from, or itself."""
        halves = {half for word in words for pair in splits(word) for half in pair}
        wanted = reduce(or_, map(deletions, words), set[str]())
        known = set(
            self.filter(Q(deletions__overlap=sorted(wanted)) | Q(text__in=sorted(halves))).values_list(
                "text", flat=True
            )
        )
        return {word: nearest(word, known) for word in words}


def nearest(word: str, known: set[str]) -> list[str]:
    if len(word) < 3:
        return [word]
    slips = sorted(other for other in known if is_slip(word, other))
    joined = [f"({one} & {other})" for one, other in splits(word) if {one, other} <= known]
    return slips or joined or [word]


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
