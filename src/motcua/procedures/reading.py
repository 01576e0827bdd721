"""Reads procedure files so that every fault can name its file, line and field."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import yaml
from django.utils.translation import gettext as _

type Place = tuple[str | int, ...]

SCALARS = yaml.SafeLoader("")


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a file: where, and how to mend it."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class Faulty(Exception):
    """The file cannot be used; `faults` says everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass
class Document:
    """Plain values of one YAML file, and the line of each of them."""

    file: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path, *, shown_as: str = "") -> Self:
        """The file's content; raises `Faulty` if it is no YAML, or says a thing twice."""
        return cls.parsed(path.read_text("utf-8"), shown_as=shown_as or str(path))

    @classmethod
    def parsed(cls, text: str, *, shown_as: str) -> Self:
        """The same of a text that is in no file."""
        document = cls(shown_as)
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.reader.ReaderError as fault:
            raise Faulty(
                [Fault(document.file, 1, "YAML", _("take out the signs that cannot be printed"))]
            ) from fault
        except yaml.MarkedYAMLError as fault:
            line = fault.problem_mark.line + 1 if fault.problem_mark else 1
            raise Faulty([Fault(document.file, line, "YAML", str(fault.problem))]) from fault
        if not isinstance(node, yaml.MappingNode):
            raise Faulty([Fault(document.file, 1, "YAML", _("write `key: value` lines"))])
        document.data = document.value(node, ())
        if document.faults:
            raise Faulty(document.faults)
        return document

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        match node:
            case yaml.MappingNode():
                return dict(self.pairs(node, place))
            case yaml.SequenceNode():
                return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
        try:
            return SCALARS.construct_object(node)
        except ValueError:
            self.fault(place, _("there is no such day or number: look at it again"))
            return None

    def pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, Any]]:
        seen = set[str]()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            self.lines[*place, key] = key_node.start_mark.line + 1
            if key in seen:
                self.fault((*place, key), _("this key stands twice: keep one of them"))
            seen.add(key)
            yield key, self.value(value_node, (*place, key))

    def fault(self, place: Place, message: str) -> None:
        self.faults.append(Fault(self.file, self.line_of(place), spelled(place), message))

    def line_of(self, place: Place) -> int:
        """The line of this place, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def spelled(place: Place) -> str:
    """`("steps", 2, "hours")` → `steps[3].hours`: counted from one, as people count."""
    words = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
    return words.removeprefix(".") or "-"
