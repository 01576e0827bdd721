"""Where a document stands at a receiver: which news count when they come late, twice, or out of order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from motcua.documents.edxml.message import State

# How far each state has come; 02 and 03 are two answers to the same question.
RANK: dict[State, int] = {
    State.ARRIVED: 1,
    State.REFUSED: 2,
    State.REGISTERED: 2,
    State.ASSIGNED: 3,
    State.IN_PROGRESS: 4,
    State.DONE: 5,
}
# What the receiver answers when the sender asks a document back or changes it; it says nothing of the work itself.
ANSWERS = frozenset({State.CHANGE_AGREED, State.CHANGE_REFUSED})


@dataclass(frozen=True, order=True)
class Told:
    """What a receiver told: when, and which state."""

    at: datetime
    state: State


def stands(told: Iterable[Told]) -> State | None:
    """Where it stands after all that was told, in whatever order it came and however often; None as long as nothing was.

    The furthest state holds, and of two equally far the later one. One agreed recall ends it; told in the same second as a
    refusal, for messages tell no more than seconds, it is the later one, because nothing follows it.
    """
    news = list(told)
    work = [one for one in news if one.state in RANK]
    answers = [one for one in news if one.state in ANSWERS]
    last = max(answers, key=lambda one: (one.at, one.state is State.CHANGE_AGREED), default=None)
    if last and last.state is State.CHANGE_AGREED:
        return State.CHANGE_AGREED
    return max(work, key=lambda one: (RANK[one.state], one.at, one.state)).state if work else None


def since(told: Iterable[Told], state: State) -> datetime | None:
    """Since when it stands there: the first time it was told."""
    return min((one.at for one in told if one.state is state), default=None)
