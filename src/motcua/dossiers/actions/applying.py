"""What a citizen does: begin, fill in, attach, send, add, take back, rate; and learn where the dossier stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.actions.enclosing import WALLET, receive
from motcua.dossiers.actions.proving import drop_stale
from motcua.dossiers.actions.rating import check_answers
from motcua.dossiers.actions.signing import UNSIGNED, enclose, void_what_changed
from motcua.dossiers.actions.submitting import check_mandate, papers_of, submission, tell
from motcua.dossiers.events import (
    ApplicationBegun,
    ApplicationDiscarded,
    ApplicationFilled,
    ApplicationRated,
    ApplicationReopened,
    ApplicationSent,
    ApplicationSupplied,
    NewsLearned,
    PaperAttached,
    PaperRemoved,
    PaperReused,
    SupplementReturned,
    WithdrawalAsked,
)
from motcua.dossiers.models import Application, Attachment, FormSignature
from motcua.dossiers.questions import missing, not_mended, to_mend
from motcua.dossiers.rules import applicant, signed_in
from motcua.dossiers.signed_form import standing
from motcua.dossiers.states import Reuse, State
from motcua.journal.actions import name_of, record
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, action, lock
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.mandates.models import Mandate
from motcua.organisations.models import Agency
from motcua.people.models import Account
from motcua.procedures.answers import Cleaned, clean
from motcua.procedures.going_online import is_online
from motcua.procedures.models import Version
from motcua.procedures.schema import Group
from motcua.procedures.vocabulary import Signing
from motcua.wallets.models import Holding


class InvalidAnswers(Invalid):
    """Some answers do not hold; `faults` says which and why."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()), field=next(iter(faults)))
        self.faults = faults


@action(who=signed_in, locks=False)
def begin(
    version: Version, *, by: Actor, case: str, agency: str, agency_name: str, mandate: Mandate | None = None
) -> Application:
    """A person begins to apply, for themselves or by a mandate; the draft is kept from now on."""
    overlays = version.overlays_at(agency, timezone.localdate())
    if not is_online(version.with_overlays(overlays)):
        raise Invalid(_("This procedure cannot be filed online yet."))
    check_mandate(mandate, version, by)
    application = Application.objects.create(
        account=Account.objects.get(pk=by.urn.removeprefix("person:")),
        mandate=mandate,
        version=version,
        overlays=overlays,
        case=case,
        agency=agency,
        agency_name=agency_name,
    )
    record(
        ApplicationBegun(version.code, agency, mandate.number if mandate else ""), about=application, by=by
    )
    return application


@action(who=applicant)
def fill(
    application: Application,
    *,
    by: Actor,
    group: str,
    answers: dict[str, Any],
    source: dict[str, Any] | None = None,
) -> None:
    """The answers of one group of questions are kept; those read from a register bear their source."""
    asked = next((one for one in open_pages(application) if one.id == group), None)
    if asked is None:
        raise Invalid(_("There is no such page in this form."), field="group")
    before = application.answers
    if source is None:
        keep_answers(application, clean(asked, answers, earlier=application.answers, on=timezone.localdate()))
    else:
        keep_prefill(application, answers, source)
    application.save()
    void_what_changed(application, by=by)
    drop_stale(application, before, by=by)
    record(ApplicationFilled(group, (source or {}).get("service", "")), about=application, by=by)


def open_pages(application: Application) -> Sequence[Group]:
    """Those that can be answered: of a draft all, afterwards those the agency wants put right."""
    if application.is_draft:
        return application.definition.groups_for(application.case, application.answers)
    return to_mend(application) if application.is_mending else ()


@action(who=applicant)
def attach(
    application: Application, *, by: Actor, paper: str, name: str, media: str, size: int, digest: str
) -> Attachment:
    """A paper is added; the same file under the same paper is added once."""
    papers = {one.id for one in application.definition.papers_for(application.case, "online")}
    if paper not in papers:
        raise Invalid(_("This procedure does not ask for such a paper."), field="paper")
    attachment, is_new = Attachment.objects.get_or_create(
        application=application,
        paper=paper,
        digest=digest,
        defaults={"name": name[:200], "media": media, "size": size},
    )
    if is_new:
        application.save()
        record(PaperAttached(paper, digest, media), about=application, by=by)
    return attachment


