"""What a service step hands over: each parameter looked up where the file says."""

from collections.abc import Mapping
from typing import Any

from motcua.procedures.schema import Step


def resolve(step: Step, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a step's service, from `facts`.

    `facts` is nested as the expressions are dotted: {"form": {…}, "dossier": {"code", "case", "agency",
    "submitted_on"}, "applicant": {"number", "name"}, "results": {step id: {…}}, "papers": {paper id: digest}}.
    What is not there is None: an optional answer, a paper not handed in.
    """
    return {parameter: look_up(expression, facts) for parameter, expression in step.inputs.items()}


def look_up(expression: str, facts: Mapping[str, Any]) -> Any:
    found: Any = facts
    for name in expression.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
