"""The work list: whose turn it is, the pills above it with their counts, and pages by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language

from motcua.dossiers.models import Dossier, DossierQuerySet, Segment, Step
from motcua.dossiers.states import ENDED, OPEN, PAUSED, State
from motcua.lib.actors import Actor
from motcua.lib.working_time import Calendar
from motcua.organisations.models import Agency
from motcua.procedures.folding import fold

PAGE, LATEST = 20, 100
CLOSED_FOR = timedelta(days=30)
RUNNING = OPEN - PAUSED - {State.NEW}
EVERYTHING, NOTHING = Q(), Q(pk__in=[])
ACTING = ("receiver", "registrar", "chair")


def turn_of(actor: Actor) -> Q:
    """Dossiers that wait for this officer: to be received, examined, put right, or signed."""
    waiting = NOTHING
    for grant in actor.grants:
        if turn := TURNS.get(grant.role):
            waiting |= Q(agency=grant.place) & turn
    return waiting


def at_step(**having: Any) -> Q:
    """Dossiers whose clock runs and that stand at such a step."""
    return Q(Exists(Step.objects.filter(dossier=OuterRef("pk"), **having))) & Q(state__in=RUNNING)


def on_desk_of(role: str) -> Q:
    return at_step(state=Step.State.RUNNING, kind="human", role=role)


TURNS = {
    "receiver": Q(state=State.NEW) | on_desk_of("receiver"),
    "registrar": on_desk_of("registrar") | at_step(state=Step.State.REFUSED),
    "chair": on_desk_of("chair"),
}


def pills(calendar: Calendar, *, now: datetime) -> dict[str, Q]:
    """What the pills let through; days are those of the calendar on the wall."""
    today = timezone.localdate(now)
    tonight, then = midnight(after=today), midnight(after=calendar.next_working_day(today))
    ticking = Q(state__in=RUNNING)
    return {
        "all": Q(),
        "late": ticking & Q(due_at__lt=now),
        "today": ticking & Q(due_at__gte=now, due_at__lt=tonight),
        "next": ticking & Q(due_at__gte=tonight, due_at__lt=then),
        "paused": Q(state__in=PAUSED),
        "new": Q(state=State.NEW),
        "sign": on_desk_of("chair"),
    }


def midnight(*, after: Any) -> datetime:
    """The end of a day, in the country's time."""
    return datetime.combine(after + timedelta(days=1), time(), timezone.get_current_timezone())


def tallied(codes: list[str], counts: Mapping[str, Q]) -> QuerySet[Agency]:
    """The agencies, each with `tally`: how many of its open dossiers each question lets through; one query."""
    tally = (
        Dossier.objects.open()
        .filter(agency=OuterRef("code"))
        .order_by()
        .values("agency")
        .annotate(tally=JSONObject(**{name: Count("pk", filter=having) for name, having in counts.items()}))
        .values("tally")
    )
    return Agency.objects.filter(code__in=codes).annotate(tally=Subquery(tally)).order_by("code")


def with_steps(dossiers: DossierQuerySet) -> DossierQuerySet:
    """Each with `at`: the steps it stands at, and `began`: when its clock last began; in the same query."""
    name = "name_en" if get_language() == "en" else "short_name"
    office = Agency.objects.filter(code=OuterRef("agency")).values(name)[:1]
    steps = Step.objects.filter(
        dossier=OuterRef("pk"), state__in=(Step.State.RUNNING, Step.State.REFUSED)
    ).order_by("place")
    shown = JSONObject(
        key="key", kind="kind", role="role", state="state", since="started_at", office=Subquery(office)
    )
    clock = Segment.objects.filter(dossier=OuterRef("pk"), kind=Segment.Kind.RUNNING).order_by("-began_at")
    return dossiers.annotate(
        at=ArraySubquery(steps.values(shown=shown)), began=Subquery(clock.values("began_at")[:1])
    )


class Folded(Func):
    """A text in lower case without diacritics, as `procedures.folding.fold` writes it, done by the database."""

    template = "translate(regexp_replace(normalize(lower(%(expressions)s), NFD), '[\u0300-\u036f]', '', 'g'), 'đ', 'd')"
    output_field = TextField()


def found(dossiers: DossierQuerySet, text: str) -> DossierQuerySet:
    """By part of the code, or by part of the applicant's name with or without diacritics; never by a personal number."""
    by_name = Q(folded__contains=fold(text)) if fold(text) else NOTHING
    return dossiers.annotate(folded=Folded(F("applicant_name"))).filter(Q(code__icontains=text) | by_name)


def closed(dossiers: DossierQuerySet, *, now: datetime) -> list[Any]:
    """What ended in the last thirty days, the latest first; no more than anyone looks through."""
    ended = with_steps(dossiers.filter(state__in=ENDED, ended_at__gte=now - CLOSED_FOR))
    return list(ended.by_time_left().order_by("-ended_at", "pk")[:LATEST])


@dataclass(frozen=True)
class Key:
    """Where a row stands in the order of `Dossier.objects.by_time_left()`."""

    urgency: int
    due: datetime | None
    arrived: datetime
    id: UUID

    @classmethod
    def of(cls, dossier: Any) -> "Key":
        return cls(dossier.urgency, dossier.due_at, dossier.arrived_at, dossier.pk)

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
        same = Q(due_at=self.due) if self.due else Q(due_at__isnull=True)
        later = Q(arrived_at__gt=self.arrived) | Q(arrived_at=self.arrived, pk__gt=self.id)
        after = same & later
        if self.due:
            after |= Q(due_at__gt=self.due) | Q(due_at__isnull=True)
        return Q(urgency__gt=self.urgency) | Q(urgency=self.urgency) & after


def exact(text: str) -> datetime:
    """A moment with its zone; ValueError for any other."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(timezone.get_current_timezone())


def page_of(dossiers: DossierQuerySet, after: str) -> tuple[list[Any], str]:
    """One page in order of time left, and the key from which the next goes on (empty if this is the last)."""
    ordered, key = with_steps(dossiers).by_time_left(), Key.read(after)
    rows = list(ordered.filter(key.beyond)[: PAGE + 1] if key else ordered[: PAGE + 1])
    return rows[:PAGE], str(Key.of(rows[PAGE - 1])) if len(rows) > PAGE else ""
