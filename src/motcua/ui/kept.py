"""What Django keeps for each thread and a page asks three hundred times: its language, its time zone, the root of addresses."""

from contextvars import ContextVar
from typing import Any

from django.urls import base
from django.utils import timezone
from django.utils.translation import trans_real

GONE = object()


class Kept:
    """One value, of this thread and of this task alone, as asgiref's `Local` keeps it: without its lock and its copies."""

    def __init__(self, name: str) -> None:
        self._kept: ContextVar[Any] = ContextVar(name, default=GONE)

    @property
    def value(self) -> Any:
        """What was put there; AttributeError if nothing was."""
        found = self._kept.get()
        if found is GONE:
            raise AttributeError("value")
        return found

    @value.setter
    def value(self, new: Any) -> None:
        self._kept.set(new)

    @value.deleter
    def value(self) -> None:
        self._kept.set(GONE)


def keep_at_hand() -> None:
    """From now on they are kept so; what was set before is forgotten, so it comes before the first page."""
    for module, name in (
        (trans_real, "_active"),
        (timezone, "_active"),
        (base, "_prefixes"),
        (base, "_urlconfs"),
    ):
        setattr(module, name, Kept(f"{module.__name__}.{name}"))
