"""What sharing does when requests, answers and questions come in through the exchange."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.exchange.calls import Broken, Call, Failed, SaidNo, answers
from motcua.exchange.events import MessageDeadLettered, MessageRefused
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.registers.services import Asked, NotSo
from motcua.sharing import actions
from motcua.sharing.events import AnswerReceived
from motcua.sharing.models import Errand, Request

SHARING = Actor.system("sharing")


@receives("sharing.request")
def take_request(message: Message) -> None:
    """Another agency asks for a service of one of our registers."""
    body = message.json()
    actions.run(
        Errand(
            pk=UUID(body["request"]),
            service=body["service"],
            asker=message.sender,
            agency=message.recipient,
            purpose=body["purpose"],
            dossier=body["dossier"],
            params=body["params"],
        ),
        by=SHARING,
    )


@receives("sharing.answer")
def take_answer(message: Message) -> None:
    """The answer to a request of ours; only the agency that was asked may give it."""
    body = message.json()
    request = Request.objects.filter(pk=body["request"]).first()
    if request is None or request.to != message.sender:
        raise Unfit(_("We did not ask this of you."))
    actions.take_answer(request, by=SHARING, answer=body.get("answer"), reason=body.get("refused", ""))


@on(AnswerReceived)
def carry_on_errand(event: AnswerReceived, entry: Entry) -> None:
    """Our own request was made for an errand: finish it."""
    errand = Errand.objects.filter(onward__pk=UUID(event.request)).first()
    if errand:
        actions.carry_on(errand, by=SHARING, onward=Request.objects.get(pk=event.request))


@on(MessageRefused, kind="sharing.request")
def request_refused(event: MessageRefused, entry: Entry) -> None:
    """The other side would not take our request: that is its answer."""
    give_up(event.correlation, event.reason)


@on(MessageDeadLettered, kind="sharing.request")
def request_lost(event: MessageDeadLettered, entry: Entry) -> None:
    """Our request could not be delivered in time."""
    give_up(event.correlation, event.reason)


def give_up(correlation: str, reason: str) -> None:
    """A request that never reached its agency is answered with the reason."""
    request = Request.objects.filter(pk=correlation).first()
    if request:
        actions.take_answer(request, by=SHARING, answer=None, reason=reason)


def answer_questions(calls: Sequence[Call]) -> list[bytes]:
    """Several questions that came at once."""
    several = [
        (body["service"], body["params"], _asked(call, body)) for call in calls for body in [call.json()]
    ]
    return [_told(answer) for answer in actions.read_together(several)]


@answers("sharing.read", together=answer_questions)
def answer_question(call: Call) -> bytes:
    """A question to be answered on the spot."""
    body = call.json()
    try:
        return _told(actions.read(body["service"], body["params"], _asked(call, body)))
    except actions.NoSuchService as fault:
        raise Broken(str(fault)) from fault
    except NotSo as refusal:
        raise SaidNo(str(refusal)) from refusal
    except Invalid as refusal:
        raise Failed(str(refusal)) from refusal


def _asked(call: Call, body: dict[str, Any]) -> Asked:
    return Asked(
        asker=call.sender,
        agency=call.recipient,
        purpose=body["purpose"],
        dossier=body["dossier"],
        request=str(call.id),
        by=Actor(urn=body["by"]["urn"], name=body["by"]["name"]),
    )


def _told(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()
