"""One agency of the past: its officers, how fast they work, and the jobs and messages that follow from what they do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.demo.carrying import message_of, taken_jobs
from motcua.demo.people import Person
from motcua.dossiers import actions
from motcua.dossiers.extensions import Extension
from motcua.dossiers.models import Dossier
from motcua.exchange.messages import HANDLERS
from motcua.exchange.models import Outbox
from motcua.lib.actors import Actor
from motcua.payments import actions as payments
from motcua.payments.models import Charge
from motcua.people.models import Account, actor_of


@dataclass
class Desk:
    """Who sits where; `pace` says how much of the time allowed is used (logarithm)."""

    agency: str
    name: str
    officers: dict[str, list[Actor]]
    pace: float
    open_account: Callable[[Person], Account]
    citizens: dict[str, Actor] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return timezone.now()

    def officer(self, role: str, chance: Random) -> Actor:
        """One of those who hold the post."""
        return chance.choice(self.officers[role])

    def citizen(self, person: Person) -> Actor:
        """An applicant with an account at the province's portal, opened when first needed."""
        if person.number not in self.citizens:
            self.citizens[person.number] = actor_of(self.open_account(person))
        return self.citizens[person.number]

    def take_cash(self, dossier: Dossier, *, by: Actor) -> None:
        """The fee is counted at the counter, and the work goes on."""
        charge = Charge.objects.about(dossier).get()
        payments.take_cash(charge, by=by, amount=charge.open)
        actions.take_fee(dossier, by=Actor.system("dossiers"), charge=charge)

    def is_extended(self, dossier: Dossier) -> bool:
        return Extension.objects.filter(dossier=dossier).exists()


def settle() -> None:
    """All that follows is done before anything else happens, as if everybody's worker were quick."""
    while run_jobs() + carry():
        pass


def run_jobs() -> int:
    """The background jobs that wait, in their order; how many there were."""
    waiting = taken_jobs()
    for name, args in waiting:
        with transaction.atomic():
            app.tasks[name](**args)
    return len(waiting)


def carry() -> int:
    """Messages between agencies of this node are handed over at once; those for others wait for the exchange."""
    rows = list(Outbox.objects.filter(recipient__in=settings.NODE.agencies).order_by("position"))
    for row in rows:
        with transaction.atomic():
            HANDLERS[row.kind](message_of(row))
    if rows:
        Outbox.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
