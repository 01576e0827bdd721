"""What differs between two definitions, part by part, as people read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.procedures.schema import Definition
from motcua.ui.words import day

SECTIONS: dict[str, Promise] = {
    "name": _("Name"),
    "field": _("Field"),
    "decision": _("Decision of publication"),
    "version": _("In force from"),
    "levels": _("Level"),
    "online": _("How far it is online"),
    "audience": _("Who may apply"),
    "summary": _("Summary"),
    "conditions": _("Conditions"),
    "process": _("How it is done"),
    "agency": _("Who handles it"),
    "cases": _("Cases"),
    "papers": _("Papers"),
    "channels": _("Ways of filing"),
    "fees": _("Fees"),
    "exemptions": _("Exemptions"),
    "terms": _("Terms"),
    "cut_off": _("Cut-off hour"),
    "form": _("Questions of the form"),
    "signature": _("Digital signature of the applicant"),
    "pattern": _("Pattern"),
    "steps": _("Steps"),
    "results": _("Results"),
    "legal_basis": _("Legal basis"),
    "life_events": _("Life events"),
    "keywords": _("Search words"),
}
NAMES = ("id", "code", "number", "value", "rule")
NEVER = ("source", "code", "raw", "notes")


@dataclass(frozen=True)
class Change:
    """One place that differs: the section, the path within it, before and after; empty where there was or is nothing."""

    section: str
    place: str
    before: str
    after: str


def differences(old: Definition | None, new: Definition) -> list[Change]:
    """Every place that differs (all, where there was nothing), section by section, as a procedure is read."""
    before, after = dict(flat(old.as_content() if old else {})), dict(flat(new.as_content()))
    order = list(SECTIONS)
    if old:
        before |= turned(old, new)
        after |= turned(new, old)
    changed = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    found = sorted((path for path in changed if path[0] in SECTIONS), key=lambda path: order.index(path[0]))
    return [
        Change(str(SECTIONS[path[0]]), " › ".join(path[1:]), before.get(path, ""), after.get(path, ""))
        for path in found
    ]


def flat(content: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every value with the path that leads to it; members of lists are known by their own names."""
    for key, value in content.items():
        if key == "version":
            yield (key,), day(date.fromisoformat(str(value)))
        elif key not in NEVER:
            yield from leaves((key,), value)


def leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict) and value.keys() <= {"vi", "en"}:
        yield path, "\n".join(str(said) for said in value.values())
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves((*path, str(key)), inner)
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for number, inner in enumerate(value, start=1):
            yield from leaves((*path, known_as(inner, number)), without_name(inner))
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    else:
        yield path, str(value)


def turned(definition: Definition, other: Definition) -> dict[tuple[str, ...], str]:
    """In which order members stand of which both have the same; of all others their coming and going says enough."""
    here, there = dict(orders((), definition.as_content())), dict(orders((), other.as_content()))
    return {
        (*path, str(_("In this order"))): ", ".join(names)
        for path, names in here.items()
        if sorted(names) == sorted(there.get(path, ()))
    }


def orders(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """The names of the members of every list of named things, with the path that leads to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from orders((*path, str(key)), inner)
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        names = [known_as(one, number) for number, one in enumerate(value, start=1)]
        yield path, names
        for name, one in zip(names, value, strict=True):
            yield from orders((*path, name), one)


def known_as(value: Any, number: int) -> str:
    named = next((str(value[name]) for name in NAMES if isinstance(value, dict) and name in value), "")
    return named or str(number)


def without_name(value: Any) -> Any:
    """A member without the name it is already known by, unless that is all it has."""
    name = next((name for name in NAMES if isinstance(value, dict) and name in value), None)
    return {key: inner for key, inner in value.items() if key != name} if name and len(value) > 1 else value
