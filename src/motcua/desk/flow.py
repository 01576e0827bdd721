"""The process of a procedure as it really went: how long each step takes, how much waits there, which one holds the rest up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Aggregate, Count, FloatField, Max, Min, Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.desk.process import Box
from motcua.dossiers.models import Step
from motcua.lib.worded import worded_once
from motcua.organisations.names import role_name
from motcua.procedures.models import Version
from motcua.procedures.vocabulary import StepKind
from motcua.ui import words

LOOKED_BACK = timedelta(days=90)
SHOWN = 6
NAMED = 60  # characters of a name on a small button
KEPT = 600  # seconds that what went is remembered


class Percentile(Aggregate):
    """The value below which such a part of the rows lies; rows without a value do not count."""

    function = "percentile_cont"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, field: str, part: float) -> None:
        super().__init__(field, part=part)


@dataclass(frozen=True)
class Passage:
    """One step of a procedure: working hours allowed, the median and the 90th percentile used, what waits there now."""

    procedure: str
    key: str
    place: int
    holder: str
    allowed: float
    done: int
    median: float
    slow: float
    waiting: int
    late: int

    @property
    def strain(self) -> tuple[float, float, int]:
        """How much it holds up: slow dossiers against what is allowed, then the usual one, then what waits."""
        return (self.slow / self.allowed if self.allowed else 0.0, self.median, self.waiting)

    @property
    def is_over(self) -> bool:
        """Whether one dossier in ten takes longer here than it may."""
        return bool(self.allowed) and self.slow > self.allowed


def passages(codes: Sequence[str], waiting: Sequence[Mapping[str, Any]], *, now: datetime) -> list[Passage]:
    """All steps of ninety days and those under way, by procedure; what went is counted at most ten minutes ago.

    `waiting` is what waits now (`overview.at_steps`).
    """
    gone, here = went(codes, now), waits(waiting)
    found = []
    for procedure, key in {**gone, **here}:
        past, present = gone.get((procedure, key), {}), here.get((procedure, key), {})
        one = {**past, **present}
        found.append(
            Passage(
                procedure=procedure,
                key=key,
                place=one["place"],
                holder=one["role"] or one["at"],
                allowed=float(one["allowed"] or 0),
                done=one.get("done", 0),
                median=float(one.get("median") or 0),
                slow=float(one.get("slow") or 0),
                waiting=one.get("waiting", 0),
                late=one.get("late", 0),
            )
        )
    return found


type Rows = dict[tuple[str, str], dict[str, Any]]


def went(codes: Sequence[str], now: datetime) -> Rows:
    """What the steps that ended in ninety days took: a heavy question over many thousand rows, so it is kept for a while."""
    place = "passages:" + sha256(" ".join(sorted(codes)).encode()).hexdigest()
    kept: Rows | None = cache.get(place)
    if kept is None:
        since = now - LOOKED_BACK
        # No step that anybody does ends after its dossier. Said too, it spares reading the steps of all the years.
        is_recent = Q(dossier__ended_at=None) | Q(dossier__ended_at__gte=since)
        ended = Step.objects.filter(is_recent, ended_at__gte=since)
        took = {"done": Count("took"), "median": Percentile("took", 0.5), "slow": Percentile("took", 0.9)}
        kept = by_step(ended, codes, **took)
        cache.set(place, kept, KEPT)
    return kept


def waits(waiting: Sequence[Mapping[str, Any]]) -> Rows:
    """What waits at each step, whoever has it."""
    found: Rows = {}
    for one in waiting:
        if one["kind"] == "automatic":
            continue
        key = one["dossier__version__procedure__code"], one["key"]
        new = {
            "place": one["first"],
            "role": one["role"],
            "at": one["agency"],
            "allowed": one["allowed"] or 0,
            "waiting": one["waiting"],
            "late": one["late"],
        }
        known = found.setdefault(key, new)
        if known is not new:
            known["place"] = min(known["place"], new["place"])
            known |= {name: max(known[name], new[name]) for name in ("role", "at", "allowed")}
            known |= {name: known[name] + new[name] for name in ("waiting", "late")}
    return found


def by_step(steps: QuerySet[Step], codes: Sequence[str], **asked: Any) -> Rows:
    """What is asked of the steps of these agencies, and who has them, by procedure and step."""
    about = {"place": Min("place"), "role": Max("role"), "at": Max("agency"), "allowed": Max("hours")}
    rows: Any = (
        steps.filter(dossier__agency__in=codes)
        .exclude(kind="automatic")
        .order_by()
        .values("dossier__version__procedure__code", "key")
        .annotate(**about, **asked)
    )
    return {(row.pop("dossier__version__procedure__code"), row.pop("key")): row for row in rows}


@dataclass(frozen=True)
class Flow:
    """What the head's page draws of one procedure."""

    code: str
    name: str
    boxes: list[Box]
    bottleneck: str
    rows: list[tuple[str, Passage]]


