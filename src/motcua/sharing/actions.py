"""Ask other agencies' registers; run what they ask of ours; answer."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange import actions as exchange
from motcua.exchange.calls import kept_with_the_answer
from motcua.journal.actions import gathered, record
from motcua.lib import rows
from motcua.lib.actions import Invalid, action, whole
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.registers.services import SERVICES, Asked, Needs, Outcome, Params, Service
from motcua.sharing.events import (
    AnswerReceived,
    DataAsked,
    DataRead,
    ErrandAnswered,
    ErrandTaken,
    ErrandWaiting,
)
from motcua.sharing.models import Errand, Request
from motcua.sharing.rules import hosted_here


@action(who=hosted_here)
def ask(request: Request, *, by: Actor) -> Request:
    """Send a request for a service of another agency's register; the same correlation asks only once."""
    body = {
        "request": str(request.pk),
        "service": request.service,
        "purpose": request.purpose,
        "dossier": request.dossier,
        "params": request.params,
    }
    draft = exchange.drafted(
        "sharing.request",
        json.dumps(body, ensure_ascii=False).encode(),
        sender=request.sender,
        recipient=request.to,
        stream=f"request:{request.pk}",
        correlation=str(request.pk),
    )
    request.message = draft.envelope.id
    if not rows.put([request], otherwise="(correlation) DO NOTHING"):
        return Request.objects.get(correlation=request.correlation)
    exchange.leave([draft])
    record(
        DataAsked(str(request.pk), request.service, request.to, request.purpose, request.dossier),
        about=request,
        by=by,
    )
    return request


@action(who=system)
def take_answer(request: Request, *, by: Actor, answer: dict[str, Any] | None, reason: str = "") -> None:
    """The answer to our request has come; later repeats change nothing."""
    if request.state != Request.State.ASKED:
        return
    request.state = Request.State.REFUSED if answer is None else Request.State.ANSWERED
    request.answer, request.reason, request.ended_at = answer, reason, timezone.now()
    request.save()
    record(
        AnswerReceived(str(request.pk), request.correlation, request.service, answer is None),
        about=request,
        by=by,
    )


@action(who=system)
def run(errand: Errand, *, by: Actor) -> None:
    """Do what was asked of our register, and answer; or ask onward first."""
    if Errand.objects.filter(pk=errand.pk).exists():
        return
    errand.save(force_insert=True)
    record(ErrandTaken(errand.service, errand.asker, errand.purpose, errand.dossier), about=errand, by=by)
    service = SERVICES.get(errand.service)
    if service is None:
        _refuse(errand, _("There is no service “%(name)s” here.") % {"name": errand.service}, by)
        return
    asked = _asked(errand, by)
    _conclude(errand, asked, lambda: service.run(errand.params, asked))


@action(who=system)
def carry_on(errand: Errand, *, by: Actor, onward: Request) -> None:
    """The answer a register was waiting for has come: finish what was asked of it."""
    if errand.state != Errand.State.WAITING or errand.onward_id != onward.pk:
        return
    if onward.state == Request.State.REFUSED:
        _refuse(errand, onward.reason, by)
        return
    continuation, asked = SERVICES[errand.service].continuations[errand.then], _asked(errand, by)
    _conclude(errand, asked, lambda: continuation(errand.params, asked, onward.answer or {}))


class NoSuchService(Invalid):
    """What is asked for cannot be read here: whoever asks has no answer, not even a no."""


