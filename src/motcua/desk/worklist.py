"""The work list: whose turn it is, the pills above it with their counts, and pages by key."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from motcua.dossiers.models import Dossier, DossierQuerySet
from motcua.dossiers.states import ENDED, OPEN, PAUSED, State
from motcua.lib.actors import Actor
from motcua.lib.worded import WordedOnce, worded_once
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
# What a line is made of (`rows.lines`), and by what the next page is found: nothing of what people told and got.
LINE = (
    *("code", "agency", "applicant_name", "state", "reason", "standing"),
    *("version__name_vi", "version__name_en", "version__digest", "overlays", "part", "below", "forward_to"),
    *("assigned_to__name", "assigned_for", "supplements_asked"),
    *("began_at", "receive_by", "arrived_at", "accepted_at", "due_at", "warned_of", "answer_by", "ended_at"),
    *("urgency", "deadline"),
)


# What is asked with certain facets and choices, as `worded_once` takes it.
type Question = Callable[..., Callable[..., DossierQuerySet]]

# Before which moment a result is due that stands under this pill, or between which two.
AROUND = {
    "late": ("now",),
    "today": ("now", "tonight"),
    "next": ("tonight", "then"),
    "week": ("now", "sunday"),
}


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

    def around(self, pill: str) -> tuple[datetime, ...]:
        """The moments of a pill; none for one that has no deadline."""
        return tuple(getattr(self, name) for name in AROUND.get(pill, ()))


def acting(actor: Actor) -> list[tuple[str, str]]:
    """The roles in which this officer acts on dossiers, each with its agency."""
    return sorted((grant.role, grant.place) for grant in actor.grants if grant.role in ACTING)


def account_of(actor: Actor) -> str:
    return actor.urn.removeprefix("person:")


def turn_of(held: Iterable[tuple[str, Any]], account: Any) -> Q:
    """Dossiers that wait for who holds these roles at these agencies, and were not given to a colleague."""
    waiting = NOTHING
    for role, place in held:
        waiting |= Q(agency=place) & with_role(role)
    return waiting & (Q(assigned_to=None) | Q(assigned_to=account))


def with_role(role: str) -> Q:
    """Dossiers whose turn it is this role's, wherever they are; new ones wait to be received."""
    running = Q(state__in=RUNNING, turns__contains=[role])
    return running | Q(state=State.NEW) if role == "receiver" else running


