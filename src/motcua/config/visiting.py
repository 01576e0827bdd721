"""Visitors as a measurement plays them: each with a connection of their own, as browsers have, and hardly any work beside.

Who asks shares the cores with who answers; a general HTTP client takes as long for a page as the node does for half of it.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from motcua.exchange.wire import Client

# One connection for all would lead all of them to one of the node's processes.
VISITORS = 64
PATIENCE = 300.0


class Visitor:
    """Somebody who looks at pages."""

    def __init__(self) -> None:
        self.client = Client()

    async def look(self, url: str, headers: Mapping[str, str]) -> float:
        """Open a page; return the seconds until all of it is there. Raises ConnectionError for any answer but 200."""
        took, _answer = await self.ask("GET", url, headers)
        return took

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, status: int = 200
    ) -> tuple[float, bytes]:
        """One request; the seconds, and what was answered. Raises ConnectionError for any answer but this one."""
        began = time.perf_counter()
        answer = await self.client.request(method, url, headers, body, PATIENCE)
        if answer.status != status:
            raise ConnectionError(f"{method} {url} answered {answer.status}")
        return time.perf_counter() - began, answer.body


@contextmanager
def visitors(number: int = VISITORS) -> Iterator[Sequence[Visitor]]:
    """So many; gone at the end."""
    some = [Visitor() for _one in range(number)]
    try:
        yield some
    finally:
        for one in some:
            one.client.close()


async def warm(some: Sequence[Visitor], url: str, headers: Mapping[str, str]) -> None:
    """All look once at the same time, and nothing is measured: each process has served the page before, as on any morning.

    One after the other would come to whichever process waits longest, which is always the same.
    """
    await asyncio.gather(*(one.look(url, headers) for one in some))
