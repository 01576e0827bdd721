"""How a part of a message is declared: once, and from that it is read, written and shown."""

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any


class Kind(Enum):
    """What a value is in Python, and how it stands in the file."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"  # 0 or 1; some write true and false
    DAY = "day"  # yyyy/MM/dd
    MOMENT = "moment"  # yyyy/MM/dd HH:mm:ss, the time of Vietnam
    PART = "part"


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a part: its name in the file, what it holds, how long, whether there may be many, and within what."""

    name: str
    kind: Kind
    longest: int = 0
    part: type | None = None
    many: bool = False
    within: str = ""


def text(name: str, longest: int = 0) -> Any:
    """A text of at most `longest` characters (0: the rules give no limit)."""
    return field(default="", metadata={"element": Element(name, Kind.TEXT, longest)})


def texts(within: str, name: str, longest: int = 0) -> Any:
    """Texts of one name within an element of their own."""
    return field(
        default=(), metadata={"element": Element(name, Kind.TEXT, longest, many=True, within=within)}
    )


def number(name: str, digits: int) -> Any:
    """A whole number of at most so many digits, or none."""
    return field(default=None, metadata={"element": Element(name, Kind.NUMBER, digits)})


def flag(name: str) -> Any:
    """Yes, no, or not said."""
    return field(default=None, metadata={"element": Element(name, Kind.FLAG)})


def day(name: str) -> Any:
    """A day, or none."""
    return field(default=None, metadata={"element": Element(name, Kind.DAY)})


def moment(name: str) -> Any:
    """A moment to the second, or none."""
    return field(default=None, metadata={"element": Element(name, Kind.MOMENT)})


def part(name: str, kind: type) -> Any:
    """A part with elements of its own, or none."""
    return field(default=None, metadata={"element": Element(name, Kind.PART, part=kind)})


def parts(name: str, kind: type, *, within: str = "") -> Any:
    """Parts of one kind, as many as there are."""
    return field(
        default=(), metadata={"element": Element(name, Kind.PART, part=kind, many=True, within=within)}
    )


def elements(kind: type) -> tuple[tuple[str, Element], ...]:
    """The elements of a part by the names of its fields, in the order they are written."""
    return tuple((one.name, one.metadata["element"]) for one in fields(kind) if "element" in one.metadata)
