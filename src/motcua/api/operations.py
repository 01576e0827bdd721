"""What can be asked of the API: each operation is declared once, and routes, checks and description follow from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from pydantic import BaseModel

from motcua.api.scopes import Scope

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Operation:
    """One operation: where, for whom, what it takes and gives, and who carries it out.

    `is_deed`: it changes something, and so needs an idempotency key. `media`: what the body may be.
    """

    method: str
    path: str
    name: str
    about: str
    summary: Promise
    scope: Scope | None
    handler: Callable[..., Any]
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    gives: type[BaseModel] | None = None
    status: int = 200
    is_deed: bool = False
    media: tuple[str, ...] = field(default=(JSON,))

    @property
    def takes_file(self) -> bool:
        return self.body is None and self.media != (JSON,)

    @property
    def parameters(self) -> list[str]:
        """Names in the path, in their order."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]


OPERATIONS: list[Operation] = []


def operation(
    method: str, path: str, summary: Promise, *, about: str, scope: Scope | None, **details: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare what the decorated `handler(call, **path_values)` answers."""

    def declare(handler: Callable[..., Any]) -> Callable[..., Any]:
        OPERATIONS.append(
            Operation(method, path, handler.__name__, about, summary, scope, handler, **details)
        )
        return handler

    return declare
