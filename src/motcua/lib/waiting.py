"""Waiting for what others bring about."""

import time
from collections.abc import Callable

PAUSE = 0.05


def until[T](
    question: Callable[[], T],
    *,
    patience: float,
    otherwise: Callable[[], Exception],
    pause: float = PAUSE,
    meanwhile: Callable[[], object] = lambda: None,
) -> T:
    """Ask again and again until the answer is yes, and return it; after `patience` seconds in vain raise what `otherwise` makes.

    Between two questions `meanwhile` is done and `pause` seconds go by.
    """
    deadline = time.monotonic() + patience
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise otherwise()
        meanwhile()
        time.sleep(pause)
    return answer
