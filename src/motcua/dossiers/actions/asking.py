"""On the last of the three working days for form 02, whoever examines is told in the morning; nothing is forbidden afterwards."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy

from motcua.dossiers.actions.warning import Watch
from motcua.dossiers.clock import ask_by, last_asked_on
from motcua.dossiers.models import Dossier, DossierQuerySet, Step
from motcua.dossiers.states import State
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.lib.working_time import Calendar
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.decisions import Decisions
from motcua.organisations.models import decided
from motcua.procedures.vocabulary import Verb

BATCH = 500
# The first hours of the office day: a node that did not run at their beginning still tells in time.
MORNING = timedelta(hours=3)
# No three working days take a month.
LONG_AGO = timedelta(days=31)
ASK_TODAY = wording(
    "dossiers.ask_today",
    subject=gettext_lazy("Dossier %(code)s: today is the last day to ask for what is missing"),
    body=gettext_lazy(
        "If anything is missing in “%(procedure)s”, form 02 goes out by %(due_at)s: three working days from receipt (decree "
        "61/2018, article 19.4). It can be sent later, and the log will say that it was late. If nothing is missing, you need "
        "do nothing."
    ),
)


@action(who=system)
def remind_to_ask(now: datetime, *, by: Actor) -> int:
    """In the morning of the third working day after receipt, whoever may ask for what is missing is told, once; how many were.

    A fixed number of statements for some hundred dossiers at a time, at however many agencies they lie.
    """
    decisions = decided()
    told, found = 0, list(due_today(now, decisions)[:BATCH])
    while found:
        watch = Watch.over(found)
        said = [one for dossier in found for one in reminders(dossier, watch, decisions)]
        told += notices.tell_many(said, by=by)
        found = list(due_today(now, decisions).filter(pk__gt=found[-1].pk)[:BATCH])
    return told


def due_today(now: datetime, decisions: Decisions) -> DossierQuerySet:
    """What is being worked on, was asked for nothing yet, and has its last day today, where the office has just opened."""
    at_work = Dossier.objects.filter(
        state__in=[State.ACCEPTED, State.PROCESSING], supplements_asked=0, accepted_at__gt=now - LONG_AGO
    )
    theirs = Q(pk__in=[])
    for code in at_work.order_by().values_list("agency", flat=True).distinct():
        if span := received_between(decisions.calendar(code), now):
            theirs |= Q(agency=code, accepted_at__gte=span[0], accepted_at__lt=span[1])
    return at_work.filter(theirs).with_procedures().order_by("pk")


def received_between(calendar: Calendar, now: datetime) -> tuple[datetime, datetime] | None:
    """When was received what has its last day today; None but in the morning of a working day."""
    today = now.astimezone(calendar.zone).date()
    days = last_asked_on(calendar, today)
    if days is None or not calendar.opens(today) <= now < calendar.opens(today) + MORNING:
        return None
    since, before = (datetime.combine(day, time.min, calendar.zone) for day in days)
    return since, before


def reminders(dossier: Dossier, watch: Watch, decisions: Decisions) -> Iterator[Notice]:
    """One for each officer whose turn is a step in which what is missing may be asked for."""
    until = ask_by(dossier, decisions.calendar(dossier.agency))
    roles = [
        step["role"]
        for step in dossier.standing
        if step["state"] == Step.State.RUNNING
        and Verb.ASK_SUPPLEMENT in dossier.definition.step(step["key"]).verbs
    ]
    if until is None or not roles:
        return
    for account in watch.told(dossier, roles):
        yield Notice(
            recipient=account,
            code=ASK_TODAY,
            parameters={
                "code": dossier.code or "",
                "procedure": dossier.version.name_vi,
                "due_at": until.isoformat(),
            },
            about=dossier.urn,
            link=f"/desk/dossiers/{dossier.pk}/",
            key=f"{dossier.urn}:ask:{until.isoformat()}",
        )
