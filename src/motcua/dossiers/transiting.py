"""Where a running dossier would stand under a later version of its procedure; it only reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers.clock import due_at, step_due_at, under
from motcua.dossiers.handing import above
from motcua.dossiers.models import Dossier, Segment, Step, Transition
from motcua.dossiers.states import OPEN, PAUSED
from motcua.lib.actions import Invalid
from motcua.organisations.decisions import Decisions
from motcua.organisations.models import decided
from motcua.procedures.models import Version
from motcua.procedures.runs import earlier
from motcua.procedures.schema import Definition
from motcua.procedures.schema import Step as Defined
from motcua.procedures.vocabulary import StepKind

NOW = (Step.State.RUNNING, Step.State.REFUSED)
CARRIED = (
    "state",
    "above",
    "started_at",
    "ended_at",
    "due_at",
    "paused",
    "took",
    "by_urn",
    "by_name",
    "note",
    "trouble",
)


@dataclass(frozen=True)
class Fate:
    """What would become of one dossier: where it stands, where it would, when it is due; or why it cannot go over."""

    dossier: Dossier
    was_at: str
    at: str
    due_at: datetime | None
    steps: Sequence[Step] = ()
    hindrance: str = ""


def proposed(old: Definition, new: Definition) -> dict[str, str]:
    """The map as far as it goes without saying: the same code, or else the same name."""
    codes = {step.id for step in new.steps}
    names = {step.name.vi: step.id for step in new.steps}
    found = {step.id: step.id if step.id in codes else names.get(step.name.vi, "") for step in old.steps}
    return {key: target for key, target in found.items() if target}


def concerned(transition: Transition) -> QuerySet[Dossier]:
    """The running dossiers a transition is about, with their steps and clocks: three queries."""
    open_clock = Segment.objects.filter(ended_at=None)
    rows = Dossier.objects.filter(
        under(transition.agency_id), version=transition.old_id, state__in=OPEN, below=None
    ).select_related("extension")
    return rows.order_by("arrived_at", "pk").prefetch_related(
        "steps", Prefetch("segments", queryset=open_clock, to_attr="running")
    )


def fates(transition: Transition, dossiers: Iterable[Dossier]) -> Iterator[Fate]:
    """What would become of each dossier."""
    decisions = decided()
    for dossier in dossiers:
        dossier.version = transition.old
        yield fate(transition, dossier, decisions)


def fate(transition: Transition, dossier: Dossier, decisions: Decisions) -> Fate:
    """What would become of this dossier; nothing is changed."""
    before = list(dossier.steps.all())
    now = [step for step in before if step.state in NOW]
    was_at = ", ".join(named(dossier.definition, step.key) for step in now)
    after = transition.new.with_overlays(dossier.overlays)
    cases = {case.id for case in after.cases}
    if cases and dossier.case not in cases:
        return Fate(dossier, was_at, "", None, hindrance=_("The new version does not know its case."))
    defined = after.steps_for(dossier.case)
    if says := hindrance(now, transition.steps, {step.id: step for step in defined}, dossier):
        return Fate(dossier, was_at, "", None, hindrance=says)
    try:
        steps = laid_over(dossier, before, defined, transition.steps, decisions)
    except Invalid as fault:
        return Fate(dossier, was_at, "", None, hindrance=str(fault))
    at = ", ".join(named(after, step.key) for step in steps if step.state in NOW)
    return Fate(dossier, was_at, at, due_then(transition, dossier, decisions), steps)


def hindrance(
    now: Sequence[Step], to: Mapping[str, str], defined: Mapping[str, Defined], dossier: Dossier
) -> str:
    """Why a dossier that stands here cannot go over; nothing if it can."""
    for step in now:
        name, target = named(dossier.definition, step.key), defined.get(to.get(step.key, ""))
        if target is None:
            return _("The step “%(step)s” leads nowhere in the new version. Say what it becomes.") % {
                "step": name
            }
        if StepKind(step.kind).is_elsewhere and target.id != step.key:
            return _("The step “%(step)s” waits for another agency's answer. Wait for it first.") % {
                "step": name
            }
        if not StepKind(step.kind).is_elsewhere and target.kind.is_elsewhere:
            return _("The step “%(step)s” would become one of another agency. Map it to one of ours.") % {
                "step": name
            }
    return ""


def laid_over(
    dossier: Dossier,
    before: Sequence[Step],
    defined: Sequence[Defined],
    to: Mapping[str, str],
    decisions: Decisions,
) -> list[Step]:
    """The steps of the new version, each as far as the old ones it comes from; what the dossier has passed is done."""
    sources: dict[str, list[Step]] = {}
    for step in before:
        if target := to.get(step.key):
            sources.setdefault(target, []).append(step)
    steps = [
        carried(dossier, one, place, sources.get(one.id, []), decisions) for place, one in enumerate(defined)
    ]
    reached = {step.key for step in steps if step.state != Step.State.WAITING}
    passed = {key for reached_key in reached for key in earlier(reached_key, defined)}
    for step in steps:
        if step.key in passed and step.state == Step.State.WAITING:
            step.state, step.by_name = Step.State.DONE, ""
            step.started_at = step.ended_at = dossier.accepted_at or dossier.arrived_at
    return steps


def carried(
    dossier: Dossier, defined: Defined, place: int, sources: Sequence[Step], decisions: Decisions
) -> Step:
    """One step of the new version, with what was done in those it comes from."""
    step = Step(
        dossier=dossier,
        key=defined.id,
        place=place,
        kind=defined.kind,
        role=defined.role or "",
        agency=above(dossier, defined)
        if defined.kind is StepKind.ABOVE
        else defined.agency or dossier.agency,
        service=defined.service or "",
        hours=defined.hours or 0,
        after=list(defined.after or ()),
    )
    running = [one for one in sources if one.state in NOW]
    done = [one for one in sources if one.state == Step.State.DONE]
    if not (running or done):
        return step
    source = running[0] if running else max(done, key=lambda one: (one.ended_at is not None, one.ended_at))
    for name in CARRIED:
        setattr(step, name, getattr(source, name))
    if running and step.started_at and step.hours:
        step.due_at = step_due_at(step, decisions.calendar(step.agency))
    return step


def due_then(transition: Transition, dossier: Dossier, decisions: Decisions) -> datetime | None:
    """When it would be due: as promised; or by the new term, if its clock runs and no date was promised in writing since."""
    clocks = getattr(dossier, "running", None)
    clock = next(iter(clocks if clocks is not None else dossier.segments.filter(ended_at=None)), None)
    keeps = (
        transition.term == Transition.Term.KEEP
        or dossier.state in PAUSED
        or dossier.accepted_at is None
        or clock is None
        or clock.left is not None
        or hasattr(dossier, "extension")
    )
    if keeps or clock is None:
        return dossier.due_at
    version, dossier.version = dossier.version, transition.new
    try:
        return due_at(dossier, decisions.calendar(dossier.agency), clock.began_at)
    finally:
        dossier.version = version


def named(definition: Definition, key: str) -> str:
    """What a step is called in the reader's language."""
    step = next((one for one in definition.steps if one.id == key), None)
    return step.name.said_in(get_language() or "vi") if step else key


@dataclass(frozen=True)
class Outdated:
    """So many running dossiers of an agency under a version that a later one has replaced."""

    agency: str
    version: Version
    count: int


def outdated(agencies: Iterable[str] | None = None) -> list[Outdated]:
    """Where dossiers run under an earlier version: at these agencies and those below them, or anywhere; two queries."""
    rows = Dossier.objects.filter(state__in=OPEN, version__effective_until__isnull=False, below=None)
    if agencies is not None:
        within = Q(pk__in=[])
        for code in agencies:
            within |= under(code)
        rows = rows.filter(within)
    found = rows.order_by("agency", "version").values_list("agency", "version").annotate(count=Count("pk"))
    counted = list(found)
    versions = (
        Version.objects.select_related("procedure").defer("content").in_bulk({row[1] for row in counted})
    )
    return [Outdated(agency, versions[version], count) for agency, version, count in counted]
