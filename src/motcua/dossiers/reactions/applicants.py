"""What applicants hear, and what they get back when it did not arrive."""

from typing import Any

from motcua.dossiers import actions
from motcua.dossiers.events import ApplicationReopened, ApplicationSent, NewsLearned
from motcua.dossiers.models import Application
from motcua.dossiers.notifying import (
    FEE_PART,
    FILED_FOR,
    MONEY,
    MOVED,
    NOTICES,
    REOPENED,
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
SUBMITTED = "dossier.submitted"


@on(MessageRefused)
def submission_refused(event: MessageRefused, entry: Entry) -> None:
    """The agency's node would not take an application: the applicant has it back as a draft, and hears why."""
    give_back_draft(event.kind, event.correlation, event.reason)


@on(MessageReturned)
def submission_returned(event: MessageReturned, entry: Entry) -> None:
    """An application could not be delivered and was given up: the applicant has it back as a draft, and hears why."""
    give_back_draft(event.kind, event.correlation, event.reason)


def give_back_draft(kind: str, correlation: str, reason: str) -> None:
    """Reopen the application a lost message carried, if it was one."""
    known = Application.objects.filter(pk=correlation, state=State.NEW) if kind == SUBMITTED else None
    if known and (application := known.first()):
        actions.reopen(application, by=DOSSIERS, reason=reason)


@on(ApplicationReopened)
def tell_reopened(event: ApplicationReopened, entry: Entry) -> None:
    """Whoever follows it hears that it did not arrive, and what to do."""
    if application := application_of(entry):
        told = {"reason": event.reason}
        for account in followers(application):
            occasion_of = f"reopened:{entry.pk}"
            notices.tell(notice(application, account, REOPENED, told, occasion=occasion_of), by=DOSSIERS)


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
        "until": until(application),
        **({"due_at": event.due_at} if event.due_at else {}),
    }
    for account in followers(application):
        notices.tell(
            notice(application, account, code, told, occasion=occasion(event, application)), by=DOSSIERS
        )


def code_of(event: NewsLearned, application: Application) -> str | None:
    """Which words fit; None where there is nothing to tell."""
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
        case "" if event.state == State.STOPPED:  # it can be stopped, restarted and stopped again
            return f"{event.state}:{event.due_at}"
        case "" if event.state == State.FEE and application.fee:  # a part comes in, and less is to be paid
            return f"{event.state}:{application.fee['code']}:{application.fee['open']}"
        case "":
            return str(event.state)
    about = {"passed_on": application.agency, "forwarded": event.explained}.get(event.why)
    if event.why in {"answer_soon", "waits_again"}:
        about = until(application)
    return f"{event.why}:{about or event.refund or event.due_at}"


def until(application: Application) -> str:
    """The last day to add what is missing; empty where nothing is."""
    return day(application.answer_by) if application.answer_by else ""
