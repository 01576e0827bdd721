"""A plan is carried out on its day: agencies, posts and officers in one transaction, dossiers by some hundred.

Each part knows by itself what is still to do: whoever is killed in the middle is followed by another who ends it alike.
"""

import json
from collections import Counter
from datetime import date

from django.conf import settings
from django.utils import timezone

from motcua.dossiers import actions as dossiers
from motcua.exchange import actions as exchange
from motcua.exchange.questions import one_a_node
from motcua.journal.actions import record
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.numbering import continue_numbers
from motcua.lib.rules import system
from motcua.organisations import actions as organisations
from motcua.organisations import estates
from motcua.organisations.models import Agency
from motcua.people import actions as people
from motcua.people.models import Appointment
from motcua.procedures import actions as procedures
from motcua.procedures.models import Overlay
from motcua.reorganisations.events import PlanBegun, PlanCarriedOut, PlanHindered
from motcua.reorganisations.models import Plan
from motcua.reorganisations.problems import problems
from motcua.reorganisations.scheme import Heir
from motcua.reorganisations.trial import Trial, living

BATCH = 500
KIND = "agency.reorganised"


def carry_out(plan: Plan, *, by: Actor) -> None:
    """Do all that is still to be done of an approved plan whose day has come."""
    if plan.state == Plan.State.APPROVED:
        if found := [one for one in problems(Trial(plan.scheme), plan=plan) if one.blocks]:
            hinder(plan, by=by, trouble=" · ".join(f"{one.where}: {one.says}" for one in found))
            return
        set_up(plan, by=by)
    while move_on(plan, by=by):
        pass
    if plan.state == Plan.State.RUNNING:
        finish(plan, by=by)


@action(who=system)
def hinder(plan: Plan, *, by: Actor, trouble: str) -> None:
    """Something keeps the plan from being carried out; it is tried again until it is mended or given up."""
    if plan.trouble == trouble:
        return
    plan.trouble = trouble
    plan.save()
    record(PlanHindered(plan.title, trouble[:500]), about=plan, by=by)


@action(who=system)
def set_up(plan: Plan, *, by: Actor) -> None:
    """The day has come: heirs begin, agencies end, posts, officers, queues and local values go with them, all at once."""
    trial = Trial(plan.scheme)
    for heir in plan.scheme.new:
        begin(heir, trial, by=by)
    transfers, openings = trial.transfers, trial.openings
    end_agencies(trial, by=by)
    move_posts(trial, by=by)
    plan.report = {
        "officers": len([one for one in transfers if one.to]),
        "posts": len(openings),
        "values": move_values(trial, plan, by=by),
        "estates": move_estates(trial),
    }
    plan.trouble = ""
    plan.save()
    ended, heirs = " ".join(trial.endings), " ".join(plan.scheme.heirs)
    record(PlanBegun(plan.title, plan.decision, ended, heirs), about=plan, by=by)
    tell_others(plan)


@action(who=system)
def move_on(plan: Plan, *, by: Actor) -> int:
    """Some hundred dossiers go to the agencies that follow; return how many did, 0 when none is left."""
    trial = Trial(plan.scheme)
    batch = list(trial.allotted(living(trial.endings)[:BATCH]))
    if not batch:
        return 0
    given = dossiers.PassingOn({one.pk: one.new for one in batch}, plan.title, plan.decision)
    moved = dossiers.pass_on(given, by=by)
    counted = Counter(plan.report.get("dossiers", {}))
    counted.update(f"{one.old} {one.new}" for one in batch)
    plan.report = {**plan.report, "dossiers": dict(counted)}
    plan.save(update_fields=["report"])
    return moved


@action(who=system)
def finish(plan: Plan, *, by: Actor) -> None:
    """Nothing is left at the agencies that ended."""
    plan.ended_at = timezone.now()
    plan.save()
    moved = sum(plan.report.get("dossiers", {}).values())
    record(PlanCarriedOut(plan.title, moved, plan.report.get("officers", 0)), about=plan, by=by)


def begin(heir: Heir, trial: Trial, *, by: Actor) -> None:
    """An agency begins, or one that goes on has the names it is to have."""
    known = Agency.objects.filter(code=heir.code).first()
    if known is None:
        organisations.found(newcomer(heir, trial.scheme.on), by=by)
    elif heir.name_vi:
        organisations.rename_agency(
            known,
            by=by,
            name_vi=heir.name_vi,
            name_en=heir.name_en or known.name_en,
            short_name=heir.short_name or known.short_name,
        )


