"""How an agency is doing: what is open, where it waits, who holds how much."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.desk.worklist import CLOSED_FOR, RUNNING
from motcua.dossiers.models import Dossier, DossierQuerySet, Step
from motcua.dossiers.states import OPEN, PAUSED, State
from motcua.lib.worded import worded_once
from motcua.organisations.models import Agency
from motcua.organisations.names import role_name
from motcua.people.models import Appointment

type Acting = Mapping[tuple[str, str], Mapping[Hashable, str]]

NUMBERS = ("open", "late", "today", "new", "new_late", "paused", "finished", "on_time")
# So many of what presses are shown.
FIRST = 10


@dataclass(frozen=True)
class Heap:
    """Dossiers that wait at one place."""

    label: str
    count: int
    late: int
    percent: float = 0

    @property
    def value(self) -> str:
        return str(self.count)


def held(codes: Sequence[str], *, now: datetime, tonight: datetime) -> list[dict[str, Any]]:
    """What is open and what was finished in thirty days, in one query: by whom it was given to, else by whose turn it is."""
    return in_hands(tuple(codes), now, tonight, now - CLOSED_FOR)


@worded_once
def in_hands(codes: Any, now: Any, tonight: Any, since: Any) -> QuerySet[Any, Any]:
    running = Q(state__in=RUNNING)
    over = Q(state__in={State.DONE, State.RETURNED}, ended_at__gte=since)
    return (
        Dossier.objects.filter(Q(state__in=OPEN) | over, agency__in=codes)
        .annotate(
            turn=Case(
                When(assigned_to__isnull=False, then=Value([])),
                When(state=State.NEW, then=Value(["receiver"])),
                default="turns",
                output_field=ArrayField(TextField()),
            )
        )
        .order_by()
        .values("agency", "assigned_to", "assigned_to__name", "turn")
        .annotate(
            waits=Count("pk", filter=Q(state__in=OPEN - PAUSED)),
            open=Count("pk", filter=Q(state__in=OPEN)),
            late=Count("pk", filter=running & Q(due_at__lt=now)),
            today=Count("pk", filter=running & Q(due_at__gte=now, due_at__lt=tonight)),
            new=Count("pk", filter=Q(state=State.NEW)),
            new_late=Count("pk", filter=Q(state=State.NEW, receive_by__lt=now)),
            paused=Count("pk", filter=Q(state__in=PAUSED)),
            finished=Count("pk", filter=over),
            on_time=Count("pk", filter=over & Q(ended_at__lte=F("due_at"))),
        )
    )


def numbers(found: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Counts for the head of the page."""
    return {name: sum(row[name] for row in found) for name in NUMBERS}


def share_on_time(counts: dict[str, int]) -> float | None:
    """Percentage of the dossiers finished in thirty days that kept their promise; None if there were none."""
    return 100 * counts["on_time"] / counts["finished"] if counts["finished"] else None


def at_steps(codes: Sequence[str], *, now: datetime) -> list[dict[str, Any]]:
    """What waits at each step of each procedure and who has it, in one query."""
    return under_way(tuple(codes), now)


@worded_once
def under_way(codes: Any, now: Any) -> QuerySet[Any, Any]:
    waiting = Step.objects.filter(
        dossier__agency__in=codes,
        dossier__state__in=RUNNING,
        state__in=(Step.State.RUNNING, Step.State.REFUSED),
    )
    return (
        waiting.order_by()
        .values("dossier__version__procedure__code", "key", "kind", "role", "agency")
        .annotate(
            first=Min("place"),
            allowed=Max("hours"),
            waiting=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
        )
    )


@worded_once
def pressing(codes: Any, now: Any) -> DossierQuerySet:
    """The first by time left of what nobody received in time, and of what is overdue."""
    known = Dossier.objects.at(codes)
    unreceived, overdue = (
        some.by_time_left().values("pk")[:FIRST] for some in (known.unreceived(now), known.overdue(now))
    )
    return Dossier.objects.filter(pk__in=unreceived.union(overdue)).by_time_left()


