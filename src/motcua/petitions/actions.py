"""Ask or complain; take it in at the agency, answer it; learn the answer."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange import actions as exchange
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import calendar_for
from motcua.petitions.events import AnswerLearned, PetitionAnswered, PetitionArrived, PetitionFiled
from motcua.petitions.models import DAYS, LONGEST, Kind, Petition, Received, State
from motcua.petitions.rules import answerer, not_the_asker, petitioner


@action(who=petitioner, locks=False)
def petition(petition: Petition, *, by: Actor) -> Petition:
    """A person asks an agency about a reading, or complains to its head about a dossier; sent twice it is one."""
    if known := Petition.objects.filter(pk=petition.pk).first():
        return known
    petition.text = said(petition.text, _("Write what you want to know or complain of."), field="text")
    petition.sent_at = timezone.now()
    days = DAYS[Kind(petition.kind)]
    petition.due_at = calendar_for(petition.agency).add_days(petition.sent_at, days)
    try:
        with transaction.atomic():
            petition.save(force_insert=True)
    except IntegrityError:  # sent twice at once: the other one stands
        return Petition.objects.get(pk=petition.pk)
    account, application = petition.account, petition.application
    body = {
        "petition": str(petition.pk),
        "kind": petition.kind,
        "asker": {"name": account.name, "number": account.username},
        "dossier": str(application.pk) if application else "",
        "about": petition.about,
        "text": petition.text,
        "due_at": petition.due_at.isoformat(),
    }
    send("petition.filed", petition, body, sender=settings.NODE.agency, recipient=petition.agency)
    record(PetitionFiled(petition.kind, petition.agency, petition.due_at.isoformat()), about=petition, by=by)
    return petition


@action(who=system)
def take_petition(received: Received, *, by: Actor) -> None:
    """A petition comes in; whoever is to answer it finds it in their list."""
    if Received.objects.filter(pk=received.pk).exists():
        return
    received.save(force_insert=True)
    record(
        PetitionArrived(received.kind, received.agency, received.due_at.isoformat()), about=received, by=by
    )


@action(who=answerer & not_the_asker)
def reply(received: Received, *, by: Actor, answer: str) -> None:
    """The agency answers; the answer goes back to the person."""
    received.answer = said(answer, _("Write the answer."), field="answer")
    received.answered_by, received.answered_at = by.name, timezone.now()
    received.save()
    body = {
        "petition": str(received.pk),
        "answer": received.answer,
        "by": by.name,
        "at": received.answered_at.isoformat(),
    }
    send("petition.answered", received, body, sender=received.agency, recipient=received.origin)
    on_time = received.answered_at <= received.due_at
    record(PetitionAnswered(received.kind, received.agency, on_time), about=received, by=by)


@action(who=system)
def learn_answer(petition: Petition, *, by: Actor, answer: str, answered_by: str, at: datetime) -> None:
    """The answer reaches the person; a repeated one changes nothing."""
    if petition.is_answered:
        return
    petition.state, petition.answer = State.ANSWERED, answer
    petition.answered_by, petition.answered_at = answered_by, at
    petition.save()
    record(AnswerLearned(petition.kind, petition.agency), about=petition, by=by)


def said(text: str, otherwise: str, *, field: str) -> str:
    """Words there must be, and not too many."""
    words = text.strip()
    if not words:
        raise Invalid(otherwise, field=field)
    if len(words) > LONGEST:
        raise Invalid(_("Shorten this to %(count)d characters.") % {"count": LONGEST}, field=field)
    return words


def send(
    kind: str, subject: Petition | Received, body: dict[str, Any], *, sender: str, recipient: str
) -> None:
    exchange.send(
        kind,
        json.dumps(body, ensure_ascii=False).encode(),
        sender=sender,
        recipient=recipient,
        stream=f"petition:{subject.pk}",
        correlation=str(subject.pk),
    )
