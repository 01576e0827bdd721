"""Ask or complain; take it in at the agency, answer it; learn the answer."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.models import Dossier
from motcua.exchange import actions as exchange
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.estates import Passing
from motcua.organisations.heirs import formerly
from motcua.organisations.models import Agency, calendar_for
from motcua.petitions.events import (
    AnswerLearned,
    PetitionAnswered,
    PetitionArrived,
    PetitionFiled,
    PetitionOpened,
    PetitionPassedOn,
)
from motcua.petitions.models import DAYS, LONGEST, Kind, Petition, Received, State
from motcua.petitions.rules import answerer, bearer, not_the_asker, petitioner


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


@action(who=bearer, locks=False)
def complain_by_receipt(received: Received, *, by: Actor) -> Received:
    """Whoever holds the receipt of a dossier complains to the head; while one waits for its answer there is no second."""
    dossier = Dossier.objects.select_for_update(of=("self",)).get(pk=str(received.dossier))
    text = said(received.text, _("Write what you want to know or complain of."), field="text")
    waiting = Received.objects.by_receipt_of(dossier.pk).filter(state=State.WAITING).first()
    if waiting and waiting.text != text:
        raise Invalid(
            _("Your complaint still waits for its answer. Write again when you have it."), field="text"
        )
    if waiting:
        return waiting
    received.kind, received.origin, received.text = Kind.COMPLAINT, "", text
    received.agency = dossier.agency
    received.asker_name, received.asker_number = dossier.applicant_name[:120], dossier.applicant_number
    received.about = {"code": dossier.code or "", "procedure": dossier.definition.name.vi}
    received.due_at = calendar_for(dossier.agency).add_days(timezone.now(), DAYS[Kind.COMPLAINT])
    received.save(force_insert=True)
    told = PetitionArrived(received.kind, received.agency, received.due_at.isoformat())
    record(told, about=received, by=by)
    return received


@action(who=system, locks=False)
def pass_on(passing: Passing, *, by: Actor) -> int:
    """An agency ends: who follows it answers; what is about a dossier goes with the dossier."""
    waiting = Received.objects.select_for_update().filter(agency=passing.old, state=State.WAITING)
    rows = list(waiting.order_by("pk"))
    to = passing.dossiers([one.dossier for one in rows if one.dossier])
    for one in rows:
        one.agency = to.get(one.dossier, passing.new) if one.dossier else passing.new
    Received.objects.bulk_update(rows, ["agency"])
    if rows:
        record_many([(PetitionPassedOn(one.kind, passing.old, one.agency), one.urn) for one in rows], by=by)
    return len(rows)


@action(who=answerer, locks=False)
def open_petition(received: Received, *, by: Actor) -> None:
    """An officer opens a petition: name, number and words of a person; it is written down, as with papers."""
    record(PetitionOpened(received.kind, received.agency), about=received, by=by)


@action(who=answerer & not_the_asker)
def reply(received: Received, *, by: Actor, answer: str, upheld: bool | None = None) -> None:
    """The agency answers, and says of a complaint whether it is right; the answer goes back to the person."""
    if (received.kind == Kind.COMPLAINT) is (upheld is None):
        raise Invalid(_("Say whether the complaint is right."), field="upheld")
    received.upheld = upheld
    received.answer = said(answer, _("Write the answer."), field="answer")
    received.answered_by, received.answered_at = by.name, timezone.now()
    received.save()
    body = {
        "petition": str(received.pk),
        "answer": received.answer,
        "upheld": upheld,
        "by": by.name,
        "at": received.answered_at.isoformat(),
        "formerly": formerly(received.agency),
    }
    if not received.is_by_receipt:
        send("petition.answered", received, body, sender=received.agency, recipient=received.origin)
    on_time = received.answered_at <= received.due_at
    record(PetitionAnswered(received.kind, received.agency, on_time, upheld), about=received, by=by)


@action(who=system)
def learn_answer(petition: Petition, *, by: Actor, told: dict[str, Any], agency: str) -> None:
    """The answer reaches the person, from the agency that was asked or that follows it; a repeated one changes nothing."""
    if petition.is_answered:
        return
    if agency != petition.agency:
        name = Agency.objects.filter(code=agency).values_list("name_vi", flat=True).first()
        petition.agency, petition.agency_name = agency, name or agency
    petition.state, petition.answer = State.ANSWERED, told["answer"]
    petition.upheld = told.get("upheld") if petition.kind == Kind.COMPLAINT else None
    petition.answered_by, petition.answered_at = told["by"], datetime.fromisoformat(told["at"])
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
