"""Many dossiers from one form: open the batch, enter its list, send those that were chosen, all or none."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers.actions.signing import UNSIGNED, enclose
from motcua.dossiers.actions.submitting import as_paper, check_mandate, parcel, submission
from motcua.dossiers.events import ApplicationBegun, ApplicationSent, BatchEntered, BatchOpened, BatchSent
from motcua.dossiers.models import Application, Attachment, Batch, FormSignature
from motcua.dossiers.questions import answered, missing
from motcua.dossiers.rules import applicant
from motcua.dossiers.signed_form import standing_of
from motcua.dossiers.states import Reuse, State
from motcua.exchange import actions as exchange
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action, lock
from motcua.lib.actors import Actor
from motcua.procedures.schema import Answer
from motcua.procedures.vocabulary import Signing

MOST = 200


@dataclass(frozen=True)
class Fault:
    """What is wrong in one row of a list: its line, the question, and how to mend it."""

    line: int
    column: str
    words: str


class InvalidRows(Invalid):
    """Some rows do not hold; `faults` says which, where and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(_("Some rows need mending; nothing was entered."), field="table")
        self.faults = list(faults)


@action(who=applicant)
def open_batch(application: Application, *, by: Actor) -> Batch:
    """Many dossiers are to be filed from the form of this draft; pressed twice, it is the same batch."""
    if application.state != State.DRAFT:
        raise Invalid(_("Only a draft can be the form of many dossiers."))
    check_mandate_of(application, by)
    given = application.attachments.filter(kind=Attachment.Kind.GIVEN).order_by("added_at", "id")
    given = given.exclude(reuse=Reuse.REGISTER, paper__in=resting_on_answers(application))
    batch, is_new = Batch.objects.get_or_create(
        pk=uuid5(application.pk, "batch"),
        defaults={
            name: getattr(application, name)
            for name in ("account", "mandate", "version", "overlays", "case", "agency", "agency_name")
        },
    )
    batch.answers = application.answers
    batch.papers = [
        {**as_paper(one), "public_code": one.public_code, "is_certified": one.is_certified} for one in given
    ]
    for paper in batch.papers:
        del paper["copy"]
    batch.save()
    if is_new:
        record(BatchOpened(batch.version.code, batch.agency), about=batch, by=by)
    return batch


def resting_on_answers(application: Application) -> list[str]:
    """The papers for which a register is asked by an answer of the form: one row's answer proves nothing for another."""
    papers = application.definition.papers_for(application.case, "online")
    return [one.id for one in papers if any(asks.startswith("form.") for asks in one.inputs.values())]


@action(who=applicant)
def enter_rows(
    batch: Batch, *, by: Actor, rows: Sequence[Mapping[str, str]], lines: Sequence[int] = ()
) -> int:
    """A list is entered: one draft a row, or none if a row does not hold; the same list again changes nothing.

    A row holds what differs, as text under the ids of the questions; `lines` are their numbers where the list has others
    than from one on. Returns how many drafts are new; raises InvalidRows.
    """
    if not rows:
        raise Invalid(_("The list has no rows."), field="table")
    if len(rows) > MOST:
        raise Invalid(
            _("A list has at most %(most)s rows. Split it into several.") % {"most": MOST}, field="table"
        )
    numbers = lines or range(1, len(rows) + 1)
    drafts = drafted(batch, [read(batch, line, row) for line, row in zip(numbers, rows, strict=True)])
    known = set(batch.applications.values_list("pk", flat=True))
    fresh = [one for one in drafts if one.pk not in known]
    Application.objects.bulk_create(fresh)
    Attachment.objects.bulk_create(
        Attachment(application=one, **paper) for one in fresh for paper in batch.papers
    )
    number = batch.mandate.number if batch.mandate else ""
    begun = ApplicationBegun(batch.version.code, batch.agency, number)
    record_many([(begun, one.urn) for one in fresh], by=by)
    record(BatchEntered(len(fresh)), about=batch, by=by)
    return len(fresh)


@action(who=applicant)
def send_batch(batch: Batch, *, by: Actor, chosen: Sequence[UUID]) -> int:
    """All chosen drafts go to the agency, or none: what was sent before is passed over. Returns how many went."""
    check_mandate_of(batch, by)
    drafts = list(drafts_of(batch, chosen).select_for_update(of=("self",)))
    papers = given_with(drafts)
    now, overlays = timezone.now(), batch.version.overlays_at(batch.agency, timezone.localdate())
    for one in drafts:
        one.version, one.account, one.mandate = batch.version, batch.account, batch.mandate
        one.overlays, one.sent_at, one.state, one.changed_at = overlays, now, State.NEW, now
    signatures = standing_of(drafts)
    check_rows(drafts, papers, signatures)
    for form in enclose(drafts, list(signatures.values())):
        papers[form.application_id].append(form)
    Application.objects.bulk_update(drafts, ["overlays", "sent_at", "state", "changed_at"])
    exchange.leave([parcelled(one, papers[one.pk], signatures.get(one.pk)) for one in drafts])
    told = ApplicationSent(batch.version.code, batch.agency, batch.mandate.number if batch.mandate else "")
    record_many([(told, one.urn) for one in drafts], by=by)
    if drafts:
        record(BatchSent(batch.version.code, batch.agency, len(drafts)), about=batch, by=by)
    return len(drafts)


