"""The process as a picture: who does what, after what, for how long, as plain data for pages to draw."""

from collections import defaultdict
from dataclasses import dataclass

from motcua.procedures.runs import goes_back_to, sends_back
from motcua.procedures.schema import Definition, Step, Text
from motcua.procedures.vocabulary import StepKind


@dataclass(frozen=True)
class Box:
    """One step: who holds it, and between which working hours after acceptance it lies at the latest."""

    id: str
    name: Text
    kind: StepKind
    holder: str
    # Whom a step asks, in words, where it asks anybody.
    asks: Text | None
    hours: float
    starts: float
    ends: float
    after: tuple[str, ...]
    # The step a dossier may be sent back to from here; empty if it may not.
    back: str
    lane: int
    citizen_reads: Text


@dataclass(frozen=True)
class Stage:
    """Steps that run beside each other."""

    boxes: tuple[Box, ...]

    @property
    def is_parallel(self) -> bool:
        return len(self.boxes) > 1


@dataclass(frozen=True)
class Picture:
    """Stages from left to right; `hours` is the longest way through, `lanes` how many steps run beside each other."""

    stages: tuple[Stage, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(box for stage in self.stages for box in stage.boxes)

    @property
    def hours(self) -> float:
        return max((box.ends for box in self.boxes), default=0)

    @property
    def lanes(self) -> int:
        return max((len(stage.boxes) for stage in self.stages), default=0)


def picture(definition: Definition, case: str | None = None) -> Picture:
    """The steps of a case, those that need not wait for each other in one stage."""
    depth: dict[str, int] = {}
    ends: dict[str, float] = {}
    stages: defaultdict[int, list[Box]] = defaultdict(list)
    steps = definition.steps_for(case)
    for step in steps:
        depth[step.id] = max((depth[id_] + 1 for id_ in step.after), default=0)
        starts = max((ends[id_] for id_ in step.after), default=0)
        ends[step.id] = starts + step.hours
        stage = stages[depth[step.id]]
        stage.append(box(step, starts, len(stage), goes_back_to(step, steps) if sends_back(step) else None))
    return Picture(tuple(Stage(tuple(stages[number])) for number in sorted(stages)))


def box(step: Step, starts: float, lane: int, back: str | None) -> Box:
    return Box(
        id=step.id,
        name=step.name,
        kind=step.kind,
        holder=step.holder,
        asks=step.asks,
        hours=step.hours,
        starts=starts,
        ends=starts + step.hours,
        after=step.after,
        back=back or "",
        lane=lane,
        citizen_reads=step.citizen_reads,
    )
