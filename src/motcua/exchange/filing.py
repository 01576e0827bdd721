"""Files on their way in: streamed to disk by a thread, so that one large file holds up nothing else."""

import asyncio
import queue
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from motcua.exchange.problems import Problem
from motcua.lib.blobs import Store, TooLarge

LARGEST = 1024**3
AHEAD = 16  # pieces read ahead of the disk

type Receive = Callable[[], Awaitable[dict[str, Any]]]


class Broken(Exception):
    """The other side stopped in the middle."""


async def store(files: Store, digest: str, receive: Receive) -> None:
    """Keep the body under its digest; a Problem, and nothing kept, if it is another file or too large."""
    pieces: queue.Queue[bytes | None | Broken] = queue.Queue(AHEAD)
    writing = asyncio.create_task(asyncio.to_thread(files.put, _from(pieces, digest), limit=LARGEST))
    try:
        await _feed(pieces, receive, writing)
        await writing
    except TooLarge as error:
        raise Problem(413, f"A file holds at most {error.limit} bytes.") from error
    except Broken as error:
        raise Problem(400, str(error)) from error