def ready(batch: Batch, chosen: Sequence[UUID]) -> int:
    """How many of the chosen drafts can be sent. Raises InvalidRows where some lack something; changes nothing."""
    drafts = list(drafts_of(batch, chosen))
    for one in drafts:
        one.version, one.account, one.mandate = batch.version, batch.account, batch.mandate
    check_rows(drafts, given_with(drafts), standing_of(drafts))
    return len(drafts)


def drafts_of(batch: Batch, chosen: Sequence[UUID]) -> QuerySet[Application]:
    return batch.applications.filter(pk__in=chosen, state=State.DRAFT).order_by("row", "pk")


def given_with(drafts: Sequence[Application]) -> dict[UUID, list[Attachment]]:
    """The papers of each draft, in the order they were given."""
    papers: dict[UUID, list[Attachment]] = defaultdict(list)
    given = Attachment.objects.filter(application__in=drafts, kind=Attachment.Kind.GIVEN)
    for paper in given.order_by("added_at", "id"):
        papers[paper.application_id].append(paper)
    return papers


def check_rows(
    drafts: Sequence[Application],
    papers: Mapping[UUID, Sequence[Attachment]],
    signatures: Mapping[UUID, FormSignature],
) -> None:
    """Raises InvalidRows, saying what each lacks before all can be sent."""
    gaps = [
        Fault(one.row or 0, "", "; ".join(lacks))
        for one in drafts
        if (lacks := lacking(one, papers.get(one.pk, ()), is_signed=one.pk in signatures))
    ]
    if gaps:
        raise InvalidRows(gaps)


def check_mandate_of(subject: Application | Batch, by: Actor) -> None:
    """Under a mandate its agent files only as long as it allows it; it is held until the commit."""
    if subject.mandate:
        lock(subject.mandate)
        if by.urn == f"person:{subject.mandate.agent_id}":
            check_mandate(subject.mandate, subject.version, by)


@dataclass(frozen=True)
class Row:
    """One row as answers, or with what is wrong in it."""

    line: int
    answers: dict[str, Answer]
    faults: list[Fault]


def read(batch: Batch, line: int, row: Mapping[str, str]) -> Row:
    """The whole form with what this row says in place of what all share."""
    typed = {name: as_text(value) for name, value in batch.answers.items()} | dict(row)
    definition, language = batch.definition, get_language() or "vi"
    found = answered(definition, batch.case, typed)
    labels = definition.fields_by_id
    faults = [
        Fault(line, labels[name].label.said_in(language), words) for name, words in found.faults.items()
    ]
    return Row(line, found.values, faults)


def drafted(batch: Batch, rows: Sequence[Row]) -> list[Application]:
    """A draft for each row; rows that say the same are told apart by their count. Raises InvalidRows."""
    if faults := [fault for row in rows for fault in row.faults]:
        raise InvalidRows(faults)
    seen: Counter[str] = Counter()
    drafts, now = [], timezone.now()
    for row in rows:
        said = json.dumps(row.answers, sort_keys=True, ensure_ascii=False)
        seen[said] += 1
        drafts.append(
            Application(
                pk=uuid5(batch.pk, f"{seen[said]}:{said}"),
                batch=batch,
                row=row.line,
                answers=row.answers,
                changed_at=now,
                **{
                    name: getattr(batch, name)
                    for name in ("account", "mandate", "version", "overlays", "case", "agency", "agency_name")
                },
            )
        )
    return drafts


def lacking(application: Application, papers: Sequence[Attachment], *, is_signed: bool) -> list[str]:
    """What a row still lacks before it can be sent: answers, papers, and the signature where it must be signed."""
    lacks = missing(application, [held.paper for held in papers])
    must = application.definition.signature is Signing.REQUIRED
    return [*lacks, str(UNSIGNED)] if must and not is_signed else lacks


def parcelled(application: Application, papers: Sequence[Attachment], signature: FormSignature | None) -> Any:
    """The message with which one of them goes."""
    body = submission(application, [as_paper(one) for one in papers], signature)
    return exchange.drafted("dossier.submitted", **parcel(application, body, [one.digest for one in papers]))


def as_text(value: Answer) -> str:
    """An answer as it is typed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