def heaps(
    steps: Sequence[Mapping[str, Any]], counts: dict[str, int], *, offices: Mapping[str, str]
) -> list[Heap]:
    """Where open dossiers wait, the largest heap first; one that waits for two agencies stands on both heaps."""
    found = [
        Heap(_("Waiting to be received"), counts["new"], counts["new_late"]),
        Heap(_("Waiting for whoever applied"), counts["paused"], 0),
        *heaped(steps, offices),
    ]
    return shared(sorted((heap for heap in found if heap.count), key=lambda heap: -heap.count))


def heaped(steps: Sequence[Mapping[str, Any]], offices: Mapping[str, str]) -> list[Heap]:
    found: dict[str, Heap] = {}
    for step in steps:
        label = role_name(step["role"]) if step["kind"] == "human" else offices[step["agency"]]
        before = found.get(label, Heap(label, 0, 0))
        found[label] = Heap(label, before.count + step["waiting"], before.late + step["late"])
    return list(found.values())


@dataclass(frozen=True)
class Hand:
    """What waits for one officer: all of it, what of it colleagues of the same post could do as well, due today, late."""

    label: str
    count: int
    shared: int
    today: int
    late: int
    percent: float = 0

    def __add__(self, other: "Hand") -> "Hand":
        return Hand(
            self.label,
            self.count + other.count,
            self.shared + other.shared,
            self.today + other.today,
            self.late + other.late,
        )


def hands(found: Sequence[Mapping[str, Any]], acting: Acting) -> list[Hand]:
    """What waits for each officer, the fullest hands first; posts nobody holds stand among them.

    A dossier waits for whoever was given it, else for all who do what the post does whose turn it is.
    """
    loads: dict[Hashable, Hand] = {}
    for row in found:
        turn = holders(row, acting) if row["waits"] else {}
        shared = row["waits"] if len(turn) > 1 else 0
        for key, name in turn.items():
            load = Hand(name, row["waits"], shared, row["today"], row["late"])
            loads[key] = loads[key] + load if key in loads else load
    most = max((load.count for load in loads.values()), default=1)
    ordered = sorted(loads.values(), key=lambda load: (-load.count, load.label))
    return [replace(load, percent=100 * load.count / most) for load in ordered]


def holders(row: Mapping[str, Any], acting: Acting) -> Mapping[Hashable, str]:
    """For whom the dossiers of a row wait: each by a key and a name; nobody if they wait for another agency."""
    if row["assigned_to"]:
        return {str(row["assigned_to"]): row["assigned_to__name"]}
    posts = [(row["agency"], role) for role in row["turn"]]
    people = {key: name for post in posts for key, name in acting.get(post, {}).items()}
    return people or {
        post: _("%(post)s: nobody holds this post") % {"post": role_name(post[1])} for post in posts
    }


def with_acting(codes: Iterable[str]) -> list[Agency]:
    """Agencies together with who does today what their posts do, in the same query; see `acting`."""
    return in_office(tuple(sorted(codes)), timezone.localdate())


@worded_once
def in_office(codes: Any, today: Any) -> QuerySet[Agency]:
    standing = FilteredRelation(
        "substitutions",
        condition=Q(
            substitutions__ended_at=None,
            substitutions__since__lte=today,
            substitutions__until__gte=today,
        ),
    )
    held = Appointment.objects.in_force(today).filter(post__agency=OuterRef("pk")).annotate(standing=standing)
    told = JSONObject(
        role="post__role",
        account="account",
        name="account__name",
        stand_in="standing__stand_in",
        stand_in_name="standing__stand_in__name",
    )
    acting = ArraySubquery(held.order_by("pk").values(told=told))
    return Agency.objects.filter(code__in=codes).annotate(acting=acting).order_by("code")


def acting(agencies: Iterable[Agency]) -> Acting:
    """By agency and role: who holds the post and who stands in, each by number of account and name."""
    found: dict[tuple[str, str], dict[Hashable, str]] = {}
    for agency in agencies:
        for one in agency.acting:  # type: ignore[attr-defined]  # annotated by `with_acting`
            people = found.setdefault((agency.code, one["role"]), {})
            people[one["account"]] = one["name"]
            if one["stand_in"]:
                people[one["stand_in"]] = one["stand_in_name"]
    return found


def shared(heaps: list[Heap]) -> list[Heap]:
    """Each with its length beside the largest."""
    most = max((heap.count for heap in heaps), default=1)
    return [Heap(heap.label, heap.count, heap.late, 100 * heap.count / most) for heap in heaps]
