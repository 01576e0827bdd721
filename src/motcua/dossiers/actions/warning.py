"""A working day before time is up, whoever holds a dossier is told, or stands in for who does; once for each due date."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from motcua.dossiers.events import OfficersWarned
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import OPEN, PAUSED
from motcua.journal.actions import record_many
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.models import decided
from motcua.people.models import Account, acting_at

BATCH = 500
DUE_SOON = wording(
    "dossiers.due_soon",
    subject=gettext_lazy("Dossier %(code)s is due within a working day"),
    body=gettext_lazy(
        "Dossier %(code)s lies with you and is due at %(due_at)s. If it cannot be finished by then, the head of the "
        "agency apologises and names a new date (form 04) before the time is up."
    ),
)


@action(who=system)
def warn(now: datetime, *, by: Actor) -> int:
    """Whoever holds a dossier that is due within a working day is told; return how many dossiers, at most some hundred at a time.

    A fixed number of statements, however many dossiers; each due date of a dossier is warned of once.
    """
    rows = Dossier.objects.select_for_update(skip_locked=True).filter(due_soon(now)).order_by("due_at", "pk")
    found = list(rows[:BATCH])
    held = acting_at({dossier.agency for dossier in found})
    notices.tell_many([notice for dossier in found for notice in warnings(dossier, held)], by=by)
    Dossier.objects.filter(pk__in=[dossier.pk for dossier in found]).update(warned_of=F("due_at"))
    told = [(OfficersWarned(d.code or "", d.due_at.isoformat() if d.due_at else ""), d.urn) for d in found]
    record_many(told, by=by)
    return len(found)


def due_soon(now: datetime) -> Q:
    """Running, due within a working day of their agency's calendar, and not yet warned of this due date."""
    clocks = Q(state__in=OPEN - PAUSED, due_at__gt=now) & (Q(warned_of=None) | ~Q(warned_of=F("due_at")))
    decisions = decided()
    ends: dict[datetime, list[str]] = {}
    for code in Dossier.objects.filter(clocks).order_by().values_list("agency", flat=True).distinct():
        ends.setdefault(decisions.calendar(code).add_days(now, 1), []).append(code)
    soon = Q(pk__in=[])
    for end, codes in ends.items():
        soon |= Q(agency__in=codes, due_at__lte=end)
    return clocks & soon


def warnings(dossier: Dossier, held: Mapping[tuple[str, str], Sequence[Account]]) -> Iterator[Notice]:
    """One for each officer whose turn it is; what lies with another agency is watched by the examining officer."""
    for account in {
        a.pk: a for role in roles(dossier) for a in held.get((dossier.agency, role), ())
    }.values():
        due = dossier.due_at.isoformat() if dossier.due_at else ""
        yield Notice(
            recipient=account,
            code=DUE_SOON,
            parameters={"code": dossier.code or "", "due_at": due},
            about=dossier.urn,
            link=f"/desk/dossiers/{dossier.pk}/",
            key=f"{dossier.urn}:due:{due}",
        )


def roles(dossier: Dossier) -> Sequence[str]:
    return dossier.turns or ["registrar"]


def warn_all(by: Actor) -> int:
    """Warn of every dossier there is to warn of now."""
    total, now = 0, timezone.now()
    while warned := warn(now, by=by):
        total += warned
    return total
