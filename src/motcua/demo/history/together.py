"""Several processes live the past side by side, a day at a time: none begins a day before all have ended the one before."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError

from django.db import connections

# How long one may wait for the others to end their day, in seconds: far more than any day takes.
PATIENCE = 900.0

type Duty = Callable[[], None]
# Called at the end of each day; the duty is done by the first process alone, while all others wait.
type Meet = Callable[[Duty], None]
type Work = Callable[[Meet], int]


class Fallen(RuntimeError):
    """One of the processes did not come to the end; its own words stand above ours in the log."""


def side_by_side(works: Sequence[Work]) -> int:
    """The first is done here, each other in a process of its own; the sum of what they return.

    Every work must meet the others equally often. Raises what the first raises, and Fallen if another fell.
    """
    fork = multiprocessing.get_context("fork")
    barrier, told = fork.Barrier(len(works)), fork.SimpleQueue()
    if works[1:]:
        connections.close_all()  # a connection to the database has one owner
    helpers = [fork.Process(target=help_with, args=(work, barrier, told), daemon=True) for work in works[1:]]
    for helper in helpers:
        helper.start()
    try:
        total = done(works[0], barrier, led=True)
    except BrokenBarrierError as broken:
        raise Fallen from broken
    finally:
        for helper in helpers:
            helper.join()
    if any(helper.exitcode for helper in helpers):
        raise Fallen
    for _helper in helpers:
        total += told.get()
    return total


def help_with(work: Work, barrier: Barrier, told: SimpleQueue[int]) -> None:
    """In a process of its own: do the work, say what it returned."""
    told.put(done(work, barrier, led=False))


def done(work: Work, barrier: Barrier, *, led: bool) -> int:
    """Do the work; who falls lets nobody wait for them."""

    def meet(duty: Duty) -> None:
        barrier.wait(PATIENCE)
        if led:
            duty()
        barrier.wait(PATIENCE)

    try:
        return work(meet)
    except BaseException:
        barrier.abort()
        raise
