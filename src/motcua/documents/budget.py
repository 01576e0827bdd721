"""How much one PDF may make us read, whoever handed it in: a budget for the whole file, which raises once it is used up."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class TooMuch(RuntimeError):
    """The file asks for more than any document needs."""


class Spent(StrEnum):
    """What is counted."""

    BYTES = "bytes"
    TOKENS = "tokens"
    LETTERS = "letters"
    CODES = "codes"
    PICTURES = "pictures"


# A hundred pages of dense print have 400,000 letters; a large typeface has 65,000 codes.
MOST = {
    Spent.BYTES: 100 * 1024 * 1024,
    Spent.TOKENS: 2_000_000,
    Spent.LETTERS: 500_000,
    Spent.CODES: 500_000,
    Spent.PICTURES: 100,
}


@dataclass
class Budget:
    """What is left for this file, and the typefaces already read in it."""

    left: dict[Spent, int] = field(default_factory=lambda: dict(MOST))
    typefaces: dict[Any, Any] = field(default_factory=dict)


_open: ContextVar[Budget | None] = ContextVar("documents_budget", default=None)


@contextmanager
def budgeted() -> Iterator[Budget]:
    """Everything read within counts as one file; within another, as part of that."""
    if (around := _open.get()) is not None:
        yield around
        return
    budget = Budget()
    mark = _open.set(budget)
    try:
        yield budget
    finally:
        _open.reset(mark)


def spend(what: Spent, many: int = 1) -> None:
    """Takes so much from the budget of the file that is being read; raises TooMuch once nothing is left."""
    budget = _open.get()
    if budget is None:
        return
    budget.left[what] -= many
    if budget.left[what] < 0:
        raise TooMuch(what.value)
