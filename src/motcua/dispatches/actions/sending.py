"""From the first draft to the receivers: drafted by an officer, signed and numbered, sealed and sent, perhaps recalled."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.asking import (
    among,
    answer_head,
    ask_in_turn,
    has_come_back,
    same_version,
    stage_behind,
)
from motcua.dispatches.actions.leaving import DOCUMENT, leave
from motcua.dispatches.actions.leaving import signed as signed_message
from motcua.dispatches.actions.versioning import keep
from motcua.dispatches.events import (
    DispatchDrafted,
    DispatchIssued,
    DispatchSigned,
    DispatchVoided,
    DraftSentBack,
    DraftSubmitted,
    RecallAsked,
    TaskGiven,
)
from motcua.dispatches.kinds import notation
from motcua.dispatches.messages import document_of, recall_of
from motcua.dispatches.models import Correspondent, Delivery, Incoming, Outgoing, Review
from motcua.dispatches.models.numbering import series_of
from motcua.dispatches.models.routing import HEADS
from motcua.dispatches.printing import appended, paper_of, printed, sealed, signed
from motcua.dispatches.rules import clerk, drafter, head, officer
from motcua.dispatches.secrecy import may_leave
from motcua.documents.edxml.message import Document
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, NotNow, Refused, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number
from motcua.organisations.models import Agency
from motcua.people.models import Account


@action(who=officer)
def draft(document: Outgoing, *, by: Actor) -> Outgoing:
    """An officer begins a document of the agency."""
    document.drafted_by, document.drafted_at = by.urn, timezone.now()
    tidied(document)
    document.save(force_insert=True)
    keep(document, by=by)
    record(DispatchDrafted(document.kind, document.agency), about=document, by=by)
    return document


@action(who=drafter)
def redraft(
    document: Outgoing, *, by: Actor, note: str = "", seen: int | None = None, **changes: Any
) -> Outgoing:
    """Whoever drafted it writes it anew: the next version; `seen` is the one they began with, if that is known."""
    if seen is not None and seen != document.version:
        said = _(
            "Version %(number)s was saved while you wrote. Your words still stand here: see what differs, then save again."
        )
        raise Invalid(said % {"number": document.version})
    if changes.get("secrecy", document.secrecy) < document.secrecy:
        raise Refused(_("Only %(who)s may do this.") % {"who": head.says})
    for name, value in changes.items():
        setattr(document, name, value)
    tidied(document)
    keep(document, by=by, note=note)
    return document


def tidied(document: Outgoing) -> None:
    """A subject, and receivers each named once. Raises Invalid."""
    # “V/v” is put before it where it is printed.
    document.subject = " ".join(document.subject.split()).removeprefix("V/v ").strip()
    if not document.subject:
        raise Invalid(_("Say in a sentence what the document is about."), field="subject")
    if document.secrecy and document.text.strip():
        raise Invalid(
            _(
                "A state secret is neither written nor sent on this network. Leave the text empty: write and sign it on paper or "
                "on the separate network for secrets; the records clerk gives it its number here."
            ),
            field="text",
        )
    document.receivers = list(dict.fromkeys(document.receivers))
    if document.agency in document.receivers:
        raise Invalid(_("This is your own agency. Choose another."), field="receivers")
    if document.earlier:
        changeable(document.earlier, document)


def changeable(earlier: Outgoing, document: Outgoing) -> None:
    """What is changed must be out and not changed before, and whoever has it gets the later one too. Raises Invalid."""
    if earlier.agency != document.agency or earlier.state != Outgoing.State.ISSUED:
        raise Invalid(_("Only a document your agency has issued can be changed or replaced."))
    later = earlier.successor
    if later:
        raise Invalid(
            _("%(number)s has taken its place already; change or replace that one.")
            % {"number": later.number}
        )
    having = Delivery.objects.filter(outgoing__in=document.before, via="").exclude(state__in=["02", "15"])
    left = having.exclude(agency__in=document.receivers).order_by("agency_name").first()
    if left and Agency.objects.in_force().filter(code=left.agency).exists():
        raise Invalid(
            _("%(agency)s (%(code)s) has the earlier document and must get this one too.")
            % {"agency": left.agency_name, "code": left.agency},
            field="receivers",
        )


@action(who=drafter)
def submit(document: Outgoing, *, by: Actor, to: Account | None = None, days: int = 1) -> Outgoing:
    """It goes to the head for signature, to one of them if one is named; first all who were asked have answered."""
    may_leave(document)
    if not document.text.strip() and not paper_of(document):
        raise Invalid(_("Write the document, or attach its file."), field="text")
    has_come_back(document)
    if to is not None:
        among([to], document, HEADS)
    document.save()
    Review.objects.create(
        outgoing=document,
        stage=stage_behind(document),
        wanted=Review.Wanted.SIGNATURE,
        officer=to.urn if to else "",
        officer_name=to.name if to else "",
        days=days,
    )
    ask_in_turn(document)
    record(DraftSubmitted(document.agency, to.urn if to else "", document.version), about=document, by=by)
    return document


@action(who=head)
def hand_back(document: Outgoing, *, by: Actor, reason: str) -> Outgoing:
    """The head does not sign it yet and says why."""
    document.reason = demanded(reason)
    document.save()
    answer_head(document, by, Review.Answer.RETURNED, document.reason)
    record(DraftSentBack(document.agency, document.reason, document.version), about=document, by=by)
    return document


@action(who=head)
def sign(
    document: Outgoing, *, by: Actor, position: str, power: str = "", seen: int | None = None
) -> Outgoing:
    """The head signs. Number and day are given with the signature and stand under it, so nobody can change them afterwards."""
    if seen is not None:
        same_version(document, seen)
    document.signed_at, document.reason = timezone.now(), ""
    document.signer = {"competence": power, "position": position, "name": by.name}
    year = timezone.localtime(document.signed_at).year
    document.series = series_of(document.agency, document.kind, year)
    agency = Agency.objects.get(pk=document.agency)
    document.notation = notation(document.kind, agency.abbreviation, document.unit)
    document.year, document.serial = year, free_number(document, year)
    document.document_id = (
        f"{document.agency},{timezone.localtime(document.signed_at):%Y/%m/%d},{document.number}"
    )
    document.files = [signed(printed(document, agency), document, by=by), *appended(document)]
    document.save()
    answer_head(document, by, Review.Answer.AGREED)
    told = DispatchSigned(document.number, document.agency, document.files[0]["digest"], document.version)
    record(told, about=document, by=by)
    return document


def free_number(document: Outgoing, year: int) -> int:
    """The next number of the series that the agency's own system has not given to a document of this notation."""
    elsewhere = Outgoing.objects.filter(
        agency=document.agency, year=year, notation=document.notation, series__startswith="elsewhere "
    )
    while True:
        number = next_number(f"dispatches {document.agency} {document.series or 'all'} {year}")
        if not elsewhere.filter(serial=number).exists():
            return number


