"""How an agency is doing: what is open, where it waits, who holds how much."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from motcua.desk.process import office, role_name
from motcua.desk.worklist import CLOSED_FOR, RUNNING
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.states import OPEN, PAUSED, State
from motcua.organisations.models import Agency


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


def numbers(codes: list[str], *, now: datetime, tonight: datetime) -> dict[str, int]:
    """Counts for the head of the page, in one query."""
    running = Q(state__in=RUNNING)
    over = Q(state__in={State.DONE, State.RETURNED}, ended_at__gte=now - CLOSED_FOR)
    return Dossier.objects.filter(agency__in=codes).aggregate(
        open=Count("pk", filter=Q(state__in=OPEN)),
        late=Count("pk", filter=running & Q(due_at__lt=now)),
        today=Count("pk", filter=running & Q(due_at__gte=now, due_at__lt=tonight)),
        new=Count("pk", filter=Q(state=State.NEW)),
        new_late=Count("pk", filter=Q(state=State.NEW, receive_by__lt=now)),
        paused=Count("pk", filter=Q(state__in=PAUSED)),
        finished=Count("pk", filter=over),
        on_time=Count("pk", filter=over & Q(ended_at__lte=F("due_at"))),
    )


def share_on_time(counts: dict[str, int]) -> float | None:
    """Percentage of the dossiers finished in thirty days that kept their promise; None if there were none."""
    return 100 * counts["on_time"] / counts["finished"] if counts["finished"] else None


def heaps(codes: list[str], counts: dict[str, int], *, now: datetime) -> list[Heap]:
    """Where open dossiers wait, the largest heap first; one that waits for two agencies stands on both heaps."""
    found = [
        Heap(_("Waiting to be received"), counts["new"], counts["new_late"]),
        Heap(_("Waiting for the applicant"), counts["paused"], 0),
        *at_steps(codes, now),
    ]
    return shared(sorted((heap for heap in found if heap.count), key=lambda heap: -heap.count))


def at_steps(codes: list[str], now: datetime) -> list[Heap]:
    waiting = Step.objects.filter(
        dossier__agency__in=codes,
        dossier__state__in=RUNNING,
        state__in=(Step.State.RUNNING, Step.State.REFUSED),
    )
    groups = list(
        waiting.order_by()
        .values("kind", "role", "agency")
        .annotate(count=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    )
    offices = {
        a.code: office(a) for a in Agency.objects.filter(code__in={group["agency"] for group in groups})
    }
    heaps: dict[str, Heap] = {}
    for group in groups:
        label = role_name(group["role"]) if group["kind"] == "human" else offices[group["agency"]]
        before = heaps.get(label, Heap(label, 0, 0))
        heaps[label] = Heap(label, before.count + group["count"], before.late + group["late"])
    return list(heaps.values())


@dataclass(frozen=True)
class Hand:
    """What one officer was the last to take in hand: open, of these due today, of these late."""

    label: str
    count: int
    today: int
    late: int
    percent: float


def hands(codes: list[str], *, now: datetime, tonight: datetime) -> list[Hand]:
    """How many open dossiers each officer holds, the fullest hands first, in one query.

    A dossier is in the hands of whoever was given it, and else of who had it last.
    """
    ticks = Q(state__in=RUNNING)
    held: Any = (
        Dossier.objects.open()
        .filter(agency__in=codes)
        .annotate(
            hand=Coalesce("assigned_to", "held_by"), name=Coalesce("assigned_to__name", "held_by__name")
        )
        .filter(hand__isnull=False)
        .order_by()
        .values("hand", "name")
        .annotate(
            count=Count("pk"),
            today=Count("pk", filter=ticks & Q(due_at__gte=now, due_at__lt=tonight)),
            late=Count("pk", filter=ticks & Q(due_at__lt=now)),
        )
        .order_by("-count", "name")
    )
    most = max((row["count"] for row in held), default=1)
    return [
        Hand(row["name"], row["count"], row["today"], row["late"], 100 * row["count"] / most) for row in held
    ]


def shared(heaps: list[Heap]) -> list[Heap]:
    """Each with its length beside the largest."""
    most = max((heap.count for heap in heaps), default=1)
    return [Heap(heap.label, heap.count, heap.late, 100 * heap.count / most) for heap in heaps]
