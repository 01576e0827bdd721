"""docs/lifecycles.md: a diagram for every model that has a life cycle."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps

from motcua.config.reference.writing import document, sentence_of
from motcua.lib.actions import context_of

INTRODUCTION = """
Each arrow is an action of the [catalogue](catalogue.md); an action tried in another state is refused with the words of
the state the subject is in. A state that no arrow reaches is brought by news from another node, or written when the row is made.
"""


def page() -> str:
    """The whole page."""
    return document("Life cycles", INTRODUCTION, *(section(model) for model in living()))


def living() -> list[Any]:
    """Models with moves, by name."""
    found = [model for model in apps.get_models() if getattr(model, "MOVES", None)]
    return sorted(found, key=name_of)


def name_of(model: Any) -> str:
    return f"{context_of(model.__module__)}.{model.__name__}"


def section(model: Any) -> str:
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *(f"    {line}" for line in drawn(model)), "```"])
    return f"## {name_of(model)}\n\n{sentence_of(model)}\n\n{diagram}"


def drawn(model: Any) -> Iterator[str]:
    """The lines of one diagram: states with their words, where it begins, the arrows, where it ends."""
    field, edges = model._meta.get_field(getattr(model, "STATE", "state")), arrows(model)
    for value, label in field.flatchoices:
        yield f"{key(value)} : {label}"
    if field.has_default():
        yield f"[*] --> {key(field.get_default())}"
    for (source, target), verbs in edges.items():
        yield f"{key(source)} --> {key(target)} : {', '.join(verbs)}"
    leaving, reached = {source for source, _target in edges}, {target for _source, target in edges}
    for value, _label in field.flatchoices:
        if value in reached - leaving:
            yield f"{key(value)} --> [*]"


def arrows(model: Any) -> dict[tuple[Any, Any], list[str]]:
    """From and to, and the actions that go this way, in the order in which the model tells them."""
    found: dict[tuple[Any, Any], list[str]] = defaultdict(list)
    for verb, (sources, target) in model.MOVES.items():
        for source in sorted(sources):
            found[source, source if target is None else target].append(verb)
    return found


def key(state: Any) -> str:
    """A name Mermaid accepts; plain numbers it does not."""
    return f"s{getattr(state, 'value', state)}"
