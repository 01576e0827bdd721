"""From a definition to its file: the same definition always gives the same bytes, and reads back as itself."""

import datetime as dt
from typing import Any

import yaml

from motcua.procedures import patterns
from motcua.procedures.schema import Definition

# One line for each thing, however long: so a change of a sentence is a change of one line.
WIDTH = 100_000


class Writer(yaml.SafeDumper):
    """YAML as our files are written: short things on one line, lists indented below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(definition: Definition) -> str:
    """The file of a definition; steps as what differs from their pattern, if they have one."""
    content = definition.as_content()
    content["version"] = dt.date.fromisoformat(content["version"])
    name = content.get("pattern")
    changes = patterns.differences(name, definition.steps) if name in patterns.names() else None
    if changes is None:
        content.pop("pattern", None)
    elif changes:
        content["steps"] = changes
    else:
        content.pop("steps")
    steps = content.get("steps", [])
    for step in steps.values() if isinstance(steps, dict) else steps:
        name_process(step)
    return yaml.dump(
        whole(content),
        Dumper=Writer,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=WIDTH,
    )


def name_process(step: dict[str, Any]) -> None:
    """Steps within a step that are a pattern's, to the letter, are written by its name."""
    inner = step.get("steps")
    if inner and (name := next((one for one in patterns.names() if inner == patterns.contents(one)), None)):
        del step["steps"]
        step["process"] = name


def whole(value: Any) -> Any:
    """Hours of 24.0 are written 24, as people write them."""
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
