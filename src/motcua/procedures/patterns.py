"""The process patterns: few machines that carry all procedures, each made of known steps and proven when it is read."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from pydantic import Field

from motcua.procedures import runs
from motcua.procedures.advice import validated
from motcua.procedures.proofs import Finding, shape_faults
from motcua.procedures.reading import Document, Fault, Faulty, spelled
from motcua.procedures.runs import longest_path
from motcua.procedures.schema import WORKING_HOURS_A_DAY, Part, Step, Text

HERE = Path(__file__).parent
PATTERNS = HERE / "patterns"
STEPS = HERE / "steps.yaml"


class Pattern(Part):
    """A process with everything filled in: a procedure names it and says what differs."""

    name: Text
    about: Text
    days: int = Field(gt=0)
    steps: tuple[Step, ...] = Field(min_length=1)


def names() -> list[str]:
    """The patterns there are."""
    return sorted(path.stem for path in PATTERNS.glob("*.yaml"))


@cache
def pattern(name: str) -> Pattern:
    """A pattern, proven; raises `Faulty` for one that is not, KeyError for one that does not exist."""
    if name not in names():
        raise KeyError(name)
    return proven(Document.read(PATTERNS / f"{name}.yaml"))


def proven(document: Document) -> Pattern:
    """The pattern a file describes; raises `Faulty` with everything that keeps it from being used."""
    content = document.data | {"steps": [step_of(document, step) for step in document.data["steps"]]}
    found = validated(document, Pattern, content)
    faults = [
        Fault(document.file, document.line_of(place), spelled(place), says) for place, says in doubts(found)
    ]
    if faults:
        raise Faulty(sorted(faults))
    return found


def doubts(found: Pattern) -> Iterator[Finding]:
    """What keeps a pattern from being used: no end, no holder, no verb that leads on, too little time."""
    yield from shape_faults(found.steps)
    yield from runs.faults(found.steps)
    hours, allowed = longest_path(found.steps), found.days * WORKING_HOURS_A_DAY
    if hours > allowed:
        yield (
            ("days",),
            _("the longest way takes %(hours)g working hours, but only %(allowed)g are allowed")
            % {"hours": hours, "allowed": allowed},
        )


def step_of(document: Document, step: dict[str, Any]) -> dict[str, Any]:
    """A step as written, with what the known step of `use` brings."""
    if "process" in step:
        step = decided_above(document, step)
    use = step.get("use")
    if use is None:
        return step
    known = known_steps()
    if use not in known:
        raise Faulty(
            [
                Fault(
                    document.file,
                    document.line_of(("steps",)),
                    "steps",
                    _("there is no “%(name)s”; choose one of: %(known)s")
                    % {"name": use, "known": ", ".join(sorted(known))},
                )
            ]
        )
    return {"id": use, **known[use], **{key: value for key, value in step.items() if key != "use"}}


def decided_above(document: Document, step: dict[str, Any]) -> dict[str, Any]:
    """A step that is decided above, with the steps of the pattern its `process` names."""
    name = step["process"]
    if name not in names():
        says = _("there is no “%(name)s”; choose one of: %(known)s") % {
            "name": name,
            "known": ", ".join(names()),
        }
        raise Faulty([Fault(document.file, document.line_of(("steps",)), "steps", says)])
    return {key: value for key, value in step.items() if key != "process"} | {"steps": contents(name)}


@cache
def known_steps() -> dict[str, dict[str, Any]]:
    """The steps patterns are made of."""
    content: dict[str, dict[str, Any]] = Document.read(STEPS).data
    return content


def contents(name: str) -> list[dict[str, Any]]:
    """A pattern's steps as plain values, for a file to change."""
    return [
        step.model_dump(mode="json", by_alias=True, exclude_defaults=True) for step in pattern(name).steps
    ]


def differences(name: str, steps: tuple[Step, ...]) -> dict[str, dict[str, Any]] | None:
    """What steps say that their pattern does not, by step; None where the pattern cannot express them."""
    ours = [step.model_dump(mode="json", by_alias=True, exclude_defaults=True) for step in steps]
    theirs = contents(name)
    if [step["id"] for step in ours] != [step["id"] for step in theirs]:
        return None
    if any(their.keys() - our.keys() for our, their in zip(ours, theirs, strict=True)):
        return None
    changed = {
        our["id"]: {key: value for key, value in our.items() if their.get(key) != value}
        for our, their in zip(ours, theirs, strict=True)
    }
    return {id_: what for id_, what in changed.items() if what}