def newcomer(heir: Heir, on: date) -> Agency:
    """A new agency, not saved yet."""
    above = heir.code.rpartition(".")[0]
    return Agency(
        code=heir.code,
        name_vi=heir.name_vi,
        name_en=heir.name_en,
        short_name=heir.short_name,
        abbreviation=heir.abbreviation,
        level=heir.code.count(".") + 1,
        parent_id=above or None,
        unit_code=heir.unit_code,
        valid_from=on,
        address=heir.address,
        phone=heir.phone,
    )


def end_agencies(trial: Trial, *, by: Actor) -> None:
    """They end on the eve; who follows them is noted, and series of numbers go on where the plan says so."""
    agencies = {one.code: one for one in Agency.objects.filter(code__in=trial.scheme.codes)}
    for ending in trial.scheme.old:
        main, *parts = (agencies[code] for code in ending.heirs)
        organisations.close(
            agencies[ending.code],
            by=by,
            on=trial.scheme.eve,
            successor=main,
            parts=parts,
            shares=ending.shares,
        )
        if ending.numbers == "continue":
            continue_numbers(ending.code, ending.into)


def move_posts(trial: Trial, *, by: Actor) -> None:
    """Posts are opened at the heirs; officers leave the old ones on the eve and hold the new ones from the day on."""
    agencies = {one.code: one for one in Agency.objects.filter(code__in=trial.scheme.heirs)}
    for one in trial.openings:
        organisations.open_post(
            agencies[one.to], by=by, role=one.role, title_vi=one.title_vi, title_en=one.title_en
        )
    for going in trial.transfers:
        account = going.appointment.account
        if going.appointment.valid_to != trial.scheme.eve:
            people.end_appointment(going.appointment, by=by, on=trial.scheme.eve)
        if going.to:
            post = organisations.open_post(
                agencies[going.to], by=by, role=going.role, title_vi=going.title_vi, title_en=going.title_en
            )
            if not Appointment.objects.in_force(trial.scheme.on).filter(post=post, account=account).exists():
                people.appoint(post, by=by, account=account, since=trial.scheme.on)


def move_estates(trial: Trial) -> dict[str, int]:
    """Whatever else lies at the agencies that end follows them, each kind by its own context; how much did, by kind."""
    moved = Counter[str]()
    for ending in trial.scheme.old:
        moved.update(estates.pass_on(trial.passing(ending)))
    return dict(moved)


def move_values(trial: Trial, plan: Plan, *, by: Actor) -> int:
    """Local values hold at the main heir from the day on, by the plan's decision; at the agency that ends they end."""
    moved = 0
    held = [one for one in trial.overlays if one.agency_id in trial.endings]
    for overlay in held:
        ending = trial.scheme.ending(overlay.agency_id)
        procedures.restore(overlay, by=by, on=max(plan.on, overlay.effective_from))
        part = {name: getattr(overlay, name) for name in ("procedure", "key", "case", "channel", "step")}
        there = Overlay.objects.filter(agency=ending.into, effective_until=None, **part).exists()
        if ending.values == "take over" and not there:
            procedures.localise(
                Overlay(
                    agency_id=ending.into,
                    value=overlay.value,
                    decision=f"{overlay.decision}; tiếp nhận theo {plan.decision}"[:200],
                    effective_from=max(plan.on, overlay.effective_from),
                    **part,
                ),
                by=by,
            )
            moved += 1
    return moved


def tell_others(plan: Plan) -> None:
    """Every other node hears which agencies ended and who follows, so that names and old codes hold there, too."""
    sender = voice(plan)
    known = one_a_node(KIND, sender=sender) or [settings.NODE.national]
    for code in sorted(set(known) - set(settings.NODE.agencies)):
        body = json.dumps({"plan": str(plan.pk), "scheme": plan.content}, ensure_ascii=False).encode()
        exchange.send(
            KIND,
            body,
            sender=sender,
            recipient=code,
            stream=f"reorganised:{sender}",
            correlation=str(plan.pk),
        )


def voice(plan: Plan) -> str:
    """The agency that tells: the plan's own, or where that is the nation's on another node, the first province hosted here."""
    if plan.agency_id in settings.NODE.agencies:
        return plan.agency_id
    provinces = [code.partition(".")[0] for code in (*plan.scheme.heirs, *plan.scheme.codes)]
    return next((code for code in provinces if code in settings.NODE.agencies), plan.agency_id)
