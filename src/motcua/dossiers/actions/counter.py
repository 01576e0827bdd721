"""What happens at the counter: take a dossier, ask for what is missing, turn it away, send it on, give the result at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.documents.inquiries import weigh
from motcua.dossiers.actions.applying import InvalidAnswers
from motcua.dossiers.actions.fees import take_fee
from motcua.dossiers.actions.receiving import (
    accept,
    await_receipt,
    holder,
    keep,
    refuse,
    request_supplement,
    said,
)
from motcua.dossiers.actions.steps import Walk, lay_out, together
from motcua.dossiers.actions.stretches import stop_clock
from motcua.dossiers.actions.telling import announce
from motcua.dossiers.actions.working import deliver, end_what_runs_by_itself
from motcua.dossiers.events import (
    DossierDecidedAtOnce,
    DossierFiled,
    NoteAdded,
    PaperFiled,
    PaperOpened,
)
from motcua.dossiers.models import Dossier, Note, Paper
from motcua.dossiers.questions import answered, is_done_at_once, not_whole, papers_lacking
from motcua.dossiers.rules import (
    colleague,
    collected,
    desk_officer,
    filed_here,
    independent,
    reader,
    reading_machine,
)
from motcua.dossiers.states import Channel
from motcua.journal.actions import record
from motcua.lib import rows
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.payments import actions as payments
from motcua.payments.models import Charge
from motcua.people.models import Account


class Verdict(StrEnum):
    """What the officer finds when a dossier lies on the counter (decree 61/2018, art. 17 and 18); one may wait."""

    WAIT = "wait"
    ACCEPT = "accept"
    AT_ONCE = "at_once"
    SUPPLEMENT = "supplement"
    REFUSE = "refuse"
    FORWARD = "forward"


@dataclass(frozen=True)
class Brought:
    """What lies on the counter: the answers as typed, the papers, and what the officer finds, with its reason or result."""

    typed: Mapping[str, object]
    papers: Sequence[dict[str, Any]] = ()
    verdict: Verdict = Verdict.ACCEPT
    words: str = ""
    faults: dict[str, str] = field(default_factory=dict)


@action(who=desk_officer & independent)
def receive(dossier: Dossier, *, by: Actor, brought: Brought) -> None:
    """An officer takes a dossier at the counter; the same dossier is taken once, however often the button is pressed."""
    dossier.overlays = dossier.version.overlays_at(dossier.agency, timezone.localdate(dossier.sent_at))
    check_whole(dossier, brought)
    dossier.origin, dossier.held_by = dossier.agency, holder(by)
    dossier.is_at_once = brought.verdict is Verdict.AT_ONCE
    if brought.verdict in {Verdict.WAIT, Verdict.FORWARD}:
        await_receipt(dossier, since=dossier.arrived_at)
    if not is_first(dossier):
        return
    keep(dossier, [*brought.papers], is_new=True)
    lay_out(dossier)
    way = dossier.filing.get("way", "")
    record(
        DossierFiled(dossier.version.code, dossier.agency, dossier.channel, way),
        about=dossier,
        by=by,
    )
    conclude(dossier, brought, by=by)


def is_first(dossier: Dossier) -> bool:
    """Whether the dossier could be put down; if the button was pressed twice at once, the second waits for the first."""
    return bool(rows.put([dossier], otherwise="(id) DO NOTHING"))


def check_whole(dossier: Dossier, brought: Brought) -> None:
    """What is accepted must be whole; what is not may lack anything but the reason why."""
    definition = dossier.definition
    page = answered(definition, dossier.case, brought.typed)
    dossier.answers = page.values
    if brought.verdict in {Verdict.SUPPLEMENT, Verdict.REFUSE}:
        said(brought.words)
        return
    faults = brought.faults | page.faults
    channel = Channel(dossier.channel).word
    given = [paper["paper"] for paper in brought.papers]
    if lacking := papers_lacking(definition, dossier.case, channel, given):
        faults["papers"] = _("Not handed in: %(what)s. Tick it, or ask for it with form 02.") % {
            "what": "; ".join(lacking)
        }
    if faults:
        raise InvalidAnswers(faults)
    if brought.verdict is Verdict.AT_ONCE:
        check_at_once(dossier, brought.words)
    if brought.verdict is Verdict.FORWARD and dossier.forward_to in {"", dossier.agency}:
        raise Invalid(_("Choose the agency it belongs to."), field="forward_to")


def check_at_once(dossier: Dossier, words: str) -> None:
    """Only what the procedure lets be done on the day, by this agency alone, is decided at the counter."""
    channel = Channel(dossier.channel).word
    if not is_done_at_once(dossier.definition, dossier.case, channel):
        raise Invalid(
            _("This procedure is not one that is decided while people wait. Receive it with form 01."),
            field="verdict",
        )
    if not words.strip():
        raise Invalid(_("Say what was given, such as “5 certified copies”."), field="words")


def conclude(dossier: Dossier, brought: Brought, *, by: Actor) -> None:
    """What the officer found becomes what happens."""
    match brought.verdict:
        case Verdict.WAIT:
            announce(dossier)
        case Verdict.ACCEPT:
            accept(dossier, by=by)
        case Verdict.AT_ONCE:
            accept(dossier, by=by)
            take_fee_in_cash(dossier, by=by)
            decide_at_once(dossier, by=by, result=brought.words)
        case Verdict.SUPPLEMENT:
            pages = [one.id for one in not_whole(dossier)]
            request_supplement(dossier, by=by, reason=brought.words, pages=pages)
        case Verdict.REFUSE:
            refuse(dossier, by=by, reason=brought.words)


def take_fee_in_cash(dossier: Dossier, *, by: Actor) -> None:
    """Who is given the result at once pays at the counter before."""
    for charge in Charge.objects.about(dossier).filter(state=Charge.State.DUE):
        payments.take_cash(charge, by=by, amount=charge.open)
        take_fee(dossier, by=Actor.system("dossiers"), charge=charge)


@action(who=desk_officer & independent & filed_here)
def decide_at_once(dossier: Dossier, *, by: Actor, result: str) -> None:
    """The result was decided and given while the applicant waited; the case stays in the system (decree 61/2018, art. 17.4)."""
    check_at_once(dossier, result)
    dossier.opinion, dossier.ended_at = result.strip(), timezone.now()
    walk = Walk(dossier, by=by)
    walk.end_rest()
    with together(dossier):
        stopped = stop_clock(dossier, at=dossier.ended_at)
        walk.write("state", "opinion", "ended_at", parts=[stopped])
        told = (dossier.code or "", dossier.opinion, dossier.state, dossier.was_on_time)
        record(DossierDecidedAtOnce(*told), about=dossier, by=by)
        announce(dossier, step=walk.holding)
        deliver(dossier, by=Actor.system("dossiers"))


@action(who=desk_officer & independent & (filed_here | collected))
def hand_over(dossier: Dossier, *, by: Actor, to: str = "") -> None:
    """The result is handed to whoever comes for it, or to the post."""
    dossier.filing = {**dossier.filing, "handed_to": to.strip() or dossier.applicant_name}
    end_what_runs_by_itself(dossier, "filing", by=by)


@action(who=desk_officer & independent)
def file_paper(dossier: Dossier, *, by: Actor, paper: dict[str, Any]) -> None:
    """A paper that was brought or scanned later is added; the same file under the same paper is added once."""
    if dossier.has_ended:
        raise Invalid(_("This dossier has ended; nothing can be added to it."))
    with transaction.atomic():
        _filed, is_new = Paper.objects.get_or_create(
            dossier=dossier,
            paper=paper["paper"],
            digest=paper["digest"],
            defaults=paper | {"verdict": weigh(paper["digest"], paper["media"])},
        )
    if is_new:
        record(PaperFiled(paper["paper"], paper["digest"], paper["copy"]), about=dossier, by=by)


@action(who=reader | reading_machine, locks=False)
def open_paper(dossier: Dossier, *, by: Actor, paper: Paper) -> None:
    """An officer or a system opens a paper the applicant gave; it is written down, as reading a register is."""
    record(PaperOpened(paper.paper, paper.digest), about=dossier, by=by)


@action(who=colleague)
def note(dossier: Dossier, *, by: Actor, text: str) -> Note:
    """An officer leaves a note for colleagues; the applicant and other agencies never see it."""
    if not text.strip():
        raise Invalid(_("Write the note."), field="text")
    author = Account.objects.get(pk=by.urn.removeprefix("person:"))
    written = Note.objects.create(dossier=dossier, author=author, text=text.strip()[:2000])
    record(NoteAdded(written.pk), about=dossier, by=by)
    return written
