"""Questions to one place: a lone one goes at once; those that come while others are under way go together."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

PLACES = 2  # requests under way at once, as long as nobody has to wait long for it
MOST = 32  # questions in one request,
MOST_BYTES = 512 * 1024  # and bytes, unless a single one is longer
PATIENCE = 0.02  # seconds after which a question goes whether there is a place or not: a slow answer holds up no others


class Together[Question, Answer]:
    """The more ask at once, the less each question costs; nothing is waited for when there is nothing to wait for."""

    def __init__(
        self,
        bring: Callable[[Sequence[Question]], Awaitable[Sequence[Answer | Exception]]],
        size: Callable[[Question], int],
    ) -> None:
        """`bring` gives an answer to each of its questions, in their order; one that is an exception is raised to who asked.
        `size` is how many bytes a question takes.
        """
        self._bring, self._size = bring, size
        self._waiting: deque[tuple[Question, asyncio.Future[Answer]]] = deque()
        self._under_way = 0
        self._next: asyncio.Handle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, question: Question) -> Answer:
        """The answer to one question, asked together with those that wait beside it."""
        loop = asyncio.get_running_loop()
        promise: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((question, promise))
        if self._next is None:
            # In the next turn of the loop, so that all who came in this one go together.
            is_free = self._under_way < PLACES
            self._next = loop.call_soon(self._send) if is_free else loop.call_later(PATIENCE, self._send)
        return await promise

    def _send(self) -> None:
        self._next = None
        while self._waiting:
            self._under_way += 1
            task = asyncio.create_task(self._brought(self._taken()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _taken(self) -> list[tuple[Question, asyncio.Future[Answer]]]:
        """As many as one request holds, at least one."""
        taken = [self._waiting.popleft()]
        size = self._size(taken[0][0])
        while self._waiting and len(taken) < MOST:
            size += self._size(self._waiting[0][0])
            if size > MOST_BYTES:
                break
            taken.append(self._waiting.popleft())
        return taken

    async def _brought(self, taken: Sequence[tuple[Question, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._bring([question for question, _ in taken])
        except Exception as error:  # noqa: BLE001 — whoever waits must be told, and decides what it means
            answers = [error] * len(taken)
        finally:
            self._under_way -= 1
        for (_, promise), answer in zip(taken, answers, strict=True):
            if promise.done():
                continue
            if isinstance(answer, Exception):
                promise.set_exception(answer)
            else:
                promise.set_result(answer)
        if self._waiting and self._under_way < PLACES:
            if self._next:
                self._next.cancel()
            self._send()
