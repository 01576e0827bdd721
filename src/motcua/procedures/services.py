"""The services of registers a procedure may name: whoever reaches the registers tells us which there are."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    """A service: whether it only reads, whether its answer may stand for a paper, what it is asked with and what it answers."""

    name: str
    reads: bool
    proves: bool
    asks: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()


PERSON, BUSINESS = "population.person", "business.enterprise"
# What is read before the questions are asked: with which parameter the number of whose matter it is goes.
FIRST = {PERSON: "personal_number", BUSINESS: "code"}
# What the account of whoever applies says of itself, by the place a question names.
OF_ACCOUNT = {"account.contact.phone": "phone", "account.contact.email": "email"}

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


def asks(name: str) -> tuple[str, ...]:
    """What a service is asked with; nothing for one nobody has."""
    return _KNOWN[name].asks if name in _KNOWN else ()


def gives(name: str) -> tuple[str, ...]:
    """What later steps may take from its answer."""
    return _KNOWN[name].gives if name in _KNOWN else ()
