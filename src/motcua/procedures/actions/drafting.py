"""How a version comes about in the browser: one person drafts and proposes, another approves, from a day on."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.procedures import proofs
from motcua.procedures.actions.publishing import digest_of, put_in_force
from motcua.procedures.events import (
    DraftApproved,
    DraftBegun,
    DraftDiscarded,
    DraftEdited,
    DraftProposed,
    DraftSentBack,
)
from motcua.procedures.going_online import hindered
from motcua.procedures.models import Draft, Procedure, Version
from motcua.procedures.reading import spelled
from motcua.procedures.rules import another_person, owners_administrator, writers
from motcua.procedures.schema import Definition
from motcua.procedures.vocabulary import Source
from motcua.ui.words import day

SHOWN = 5


@action(who=writers, locks=False)
def revise(version: Version, *, by: Actor) -> Draft:
    """Someone begins a draft of the next version from one that is published; a draft that is open is gone on with."""
    if found := Draft.objects.open().filter(code=version.code).first():
        return found
    today = timezone.localdate()
    content = version.content | {"version": max(today, version.effective_from).isoformat()}
    content.pop("source", None)
    draft = Draft(
        code=version.code,
        owner=version.owner,
        base=version,
        content=content,
        authors=[by.urn],
        author=by.name,
    )
    draft.save(force_insert=True)
    record(DraftBegun(draft.code, str(version.digest)), about=draft, by=by)
    return draft


@action(who=writers)
def begin_new(draft: Draft, *, by: Actor) -> Draft:
    """Someone begins a procedure that is not there yet, the nation's or a province's own; begun twice is begun once."""
    if "." in draft.owner:
        raise Invalid(_("Ministries and provinces have procedures of their own."), field="owner")
    definition = draft.definition
    draft.code = definition.code
    refuse_foreign(definition)
    Procedure.objects.bulk_create([Procedure(code=draft.code)], ignore_conflicts=True)
    procedure = Procedure.objects.select_for_update().get(code=draft.code)
    if procedure.versions.exists():
        raise Invalid(
            _("Procedure %(code)s is there already: write its next version.") % {"code": draft.code},
            field="code",
        )
    if found := Draft.objects.open().filter(code=draft.code).first():
        if found.owner == draft.owner and by.urn in found.authors:
            return found
        raise Invalid(_("Somebody is writing procedure %(code)s.") % {"code": draft.code}, field="code")
    procedure.owner = draft.owner
    procedure.save(update_fields=["owner"])
    draft.authors, draft.author = [by.urn], by.name
    draft.save(force_insert=True)
    record(DraftBegun(draft.code, ""), about=draft, by=by)
    return draft


def bring(definition: Definition, *, owner: str, by: Actor) -> Draft:
    """A file becomes a draft: what the open draft of its procedure says, or the next version, or a procedure not there yet."""
    with transaction.atomic():
        draft = Draft.objects.open().filter(code=definition.code).first()
        latest = Version.objects.latest().coded(definition.code).select_related("procedure").first()
        if draft is None and latest is None:
            return begin_new(Draft(owner=owner, content=definition.as_content()), by=by)
        if draft is None and latest is not None:
            draft = revise(latest, by=by)
        assert draft is not None  # noqa: S101 — one of the three
        if draft.owner != owner:
            raise Invalid(
                _("Procedure %(code)s belongs to another agency.") % {"code": draft.code}, field="code"
            )
        edit(draft, by=by, definition=definition)
        return draft


def refuse_foreign(definition: Definition) -> None:
    """Raise `Invalid` for what the national portal says: what is written here is ours."""
    if definition.source is not Source.FILE:
        raise Invalid(_("A draft is ours: leave out `source`."), field="source")


@action(who=writers)
def edit(draft: Draft, *, by: Actor, definition: Definition) -> None:
    """The draft says something else; what it says must have the shape of a procedure, and stay the same procedure."""
    if definition.code != draft.code:
        raise Invalid(_("The code of a procedure never changes."), field="code")
    refuse_foreign(definition)
    draft.content = definition.as_content()
    draft.authors = sorted({*draft.authors, by.urn})
    draft.save()
    record(DraftEdited(draft.code, digest_of(definition)), about=draft, by=by)


@action(who=owners_administrator)
def propose(draft: Draft, *, by: Actor, note: str) -> None:
    """The draft is ready: all that can be proven holds, and another person is asked to approve it."""
    check(draft.definition)
    check_online(draft)
    if draft.definition.version < timezone.localdate():
        raise Invalid(
            _("A version cannot begin in the past: choose a day from %(today)s on.")
            % {"today": day(timezone.localdate())},
            field="version",
        )
    if not note.strip():
        raise Invalid(_("Say what changes and why."), field="note")
    draft.note, draft.proposed_by, draft.proposer = note.strip(), by.urn, by.name
    draft.proposed_at, draft.reason = timezone.now(), ""
    draft.save()
    record(DraftProposed(draft.code, digest_of(draft.definition), draft.note), about=draft, by=by)


@action(who=owners_administrator & another_person)
def send_back(draft: Draft, *, by: Actor, reason: str) -> None:
    """Who was to approve wants something changed first, and says what."""
    if not reason.strip():
        raise Invalid(_("Say what is to be changed."), field="reason")
    draft.reason = reason.strip()
    draft.save()
    record(DraftSentBack(draft.code, draft.reason), about=draft, by=by)


@action(who=owners_administrator & another_person)
def approve(draft: Draft, *, by: Actor) -> Version:
    """A second person approves: the draft becomes the version in force from its day on."""
    definition = draft.definition
    check(definition)
    check_online(draft)
    if definition.version < timezone.localdate():
        raise Invalid(
            _("A version cannot begin in the past: send it back, for a day from %(today)s on.")
            % {"today": day(timezone.localdate())},
            field="version",
        )
    version = put_in_force(definition, by=by, approved_by=by.name)
    draft.approved_by, draft.approver, draft.approved_at = by.urn, by.name, timezone.now()
    draft.version = version
    draft.save()
    record(DraftApproved(draft.code, version.digest, version.effective_from.isoformat()), about=draft, by=by)
    return version


@action(who=owners_administrator)
def discard(draft: Draft, *, by: Actor) -> None:
    """The draft is given up; it stays to be read."""
    draft.save()
    record(DraftDiscarded(draft.code), about=draft, by=by)


def check(definition: Definition) -> None:
    """Raise `Invalid` with what keeps a definition from being used; who reads English reads Vietnamese where there is no other."""
    found = [f"{spelled(place)}: {says}" for place, says in proofs.blocking(definition)]
    if found:
        more = len(found) - SHOWN
        raise Invalid(
            " · ".join(found[:SHOWN]) + (_(" · and %(count)d more") % {"count": more} if more > 0 else "")
        )


def check_online(draft: Draft) -> None:
    """Raise `Invalid` with what keeps the service from going online, or from staying so as it promises."""
    if found := hindered(draft.before, draft.definition, timezone.localdate()):
        raise Invalid(" · ".join(found))