def busiest(found: Sequence[Passage]) -> list[str]:
    """Codes of procedures, those with the most waiting and done first."""
    work: dict[str, tuple[int, int]] = {}
    for one in found:
        waiting, done = work.get(one.procedure, (0, 0))
        work[one.procedure] = (waiting + one.waiting, done + one.done)
    return sorted(work, key=lambda code: (-work[code][0], -work[code][1], code))[:SHOWN]


def latest(codes: Sequence[str]) -> dict[str, Version]:
    """What these procedures say now or will say: one query; the long content is read only if it has not been read before."""
    return {one.code: one for one in versions_of(tuple(codes))}


@worded_once
def versions_of(codes: Any) -> QuerySet[Version]:
    versions = Version.objects.filter(procedure__code__in=codes).order_by("effective_from")
    return versions.select_related("procedure").defer("content")


def called(codes: Sequence[str], versions: Mapping[str, Version]) -> dict[str, str]:
    """How these procedures are called, shortened; those that begin alike with their codes."""
    language = get_language() or "vi"
    names = {
        code: Truncator(versions[code].name_in(language)).chars(NAMED) if code in versions else code
        for code in codes
    }
    alike = Counter(names.values())
    return {code: f"{name} ({code})" if alike[name] > 1 else name for code, name in names.items()}


def flow_of(
    found: Sequence[Passage], code: str, *, offices: Mapping[str, str], versions: Mapping[str, Version]
) -> Flow | None:
    """The process of one procedure with its waiting times; None if nothing went through it."""
    steps = sorted((one for one in found if one.procedure == code), key=lambda one: one.place)
    if not steps:
        return None
    version = versions.get(code)
    language = get_language() or "vi"
    names = {step.id: step.name.said_in(language) for step in version.definition.steps} if version else {}
    slowest = max(steps, key=lambda one: one.strain)
    if version:
        steps = in_full(version, steps)
    return Flow(
        code=code,
        name=version.name_in(language) if version else code,
        boxes=[box(one, names, offices) for one in steps],
        bottleneck=sentence(slowest, names.get(slowest.key, slowest.key), held_by(slowest, offices)),
        rows=[(names.get(one.key, one.key), one) for one in steps],
    )


def in_full(version: Version, passed: Sequence[Passage]) -> list[Passage]:
    """Every step of the procedure in its order, also those nothing went through; last what a version before had."""
    gone = {one.key: one for one in passed}
    drawn = [
        gone.get(step.id) or Passage(version.code, step.id, place, step.holder, step.hours, 0, 0, 0, 0, 0)
        for place, step in enumerate(version.definition.steps)
        if step.kind is not StepKind.AUTOMATIC or step.id in gone
    ]
    known = {one.key for one in drawn}
    return [*drawn, *(one for one in passed if one.key not in known)]


def box(one: Passage, names: Mapping[str, str], offices: Mapping[str, str]) -> Box:
    return Box(
        state="late" if one.late else "wait" if one.waiting else "next",
        title=names.get(one.key, one.key),
        who=" · ".join(filter(None, [held_by(one, offices), waiting(one.waiting)])),
        time=times(one),
    )


def waiting(count: int) -> str:
    """“3 hồ sơ đang đợi”; nothing if none waits."""
    if not count:
        return ""
    return ngettext("%(count)s dossier waiting", "%(count)s dossiers waiting", count) % {"count": count}


def held_by(one: Passage, offices: Mapping[str, str]) -> str:
    return offices[one.holder] if one.holder in offices else role_name(one.holder)


def times(one: Passage) -> str:
    """“một nửa trong 2 giờ, chín phần mười trong 6 giờ”"""
    if not one.done:
        return _("None done in 90 days")
    if round(one.slow * 60) == 0:
        return _("At once")
    return _("half within %(median)s, nine in ten within %(slow)s") % {
        "median": said(one.median),
        "slow": said(one.slow),
    }


def said(hours: float) -> str:
    """Working time to the tenth of a day: what takes a day and a half is not a day."""
    if hours < words.HOURS_A_DAY:
        return words.term(hours)
    return _("%(days)s working days") % {"days": words.number(hours / words.HOURS_A_DAY, 1)}


def sentence(one: Passage, title: str, holder: str) -> str:
    """Which step holds the rest up, and by how much."""
    if not one.done and not one.waiting:
        return ""
    facts = {
        "title": title,
        "holder": holder,
        "slow": said(one.slow),
        "allowed": said(one.allowed),
    }
    if one.is_over:
        return (
            _(
                "Bottleneck: “%(title)s”, %(holder)s. One dossier in ten takes longer than %(slow)s; %(allowed)s are allowed."
            )
            % facts
        )
    return (
        _(
            "No step takes longer than it may. The tightest is “%(title)s”, %(holder)s: nine in ten within %(slow)s."
        )
        % facts
    )
