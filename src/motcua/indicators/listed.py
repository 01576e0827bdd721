"""How far each service of a decided list has come: from the catalogue and from dossiers, nothing declared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Min, Sum
from django.utils import timezone

from motcua.dossiers.states import Channel
from motcua.indicators.models import Standing
from motcua.procedures.models import Version
from motcua.procedures.online_levels import OnlineLevel, RuleSet, rules_on
from motcua.procedures.service_lists import Listed, ServiceList
from motcua.procedures.vocabulary import OnlineKind


class Stage(StrEnum):
    """Where a service of a list stands."""

    DONE = "done"
    LATE = "late"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Progress:
    """One service of a list: its stage, its lowest level, since when online, and its dossiers."""

    service: Listed
    due_on: date | None
    stage: Stage
    level: OnlineLevel | None
    since: date | None
    versions: tuple[Version, ...]
    missing: tuple[str, ...]
    filed: int
    filed_online: int


@dataclass(frozen=True)
class ListProgress:
    """A list with all its services; the share is of all services the decision names, known here or not."""

    list: ServiceList
    services: tuple[Progress, ...]

    def count(self, stage: Stage) -> int:
        return sum(one.stage is stage for one in self.services)

    @property
    def done(self) -> int:
        return self.count(Stage.DONE)

    @property
    def share(self) -> float:
        return 100 * self.done / self.list.total


@dataclass(frozen=True)
class Known:
    """What the catalogue and the counters say of some procedures, each by its code."""

    today: date
    rules: RuleSet
    versions: Mapping[str, Version]
    since: Mapping[str, date]
    filed: Mapping[str, Mapping[bool, int]]


def progress(lists: Iterable[ServiceList]) -> list[ListProgress]:
    """The state of these lists today: three queries, however many services they name."""
    wanted = list(lists)
    known = known_of({code for one in wanted for service in one.services for code in service.codes})
    return [
        ListProgress(one, tuple(of_service(one, service, known) for service in one.services))
        for one in wanted
    ]


def known_of(codes: set[str]) -> Known:
    today = timezone.localdate()
    versions = Version.objects.filter(procedure__code__in=codes).select_related("procedure").defer("content")
    online = Version.objects.filter(
        procedure__code__in=codes, readiness__in=[OnlineKind.FULL, OnlineKind.PARTIAL]
    )
    since = online.order_by().values_list("procedure__code").annotate(first=Min("effective_from"))
    filed: dict[str, dict[bool, int]] = defaultdict(lambda: defaultdict(int))
    rows = Standing.objects.filter(procedure__in=codes).order_by().values_list("procedure", "channel")
    for code, channel, number in rows.annotate(sum=Sum("number")):
        filed[code][channel == Channel.ONLINE] += int(number)
    return Known(
        today,
        rules_on(today),
        {version.code: version for version in versions.in_force(today)},
        dict(since),
        filed,
    )


def of_service(of: ServiceList, service: Listed, known: Known) -> Progress:
    """A service is online when each of its procedures is, since the day the last of them was."""
    versions = tuple(known.versions[code] for code in service.codes if code in known.versions)
    missing = tuple(code for code in service.codes if code not in known.versions)
    levels = [known.rules.level_of(version) for version in versions]
    lowest = max(levels, key=known.rules.levels.index, default=None)
    is_done = bool(versions) and not missing and all(level.is_online for level in levels)
    since = [known.since[code] for code in service.codes if code in known.since]
    due_on, filed = of.due(service), [known.filed.get(code, {}) for code in service.codes]
    online = sum(numbers.get(True, 0) for numbers in filed)
    return Progress(
        service,
        due_on,
        stage_of(is_done=is_done, is_known=bool(versions) and not missing, due_on=due_on, today=known.today),
        lowest,
        max(since, default=None) if is_done else None,
        versions,
        missing,
        online + sum(numbers.get(False, 0) for numbers in filed),
        online,
    )


def stage_of(*, is_done: bool, is_known: bool, due_on: date | None, today: date) -> Stage:
    """What cannot be judged here is never called late."""
    if is_done:
        return Stage.DONE
    if not is_known:
        return Stage.UNKNOWN
    return Stage.LATE if due_on is not None and due_on < today else Stage.OPEN
