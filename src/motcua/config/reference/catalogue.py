"""docs/catalogue.md: every action, who may, what it moves, and the access matrix."""

import inspect
import typing
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from motcua.config.reference.writing import document, sentence_of, table
from motcua.lib.actions import ACTIONS, Declared
from motcua.lib.rules import Rule

INTRODUCTION = """
All that can be done, context by context. An action changes one subject (its first argument) for someone who may,
in one transaction. *Moves* is the line of the subject's life cycle that bears the action's name; see [life cycles](lifecycles.md).
"""
MATRIX = """
Who may do what: the same rules, taken apart. ● may · “if …” names what must hold besides · empty: is refused.
"""


def page() -> str:
    """The whole page, in English."""
    parts = [INTRODUCTION]
    for context, actions in by_context():
        parts += [
            f"## {context}",
            table(["action", "what it does", "only … may", "moves"], map(row, actions)),
        ]
    parts += ["## Access matrix", MATRIX]
    for context, actions in by_context():
        parts += [f"### Access: {context}", matrix(actions)]
    return document("Catalogue of actions", *parts)


def by_context() -> Iterator[tuple[str, list[Declared]]]:
    """Contexts and their actions, by name."""
    ordered = sorted(ACTIONS.values(), key=lambda one: one.name)
    for context, actions in groupby(ordered, key=lambda one: one.name.partition(".")[0]):
        yield context, list(actions)


def row(action: Declared) -> list[str]:
    return [f"`{spoken(action)}`", sentence_of(action.change), action.who.says, moves(action)]


def spoken(action: Declared) -> str:
    """How the action is called: `dossiers.refuse(dossier, by, reason)`."""
    return f"{action.name}({', '.join(inspect.signature(action.change).parameters)})"


def moves(action: Declared) -> str:
    """The line of the life cycle, in the words people read."""
    subject = subject_of(action)
    line = getattr(subject, "MOVES", {}).get(action.verb)
    if line is None:
        return ""
    sources, target = line
    from_ = " or ".join(label for label in labels(subject, sources).values())
    to = next(iter(labels(subject, {target}).values())) if target is not None else "stays"
    return f"{from_} → {to}"


def subject_of(action: Declared) -> type:
    """What the action is done to, by the type of its first argument."""
    first = next(iter(inspect.signature(action.change).parameters))
    subject: type = typing.get_type_hints(action.change)[first]
    return subject


def labels(model: Any, states: set[Any]) -> dict[Any, str]:
    """States and their human names, in the order of the model's list."""
    choices = model._meta.get_field(getattr(model, "STATE", "state")).flatchoices
    return {value: str(label) for value, label in choices if value in states}


def matrix(actions: list[Declared]) -> str:
    """One context's actions against everyone a rule of it names."""
    columns = list(dict.fromkeys(who for action in actions for who in ways(action.who)))
    rows = [
        [f"`{action.verb}`", *(cell(ways(action.who), column) for column in columns)] for action in actions
    ]
    return table(["", *columns], rows)


def cell(allowed: Mapping[str, list[str]], who: str) -> str:
    if who not in allowed:
        return ""
    return "● " + " and ".join(f"if {condition}" for condition in allowed[who]) if allowed[who] else "●"


def ways(rule: Rule) -> dict[str, list[str]]:
    """Who satisfies a rule, and on which further conditions."""
    if rule.either:
        return {who: conditions for part in rule.either for who, conditions in ways(part).items()}
    if rule.both:
        first, *others = rule.both
        further = [other.says for other in others]
        return {who: [*conditions, *further] for who, conditions in ways(first).items()}
    return {rule.says: []}
