"""Steps in an order in which each comes after those it waits for."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motcua.procedures.schema import Step


def past(after: Iterable[str], skipped: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """What to wait for when some steps are left out: whatever those were waiting for."""
    found: dict[str, None] = {}
    for id_ in after:
        found.update(dict.fromkeys(past(skipped[id_], skipped) if id_ in skipped else (id_,)))
    return tuple(found)


def in_order(steps: Iterable["Step"]) -> list["Step"]:
    """Each step after all it waits for, otherwise as written; steps caught in a ring are left out."""
    waiting, ordered, done = list(steps), [], set[str]()
    while ready := next((step for step in waiting if done.issuperset(step.after)), None):
        waiting.remove(ready)
        ordered.append(ready)
        done.add(ready.id)
    return ordered
