"""The journal of a dossier in words: one line for each event, newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.desk.process import title_of
from motcua.dossiers import events
from motcua.dossiers.inspections import Outcome
from motcua.dossiers.models import Dossier
from motcua.journal.actions import name_of
from motcua.journal.models import Entry
from motcua.lib.actors import called
from motcua.opinions.events import OpinionAsked, OpinionOverdue, OpinionPresumed, OpinionReceived
from motcua.opinions.models import Verdict
from motcua.ui.words import day, moment, money


@dataclass(frozen=True)
class Told:
    """How an event is told: the state class of its dot, its words, and which fact is quoted below."""

    state: str
    words: Promise
    quotes: str = ""


@dataclass(frozen=True)
class Line:
    """One moment of the log as `<c-moment>` draws it."""

    state: str
    title: str
    at: datetime
    note: str


WORDS: dict[type, Told] = {
    events.DossierArrived: Told("done", _("The dossier came in")),
    events.DossierFiled: Told("done", _("%(who)s took the dossier down at the counter")),
    events.DossierForwarded: Told(
        "late", _("%(who)s sent the dossier to the agency it belongs to"), "to_name"
    ),
    events.DossierCameBack: Told("late", _("The agency it was sent on to would not take it"), "reason"),
    events.ResultBrought: Told(
        "done", _("The result is here, to be handed over: dossier %(code)s"), "agency_name"
    ),
    events.DossierDecidedAtOnce: Told("done", _("%(who)s gave the result at once"), "result"),
    events.DossierAssigned: Told("done", _("%(who)s gave the dossier to %(to)s"), "reason"),
    OpinionAsked: Told("wait", _("%(who)s asked %(office)s for its opinion"), "question"),
    OpinionReceived: Told("done", _("%(office)s gave its opinion: %(verdict)s"), "answer"),
    OpinionOverdue: Told("late", _("%(office)s is late with its opinion")),
    OpinionPresumed: Told("done", _("%(office)s stayed silent until its time was up, and so agrees")),
    events.SlipNumbered: Told("done", _("The control slip got its number"), "number"),
    events.NoteAdded: Told("done", _("%(who)s left a note for colleagues")),
    events.ResultPosted: Told("done", _("%(who)s handed the result to the post"), "waybill"),
    events.DossierAccepted: Told("done", _("%(who)s received the dossier; the clock runs")),
    events.DossierRefused: Told("late", _("%(who)s did not take the dossier"), "reason"),
    events.SupplementReminded: Told("wait", _("The applicant was reminded of what is missing")),
    events.DossierReadmitted: Told("done", _("The dossier goes on: what was missing had been sent in time")),
    events.SupplementUnanswered: Told("wait", _("What was missing has not come by its last day")),
    events.SupplementRequested: Told(
        "wait", _("%(who)s asked for what is missing; the clock stands still"), "reason"
    ),
    events.DossierSupplied: Told("done", _("The applicant answered; the clock starts from zero")),
    events.AnswersPutRight: Told("done", _("Answers of the form were put right: %(fields)s")),
    events.DossierProposed: Told("done", _("%(who)s proposed the result"), "opinion"),
    events.FeeChanged: Told("wait", _("After what was put right the fee is %(fee)s; it was %(fee_was)s")),
    events.FeeAsked: Told("wait", _("The applicant was asked for the fee; the clock stands still")),
    events.FeePaid: Told("done", _("The fee was paid; the clock goes on")),
    events.FeeWaived: Told("done", _("Nothing is to be paid"), "reason"),
    events.StepStarted: Told("wait", _("%(office)s was asked: %(step)s")),
    events.StepCompleted: Told("done", _("%(office)s has done its part: %(step)s")),
    events.DecidedAbove: Told("done", _("%(agency)s decided and signed: dossier %(code)s")),
    events.AnswerNotTaken: Told("late", _("%(agency)s did not get what was sent there"), "reason"),
    events.AnswerSentAgain: Told("done", _("%(who)s sent it there again")),
    events.StepReported: Told("done", _("%(who)s finished: %(step)s"), "note"),
    events.StepReturned: Told(
        "late", _("%(who)s sent the dossier back to “%(back)s” from: %(step)s"), "reason"
    ),
    events.StepRefused: Told("late", _("%(office)s said no: %(step)s"), "reason"),
    events.StepRetried: Told("done", _("%(who)s asked again: %(step)s")),
    events.TermExtended: Told("late", _("%(who)s apologised and named a new date: %(due)s"), "reason"),
    events.ReceptionMoved: Told("wait", _("The calendar changed; it is now to be received by %(due)s")),
    events.DueDateMoved: Told("wait", _("The calendar changed; the result is now due %(due)s")),
    events.DossierAllotted: Told(
        "wait", _("Sent to %(was)s, which was divided; %(who)s gave it to %(name)s")
    ),
    events.DossierPassedOn: Told("wait", _("The dossier passed from %(was)s to %(name)s"), "decision"),
    events.DossierBroughtOver: Told("wait", _("The dossier went over to the version from %(new)s"), "basis"),
    events.OfficersWarned: Told("wait", _("Time is up within a working day: whoever holds it was warned")),
    events.DossierStopped: Told("late", _("%(who)s ended the work without a result"), "reason"),
    events.DossierRestarted: Told("done", _("%(who)s took up the work again; due %(due)s"), "reason"),
    events.ResultDrafted: Told("done", _("%(who)s worded the result: version %(number)s")),
    events.ResultInitialled: Told("done", _("%(who)s initialled version %(number)s of the result")),
    events.ResultNotSigned: Told("late", _("The result could not be signed"), "reason"),
    events.ResultSigned: Told("done", _("%(who)s signed the result")),
    events.ResultDelivered: Told("done", _("The result is with the applicant")),
    events.DossierWithdrawn: Told("late", _("The applicant took the dossier back")),
    events.ReceiptShown: Told("done", _("Whoever holds the receipt opened the dossier")),
    events.DossierInspected: Told("done", _("%(who)s inspected the dossier: %(found)s"), "finding"),
    events.DossierRated: Told("done", _("The applicant rated the service: %(overall)s of 3")),
}
TOLD = {name_of(event): told for event, told in WORDS.items()}
ASKED_LATE = Told(
    "late",
    _("%(who)s asked for what is missing, after the three working days for it; the clock stands still"),
    "reason",
)
BROUGHT_OVER = name_of(events.DossierBroughtOver)
FEE_CHANGED = name_of(events.FeeChanged)
STEPS = {name_of(events.StepStarted), name_of(events.StepCompleted)}


def story(dossier: Dossier, entries: Iterable[Entry], *, offices: Mapping[str, str]) -> list[Line]:
    """The log of a dossier, newest first; events nobody has words for here are left to the journal itself."""
    told = [entry for entry in entries if entry.event in TOLD and not is_own_step(dossier, entry)]
    return [line(dossier, entry, offices) for entry in reversed(told)]


def is_own_step(dossier: Dossier, entry: Entry) -> bool:
    """Steps of the agency itself are told by what was done in them."""
    return entry.event in STEPS and entry.facts["holder"] in {dossier.agency, *dossier.former_agencies}


def asked(dossier: Dossier, fields: Iterable[str]) -> list[str]:
    """The questions of these answers, as the form words them."""
    if not fields:
        return []
    known, language = dossier.definition.fields_by_id, get_language() or "vi"
    return [known[one].label.said_in(language) if one in known else one for one in fields]


def line(dossier: Dossier, entry: Entry, offices: Mapping[str, str]) -> Line:
    facts = entry.facts
    told = ASKED_LATE if facts.get("is_late") else TOLD[entry.event]
    title = str(told.words) % {
        "who": called(entry.actor),
        "step": title_of(dossier, facts.get("step", "")),
        "office": offices.get(facts.get("holder", ""), facts.get("agency_name", "")),
        "verdict": dict(Verdict.choices).get(facts.get("verdict", ""), ""),
        "found": dict(Outcome.choices).get(facts.get("found", ""), ""),
        "to": facts.get("to", ""),
        "agency": facts.get("agency_name", ""),
        "number": facts.get("number", ""),
        "back": title_of(dossier, facts.get("back_to", "")),
        "code": facts.get("code", ""),
        "overall": facts.get("overall", ""),
        "was": facts.get("was_name", ""),
        "new": day(date.fromisoformat(facts["new"])) if entry.event == BROUGHT_OVER else "",
        "name": facts.get("name", ""),
        "fields": ", ".join(asked(dossier, facts.get("fields", ()))),
        "fee": money(facts.get("amount", 0)) if entry.event == FEE_CHANGED else "",
        "fee_was": money(facts.get("was", 0)) if entry.event == FEE_CHANGED else "",
        "due": moment(datetime.fromisoformat(facts["due_at"])) if facts.get("due_at") else "",
    }
    return Line(told.state, title, entry.at, str(facts.get(told.quotes, "")) if told.quotes else "")
