"""Values a text of law gives that stand in our lists: each with its source and first day, and whether somebody has compared it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from motcua.journal.models import Entry
from motcua.procedures.kinds import kinds
from motcua.procedures.models import Version

EVENT = "procedures.ValueCompared"


@dataclass(frozen=True)
class Value:
    """One value: of what, how much, from which text, from which day on; `code` is its procedure's, if it has one."""

    key: str
    what: str
    says: str
    source: str
    since: dt.date | None
    code: str = ""

    @property
    def urn(self) -> str:
        return f"value:{self.key}"

    @property
    def digest(self) -> str:
        """Changes with whatever a comparison was about; a name in another language does not change it."""
        told = "|".join((self.key, self.says, self.source, self.since.isoformat() if self.since else ""))
        return sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Compared:
    """A value, and who compared it with its text, and when; nothing where nobody has, or it has changed since."""

    value: Value
    by: str = ""
    at: dt.datetime | None = None


def compared(values: Iterable[Value]) -> list[Compared]:
    """Each with its last comparison: one query."""
    listed = list(values)
    entries = Entry.objects.of(EVENT).filter(about__in=[one.urn for one in listed]).order_by("id")
    last = {(entry.about, entry.facts["digest"]): entry for entry in entries}
    found = [(one, last.get((one.urn, one.digest))) for one in listed]
    return [
        Compared(one, entry.actor.get("name", ""), entry.at) if entry else Compared(one)
        for one, entry in found
    ]


def validities(language: str) -> list[Value]:
    """How long papers of a kind may be used, where a rule ends it."""
    return [
        Value(f"validity:{kind.id}", kind.name.said_in(language), str(kind.months), kind.source, kind.since)
        for kind in kinds().values()
        if kind.months
    ]


def exemptions(on: dt.date, language: str) -> list[Value]:
    """Who need not pay, in each procedure in force: one query."""
    versions = Version.objects.in_force(on).offered().filter(content__has_key="exemptions")
    return [
        Value(
            f"exemption:{version.code}:{one.id}",
            one.name.said_in(language),
            f"{one.when.field} {one.when.is_} {one.proof}",
            one.basis,
            version.effective_from,
            version.code,
        )
        for version in versions.select_related("procedure").order_by("procedure__code")
        for one in version.definition.exemptions
    ]
