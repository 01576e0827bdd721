"""Many births at once, for measuring: a citizen's node sends, the commune's node does all its officers do."""

import time
import uuid
from datetime import timedelta

from django.utils import timezone

from motcua.demo.journeys.acts import ANSWERS, photograph
from motcua.demo.people import BY_KEY, HOME
from motcua.documents.models import store
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.states import State
from motcua.lib.actors import Actor
from motcua.people.models import Account, actor_of
from motcua.procedures.models import Version
from motcua.tracking import actions as tracking
from motcua.tracking.actions import Told

SA_PA = "H38.03006"


def actor(key: str) -> Actor:
    """One of the demo's people."""
    return actor_of(Account.objects.get(pk=BY_KEY[key].account))


def send_births(count: int, *, first: int = 0) -> None:
    """At the portal's node: so many complete applications, each for a child of its own."""
    may, version = (
        actor("may"),
        Version.objects.in_force(timezone.localdate()).get(procedure__code="2.000986"),
    )
    blob = store().put([photograph()])
    for number in range(first, first + count):
        application = actions.begin(
            version, by=may, case="lien_thong", agency=SA_PA, agency_name="Phường Sa Pa"
        )
        application.answers = {**first_choices(version), **answers(number)}
        application.save(update_fields=["answers"])
        actions.attach(
            application,
            by=may,
            paper="birth_notice",
            name="giay-chung-sinh.png",
            media="image/png",
            size=blob.size,
            digest=blob.digest,
        )
        actions.send(application, by=may)


def first_choices(version: Version) -> dict[str, object]:
    """For every question with choices the first: what the measurement does not care about."""
    return {
        field.id: field.choices[0].value
        for group in version.definition.form
        for field in group.fields
        if field.choices
    }


def answers(number: int) -> dict[str, object]:
    """A form filled in; names count up in letters, for names have no digits."""
    given = "".join("abcdeghikl"[int(digit)] for digit in str(number)).capitalize()
    return {
        **ANSWERS,
        "child_middle_name": "Thị",
        "child_given_name": given,
        "child_born_on": (timezone.localdate() - timedelta(days=1)).isoformat(),
        "mother_known": True,
        "father_known": True,
        "mother_number": BY_KEY["may"].number,
        "mother_name": BY_KEY["may"].name,
        "mother_birth_year": 1996,
        "father_birth_year": 1994,
        "mother_residence": HOME,
        "household_number": BY_KEY["may"].number,
        "child_address": HOME,
    }


def work(count: int, *, patience: float = 600) -> float:
    """At the commune's node: receive, propose and sign until so many are delivered; return the seconds it took."""
    receiver, registrar, chair = actor("suong"), actor("lam"), actor("lua")
    start, before = time.monotonic(), Dossier.objects.filter(state=State.RETURNED).count()
    while Dossier.objects.filter(state=State.RETURNED).count() < before + count:
        if time.monotonic() - start > patience:
            raise TimeoutError("The births were not finished in time.")
        done = 0
        for dossier in Dossier.objects.filter(state=State.NEW):
            actions.accept(dossier, by=receiver)
            actions.propose(dossier, by=registrar, opinion="Đủ điều kiện.")
            done += 1
        for step in Step.objects.filter(key="sign", state=Step.State.RUNNING).select_related("dossier"):
            actions.sign(step.dossier, by=chair)
            done += 1
        if not done:
            time.sleep(0.05)
    return time.monotonic() - start


def receive(count: int, *, patience: float = 120) -> None:
    """At the commune's node: wait for so many dossiers and receive them; the registrar's list then holds them all."""
    receiver, start = actor("suong"), time.monotonic()
    while (arrived := Dossier.objects.filter(state=State.NEW)).count() < count:
        if time.monotonic() - start > patience:
            raise TimeoutError("The dossiers did not arrive in time.")
        time.sleep(0.05)
    for dossier in arrived:
        actions.accept(dossier, by=receiver)


def take_states(dossiers: int, *, batch: int = 500) -> float:
    """At the national node: five states of each of so many dossiers, as batches of messages bring them; states a second."""
    began = timezone.now() - timedelta(days=9)
    states = [
        Told(
            dossier=uuid.UUID(int=number),
            code=f"H38.99-260101-{number:06d}",
            procedure="2.000986",
            agency="H38.99",
            channel=2,
            state=state,
            step="",
            at=began + timedelta(seconds=number, hours=place),
            due_at=None,
            on_time=True,
        )
        for place, state in enumerate((1, 2, 4, 9, 10))
        for number in range(dossiers)
    ]
    by, start = Actor.system("tracking"), time.monotonic()
    for first in range(0, len(states), batch):
        tracking.take_states(states[first : first + batch], by=by)
    return len(states) / (time.monotonic() - start)
