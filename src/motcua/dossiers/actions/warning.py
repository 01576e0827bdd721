"""Before time is up, whoever holds a dossier is told, or stands in for who does; once for each deadline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from motcua.dossiers.actions.steps import EXAMINING
from motcua.dossiers.events import OfficersWarned
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.states import OPEN, PAUSED, State
from motcua.journal.actions import record_many
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.models import Post, decided
from motcua.people.models import Account, Substitution, acting_at

BATCH = 500
DUE_SOON = wording(
    "dossiers.due_soon",
    subject=gettext_lazy("Dossier %(code)s is due within a working day"),
    body=gettext_lazy(
        "Dossier %(code)s lies with you and is due at %(due_at)s. If it cannot be finished by then, the head of the "
        "agency apologises and names a new date (form 04) before the time is up."
    ),
)


RECEIVE_SOON = wording(
    "dossiers.receive_soon",
    subject=gettext_lazy("A dossier waits to be received until %(due_at)s"),
    body=gettext_lazy(
        "“%(procedure)s” came in and nobody has received it yet. Receive it by %(due_at)s, ask for what is missing, or say "
        "why it is not received."
    ),
)
# A working day is all the time there is to receive; the warning comes when so many hours of it are left.
HOURS_BEFORE_RECEIPT = 2


@action(who=system)
def warn(now: datetime, *, by: Actor) -> int:
    """Whoever holds a dossier is told a working day before it is due, and two hours before it should be received.

    A fixed number of statements, however many dossiers; each deadline of a dossier is warned of once. Returns how many
    dossiers, at most some hundred at a time.
    """
    rows = Dossier.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_soon(now))
    found = list(rows.with_procedures().order_by("deadline", "pk")[:BATCH])
    watch = Watch.over(found)
    notices.tell_many([notice for one in found for notice in warnings(one, watch)], by=by)
    Dossier.objects.filter(pk__in=[dossier.pk for dossier in found]).update(warned_of=F("deadline"))
    record_many([(OfficersWarned(d.code or "", d.deadline.isoformat()), d.urn) for d in found], by=by)
    return len(found)


def due_soon(now: datetime) -> Q:
    """Not yet warned of, and due within a working day of their agency's calendar, or to be received within two hours."""
    unwarned = Q(state__in=OPEN - PAUSED, deadline__gt=now) & (
        Q(warned_of=None) | ~Q(warned_of=F("deadline"))
    )
    decisions, is_new = decided(), Q(state=State.NEW)
    ends: dict[tuple[datetime, datetime], list[str]] = {}
    for code in Dossier.objects.filter(unwarned).order_by().values_list("agency", flat=True).distinct():
        calendar = decisions.calendar(code)
        end = (calendar.add_days(now, 1), calendar.add(now, HOURS_BEFORE_RECEIPT))
        ends.setdefault(end, []).append(code)
    soon = Q(pk__in=[])
    for (due, received), codes in ends.items():
        soon |= Q(agency__in=codes) & (~is_new & Q(deadline__lte=due) | is_new & Q(deadline__lte=received))
    return unwarned & soon


def warnings(dossier: Dossier, watch: "Watch") -> Iterator[Notice]:
    """One for each officer whose turn it is; what lies with another agency is watched by those who examine it here."""
    is_new, due = dossier.state == State.NEW, dossier.deadline.isoformat()
    for account in watch.told(dossier, dossier.roles_in_turn or watch.examining[dossier.pk]):
        yield Notice(
            recipient=account,
            code=RECEIVE_SOON if is_new else DUE_SOON,
            parameters={"due_at": due}
            | ({"procedure": dossier.version.name_vi} if is_new else {"code": dossier.code or ""}),
            about=dossier.urn,
            link=f"/desk/dossiers/{dossier.pk}/",
            key=f"{dossier.urn}:due:{due}",
        )


@dataclass(frozen=True)
class Watch:
    """Who does what posts do today, who stands in for whom, and the posts that examine each of some dossiers."""

    held: Mapping[tuple[str, str], Sequence[Account]]
    stand_ins: Mapping[Any, Sequence[Account]]
    examining: Mapping[UUID, Sequence[str]]

    @classmethod
    def over(cls, dossiers: Sequence[Dossier]) -> "Watch":
        """As many statements for one dossier as for many."""
        examining: dict[UUID, list[str]] = {dossier.pk: [] for dossier in dossiers}
        steps = Step.objects.filter(dossier__in=examining, role__in=EXAMINING).order_by("place")
        for pk, role in steps.values_list("dossier", "role"):
            examining[pk].append(role)
        lent = Substitution.objects.in_force().filter(
            appointment__account__in={dossier.assigned_to_id for dossier in dossiers}
        )
        stand_ins: dict[Any, list[Account]] = {}
        for one in lent.select_related("stand_in", "appointment"):
            stand_ins.setdefault(one.appointment.account_id, []).append(one.stand_in)
        return cls(acting_at({dossier.agency for dossier in dossiers}), stand_ins, examining)

    def told(self, dossier: Dossier, roles: Sequence[str]) -> list[Account]:
        """The one it was given to and who stands in for them, or else all who hold these posts; the head where nobody does."""
        acting = [account for role in roles for account in self.held.get((dossier.agency, role), ())]
        theirs = {
            dossier.assigned_to_id,
            *(one.pk for one in self.stand_ins.get(dossier.assigned_to_id, ())),
        }
        given = [account for account in acting if account.pk in theirs]
        found = given or acting or self.held.get((dossier.agency, Post.Role.CHAIR), ())
        return list({account.pk: account for account in found}.values())


def warn_all(by: Actor) -> int:
    """Warn of every dossier there is to warn of now."""
    total, now = 0, timezone.now()
    while warned := warn(now, by=by):
        total += warned
    return total
