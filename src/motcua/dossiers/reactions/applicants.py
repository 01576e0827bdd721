"""What applicants hear, and what they get back when it did not arrive."""

from datetime import datetime
from typing import Any

from motcua.dossiers import actions
from motcua.dossiers.events import ApplicationReopened, ApplicationSent, NewsLearned, SupplementReturned
from motcua.dossiers.models import Application
from motcua.dossiers.notifying import (
    FEE_PART,
    FILED_FOR,
    MONEY,
    MOVED,
    NOTICES,
    REOPENED,
    SUPPLEMENT_BACK,
    application_of,
    followers,
    going_back,
    notice,
)
from motcua.dossiers.states import State
from motcua.exchange.events import MessageRefused, MessageReturned
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.mandates.models import speakers
from motcua.notices import actions as notices
from motcua.ui.words import day

DOSSIERS = Actor.system("dossiers")
SUBMITTED, SUPPLIED = "dossier.submitted", "dossier.supplied"
# News that somebody still has something to add.
WAITING = ("", "answer_soon", "waits_again")


@on(MessageRefused, kind=(SUBMITTED, SUPPLIED))
def refused(event: MessageRefused, entry: Entry) -> None:
    """The agency's node would not take an application, or what was added to one: the applicant has it back, and hears why."""
    give_back(event)


@on(MessageReturned, kind=(SUBMITTED, SUPPLIED))
def returned(event: MessageReturned, entry: Entry) -> None:
    """It could not be delivered and was given up: the applicant has it back, and hears why."""
    give_back(event)


def give_back(event: MessageRefused | MessageReturned) -> None:
    """What a lost message carried is open again: the application as a draft, the supplement to be sent once more."""
    known = Application.objects.filter(pk=event.correlation)
    if event.kind == SUBMITTED and (application := known.filter(state=State.NEW).first()):
        actions.reopen(application, by=DOSSIERS, reason=event.reason)
    elif event.kind == SUPPLIED and (application := known.filter(state=State.SUPPLEMENT).first()):
        actions.return_supplement(application, by=DOSSIERS, reason=event.reason)


@on(ApplicationReopened)
def tell_reopened(event: ApplicationReopened, entry: Entry) -> None:
    """Whoever follows it hears that it did not arrive, and what to do."""
    tell_back(entry, REOPENED, event.reason)


@on(SupplementReturned)
def tell_supplement_returned(event: SupplementReturned, entry: Entry) -> None:
    """The same of what was to be added."""
    tell_back(entry, SUPPLEMENT_BACK, event.reason)


def tell_back(entry: Entry, code: str, reason: str) -> None:
    """A notice to each who follows the application."""
    if application := application_of(entry):
        for account in followers(application):
            told = notice(application, account, code, {"reason": reason}, occasion=f"{code}:{entry.pk}")
            notices.tell(told, by=DOSSIERS)


@on(NewsLearned)
def tell_applicant(event: NewsLearned, entry: Entry) -> None:
    """The applicant hears of every state that concerns them, once; under a mandate, the agent and the principal do."""
    application = application_of(entry)
    code = code_of(event, application) if application else None
    if code is None or application is None:
        return
    told = {
        "code": event.code,
        "reason": event.reason,
        "explained": event.explained,
        **money(event, application.fee or {}),
        "until": until(event),
        **({"due_at": event.due_at} if event.due_at else {}),
    }
    for account in followers(application):
        notices.tell(
            notice(application, account, code, told, occasion=occasion(event, application)), by=DOSSIERS
        )


def code_of(event: NewsLearned, application: Application) -> str | None:
    """Which words fit; None where there is nothing to tell, for instance to who has sent meanwhile what was missing."""
    if event.state == State.SUPPLEMENT and event.why in WAITING and not application.is_waiting_for_citizen:
        return None
    if event.why in MOVED or event.why in MONEY:
        return (MOVED | MONEY)[event.why]
    if event.state == State.FEE and application.fee and application.fee.get("paid"):
        return FEE_PART
    return NOTICES.get(State(event.state))


def money(event: NewsLearned, fee: dict[str, Any]) -> dict[str, int]:
    """What goes back, where the news is of that; else what is still to be paid, and what has come in."""
    if event.refund:
        return {"amount": going_back(fee, event.refund)}
    return {"amount": fee["open"], "paid": fee.get("paid", 0)} if "open" in fee else {}


@on(ApplicationSent)
def tell_principal(event: ApplicationSent, entry: Entry) -> None:
    """Whoever has others act for them learns what was filed in their name."""
    application = application_of(entry)
    if application is None or application.mandate is None:
        return
    for account in set(speakers(application.mandate)) - {application.account}:
        notices.tell(notice(application, account, FILED_FOR, {}, occasion="filed"), by=DOSSIERS)


def occasion(event: NewsLearned, application: Application) -> str:
    """What makes this news another than those before it, so that each is told once."""
    match event.why:
        case "" if event.state in {State.STOPPED, State.REFUSED}:  # it can be taken up and ended again
            return f"{event.state}:{event.due_at}:{until(event)}"
        case "" if event.state == State.FEE and application.fee:  # a part comes in, and less is to be paid
            return f"{event.state}:{application.fee['code']}:{application.fee['open']}"
        case "":
            return str(event.state)
        case "passed_on":
            about = application.agency
        case "forwarded":
            about = event.explained
        case "answer_soon" | "waits_again":
            about = until(event)
        case _:
            about = str(event.refund or event.due_at)
    return f"{event.why}:{about}"


def until(event: NewsLearned) -> str:
    """The last day to add what is missing; empty where nothing is."""
    return day(datetime.fromisoformat(event.answer_by)) if event.answer_by else ""
