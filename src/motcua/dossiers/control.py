"""The control slip of a dossier (form 06): through whose hands it went, each time it went there, and whether in time."""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from motcua.documents import papers
from motcua.dossiers.clock import stands_since
from motcua.dossiers.models import Dossier, Round, Step
from motcua.dossiers.papers import local, named, office, tracking
from motcua.opinions.models import Inquiry
from motcua.organisations.models import Agency
from motcua.organisations.names import TITLES
from motcua.procedures.runs import earlier
from motcua.procedures.vocabulary import StepKind

type Turn = Round | Step


def control_slip(dossier: Dossier) -> papers.ControlSlip:
    """Form 06, from the steps of the dossier as they were begun and ended; without a number until it has been given one."""
    steps = list(dossier.steps.all())
    names = {step.id: step.name.vi for step in dossier.definition.steps}
    offices = dict(Agency.objects.filter(code__in={s.agency for s in steps}).values_list("code", "name_vi"))
    turns: list[Turn] = [*dossier.rounds.all(), *(step for step in steps if step.started_at)]
    asked = set(Inquiry.objects.about(dossier).values_list("agency_name", flat=True))
    place, now, defined = office(dossier), judged_at(dossier), dossier.definition.steps_for(dossier.case)
    before = {step.key: set(earlier(step.key, defined)) for step in steps}
    return papers.ControlSlip(
        office=place,
        number=dossier.slip.notation if hasattr(dossier, "slip") else "……/PKS-BPTNTKQ",
        on=timezone.localdate(),
        dossier=named(dossier),
        partners=tuple(sorted({offices[s.agency] for s in steps if s.agency != dossier.agency} | asked)),
        received=dossier.accepted_at,
        due=dossier.due_at,
        hand_overs=tuple(
            papers.HandOver(
                giver=giver(one, turns, before, offices) or dossier.applicant_name,
                taker=taker(one, offices),
                at=local(one.started_at),
                result=outcome(one, now),
                note=names.get(one.key, one.key),
            )
            for one in in_order(turns, steps)
        ),
        check=tracking(dossier),
    )


def in_order(turns: Sequence[Turn], steps: Sequence[Step]) -> list[Turn]:
    """As they began; of two at once, the one that comes first in the procedure."""
    places = {step.key: step.place for step in steps}
    return sorted(turns, key=lambda one: (one.started_at, places.get(one.key, 0)))


def giver(
    turn: Turn, turns: Sequence[Turn], before: Mapping[str, Container[str]], offices: Mapping[str, str]
) -> str:
    """Who last ended what this waited for, or sent the dossier back to it; nobody before the first."""
    found = [
        one
        for one in turns
        if one is not turn
        and one.ended_at
        and one.ended_at <= turn.started_at  # type: ignore[operator]
        and (back_to(one) == turn.key if back_to(one) else one.key in before.get(turn.key, ()))
    ]
    return taker(max(found, key=lambda one: one.ended_at), offices) if found else ""  # type: ignore[arg-type, return-value]


def back_to(turn: Turn) -> str:
    """The step a turn sent the dossier back to; empty if it did not."""
    return turn.back_to if isinstance(turn, Round) else ""


def taker(turn: Turn, offices: Mapping[str, str]) -> str:
    """Who did it; until then the post or the agency it lies with."""
    if turn.kind == "human":
        return turn.by_name or TITLES.get(turn.role, (turn.role, ""))[0]
    return offices.get(turn.agency, turn.agency) if StepKind(turn.kind).is_elsewhere else "Hệ thống"


def judged_at(dossier: Dossier) -> datetime:
    """The moment by which what is under way is early or late: now, or when the clock stopped or the dossier ended."""
    return stands_since(list(dossier.segments.order_by("id"))) or dossier.ended_at or timezone.now()


def outcome(turn: Turn, now: datetime) -> str:
    """Trước hạn, đúng hạn, quá hạn; empty while it is under way and not late."""
    if turn.due_at is None:
        return ""
    if (turn.ended_at or now) > turn.due_at:
        return "Quá hạn"
    if turn.ended_at is None:
        return ""
    early = timezone.localdate(turn.ended_at) < timezone.localdate(turn.due_at)
    return "Trước hạn" if early else "Đúng hạn"
