"""Running dossiers go over to a later version: drafted and tried by one, agreed by another, carried out one by one."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.actions.steps import Walk, stand
from motcua.dossiers.actions.telling import announce
from motcua.dossiers.events import (
    DossierBroughtOver,
    TransitionAgreed,
    TransitionConcluded,
    TransitionDrafted,
    TransitionDropped,
)
from motcua.dossiers.models import Dossier, Round, Step, Transition
from motcua.dossiers.rules import second_person
from motcua.dossiers.transiting import concerned, fate, fates
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.opinions import actions as opinions
from motcua.organisations.models import decided
from motcua.organisations.rules import administrator

SHOWN = 5


@action(who=administrator)
def draft_transition(transition: Transition, *, by: Actor) -> Transition:
    """Someone drafts how the running dossiers of an agency go over; one that is open is gone on with."""
    if transition.old.procedure_id != transition.new.procedure_id:
        raise Invalid(_("Both versions must be of the same procedure."), field="new")
    if transition.new.effective_from <= transition.old.effective_from:
        raise Invalid(_("Dossiers go over to a later version only."), field="new")
    known = Transition.objects.filter(
        agency=transition.agency, old=transition.old, state__in=["draft", "agreed"]
    ).first()
    if known is not None:
        return known
    transition.authors, transition.author = [by.urn], by.name
    transition.save(force_insert=True)
    note_draft(transition, by=by)
    return transition


@action(who=administrator)
def map_steps(transition: Transition, *, by: Actor, steps: dict[str, str], term: str, basis: str) -> None:
    """It is said which step becomes which, by which term they count on, and by which provision."""
    if not basis.strip():
        raise Invalid(_("Name the provision that brings running dossiers over."), field="basis")
    known = {step.id for step in transition.new.definition.steps}
    if unknown := sorted({target for target in steps.values() if target} - known):
        raise Invalid(_("The new version has no step %(step)s.") % {"step": unknown[0]}, field="steps")
    transition.steps = {key: target for key, target in steps.items() if target}
    transition.term, transition.basis = term, basis.strip()[:200]
    transition.authors = sorted({*transition.authors, by.urn})
    transition.save()
    note_draft(transition, by=by)


@action(who=administrator & second_person)
def agree(transition: Transition, *, by: Actor) -> None:
    """A second person has seen what becomes of each dossier, and agrees; they go over now."""
    if not transition.basis:
        raise Invalid(_("Name the provision that brings running dossiers over."), field="basis")
    found = [one for one in fates(transition, concerned(transition)) if one.hindrance]
    if found:
        more = len(found) - SHOWN
        raise Invalid(
            " · ".join(f"{one.dossier.number}: {one.hindrance}" for one in found[:SHOWN])
            + (_(" · and %(count)d more") % {"count": more} if more > 0 else "")
        )
    transition.approved_by, transition.approver = by.urn, by.name
    transition.save()
    record(TransitionAgreed(*spoken(transition), transition.basis), about=transition, by=by)


@action(who=administrator)
def drop_transition(transition: Transition, *, by: Actor) -> None:
    """The transition is given up."""
    transition.save()
    record(TransitionDropped(transition.old.code), about=transition, by=by)


@action(who=system)
def bring_over(dossier: Dossier, *, by: Actor, transition: Transition) -> None:
    """The dossier follows the later version: its steps are those of the map, and it goes on where it stood."""
    if dossier.version_id != transition.old_id or dossier.has_ended:
        return
    found = fate(transition, dossier, decided())
    if found.hindrance:
        raise NotNow(found.hindrance)
    was_due_at, dossier.due_at = dossier.due_at, found.due_at
    dossier.version, to = transition.new, transition.steps
    dossier.results = {to.get(key, key): answer for key, answer in dossier.results.items()}
    if dossier.assigned_for:
        dossier.assigned_for = to.get(dossier.assigned_for, "")
        dossier.assigned_to = dossier.assigned_to if dossier.assigned_for else None
    dossier.save()
    opinions.follow_steps(dossier, by=by, to=to)
    rounds = list(dossier.rounds.all())
    for one in rounds:
        one.key, one.back_to = to.get(one.key, one.key), to.get(one.back_to, one.back_to)
    Round.objects.bulk_update(rounds, ["key", "back_to"])
    dossier.steps.all().delete()
    Step.objects.bulk_create(found.steps)
    old, new = (version.effective_from.isoformat() for version in (transition.old, transition.new))
    due = [at.isoformat() if at else "" for at in (was_due_at, dossier.due_at)]
    Transition.objects.filter(pk=transition.pk).update(brought=F("brought") + 1)
    record(
        DossierBroughtOver(
            dossier.code or "", old, new, found.was_at, found.at, due[0], due[1], transition.basis
        ),
        about=dossier,
        by=by,
    )
    if dossier.accepted_at:
        walk = Walk(dossier, by=by)
        walk.begin_ready()
        walk.write()
    else:
        stand(dossier, found.steps)
    announce(dossier, why="moved" if dossier.due_at != was_due_at else "")


@action(who=system)
def conclude_transition(transition: Transition, *, by: Actor, left: dict[str, str]) -> None:
    """Every dossier that could has gone over."""
    transition.left, transition.ended_at = left, timezone.now()
    transition.save()
    record(TransitionConcluded(transition.old.code, transition.brought, len(left)), about=transition, by=by)


def carry_over(transition: Transition, *, by: Actor) -> None:
    """Bring every concerned dossier over, each by itself; whoever takes up what another left goes on."""
    left: dict[str, str] = {}
    for pk in list(concerned(transition).values_list("pk", flat=True)):
        dossier = Dossier.objects.get(pk=pk)
        try:
            with transaction.atomic():
                bring_over(dossier, by=by, transition=transition)
        except NotNow as why:
            left[dossier.number] = str(why)
    conclude_transition(transition, by=by, left=left)


def note_draft(transition: Transition, *, by: Actor) -> None:
    steps = ", ".join(f"{key} → {target}" for key, target in transition.steps.items())
    record(TransitionDrafted(*spoken(transition), steps[:500], transition.term), about=transition, by=by)


def spoken(transition: Transition) -> tuple[str, str, str]:
    """Procedure and both versions, as events name them."""
    versions = (transition.old, transition.new)
    old, new = (version.effective_from.isoformat() for version in versions)
    return transition.old.code, old, new
