"""From files to definitions: reads, fills in what a file names from elsewhere, validates, proves."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from motcua.procedures import patterns, proofs
from motcua.procedures.advice import validated
from motcua.procedures.reading import Document, Fault, Faulty, Place
from motcua.procedures.schema import Definition

HERE = Path(__file__).parent
CATALOGUE = HERE / "catalogue"
QUESTIONS = HERE / "questions"
LISTS = HERE / "lists"


def catalogue_files() -> list[Path]:
    """Our own procedures, as shipped."""
    return sorted(CATALOGUE.glob("*.yaml"))


def load(path: Path, *, shown_as: str = "") -> Definition:
    """The definition a file describes; raises `Faulty` with every fault, each at its line."""
    document = Document.read(path, shown_as=shown_as)
    definition = shaped(document)
    for place, message in proofs.faults(definition):
        document.fault(place, message)
    if document.faults:
        raise Faulty(sorted(document.faults))
    return definition


def shaped(document: Document) -> Definition:
    """The definition a document has the shape of, not yet proven; raises `Faulty`."""
    fill_in(document)
    return validated(document, Definition, document.data)


# A pattern and common questions are merged in as plain values, before validation: whatever they bring is
# held to the same rules, and its faults point at the line that brought it in.


def fill_in(document: Document) -> None:
    """Replace `pattern:` by its steps, changed as the file says, and `use:` by the questions it names."""
    if "pattern" in document.data:
        apply_pattern(document)
    if isinstance(document.data.get("steps"), list):
        document.data["steps"] = [
            patterns.decided_above(document, step) if isinstance(step, dict) and "process" in step else step
            for step in document.data["steps"]
        ]
    groups = document.data.get("form")
    if isinstance(groups, list):
        document.data["form"] = [filled(document, number, group) for number, group in enumerate(groups)]


def apply_pattern(document: Document) -> None:
    changes = document.data.pop("steps", None) or {}
    if not isinstance(changes, dict):
        document.fault(("steps",), _("with a pattern, write `step id: what differs`"))
        raise Faulty(document.faults)
    name = document.data["pattern"]
    if name not in patterns.names():
        unknown_name(document, ("pattern",), name, patterns.names())
    steps = patterns.contents(name)
    document.data["steps"] = changed(document, steps, changes, ("steps",))
    relocate(document, [step["id"] for step in steps])


def changed(
    document: Document, steps: list[dict[str, Any]], changes: dict[str, Any], place: Place
) -> list[dict[str, Any]]:
    """A pattern's steps with what the file says of each."""
    for unknown in changes.keys() - {step["id"] for step in steps}:
        document.fault((*place, unknown), _("the pattern has no such step"))
    return [merged(document, step, changes.get(step["id"]) or {}, (*place, step["id"])) for step in steps]


def merged(document: Document, step: dict[str, Any], change: dict[str, Any], place: Place) -> dict[str, Any]:
    """One step with what the file says of it; of one decided above also, by id, of the steps by which it goes there."""
    change = dict(change)
    within = change.pop("steps", None)
    found = step | (patterns.decided_above(document, change) if "process" in change else change)
    if isinstance(within, dict):
        found["steps"] = changed(document, found.get("steps", []), within, (*place, "steps"))
    elif within is not None:
        found["steps"] = within
    return found


def relocate(document: Document, ids: list[str]) -> None:
    """Let each step point at the line that changes it, or else at the line that names the pattern."""
    moved = dict(changed_places(document.lines, ids))
    document.lines = {place: line for place, line in document.lines.items() if place[:1] != ("steps",)}
    document.lines[("steps",)] = document.lines["pattern",]
    document.lines.update(moved)


def changed_places(lines: dict[Place, int], ids: list[str]) -> Iterator[tuple[Place, int]]:
    for place, line in lines.items():
        match place:
            case ("steps", str(id_), *rest) if id_ in ids:
                yield ("steps", ids.index(id_), *rest), line


def filled(document: Document, number: int, group: Any) -> Any:
    if not isinstance(group, dict):
        return group
    if "use" in group:
        shared = named(document, QUESTIONS, ("form", number, "use"), group["use"])
        group = shared | {key: value for key, value in group.items() if key != "use"}
    for place, field in enumerate(group.get("fields") or ()):
        if isinstance(field, dict) and isinstance(field.get("choices"), str):
            where = ("form", number, "fields", place, "choices")
            field["choices"] = named(document, LISTS, where, field["choices"])["choices"]
    return group


def named(document: Document, folder: Path, place: Place, name: Any) -> dict[str, Any]:
    """The content of a file in one of our folders of reusable parts."""
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in known:
        unknown_name(document, place, name, known)
    content: dict[str, Any] = Document.read(folder / f"{name}.yaml").data
    return content


def unknown_name(document: Document, place: Place, name: Any, known: list[str]) -> NoReturn:
    """Raise `Faulty`: a file names something we do not have."""
    document.fault(
        place,
        _("there is no “%(name)s”; choose one of: %(known)s") % {"name": name, "known": ", ".join(known)},
    )
    raise Faulty(document.faults)


def faults_in(paths: Iterable[Path]) -> Iterator[Fault]:
    """Every fault in these files."""
    for path in paths:
        try:
            load(path)
        except Faulty as faulty:
            yield from faulty.faults
