"""How an agency is doing: what is open, where it waits, who holds how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from motcua.desk.process import role_name
from motcua.desk.worklist import CLOSED_FOR, RUNNING
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.states import OPEN, PAUSED, State

NUMBERS = ("open", "late", "today", "new", "new_late", "paused", "finished", "on_time")


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


def held(codes: list[str], *, now: datetime, tonight: datetime) -> list[dict[str, Any]]:
    """What is open and what was finished in thirty days, counted by whose hands it is in, in one query.

    A dossier is in the hands of whoever was given it, and else of who had it last.
    """
    running = Q(state__in=RUNNING)
    over = Q(state__in={State.DONE, State.RETURNED}, ended_at__gte=now - CLOSED_FOR)
    found: Any = (
        Dossier.objects.filter(Q(state__in=OPEN) | over, agency__in=codes)
        .annotate(
            hand=Coalesce("assigned_to", "held_by"), name=Coalesce("assigned_to__name", "held_by__name")
        )
        .order_by()
        .values("hand", "name")
        .annotate(
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
    return list(found)


def numbers(found: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Counts for the head of the page."""
    return {name: sum(row[name] for row in found) for name in NUMBERS}


def share_on_time(counts: dict[str, int]) -> float | None:
    """Percentage of the dossiers finished in thirty days that kept their promise; None if there were none."""
    return 100 * counts["on_time"] / counts["finished"] if counts["finished"] else None


def at_steps(codes: Sequence[str], *, now: datetime) -> list[dict[str, Any]]:
    """What waits at each step of each procedure and who has it, in one query."""
    waiting: Any = Step.objects.filter(
        dossier__agency__in=codes,
        dossier__state__in=RUNNING,
        state__in=(Step.State.RUNNING, Step.State.REFUSED),
    )
    return list(
        waiting.order_by()
        .values("dossier__version__procedure__code", "key", "kind", "role", "agency")
        .annotate(
            first=Min("place"),
            allowed=Max("hours"),
            waiting=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
        )
    )


def heaps(
    steps: Sequence[Mapping[str, Any]], counts: dict[str, int], *, offices: Mapping[str, str]
) -> list[Heap]:
    """Where open dossiers wait, the largest heap first; one that waits for two agencies stands on both heaps."""
    found = [
        Heap(_("Waiting to be received"), counts["new"], counts["new_late"]),
        Heap(_("Waiting for the applicant"), counts["paused"], 0),
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
    """What one officer was the last to take in hand: open, of these due today, of these late."""

    label: str
    count: int
    today: int
    late: int
    percent: float


def hands(found: Sequence[Mapping[str, Any]]) -> list[Hand]:
    """How many open dossiers each officer holds, the fullest hands first."""
    rows = sorted(
        (row for row in found if row["hand"] and row["open"]), key=lambda row: (-row["open"], row["name"])
    )
    most = max((row["open"] for row in rows), default=1)
    return [
        Hand(row["name"], row["open"], row["today"], row["late"], 100 * row["open"] / most) for row in rows
    ]


def shared(heaps: list[Heap]) -> list[Heap]:
    """Each with its length beside the largest."""
    most = max((heap.count for heap in heaps), default=1)
    return [Heap(heap.label, heap.count, heap.late, 100 * heap.count / most) for heap in heaps]
