"""docs/events.md: what happens, who reacts; messages between nodes; services of registers."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from django.apps import apps

from motcua.config.reference.writing import document, one_line, sentence_of, table
from motcua.exchange.calls import ANSWERS
from motcua.exchange.messages import HANDLERS, MASS_HANDLERS
from motcua.journal.actions import REACTIONS, name_of
from motcua.registers.services import SERVICES

EVENTS = """
Whatever happens is one entry of the journal: the event's name, its facts (the fields below), whom it is about, who did
it. Reactions run in the worker after the change has committed, in order for each subject, and are safe to run twice.
"""
MESSAGES = """
A message of a kind is handled in the transaction of its inbox row: exactly once. Who may send which kind to whom
stands in the signed directory.
"""
CALLS = """
Asked and answered on the spot, through both nodes' exchange; signed and logged on both sides.
"""
REGISTER_SERVICES = """
What registers offer through `sharing`. What *reads* changes nothing and may be asked on the spot; the others are
errands, done once for each request.
"""


def page() -> str:
    """The whole page."""
    return document(
        "Events, messages, services",
        "## Events",
        EVENTS,
        *(part for module in event_modules() for part in section(module)),
        "## Messages",
        MESSAGES,
        table(
            ["kind", "handled by", "what it brings"], (handled(*one) for one in sorted(handlers().items()))
        ),
        "## Calls",
        CALLS,
        table(["kind", "answered by", "what is asked"], (handled(*one) for one in sorted(ANSWERS.items()))),
        "## Services of registers",
        REGISTER_SERVICES,
        table(["service", "reads", "what it does", "afterwards"], map(service, sorted(SERVICES))),
    )


def event_modules() -> Iterator[Any]:
    """The `events` of every context that has some."""
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name):
        module = sys.modules.get(f"{config.name}.events")
        if module and config.name.startswith("motcua."):
            yield module


def section(module: Any) -> list[str]:
    found = [one for one in vars(module).values() if is_event(one, module)]
    heading = module.__name__.removeprefix("motcua.").removesuffix(".events")
    return [f"### {heading}", table(["event", "what happened", "facts", "who reacts"], map(happened, found))]


def is_event(one: object, module: Any) -> bool:
    """A dataclass of this module or package itself, and no common part of several."""
    return is_dataclass(one) and isinstance(one, type) and one.__module__.startswith(module.__name__)


def happened(event: Any) -> list[str]:
    reactions = [short(name) for name in REACTIONS.get(name_of(event), {})]
    return [
        f"`{event.__name__}`",
        sentence_of(event),
        one_line(field.name for field in fields(event)),
        one_line(sorted(reactions)),
    ]


def handlers() -> dict[str, Callable[..., Any]]:
    """By kind, the function as it was written, also where it takes many at once."""
    return {**HANDLERS, **MASS_HANDLERS}


def handled(kind: str, handler: Callable[..., Any]) -> list[str]:
    return [f"`{kind}`", f"`{short(f'{handler.__module__}.{handler.__name__}')}`", sentence_of(handler)]


def service(name: str) -> list[str]:
    one = SERVICES[name]
    return [
        f"`{name}`",
        "yes" if one.reads else "",
        sentence_of(one.run),
        one_line(sorted(one.continuations)),
    ]


def short(name: str) -> str:
    """`motcua.dossiers.reactions.give_receipt` → `dossiers.give_receipt`."""
    return name.removeprefix("motcua.").replace(".reactions.", ".")
