"""What the engine can run: a procedure it would get stuck in is not published, and the words say where."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from motcua.procedures.order import in_order
from motcua.procedures.reading import Place
from motcua.procedures.schema import Definition, Step
from motcua.procedures.vocabulary import StepKind, Verb

# The verbs by which the holder of a step hands the dossier on; every step people do has exactly one.
ONWARD = frozenset({Verb.ACCEPT, Verb.COMPLETE, Verb.PROPOSE, Verb.SIGN})


def faults(steps: Sequence[Step]) -> Iterator[tuple[Place, str]]:
    """Why the engine could not carry a dossier through these steps from receipt to result."""
    yield from beginning_faults(steps)
    yield from ending_faults(steps)
    for number, step in enumerate(steps):
        for says in step_faults(step, steps):
            yield ("steps", number), says
        if step.kind is StepKind.ABOVE:
            for place, says in within(step):
                yield ("steps", number, *place), says


def beginning_faults(steps: Sequence[Step]) -> Iterator[tuple[Place, str]]:
    first = [step for step in steps if not step.after]
    if [step.verbs[:1] for step in first] != [(Verb.ACCEPT,)]:
        yield ("steps",), _("must begin with one step in which the desk receives (`accept`)")


def ending_faults(steps: Sequence[Step]) -> Iterator[tuple[Place, str]]:
    signing = deciding(steps)
    if len(signing) != 1:
        yield (
            ("steps",),
            _("must have one step in which the result is signed, here or above, and has %(count)d")
            % {"count": len(signing)},
        )
        return
    before = earlier(signing[0].id, steps)
    for number, step in enumerate(steps):
        if step.id not in before and step is not signing[0] and step.kind is not StepKind.AUTOMATIC:
            yield ("steps", number), _("the result would be signed without waiting for this step")


def deciding(steps: Iterable[Step]) -> list[Step]:
    """The steps that end with the signed result: our own signature, or where there is none, that of the agency above."""
    known = list(steps)
    signing = [step for step in known if Verb.SIGN in step.verbs]
    return signing or [step for step in known if step.kind is StepKind.ABOVE]


def within(step: Step) -> Iterator[tuple[Place, str]]:
    """Why it could not be decided above as the step says, and in its time."""
    for place, says in faults(step.steps):
        yield ("steps", *place[1:]), says
    hours = longest_path(step.steps)
    if hours > step.hours:
        yield (
            ("hours",),
            _("the longest way above takes %(hours)g working hours, but the step allows only %(allowed)g")
            % {"hours": hours, "allowed": step.hours},
        )


def step_faults(step: Step, steps: Sequence[Step]) -> Iterator[str]:
    onward = ONWARD.intersection(step.verbs)
    if step.is_done_by_people and len(onward) != 1:
        yield _("needs one verb that leads on: accept, complete, propose or sign")
    if step.kind is StepKind.CONSULT and onward != {Verb.COMPLETE}:
        yield _("a consultation ends with `complete`")
    if step.back and not step.is_done_by_people:
        yield _("`back` belongs to a step that people do")
    elif sends_back(step) and goes_back_to(step, steps) is None:
        yield _(
            "has no step before it to return to: a proposal, or the step named in `back`, done by people after receipt"
        )


def sends_back(step: Step) -> bool:
    """Whether its holder can send the dossier back to an earlier step."""
    return bool(step.back) or Verb.RETURN_TO_EXAMINER in step.verbs


def goes_back_to(step: Step, steps: Iterable[Step]) -> str | None:
    """The step a dossier returns to from this one: the one it names, or the nearest proposal before it."""
    known = list(steps)
    before = earlier(step.id, known)
    people = [
        other
        for other in known
        if other.id in before and other.is_done_by_people and Verb.ACCEPT not in other.verbs
    ]
    if step.back:
        return step.back if step.back in {other.id for other in people} else None
    proposing = [other for other in people if Verb.PROPOSE in other.verbs]
    return max(proposing, key=lambda other: len(earlier(other.id, known))).id if proposing else None


def earlier(id_: str, steps: Iterable[Step]) -> set[str]:
    """The steps surely done before this one."""
    after = {step.id: step.after for step in steps}
    found, waiting = set[str](), list(after.get(id_, ()))
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting.extend(after.get(name, ()))
    return found


def longest_path(steps: Iterable[Step]) -> float:
    """Working hours of the longest way through the steps."""
    ends: dict[str, float] = {}
    for step in in_order(steps):
        ends[step.id] = max((ends[id_] for id_ in step.after), default=0) + step.hours
    return max(ends.values(), default=0)


def part_of(definition: Definition, keys: Iterable[str]) -> Definition:
    """The same procedure where it is decided above: the steps within the step of these keys, from outside in."""
    for key in keys:
        definition = definition.model_copy(update={"steps": definition.step(key).steps})
    return definition
