"""Ask the gateway itself what became of a payment that never came back."""

import uuid
from datetime import timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.journal.actions import record
from motcua.lib.actions import Refused, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.payments import gateway
from motcua.payments.actions.receiving import GATEWAY, Money, book_any, doubt_any, fail
from motcua.payments.events import GatewayAsked
from motcua.payments.gateway import LIFE, Told
from motcua.payments.models import Attempt, Bundle, Charge, Payment
from motcua.payments.providers import Gateway, order_of
from motcua.payments.rules import bookkeeper, cashier

# The gateway lets nobody pay after an order's life; its notice may come some minutes later.
GRACE = timedelta(minutes=5)
# An order that came to nothing does not keep an officer waiting for as many answers as there were tries.
MOST_ASKED = 5
# The node itself asks about what is younger than this, some at a time; an officer can ask about what is older.
ASKED_FOR = timedelta(days=3)
MOST_AT_ONCE = 200
# So many without an answer, and the gateway is taken to be down until the next time.
MOST_SILENCES = 3
ASKER = cashier | bookkeeper


class Answer(StrEnum):
    """What the gateway says of an order, and what it comes to here."""

    PAID = "paid"
    OTHER_AMOUNT = "other amount"
    NOT_PAID = "not paid"
    PENDING = "pending"
    SILENT = "silent"
    FORGED = "forged"
    NOTHING = "nothing"


SAID: dict[Answer, Promise] = {
    Answer.PAID: gettext_lazy("The gateway took the money. It is booked, and the work goes on."),
    Answer.OTHER_AMOUNT: gettext_lazy(
        "The gateway took another amount than was asked. It stands among the payments to look at."
    ),
    Answer.NOT_PAID: gettext_lazy("The gateway says that nothing was paid. The applicant can try again."),
    Answer.PENDING: gettext_lazy(
        "The gateway knows of no payment yet; the payer still has time. Ask again later."
    ),
    Answer.SILENT: gettext_lazy(
        "The gateway does not answer just now. Nothing has changed; ask again later."
    ),
    Answer.FORGED: gettext_lazy(
        "The answer does not bear the gateway's signature. Nothing of it was believed."
    ),
    Answer.NOTHING: gettext_lazy(
        "Nobody has set out to pay this through the gateway, or all is known already."
    ),
}


def ask_gateway(charge: Charge, *, by: Actor, provider: Gateway, address: str) -> Answer:
    """Ask about the tries whose outcome nobody knows, the latest first, until one turns out to be paid; the last answer.

    A try to pay it together with others counts as well. Raises `Refused`.
    While the gateway is asked no row is locked; what it says is written down afterwards.
    """
    if not ASKER(by, charge):
        raise Refused(_("Only %(who)s may do this.") % {"who": ASKER.says})
    answer = Answer.NOTHING
    for attempt in list(Attempt.objects.touching([charge]).unanswered(provider=provider.key)[:MOST_ASKED]):
        found = answer_of(attempt, provider, address)
        answer = note_answer(attempt.subject, by=by, attempt=attempt, found=found)
        if answer in {Answer.PAID, Answer.SILENT}:
            break
    return answer


def ask_lost(*, by: Actor, provider: Gateway, address: str) -> int:
    """Ask about every try of the last days that should have come back by now, and note what is answered; how many were.

    No row is locked while the gateway is asked. Its silence is noted nowhere, nor what does not bear its signature: the next
    time it is asked again. They are asked about in no order, lest a few that never get an answer keep the others from it.
    """
    now, answered, silences = timezone.now(), 0, 0
    tries = Attempt.objects.lost(now - LIFE - GRACE).filter(opened_at__gt=now - ASKED_FOR)
    for attempt in list(tries.order_by("?")[:MOST_AT_ONCE]):
        found = answer_of(attempt, provider, address)
        if found in {Answer.SILENT, Answer.FORGED}:
            silences += 1
            if silences == MOST_SILENCES:
                break
            continue
        note_answer(attempt.subject, by=by, attempt=attempt, found=found)
        answered += 1
    return answered


def answer_of(attempt: Attempt, provider: Gateway, address: str) -> Told | Answer:
    """The gateway's own word about an order, or what came instead of one."""
    request, now = uuid.uuid4().hex, timezone.now()
    try:
        told = gateway.query(provider.terminal, order_of(attempt), request=request, now=now, address=address)
    except gateway.Silent:
        return Answer.SILENT
    except gateway.Forged:
        return Answer.FORGED
    if told is None:
        return Answer.NOT_PAID if now > attempt.opened_at + LIFE + GRACE else Answer.PENDING
    # A true answer about another order proves nothing about this one.
    return told if told.order == attempt.order else Answer.FORGED


@action(who=ASKER | system)
def note_answer(owed: Charge | Bundle, *, by: Actor, attempt: Attempt, found: Told | Answer) -> Answer:
    """The gateway was asked about an order; what it said has its effect, as its own notice would have."""
    answer = found if isinstance(found, Answer) else outcome(attempt, found)
    record(GatewayAsked(owed.code, attempt.order, str(answer)), about=owed, by=by)
    if isinstance(found, Told) and answer in {Answer.PAID, Answer.OTHER_AMOUNT}:
        money = Money("gateway", found.reference, found.amount, found.at, Payment.Source.QUERY, found.order)
        (book_any if answer is Answer.PAID else doubt_any)(attempt, money)
    if answer is Answer.NOT_PAID:
        fail(owed, by=GATEWAY, attempt=attempt)
    return answer


def outcome(attempt: Attempt, told: Told) -> Answer:
    if not told.is_paid:
        return Answer.NOT_PAID
    return Answer.PAID if told.amount == attempt.amount else Answer.OTHER_AMOUNT
