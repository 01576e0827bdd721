"""Changes to the steps of a definition, also of those within a step that is decided above.

As in `form_editing`: each function gives the definition anew, held to the same rules as a file. A step is known by the
keys that lead to it, from outside in: `("above", "sign")` is the step `sign` within the step `above`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from motcua.procedures import patterns
from motcua.procedures.form_editing import Content, alter, fault, remade
from motcua.procedures.order import past
from motcua.procedures.part_editing import signed_in
from motcua.procedures.proofs import Finding, blocking
from motcua.procedures.reading import Place
from motcua.procedures.runs import part_of
from motcua.procedures.schema import Definition, Step
from motcua.procedures.vocabulary import StepKind

type Keys = tuple[str, ...]

# A step decided above is no part of other patterns: it is begun as this one has it.
ABOVE = "decided_above"


# What is there


def step_of(definition: Definition, keys: Keys) -> Step:
    """The step these keys lead to; KeyError if there is none."""
    return part_of(definition, keys[:-1]).step(keys[-1])


def pattern_of(steps: Sequence[Step]) -> str:
    """The pattern steps are, to the letter; empty if they are their own."""
    said = [step.model_dump(mode="json", by_alias=True, exclude_defaults=True) for step in steps]
    return next((name for name in patterns.names() if patterns.contents(name) == said), "")


def keys_at(definition: Definition, place: Place) -> tuple[Keys, Place]:
    """Which step a place of the file is in, and where within it; no keys for what is about all steps."""
    match place:
        case ("steps", int(number), *rest) if number < len(definition.steps):
            step = definition.steps[number]
            keys, within = keys_at(definition.model_copy(update={"steps": step.steps}), tuple(rest))
            return (step.id, *keys), within
    return (), place


def faults_by_step(definition: Definition) -> dict[Keys, list[Finding]]:
    """What keeps the steps from being used, by the step it is about (no keys: all of them), each with its place within it."""
    found: dict[Keys, list[Finding]] = {}
    for place, says in blocking(definition):
        if place[:1] == ("steps",):
            keys, within = keys_at(definition, place)
            found.setdefault(keys, []).append((within, says))
    return found


# What is changed


def put_pattern(definition: Definition, pattern: str, *, within: Keys = ()) -> Definition:
    """The steps become those of a pattern, to the letter; results come from where it is signed."""
    if pattern not in patterns.names():
        raise fault("pattern", _("There is no such pattern."))
    steps = part_of(definition, within).steps
    if pattern == (pattern_of(steps) if within else definition.pattern):
        return definition
    content = definition.as_content()
    if within:
        step_at(content, within)["steps"] = patterns.contents(pattern)
        return settled(content)
    content |= {"pattern": pattern, "steps": patterns.contents(pattern)}
    return remade(issued(content, signed_in(patterns.pattern(pattern).steps)))


def put_steps(
    definition: Definition, changes: Mapping[str, Mapping[str, Any]], *, within: Keys = ()
) -> Definition:
    """Hours and posts of single steps, by their ids."""
    content = definition.as_content()
    for step in steps_in(content, within):
        wanted = changes.get(step["id"], {})
        if step["kind"] not in {StepKind.HUMAN, StepKind.CONSULT}:
            wanted = {key: value for key, value in wanted.items() if key != "role"}
        alter(step, wanted)
    return settled(content)


def put_step(definition: Definition, keys: Keys, changes: Mapping[str, Any]) -> Definition:
    """A step says something else; None takes a part away, `process` names the pattern by which it is decided above."""
    if not changes:
        return definition
    content = definition.as_content()
    said = dict(changes)
    if (process := said.pop("process", None)) is not None:
        if process not in patterns.names():
            raise fault("process", _("There is no such pattern."))
        said["steps"] = patterns.contents(process)
    alter(step_at(content, keys), said)
    return settled(content)


def kinds_of_step() -> dict[str, Content]:
    """What a new step can be: the known steps, and one that is decided above."""
    above = next(step for step in patterns.contents(ABOVE) if step["kind"] == StepKind.ABOVE)
    return patterns.known_steps() | {"above": above}


def add_step(
    definition: Definition, id_: str, *, use: str, at: str, beside: bool = False, within: Keys = ()
) -> Definition:
    """A step more: after another, before all that waited for that one; or beside it, waited for by the same."""
    content = definition.as_content()
    steps = steps_in(content, within)
    if use not in kinds_of_step():
        raise fault("use", _("There is no such step."))
    if id_ in {step["id"] for step in steps}:
        raise fault("id", _("There is a step “%(id)s” already.") % {"id": id_})
    place = place_of(steps, at)
    new = {
        **kinds_of_step()[use],
        "id": id_,
        "after": list(steps[place].get("after", [])) if beside else [at],
    }
    for step in steps:
        if at in (after := step.get("after", [])):
            step["after"] = [*after, id_] if beside else [id_ if one == at else one for one in after]
    steps.insert(place + 1, {key: value for key, value in new.items() if value or key != "after"})
    return settled(content)


def remove_step(definition: Definition, keys: Keys) -> Definition:
    """A step is left out: what waited for it waits for what it waited for, and nothing goes back to it."""
    content = definition.as_content()
    steps, id_ = steps_in(content, keys[:-1]), keys[-1]
    if len(steps) == 1:
        raise fault("steps", _("A procedure has at least one step."))
    skipped = {id_: steps.pop(place_of(steps, id_)).get("after", [])}
    for step in steps:
        alter(step, {"after": list(past(step.get("after", []), skipped)) or None})
        if step.get("back") == id_:
            del step["back"]
    made = settled(content)
    if keys[1:] or id_ not in {result.issued_by for result in made.results}:
        return made
    return remade(issued(made.as_content(), signed_in(made.steps)))


def issued(content: Content, signing: str) -> Content:
    """The same, each result issued by a step there is."""
    known = {step["id"] for step in content["steps"]}
    for result in content.get("results", []):
        if result.get("issued_by") not in known:
            alter(result, {"issued_by": signing or None})
    return content


def settled(content: Content) -> Definition:
    """The definition; steps that its pattern cannot express are its own, and it names none."""
    made = remade(content)
    if made.pattern in patterns.names() and patterns.differences(str(made.pattern), made.steps) is None:
        return made.model_copy(update={"pattern": None})
    return made


def step_at(content: Content, keys: Keys) -> Content:
    steps = steps_in(content, keys[:-1])
    return steps[place_of(steps, keys[-1])]


def steps_in(content: Content, within: Keys) -> list[Content]:
    steps: list[Content] = content.get("steps", [])
    for key in within:
        steps = steps[place_of(steps, key)].get("steps", [])
    return steps


def place_of(steps: Sequence[Content], id_: str) -> int:
    for place, step in enumerate(steps):
        if step["id"] == id_:
            return place
    raise fault("steps", _("There is no step “%(id)s” (any more).") % {"id": id_})
