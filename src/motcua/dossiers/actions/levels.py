"""Several levels: what is decided above, signed there, and answered to the agency below, as far up as it goes."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from motcua.dossiers.actions.receiving import keep, replace
from motcua.dossiers.actions.steps import finish
from motcua.dossiers.actions.stretches import stop_clock
from motcua.dossiers.actions.telling import announce, tell_above
from motcua.dossiers.actions.working import hand_out
from motcua.dossiers.events import DecidedAbove, PaperFiled, ResultSigned
from motcua.dossiers.models import Dossier, Step
from motcua.journal.actions import record
from motcua.lib import rows
from motcua.lib.actions import action, may
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import Agency
from motcua.procedures.runs import deciding
from motcua.procedures.vocabulary import StepKind

DOSSIERS = Actor.system("dossiers")


@action(who=system)
def take_decision(dossier: Dossier, *, by: Actor, key: str, code: str, paper: dict[str, Any]) -> None:
    """The agency above has signed: the step is done, and where no signature of ours is wanted, so is the dossier."""
    step = dossier.steps.get(key=key)
    if step.state == Step.State.DONE or dossier.has_ended:
        return
    office = Agency.objects.filter(code=step.agency).values_list("name_vi", flat=True).first() or step.agency
    decided = {"issuer": office, **paper}
    keep(dossier, [{"paper": key, **{name: paper[name] for name in ("name", "media", "size", "digest")}}])
    dossier.results = {
        **dossier.results,
        key: {"code": code, "document": paper["public_code"], "paper": decided},
    }
    dossier.save()
    record(DecidedAbove(key, step.agency, office, code, paper["public_code"]), about=dossier, by=by)
    finish(dossier, key, by=by)
    announce(dossier)
    conclude_decided(dossier)


@action(who=system)
def take_from_below(
    dossier: Dossier,
    *,
    by: Actor,
    applicant: Mapping[str, str],
    answers: Mapping[str, Any],
    papers: list[dict[str, Any]],
) -> None:
    """The applicant answered the agency below: what was put right and added counts here as well, and further above."""
    changed = {name: value for name, value in answers.items() if value != dossier.answers.get(name)}
    if changed:
        dossier.applicant_name, dossier.applicant_number = applicant["name"], applicant["number"]
        replace(dossier, changed, by=by)
    known = set(dossier.papers.values_list("paper", "digest"))
    fresh = [one for one in papers if (one["paper"], one["digest"]) not in known]
    keep(dossier, fresh)
    for one in fresh:
        record(PaperFiled(one["paper"], one["digest"], one["copy"]), about=dossier, by=by)
    tell_above(dossier)


def conclude_decided(dossier: Dossier) -> None:
    """If all there is to wait for was decided above, the dossier is finished with what was signed there.

    Where a fee or a paper is still waited for, it is when that is here.
    """
    last = next(iter(deciding(dossier.definition.steps_for(dossier.case))), None)
    if (
        last
        and last.kind is StepKind.ABOVE
        and last.id in dossier.results
        and may(DOSSIERS, "dossiers.conclude", dossier)
    ):
        conclude(dossier, by=DOSSIERS, key=last.id)


@action(who=system)
def conclude(dossier: Dossier, *, by: Actor, key: str) -> None:
    """The result that was signed above is the result: it goes to whoever asked for it, or on to the agency below."""
    paper = dossier.results[key]["paper"]
    dossier.ended_at = timezone.now()
    rows.write(stop_clock(dossier, at=dossier.ended_at), rows.updated([dossier], "state", "ended_at"))
    signed = ResultSigned(dossier.code or "", paper["public_code"], dossier.state, dossier.was_on_time)
    record(signed, about=dossier, by=by)
    hand_out(dossier, paper)
