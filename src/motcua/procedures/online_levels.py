"""How far a service is online, in the words of the law of a day: levels 1 to 4, later the whole service or a part of it.

The sets of rules are dated data (`online_levels.yaml`), each with its legal basis. A level follows from the definition
alone: nobody declares it. So the same catalogue can be reported by the rules of 2019 and by those of 2026.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Self

import yaml
from django.db.models import Case, Count, Q, TextField, Value, When
from pydantic import Field, TypeAdapter, model_validator

from motcua.procedures.models import Version, VersionQuerySet
from motcua.procedures.readiness import Hindrance
from motcua.procedures.schema import Id, LegalBasis, Part, Text

FILE = Path(__file__).parent / "online_levels.yaml"
# What was published before the readiness check existed and was never judged since.
UNJUDGED = ""


class OnlineLevel(Part):
    """One level: what the rules call it, what they say of it, and the hindrances that keep a service from it."""

    id: Id
    name: Text
    says: Text
    bars: tuple[Hindrance, ...] = ()
    wants_forms: bool = False

    def takes(self, hindrances: Collection[str], *, has_forms: bool) -> bool:
        """Whether a service with these hindrances has this level."""
        return not set(self.bars).intersection(hindrances) and (has_forms or not self.wants_forms)

    @property
    def is_online(self) -> bool:
        """Whether a service of this level can be filed online at all."""
        return Hindrance.NO_CHANNEL in self.bars

    @property
    def condition(self) -> Q:
        """The same as `takes`, asked of versions in the database."""
        barred = ~Q(hindrances__overlap=[str(one) for one in self.bars]) if self.bars else Q()
        return (barred & Q(has_forms=True)) if self.wants_forms else barred


class RuleSet(Part):
    """The levels that held from a day on, from the highest to the lowest, and the acts that say so."""

    id: Id
    since: date
    basis: tuple[LegalBasis, ...] = Field(min_length=1)
    levels: tuple[OnlineLevel, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _every_service_has_a_level(self) -> Self:
        if self.levels[-1].bars or self.levels[-1].wants_forms:
            raise ValueError("the lowest level takes every service: it bars nothing")
        return self

    def level_of(self, version: Version) -> OnlineLevel:
        """The highest level that takes a version; one never judged has the lowest."""
        if version.readiness == UNJUDGED:
            return self.levels[-1]
        return next(one for one in self.levels if one.takes(version.hindrances, has_forms=version.has_forms))


@cache
def rule_sets() -> tuple[RuleSet, ...]:
    """All sets of rules, the oldest first."""
    read = TypeAdapter(tuple[RuleSet, ...]).validate_python(
        yaml.safe_load(FILE.read_text("utf-8")), strict=False
    )
    if any(earlier.since >= later.since for earlier, later in pairwise(read)):
        raise ValueError("online_levels.yaml: each set of rules begins after the one before")
    return read


def rules_on(day: date) -> RuleSet:
    """The rules of a day; days before all rules are judged by the first."""
    return next((one for one in reversed(rule_sets()) if one.since <= day), rule_sets()[0])


def rules_called(id_: str) -> RuleSet | None:
    """The set of rules of this id, if there is one."""
    return next((one for one in rule_sets() if one.id == id_), None)


@dataclass(frozen=True)
class Reached:
    """How many services have a level, how many of them can be filed here, and their share of all in percent."""

    level: OnlineLevel
    number: int
    offered: int
    share: float


def counted(versions: VersionQuerySet, rules: RuleSet) -> list[Reached]:
    """How many of these versions have each level by these rules: one query, whatever their number."""
    level = Case(
        When(readiness=UNJUDGED, then=Value(rules.levels[-1].id)),
        *(When(one.condition, then=Value(one.id)) for one in rules.levels[:-1]),
        default=Value(rules.levels[-1].id),
        output_field=TextField(),
    )
    rows = versions.order_by().annotate(level=level).values("level")
    found = {
        row["level"]: (row["number"], row["offered"])
        for row in rows.annotate(number=Count("pk"), offered=Count("pk", filter=Q(is_offered=True)))
    }
    whole = sum(number for number, _offered in found.values())
    return [
        Reached(one, *(here := found.get(one.id, (0, 0))), 100 * here[0] / whole if whole else 0.0)
        for one in rules.levels
    ]
