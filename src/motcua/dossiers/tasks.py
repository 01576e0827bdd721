"""Jobs: warnings of the legal clock, and many signatures."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.dossiers import actions, calendars
from motcua.dossiers.actions.warning import warn_all
from motcua.dossiers.models import Dossier
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.lib.actors import Actor
from motcua.lib.queues import PATIENT, RETRY
from motcua.organisations import actions as organisations
from motcua.people.models import Account, actor_of


@app.periodic(cron="*/10 * * * *")
@app.task(name="dossiers.warn", queue=PATIENT, queueing_lock="dossiers.warn")
def warn(timestamp: int) -> None:
    """Every ten minutes: tell officers of what is due within a working day, and of supplements that have not come."""
    warn_all(by=Actor.system("dossiers"))
    actions.remind_all(by=Actor.system("dossiers"))


@app.periodic(cron="9,39 * * * *")
@app.task(name="dossiers.ask", queue="dossiers", queueing_lock="dossiers.ask")
def ask(timestamp: int) -> None:
    """Twice an hour, for offices that have just opened: tell examiners what has its last day for form 02 today."""
    actions.remind_to_ask(timezone.now(), by=Actor.system("dossiers"))


@app.periodic(cron="13,43 * * * *")
@app.task(name="dossiers.looks", queue="dossiers", queueing_lock="dossiers.looks")
def looks(timestamp: int) -> None:
    """Twice an hour: applicants are told who has opened their dossiers since."""
    actions.tell_all_looks(by=Actor.system("dossiers"))


@app.periodic(cron="23 22 * * *")
@app.task(name="dossiers.calendar", queue="dossiers", queueing_lock="dossiers.calendar")
def calendar(timestamp: int) -> None:
    """Every night: the holidays of the next year are there, and the nation's node tells all others its days again."""
    organisations.load_coming_years(by=Actor.system("organisations"))
    calendars.share_all()


@app.periodic(cron="53 * * * *")
@app.task(name="dossiers.newcomers", queue="dossiers", queueing_lock="dossiers.newcomers")
def newcomers(timestamp: int) -> None:
    """Every hour, where the directory has a new edition: a node that has joined knows the whole calendar before its first night."""
    calendars.share_with_newcomers(since=timezone.now() - timedelta(hours=2))


@app.task(name="dossiers.sign", queue="dossiers", retry=RETRY)
def sign(*, dossier: str, account: str) -> None:
    """Sign one of many results as the person who asked for it, by the posts they hold now; asked twice, signed once.

    What hinders it is noted on the dossier, so that the others are signed all the same.
    """
    subject, person = Dossier.objects.get(pk=dossier), Account.objects.get(pk=account)
    if subject.has_ended:
        return
    try:
        actions.sign(subject, by=actor_of(person))
    except (Refused, NotNow, Invalid) as hindrance:
        actions.note_unsigned(
            Dossier.objects.get(pk=dossier), by=Actor.system("dossiers"), reason=str(hindrance)
        )


def sign_later(dossiers: Sequence[Dossier], *, account: Account) -> None:
    """Hand results to the worker to be signed one after another, each in a transaction of its own."""
    jobs: list[Any] = [{"dossier": str(dossier.pk), "account": str(account.pk)} for dossier in dossiers]
    if jobs:
        sign.batch_defer(*jobs)
