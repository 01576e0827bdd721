"""What a service is asked or handed: each parameter looked up where the file says."""

from collections.abc import Mapping
from typing import Any


def resolve(inputs: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a service, from `facts`.

    `facts` is nested as the expressions are dotted: {"form": {…}, "dossier": {"code", "case", "agency",
    "submitted_on"}, "applicant": {"number", "name"}, "results": {step id: {…}}, "papers": {paper id: digest}}.
    What is not there is None: an optional answer, a paper not handed in.
    """
    return {parameter: look_up(expression, facts) for parameter, expression in inputs.items()}


def look_up(expression: str, facts: Mapping[str, Any]) -> Any:
    found: Any = facts
    for name in expression.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