@action(who=applicant)
def reuse(application: Application, *, by: Actor, paper: str, holding: Holding) -> Attachment:
    """A paper of the applicant's wallet is handed in again: what the state has issued once, it does not ask for twice."""
    definition = application.definition
    asked = next((one for one in definition.papers_for(application.case, "online") if one.id == paper), None)
    if asked is None:
        raise Invalid(_("This procedure does not ask for such a paper."), field="paper")
    today, whose = timezone.localdate(), application.principal_number
    if not Holding.objects.filter(pk=holding.pk, owner=whose).of_kinds(asked.kinds, today).exists():
        raise Invalid(
            _("This paper of your wallet does not serve here, or is no longer valid."), field="paper"
        )
    attachment, is_new = Attachment.objects.get_or_create(
        application=application,
        paper=paper,
        digest=holding.digest,
        defaults={
            "name": holding.name,
            "media": holding.media,
            "size": holding.size,
            "public_code": holding.public_code,
            "reuse": Reuse.WALLET if holding.is_upload else Reuse.RESULT,
            "is_certified": holding.source == Holding.Source.CERTIFIED,
        },
    )
    if is_new:
        application.save()
        record(PaperReused(paper, attachment.digest, attachment.reuse), about=application, by=by)
    return attachment


@action(who=applicant)
def detach(application: Application, *, by: Actor, attachment: Attachment) -> None:
    """A paper is taken out again before it was sent."""
    if attachment.application_id != application.pk or attachment.kind != Attachment.Kind.GIVEN:
        raise Invalid(_("This paper is not one of yours to remove."), field="attachment")
    if application.sent_at and attachment.added_at <= application.sent_at:
        raise Invalid(_("This paper has already been sent and stays in the dossier."), field="attachment")
    attachment.delete()
    application.save()
    record(PaperRemoved(attachment.paper, attachment.digest), about=application, by=by)


@action(who=applicant)
def discard(application: Application, *, by: Actor) -> None:
    """A draft is thrown away with all that was filled in."""
    record(ApplicationDiscarded(application.version.code), about=application, by=by)
    application.delete()


@action(who=applicant)
def send(application: Application, *, by: Actor) -> None:
    """The application goes to the agency; from now on it is a dossier there."""
    if application.mandate:
        # Held until the commit: who revokes it at this moment comes before, and this is refused, or after.
        lock(application.mandate)
        if by.urn == f"person:{application.mandate.agent_id}":
            check_mandate(application.mandate, application.version, by)
    signature = check_complete(application)
    enclose([application], [signature] if signature else [])
    application.sent_at, application.reason = timezone.now(), ""
    application.overlays = application.version.overlays_at(application.agency, timezone.localdate())
    application.save()
    tell(application, "dossier.submitted", submission(application, papers_of(application), signature))
    mandate = application.mandate
    told = ApplicationSent(application.version.code, application.agency, mandate.number if mandate else "")
    record(told, about=application, by=by)


def check_complete(application: Application) -> FormSignature | None:
    """The signature it goes with, if it has one. Raises Invalid, saying what it lacks before it can be sent."""
    if gaps := missing(application):
        raise Invalid(_("Not yet complete: %(what)s.") % {"what": "; ".join(gaps)})
    signature = standing(application)
    if application.definition.signature is Signing.REQUIRED and signature is None:
        raise Invalid(str(UNSIGNED))
    return signature


@action(who=system)
def reopen(application: Application, *, by: Actor, reason: str) -> None:
    """The agency's node did not take it: it is a draft again, with all that was filled in, and with the reason."""
    application.sent_at, application.withdrawal_asked_at, application.reason = None, None, reason
    application.save()
    record(ApplicationReopened(application.agency, reason), about=application, by=by)


@action(who=applicant)
def supply(application: Application, *, by: Actor, note: str = "") -> None:
    """What the agency asked for goes to it; it asks only once, so nothing at all is no answer."""
    if application.supplied_at is not None:
        raise Invalid(_("You have already sent this; the agency is looking at it."))
    mended = mended_answers(application)
    if not note.strip() and not has_more(application):
        raise Invalid(_("Nothing has been added yet: add a file, or write to the officer."), field="note")
    application.supplied_at = timezone.now()
    application.save()
    tell(
        application,
        "dossier.supplied",
        {
            "papers": papers_of(application),
            "note": note,
            "sent_at": application.supplied_at.isoformat(),
            **mended,
        },
    )
    record(ApplicationSupplied(application.agency), about=application, by=by)


def has_more(application: Application) -> bool:
    """Whether a paper was added, or a page filled in anew, since it was sent."""
    given = application.attachments.filter(kind=Attachment.Kind.GIVEN, added_at__gt=application.sent_at)
    filled = (
        Entry.objects.about(application).of(name_of(ApplicationFilled)).filter(at__gt=application.sent_at)
    )
    return given.exists() or filled.exists()


def mended_answers(application: Application) -> dict[str, Any]:
    """The answers as they stand now, where some were to be put right, with the signature they bear. Raises Invalid."""
    if not application.asked_pages:
        return {}
    if gaps := not_mended(application):
        raise Invalid(_("Not yet complete: %(what)s.") % {"what": "; ".join(gaps)})
    signature = standing(application)
    if application.definition.signature is Signing.REQUIRED and signature is None:
        raise Invalid(str(UNSIGNED))
    enclose([application], [signature] if signature else [])
    return {"answers": application.answers}