def read(service: str, params: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """Answer a question on the spot; only services that change nothing may be asked so."""
    _check_reads(service)
    reading, by = _Reading(service, asked), Actor.system("sharing")
    asked.noted.clear()
    try:
        with whole(), gathered():
            kept_with_the_answer()
            return _read(reading, by=by, params=params)
    except Invalid:
        with whole(), gathered():
            kept_with_the_answer()
            _note_refusal(reading, by=by)
        raise


def read_together(several: Sequence[tuple[str, dict[str, Any], Asked]]) -> list[dict[str, Any]]:
    """Answer several questions in one transaction. What one of them raises is raised, and nothing is left of any: each must
    then be asked alone.
    """
    by = Actor.system("sharing")
    for service, _params, _who in several:
        _check_reads(service)
    answers: dict[int, dict[str, Any]] = {}
    with whole(), gathered():
        kept_with_the_answer()
        for name in dict.fromkeys(service for service, _params, _asked in several):
            which = [number for number, one in enumerate(several) if one[0] == name]
            found = _read_several(SERVICES[name], by=by, asked=[several[number][1:] for number in which])
            answers |= dict(zip(which, found, strict=True))
    return [answers[number] for number in range(len(several))]


def _check_reads(service: str) -> None:
    declared = SERVICES.get(service)
    if declared is None or not declared.reads:
        raise NoSuchService(_("There is no service “%(name)s” to be read here.") % {"name": service})


@dataclass(frozen=True)
class _Reading:
    service: str
    asked: Asked

    @property
    def urn(self) -> str:
        return f"reading:{self.asked.request}"

    def read(self, *, is_refused: bool) -> DataRead:
        asked = self.asked
        return DataRead(self.service, asked.asker, asked.purpose, asked.dossier, is_refused=is_refused)


@action(who=system)
def _read(reading: _Reading, *, by: Actor, params: dict[str, Any]) -> dict[str, Any]:
    """A register is read for another agency."""
    answer = _on_the_spot(SERVICES[reading.service].run(params, reading.asked))
    record(reading.read(is_refused=False), about=reading, by=by)
    return answer


@action(who=system, locks=False)
def _read_several(
    service: Service, *, by: Actor, asked: Sequence[tuple[Params, Asked]]
) -> list[dict[str, Any]]:
    """A register is read for several who ask the same service at once."""
    found = service.together(asked) if service.together else [service.run(*one) for one in asked]
    for _params, who in asked:
        reading = _Reading(service.name, who)
        record(reading.read(is_refused=False), about=reading, by=by)
    return [_on_the_spot(answer) for answer in found]


def _on_the_spot(answer: Outcome) -> dict[str, Any]:
    if isinstance(answer, Needs):
        raise Invalid(_("This question cannot be answered on the spot."))
    return answer


@action(who=system)
def _note_refusal(reading: _Reading, *, by: Actor) -> None:
    """What a register refuses leaves nothing behind but that somebody asked: a no is an answer and is written down as one."""
    for note in reading.asked.noted:
        note()
    record(reading.read(is_refused=True), about=reading, by=by)


@contextmanager
def _nothing_left(asked: Asked) -> Iterator[None]:
    """What is refused leaves nothing behind, except that somebody asked."""
    asked.noted.clear()
    try:
        with transaction.atomic():
            yield
    except Invalid:
        for note in asked.noted:
            note()
        raise


def _asked(errand: Errand, by: Actor) -> Asked:
    return Asked(errand.asker, errand.agency, errand.purpose, errand.dossier, str(errand.pk), by)


def _conclude(errand: Errand, asked: Asked, work: Callable[[], Outcome]) -> None:
    by = asked.by
    try:
        with _nothing_left(asked):
            outcome = work()
    except Invalid as refusal:
        _refuse(errand, str(refusal), by)
        return
    if isinstance(outcome, Needs):
        _ask_onward(errand, outcome, by)
        return
    errand.state, errand.answer, errand.ended_at = Errand.State.ANSWERED, outcome, timezone.now()
    errand.save()
    _send_answer(errand, {"answer": outcome})
    record(ErrandAnswered(errand.service, errand.asker, is_refused=False), about=errand, by=by)


def _ask_onward(errand: Errand, needs: Needs, by: Actor) -> None:
    onward = ask(
        Request(
            service=needs.service,
            sender=errand.agency,
            to=needs.to,
            purpose=errand.purpose,
            dossier=errand.dossier,
            correlation=f"errand:{errand.pk}:{needs.then}",
            params=needs.params,
        ),
        by=by,
    )
    errand.state, errand.onward, errand.then = Errand.State.WAITING, onward, needs.then
    errand.save()
    record(ErrandWaiting(errand.service, str(onward.pk), needs.to), about=errand, by=by)


def _refuse(errand: Errand, reason: str, by: Actor) -> None:
    errand.state, errand.reason, errand.ended_at = Errand.State.REFUSED, reason, timezone.now()
    errand.save()
    _send_answer(errand, {"refused": reason})
    record(ErrandAnswered(errand.service, errand.asker, is_refused=True), about=errand, by=by)


def _send_answer(errand: Errand, outcome: dict[str, Any]) -> UUID:
    return exchange.send(
        "sharing.answer",
        json.dumps(
            {"request": str(errand.pk), "service": errand.service, **outcome}, ensure_ascii=False
        ).encode(),
        sender=errand.agency,
        recipient=errand.asker,
        stream=f"request:{errand.pk}",
        correlation=str(errand.pk),
    )
