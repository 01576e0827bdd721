"""How a plan comes about: one person writes and tries it, another approves."""

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.organisations.rules import administrator
from motcua.reorganisations.events import PlanAbandoned, PlanApproved, PlanReopened, PlanWritten
from motcua.reorganisations.models import Plan, place_of
from motcua.reorganisations.problems import problems
from motcua.reorganisations.rules import second_person
from motcua.reorganisations.scheme import Scheme
from motcua.reorganisations.trial import Trial

SHOWN = 5


@action(who=administrator, locks=False)
def write(agency: Agency, *, by: Actor, scheme: Scheme) -> Plan:
    """Someone writes a plan for agencies below the one they administer."""
    plan = Plan(agency=agency, authors=[by.urn], author=by.name)
    take(plan, scheme)
    plan.save(force_insert=True)
    record(PlanWritten(plan.title, plan.on.isoformat(), plan.digest), about=plan, by=by)
    return plan


@action(who=administrator)
def rewrite(plan: Plan, *, by: Actor, scheme: Scheme, seen: str = "") -> None:
    """The plan says something else; whoever changes a part says which plan they saw (its digest), and finds no other."""
    if seen and seen != plan.digest:
        raise Invalid(_("Somebody has changed the plan meanwhile. Look at it again, then change it."))
    take(plan, scheme)
    plan.authors = sorted({*plan.authors, by.urn})
    plan.save()
    record(PlanWritten(plan.title, plan.on.isoformat(), plan.digest), about=plan, by=by)


@action(who=administrator & second_person)
def authorise(plan: Plan, *, by: Actor) -> None:
    """A second person has seen what would move and approves; on its day the plan is carried out by itself."""
    if found := [problem for problem in problems(Trial(plan.scheme), plan=plan) if problem.blocks]:
        more = len(found) - SHOWN
        raise Invalid(
            " · ".join(f"{one.where}: {one.says}" for one in found[:SHOWN])
            + (_(" · and %(count)d more") % {"count": more} if more > 0 else "")
        )
    plan.approved_by, plan.approver, plan.approved_at = by.urn, by.name, timezone.now()
    plan.trouble = ""
    plan.save()
    record(PlanApproved(plan.title, plan.on.isoformat(), plan.digest), about=plan, by=by)


@action(who=administrator)
def reopen(plan: Plan, *, by: Actor, reason: str) -> None:
    """An approved plan is to be changed after all; it needs another approval."""
    if not reason.strip():
        raise Invalid(_("Say what is to be changed."), field="reason")
    plan.approved_by, plan.approver, plan.approved_at, plan.trouble = "", "", None, ""
    plan.save()
    record(PlanReopened(plan.title, reason.strip()[:1000]), about=plan, by=by)


@action(who=administrator)
def abandon(plan: Plan, *, by: Actor) -> None:
    """The plan is given up; it stays to be read."""
    plan.save()
    record(PlanAbandoned(plan.title), about=plan, by=by)


def take(plan: Plan, scheme: Scheme) -> None:
    """Fill the plan with what the file says; it must speak of agencies below the plan's own."""
    place = place_of(scheme)
    if not place or not f"{place}.".startswith(f"{plan.agency_id}."):
        raise Invalid(
            _("This plan speaks of agencies that do not all stand below %(name)s.")
            % {"name": plan.agency.short_name},
            field="text",
        )
    plan.__dict__.pop("scheme", None)
    plan.title, plan.decision, plan.on, plan.kind = scheme.title, scheme.decision, scheme.on, scheme.kind
    plan.content = scheme.as_content()
