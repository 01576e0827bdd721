"""The work list: whose turn it is, the pills above it with their counts, and pages by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from motcua.dossiers.models import Dossier, DossierQuerySet
from motcua.dossiers.states import ENDED, OPEN, PAUSED, State
from motcua.lib.actors import Actor
from motcua.lib.working_time import Calendar

PAGE = 20
CLOSED_FOR = timedelta(days=30)
RUNNING = OPEN - PAUSED - {State.NEW}
EVERYTHING, NOTHING = Q(), Q(pk__in=[])
# What a dossier waits for, besides its turn.
FLAGS = {
    "fee": Q(state=State.FEE),
    "paper": Q(state=State.SUPPLEMENT),
    "unanswered": Q(state=State.SUPPLEMENT, answer_by__lte=Now()),
    "refused": Q(standing__contains=[{"state": "refused"}]),
}
ACTING = ("receiver", "registrar", "specialist", "clerk", "chair")


@dataclass(frozen=True)
class Days:
    """Now, and the ends of today, of the next working day and of this week, on the calendar on the wall."""

    now: datetime
    tonight: datetime
    then: datetime
    sunday: datetime

    @classmethod
    def of(cls, calendar: Calendar, now: datetime) -> "Days":
        today = timezone.localdate(now)
        sunday = today + timedelta(days=6 - today.weekday())
        next_day = calendar.next_working_day(today)
        return cls(now, midnight(after=today), midnight(after=next_day), midnight(after=sunday))


def turn_of(actor: Actor) -> Q:
    """Dossiers that wait for this officer: to be received, examined, put right, or signed."""
    waiting, account = NOTHING, actor.urn.removeprefix("person:")
    for grant in actor.grants:
        if grant.role in ACTING:
            waiting |= Q(agency=grant.place) & with_role(grant.role)
    return waiting & (Q(assigned_to=None) | Q(assigned_to=account))


def with_role(role: str) -> Q:
    """Dossiers whose turn it is this role's, wherever they are; new ones wait to be received."""
    running = Q(state__in=RUNNING, turns__contains=[role])
    return running | Q(state=State.NEW) if role == "receiver" else running


def under(pill: str, days: Days) -> Q:
    """What a pill lets through."""
    running = Q(state__in=RUNNING)
    pills: Mapping[str, Q] = {
        "all": EVERYTHING,
        "late": running & Q(due_at__lt=days.now),
        "today": running & Q(due_at__gte=days.now, due_at__lt=days.tonight),
        "next": running & Q(due_at__gte=days.tonight, due_at__lt=days.then),
        "week": running & Q(due_at__gte=days.now, due_at__lt=days.sunday),
        "paused": Q(state__in=PAUSED),
        "new": Q(state=State.NEW),
        "sign": with_role("chair"),
    }
    return pills[pill]


def having(facets: Mapping[str, str]) -> Q:
    """Dossiers with all that was chosen beside the deadline; the same is counted by `counting.HAVING`."""
    found, person = Q(), facets.get("person", "")
    if "procedure" in facets:
        found &= Q(version__procedure__code=facets["procedure"])
    if "field" in facets:
        found &= Q(version__field_vi=facets["field"])
    if "step" in facets:
        found &= Q(standing__contains=[{"key": facets["step"]}])
    if "channel" in facets:
        found &= Q(channel=facets["channel"])
    if person == "none":
        found &= Q(assigned_to=None)
    elif person:
        found &= Q(assigned_to=person) | Q(assigned_to=None, held_by=person)
    if "flag" in facets:
        found &= FLAGS[facets["flag"]]
    return found


def midnight(*, after: Any) -> datetime:
    """The end of a day, in the country's time."""
    return datetime.combine(after + timedelta(days=1), time(), timezone.get_current_timezone())


@dataclass(frozen=True)
class Key:
    """Where a row stands in the order of `Dossier.objects.by_time_left()`."""

    urgency: int
    due: datetime | None
    arrived: datetime
    id: UUID

    @classmethod
    def of(cls, dossier: Any) -> "Key":
        return cls(dossier.urgency, dossier.deadline, dossier.arrived_at, dossier.pk)

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """The key an address carries; None if it carries none that can be read."""
        try:
            urgency, due, arrived, id_ = text.split("~")
            return cls(int(urgency), exact(due) if due else None, exact(arrived), UUID(id_))
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        due = self.due.isoformat() if self.due else ""
        return f"{self.urgency}~{due}~{self.arrived.isoformat()}~{self.id}"

    @property
    def beyond(self) -> Q:
        """Rows after this one; those without a deadline come after those with one."""
        same = Q(deadline=self.due) if self.due else Q(deadline__isnull=True)
        later = Q(arrived_at__gt=self.arrived) | Q(arrived_at=self.arrived, pk__gt=self.id)
        after = same & later
        if self.due:
            after |= Q(deadline__gt=self.due) | Q(deadline__isnull=True)
        return Q(urgency__gt=self.urgency) | Q(urgency=self.urgency) & after


def exact(text: str) -> datetime:
    """A moment with its zone; ValueError for any other."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(timezone.get_current_timezone())


@dataclass(frozen=True)
class Mark:
    """Where a row stands among the latest by one of its moments."""

    at: datetime
    id: UUID

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """The mark an address carries; None if it carries none that can be read."""
        try:
            at, id_ = text.split("~")
            return cls(exact(at), UUID(id_))
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    def beyond(self, moment: str) -> Q:
        """Rows after this one."""
        return Q(**{f"{moment}__lt": self.at}) | Q(**{moment: self.at, "pk__lt": self.id})


def page_of(dossiers: DossierQuerySet, after: str) -> tuple[list[Any], str]:
    """One page in order of time left, and the key from which the next goes on (empty if this is the last)."""
    ordered, key = dossiers.by_time_left().select_related("assigned_to"), Key.read(after)
    rows = list(ordered.filter(key.beyond)[: PAGE + 1] if key else ordered[: PAGE + 1])
    return rows[:PAGE], str(Key.of(rows[PAGE - 1])) if len(rows) > PAGE else ""


def latest(dossiers: DossierQuerySet, after: str, *, by: str) -> tuple[list[Any], str]:
    """One page, the latest first by one of their moments, and the mark from which the next goes on.

    Which rows these are is found in an index alone (`dossiers_found`, `dossiers_by_end`); only they are read.
    """
    order, mark = (f"-{by}", "-pk"), Mark.read(after)
    some = dossiers.filter(mark.beyond(by)) if mark else dossiers
    shown = Dossier.objects.filter(pk__in=some.order_by(*order).values("pk")[: PAGE + 1])
    rows = list(shown.with_procedures().select_related("assigned_to").order_by(*order))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], str(Mark(getattr(last, by), last.pk)) if last else ""


def ended(dossiers: DossierQuerySet, *, now: datetime) -> DossierQuerySet:
    """What ended in the last thirty days."""
    return dossiers.filter(state__in=ENDED, ended_at__gte=now - CLOSED_FOR)
