"""What registers offer: each declares its services here, and sharing is the only one to call them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor

type Params = Mapping[str, Any]


class NotSo(Invalid):
    """What was asked was understood and looked up, and it is not so: an answer, on which others may end what rested on a yes."""


@dataclass(frozen=True)
class Asked:
    """Who asks, for which purpose, under which dossier; written into the register's basis and reading log."""

    asker: str
    agency: str
    purpose: str
    dossier: str
    request: str
    by: Actor
    # How to note once more who has read whom: a refusal takes back what the service did, but not that somebody asked.
    noted: list[Callable[[], None]] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True)
class Needs:
    """A service cannot answer yet: another agency must be asked first, and `then` is called with its answer."""

    service: str
    params: dict[str, Any]
    to: str
    then: str


type Outcome = dict[str, Any] | Needs
type Run = Callable[[Params, Asked], Outcome]
type Together = Callable[[Sequence[tuple[Params, Asked]]], Sequence[Outcome]]
type Then = Callable[[Params, Asked, dict[str, Any]], Outcome]


@dataclass(frozen=True)
class Service:
    """One service of a register; `reads` tells that it changes nothing and may be asked on the spot.

    `proves` tells that its answer may stand for a paper: asked with `told_to`, the number of an applicant, it says nothing
    that is not theirs to know. `asks` names what it is asked with, `gives` what later steps of a procedure may take
    from its answer. `together` does the same for several who ask at once, for less; what it raises fails them all.
    """

    name: str
    run: Run
    reads: bool
    proves: bool = False
    asks: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    together: Together | None = None
    continuations: dict[str, Then] = field(default_factory=dict)


SERVICES: dict[str, Service] = {}


def service(
    name: str,
    *,
    reads: bool = False,
    proves: bool = False,
    asks: tuple[str, ...] = (),
    gives: tuple[str, ...] = (),
    together: Together | None = None,
) -> Callable[[Run], Run]:
    """Declare `run(params, asked)` as the service `register.verb`; it raises `lib.actions.Invalid` to refuse, in words."""

    def declare(run: Run) -> Run:
        SERVICES[name] = Service(name, run, reads, proves, asks, gives, together)
        return run

    return declare


def parameters(kind: type) -> tuple[str, ...]:
    """What is asked with such a dataclass, by name; who is told is no parameter of a procedure: the program says it."""
    return tuple(one.name for one in fields(kind) if one.name not in {"told_to", "upto"})


def continues(name: str, then: str) -> Callable[[Then], Then]:
    """Declare what service `name` does with the answer to its `Needs(…, then=then)`."""

    def declare(run: Then) -> Then:
        SERVICES[name].continuations[then] = run
        return run

    return declare
