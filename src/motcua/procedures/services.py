"""The services of registers a procedure may name: whoever reaches the registers tells us which there are."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    """A service: whether it only reads, and whether its answer may stand for a paper."""

    name: str
    reads: bool
    proves: bool


# Filled as the program starts: registers stand above procedures.
_KNOWN: dict[str, Named] = {}


def announce(services: Iterable[Named]) -> None:
    """These services are there."""
    _KNOWN.update({one.name: one for one in services})


def known() -> list[str]:
    """All there are."""
    return sorted(_KNOWN)


def readable() -> list[str]:
    """Those that answer on the spot and change nothing."""
    return sorted(one.name for one in _KNOWN.values() if one.reads)


def proving() -> list[str]:
    """Those whose answer may stand for a paper."""
    return sorted(one.name for one in _KNOWN.values() if one.proves)
