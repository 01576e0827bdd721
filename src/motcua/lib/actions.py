"""What can be done: an action is a function that changes one subject, for someone who may, in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, cast

from django.db import models, transaction
from django.utils.translation import gettext as _

from motcua.lib.actors import Actor
from motcua.lib.rules import Rule


class Refused(Exception):
    """The rules say no; the message says who may."""


class NotNow(Exception):
    """The subject is not in a state where this can be done; the message says which state it is in."""


class Invalid(Exception):
    """What was given does not hold; the message says what, `field` where, and how to mend it stands in the words."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Action[**P, R](Protocol):
    """A function that changes a subject, with what its declaration says of it."""

    name: str
    who: Rule
    change: Callable[..., Any]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...


@dataclass(frozen=True)
class Declared:
    """One entry of the register of all that can be done."""

    name: str
    who: Rule
    change: Callable[..., Any]

    @property
    def verb(self) -> str:
        return self.name.partition(".")[2]


ACTIONS: dict[str, Declared] = {}


def action[**P, R](
    *, who: Rule, locks: bool = True, alone: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare an action `verb(subject, *, by, …)`.

    It opens the transaction, locks the subject if it is a saved row, asks `who`, applies the line of the subject's
    life cycle that bears the verb, and only then runs the body. Raises `Refused`, `NotNow`, or what the body raises.
    `locks=False` is for subjects that are only referred to, such as the procedure a new application is about; `alone=True`
    for a body that is one statement, which needs no transaction opened and closed around it.
    """

    def decorate(change: Callable[P, R]) -> Callable[P, R]:
        verb = getattr(change, "__name__", "")
        name = f"{context_of(change.__module__)}.{verb}"

        @wraps(change)
        def act(*args: P.args, **details: P.kwargs) -> R:
            subject, actor = args[0], cast("Actor", details["by"])
            with around(alone=alone):
                if locks:
                    lock(subject)
                if not who(actor, subject):
                    raise Refused(_("Only %(who)s may do this.") % {"who": who.says})
                move(subject, verb)
                if actor.lenders:
                    details["by"] = in_the_stead(actor, who, subject)
                return change(*args, **details)

        ACTIONS[name] = Declared(name, who, change)
        return act

    return decorate


def around(*, alone: bool) -> AbstractContextManager[None]:
    """What an action runs in: a transaction, or a savepoint of the one there is; nothing for a single statement."""
    return nullcontext() if alone else transaction.atomic(savepoint=TAKEN.get() is None)


def in_the_stead(actor: Actor, who: Rule, subject: Any) -> Actor:
    """The actor, saying in whose stead they act if their own posts would not let them: so it stands in the journal."""
    lenders = ["", *actor.lenders]
    return actor.acting_for(
        next((name for name in lenders if who(actor.with_posts_of(name), subject)), actor.instead_of)
    )


def context_of(module: str) -> str:
    """The context a module belongs to: `motcua.dossiers.actions` → `dossiers`, `motcua.registers.civil.models` → `civil`."""
    parts = module.split(".")
    return parts[2] if parts[1] == "registers" and len(parts) > 3 else parts[1]


# The rows the block `whole` around us has taken, by the identity of the object that holds them; None outside such a block.
TAKEN: ContextVar[dict[int, Any] | None] = ContextVar("taken", default=None)


@contextmanager
def whole() -> Iterator[None]:
    """A block in which all actions stand or fall together: one that raises must not be caught inside.

    That spares each action its savepoint; where a request is one deed, nothing else is wanted.
    """
    with transaction.atomic():
        before = TAKEN.set({})
        try:
            yield
        finally:
            TAKEN.reset(before)


@contextmanager
def ours(subject: Any) -> Iterator[None]:
    """A block in which further actions take the subject as it is in memory; its row is locked already, and the caller saves it.

    As in `whole`, an action that raises must not be caught inside.
    """
    before = TAKEN.set({**(TAKEN.get() or {}), id(subject): subject})
    try:
        yield
    finally:
        TAKEN.reset(before)


def take[Subject: models.Model](rows: models.QuerySet[Subject], **which: Any) -> Subject:
    """Read one row for a deed and wait for our turn on it at once, inside `whole`; raises the model's DoesNotExist."""
    return taken(rows.select_for_update(of=("self",)).get(**which))


def taken[Subject: models.Model](subject: Subject) -> Subject:
    """Note that a row was read for a deed and its lock is ours, inside `whole`: no action reads it again."""
    known = TAKEN.get()
    assert known is not None, "take only inside `with whole():`"  # noqa: S101 — a mistake of ours, not of who asks
    known[id(subject)] = subject
    return subject


def lock(subject: Any) -> None:
    """Wait for our turn on this row, then see its latest content."""
    if id(subject) in (TAKEN.get() or ()):
        return
    if isinstance(subject, models.Model) and not subject._state.adding:
        rows = subject.__class__._base_manager.select_for_update(of=("self",))
        subject.refresh_from_db(from_queryset=rows)


def move(subject: Any, verb: str) -> None:
    """Apply the line of the subject's life cycle that bears this verb, if there is one."""
    line = getattr(subject, "MOVES", {}).get(verb)
    if line is None:
        return
    sources, target = line
    if subject.state not in sources:
        raise NotNow(_("This cannot be done now: %(state)s.") % {"state": subject.get_state_display()})
    if target is not None:
        subject.state = target


def may(actor: Actor, name: str, subject: Any) -> bool:
    """Whether the action `context.verb` would be accepted now: for buttons."""
    declared = ACTIONS[name]
    line = getattr(subject, "MOVES", {}).get(declared.verb)
    return (line is None or subject.state in line[0]) and declared.who(actor, subject)


def why_not(actor: Actor, name: str, subject: Any) -> str:
    """Why the action `context.verb` would not be accepted now, in the words of its refusal; empty if it would."""
    declared = ACTIONS[name]
    if not declared.who(actor, subject):
        return _("Only %(who)s may do this.") % {"who": declared.who.says}
    if not may(actor, name, subject):
        return _("This cannot be done now: %(state)s.") % {"state": subject.get_state_display()}
    return ""


class Can:
    """What an actor can do with one subject, for templates: `{% if can.accept %}`."""

    def __init__(self, actor: Actor, subject: Any, context: str) -> None:
        self.actor, self.subject, self.context = actor, subject, context

    def __getitem__(self, verb: str) -> bool:
        return may(self.actor, f"{self.context}.{verb}", self.subject)