@action(who=clerk)
def void(document: Outgoing, *, by: Actor, reason: str) -> Outgoing:
    """A signed document is not issued after all; it stays in the register under its number, with the reason."""
    document.reason = demanded(reason)
    document.save()
    record(DispatchVoided(document.number, document.reason), about=document, by=by)
    return document


@action(who=clerk)
def issue(document: Outgoing, *, by: Actor) -> Outgoing:
    """The clerk puts the agency's signature on it and sends it to all its receivers; each has its own stream of news."""
    may_leave(document)
    if document.earlier_id:
        # Nobody changes or recalls it meanwhile.
        changeable(Outgoing.objects.select_for_update().get(pk=document.earlier_id), document)
    agency = Agency.objects.get(pk=document.agency)
    receivers = in_order(document.receivers, document.agency)
    document.files = [sealed(document, file) for file in document.files]
    document.issued_at = timezone.now()
    document.save()
    Delivery.objects.bulk_create(
        Delivery(outgoing=document, agency=one.code, agency_name=one.name_vi, since=document.issued_at)
        for one in receivers
    )
    send(document_of(document, receivers, agency), document)
    record(DispatchIssued(document.number, document.agency, len(receivers)), about=document, by=by)
    give_task(document, [one.code for one in receivers], by=by)
    give_answer(document)
    return document


def give_answer(document: Outgoing) -> None:
    """What it answers waits for an answer no longer, if this goes to whoever asked."""
    if document.responds_to_id:
        asked = Incoming.objects.filter(pk=document.responds_to_id, sender__in=document.receivers)
        asked.filter(answered_at=None).update(answered_at=document.issued_at)


def give_task(document: Outgoing, receivers: list[str], *, by: Actor) -> None:
    """Each receiver of a document that asks for an answer has a task; from these the tables are counted."""
    if document.answer_by:
        last = document.answer_by.isoformat()
        record_many([(TaskGiven(one, document.agency, last), document.urn) for one in receivers], by=by)


def in_order(codes: Sequence[str], agency: str) -> list[Agency]:
    """The agencies by their codes, all of them in force, and those `agency` writes to by e-mail. Raises Invalid."""
    known = {one.code: one for one in Agency.objects.in_force().filter(code__in=codes)}
    if len(known) < len(set(codes)):
        theirs = Correspondent.objects.filter(agency=agency, code__in=codes)
        known = {one.code: Agency(code=one.code, name_vi=one.name) for one in theirs} | known
    missing = [code for code in codes if code not in known]
    if missing:
        raise Invalid(_("No agency has the code %(code)s today.") % {"code": missing[0]}, field="receivers")
    return [known[code] for code in codes]


def send(message: Document, document: Outgoing) -> None:
    """One message for all its receivers, signed once; what speaks of an earlier document follows it in its stream."""
    leave(
        DOCUMENT,
        signed_message(message, document.agency, must=True),
        agency=document.agency,
        receivers=[one.organ_id for one in message.header.receivers],
        stream=f"outgoing:{document.first.pk}",
        correlation=str(document.pk),
    )


@action(who=head | clerk)
def recall(document: Outgoing, *, by: Actor, reason: str) -> Outgoing:
    """The document is asked back from all who have it; each answers for itself (decree 30/2020, art. 18.4)."""
    document.reason = demanded(reason)
    document.save()
    asked = asked_now(document.deliveries.all())
    if not asked:
        raise NotNow(_("None of those you sent it to has it any more."))
    agency = Agency.objects.get(pk=document.agency)
    send(
        recall_of(document, in_order([one.agency for one in asked if not one.via], document.agency), agency),
        document,
    )
    record(RecallAsked(document.reason, len(asked)), about=document, by=by)
    return document


def asked_now(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Who is asked for it back, noted so: all who have it from us, and those below them.

    Who gave it back passes no recall on, so that those it sent it on to would never answer.
    """
    having = [one for one in deliveries if one.state not in {"02", "15"}]
    from_us = {one.agency for one in having if not one.via}
    asked = [one for one in having if not one.via or one.via in from_us]
    for one in asked:
        one.recall_asked_at, one.recall_answer = timezone.now(), ""
    Delivery.objects.bulk_update(asked, ["recall_asked_at", "recall_answer"])
    return asked


def demanded(reason: str) -> str:
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    return reason.strip()[:500]
