"""The event loop of the exchange process: woken once a turn, however many requests its server hands over from its own threads."""

import asyncio


class Loop(asyncio.SelectorEventLoop):
    """Python's own loop, but for this: who finds it woken already does not wake it again.

    Two system calls for each message are spared, and with each of them a hand-over of the interpreter. What was handed over
    stands in the loop's queue before anybody looks whether it is woken, and it counts as woken until the bell has been
    emptied: so whatever comes meanwhile is done in the same turn or in the next, which does not wait.
    """

    is_woken = False

    def _write_to_self(self) -> None:
        if not self.is_woken:
            self.is_woken = True
            super()._write_to_self()  # type: ignore[misc]

    def _read_from_self(self) -> None:
        try:
            super()._read_from_self()  # type: ignore[misc]
        finally:
            self.is_woken = False