def under(pill: str, *around: Any) -> Q:
    """What a pill lets through: before its one moment, or between its two (`Days.around`)."""
    if around:
        *since, until = around
        due = Q(due_at__gte=since[0]) if since else EVERYTHING
        return Q(state__in=RUNNING) & due & Q(due_at__lt=until)
    pills: Mapping[str, Q] = {
        "all": EVERYTHING,
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
    def values(self) -> tuple[Any, ...]:
        """What `beyond` compares; the deadline only if there is one."""
        return (self.urgency, self.arrived, self.id, *([self.due] if self.due else []))


def beyond(urgency: Any, arrived: Any, pk: Any, due: Any = None) -> Q:
    """Rows after this place in the order; those without a deadline come after those with one."""
    same = Q(deadline__isnull=True) if due is None else Q(deadline=due)
    after = same & (Q(arrived_at__gt=arrived) | Q(arrived_at=arrived, pk__gt=pk))
    if due is not None:
        after |= Q(deadline__gt=due) | Q(deadline__isnull=True)
    return Q(urgency__gt=urgency) | Q(urgency=urgency) & after


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


def page_of(
    actor: Actor,
    shown: Sequence[str],
    days: Days,
    *,
    show: str,
    due: str,
    facets: Mapping[str, str],
    after: str,
) -> tuple[list[Any], str]:
    """One page of what is open at these agencies, by time left, and the key from which the next goes on (empty if it is
    the last).
    """
    held, key = acting(actor) if show == "mine" else [], Key.read(after)
    roles = tuple(role for role, _place in held)
    values = (
        tuple(shown),
        tuple(place for _role, place in held),
        account_of(actor) if show == "mine" else None,
        days.around(due),
        key.values if key else (),
    )
    rows = asked(still_open, (roles, show, due), facets, values)
    return rows[:PAGE], str(Key.of(rows[PAGE - 1])) if len(rows) > PAGE else ""


def asked(
    question: Question, chosen: tuple[Any, ...], facets: Mapping[str, str], values: Sequence[Any]
) -> list[Dossier]:
    """The rows of a page. What people choose beside the deadline is worded anew each time; the usual list is not."""
    return list(question(facets, *chosen)(*values)) if facets else usual(question, *chosen)(*values)


@lru_cache(maxsize=256)
def usual(question: Question, *chosen: Any) -> WordedOnce[..., Dossier]:
    """A question without facets; what is not chosen differs from one page to the next and is a value."""
    return worded_once(question({}, *chosen))


def still_open(
    facets: Mapping[str, str], roles: Sequence[str], show: str, due: str
) -> Callable[..., DossierQuerySet]:
    """What a page of the list asks."""

    def page(shown: Any, places: Any, account: Any, around: Any, after: Any) -> DossierQuerySet:
        there = Q(agency__in=shown) & having(facets) & under(due, *around)
        if show == "mine":
            there &= turn_of(zip(roles, places, strict=True), account)
        some = Dossier.objects.open().filter(there & beyond(*after) if after else there)
        # Which rows these are is found without what is only drawn; only they are joined.
        ids = some.by_time_left().values("pk")[: PAGE + 1]
        return as_lines(Dossier.objects.filter(pk__in=ids).by_time_left())

    return page


def closed(facets: Mapping[str, str]) -> Callable[..., DossierQuerySet]:
    """What a page of what ended asks."""

    def page(shown: Any, since: Any, at: Any, pk: Any) -> DossierQuerySet:
        ended = Dossier.objects.filter(having(facets), agency__in=shown, state__in=ENDED, ended_at__gte=since)
        return latest(ended, "ended_at", at, pk)

    return page


def latest(dossiers: DossierQuerySet, by: str, at: Any, pk: Any) -> DossierQuerySet:
    """One page and one more, the latest first by one of their moments, after this place.

    Which rows these are is found in an index alone (`dossiers_found`, `dossiers_by_end`); only they are read.
    """
    order = (f"-{by}", "-pk")
    some = dossiers if at is None else dossiers.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": pk}))
    shown = Dossier.objects.filter(pk__in=some.order_by(*order).values("pk")[: PAGE + 1])
    return as_lines(shown.order_by(*order))


def as_lines(dossiers: DossierQuerySet) -> DossierQuerySet:
    """Each with what its line says and nothing else: reading a column costs as much as drawing it."""
    return dossiers.select_related(None).select_related("version", "assigned_to").only(*LINE)


def ended(
    shown: Sequence[str], *, facets: Mapping[str, str], after: str, now: datetime
) -> tuple[list[Any], str]:
    """A page of what ended in the last thirty days, and the mark from which the next goes on."""
    values = (tuple(shown), now - CLOSED_FOR, *place_of(after))
    return marked(asked(closed, (), facets, values), "ended_at")


def found(text: str, shown: Sequence[str], *, facets: Mapping[str, str], after: str) -> tuple[list[Any], str]:
    """A page of what was searched for, open and ended, and the mark from which the next goes on."""
    some = Dossier.objects.filter(having(facets), agency__in=shown).found(text)
    return marked([*latest(some, "arrived_at", *place_of(after))], "arrived_at")


def place_of(after: str) -> tuple[datetime | None, UUID | None]:
    """Behind which row an address goes on."""
    mark = Mark.read(after)
    return (mark.at, mark.id) if mark else (None, None)


def marked(rows: Sequence[Any], by: str) -> tuple[list[Any], str]:
    """The rows of this page, and where the next begins."""
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return [*rows[:PAGE]], str(Mark(getattr(last, by), last.pk)) if last else ""