@action(who=system)
def return_supplement(application: Application, *, by: Actor, reason: str) -> None:
    """The agency's node did not take what was added: it can be sent once more, as it is."""
    if application.supplied_at is None:
        return
    application.supplied_at = None
    application.save()
    record(SupplementReturned(application.agency, reason), about=application, by=by)


@action(who=applicant)
def withdraw(application: Application, *, by: Actor, reason: str = "") -> None:
    """The applicant asks to take the dossier back."""
    if application.withdrawal_asked_at is not None:
        return
    application.withdrawal_asked_at = timezone.now()
    application.save()
    tell(
        application,
        "dossier.withdrawn",
        {"reason": reason, "sent_at": application.withdrawal_asked_at.isoformat()},
    )
    record(WithdrawalAsked(application.agency), about=application, by=by)


@action(who=applicant)
def rate(
    application: Application, *, by: Actor, overall: int, convenience: int, timeliness: int, attitude: int
) -> None:
    """The applicant says how the service was; once."""
    rating = {"overall": overall, "convenience": convenience, "timeliness": timeliness, "attitude": attitude}
    if application.rating is not None:
        raise Invalid(_("You have already rated this dossier. Thank you."))
    check_answers(rating)
    application.rating = rating
    application.save()
    tell(application, "dossier.rated", {"rating": rating})
    record(ApplicationRated(**rating), about=application, by=by)


@action(who=system)
def learn(application: Application, *, by: Actor, news: dict[str, Any], agency: str = "") -> None:
    """The agency has told where the dossier stands, and may have sent papers; it may be another than before."""
    if agency and agency != application.agency:
        names = Agency.objects.filter(code=agency).values_list("name_vi", flat=True)
        application.agency, application.agency_name = agency, names.first() or agency
    application.handed_to = news.get("handed_to", "")
    follow_version(application, news.get("effective_from", ""))
    application.state = State(news["state"])
    application.code = news["code"] or application.code
    application.step, application.holder = news["step"], news["holder"]
    application.reason = news["reason"]
    application.due_at = moment(news["due_at"])
    application.receive_by = moment(news.get("receive_by", ""))
    application.answer_by = moment(news.get("answer_by", ""))
    if news.get("fee"):
        application.fee = {**(application.fee or {}), **news["fee"]}
    if news.get("why") == "posted":
        application.waybill = news["explained"]
    if news.get("asks"):
        application.supplied_at, application.asked_pages = None, news.get("pages", [])
    application.save()
    for paper in news["papers"]:
        attachment, is_new = Attachment.objects.get_or_create(
            application=application,
            paper=paper["paper"],
            digest=paper["digest"],
            defaults={key: paper[key] for key in ("kind", "name", "media", "size", "public_code")},
        )
        if is_new and attachment.kind in WALLET:
            receive(
                application.principal_number, paper, about=application.urn, issuer=application.agency_name
            )
    record(
        NewsLearned(
            application.code,
            application.state,
            application.step,
            news["due_at"],
            application.reason,
            news.get("why", ""),
            news.get("explained", ""),
            (news.get("fee") or {}).get("refund", 0),
            news.get("answer_by", ""),
        ),
        about=application,
        by=by,
    )


def moment(told: str) -> datetime | None:
    """A moment as news write it; none is an empty word."""
    return datetime.fromisoformat(told) if told else None


def follow_version(application: Application, effective_from: str) -> None:
    """The agency may have brought the dossier over to a later version; its steps are told by that one from now on."""
    if effective_from and effective_from != application.version.effective_from.isoformat():
        versions = Version.objects.filter(procedure=application.version.procedure_id)
        application.version = versions.filter(effective_from=effective_from).first() or application.version


def keep_answers(application: Application, page: Cleaned) -> None:
    """What the citizen typed; a value they changed no longer bears the register as its source."""
    if not page.is_good:
        raise InvalidAnswers(page.faults)
    application.answers = {**application.answers, **page.values}
    application.sources = {
        field: told
        for field, told in application.sources.items()
        if field not in page.values or told["value"] == page.values[field]
    }
    for field in [field for field in application.sources if not is_still_about_them(application, field)]:
        application.answers[field] = None
        del application.sources[field]


def is_still_about_them(application: Application, field: str) -> bool:
    """Whether a value read from a register still belongs here: a father who first said “mother” is not the mother."""
    question = application.definition.fields_by_id[field]
    return question.prefill_when is None or question.prefill_when.holds(application.answers)


def keep_prefill(application: Application, answers: dict[str, Any], source: dict[str, Any]) -> None:
    """What a register said, where the citizen has not answered yet; each value remembers its source."""
    known = {field: value for field, value in answers.items() if not application.answers.get(field)}
    application.answers = {**application.answers, **known}
    application.sources = {
        **application.sources,
        **{field: {**source, "value": value} for field, value in known.items()},
    }
