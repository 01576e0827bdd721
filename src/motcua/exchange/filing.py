"""Files on their way in: streamed to disk by a thread, so that one large file holds up nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from hashlib import sha256
from typing import Any

from motcua.exchange.problems import Problem
from motcua.lib.blobs import Store, TooLarge

LARGEST = 1024**3
PATIENCE = 60.0  # seconds to wait for the next piece

type Receive = Callable[[], Awaitable[dict[str, Any]]]


class Broken(Exception):
    """What came is not the file that was announced."""


async def store(files: Store, digest: str, receive: Receive) -> None:
    """Keep the body under its digest; a Problem, and nothing kept, if it is another file, too large or cut off."""
    pieces = _pieces(receive, asyncio.get_running_loop(), digest)
    try:
        await asyncio.to_thread(files.put, pieces, limit=LARGEST)
    except TooLarge as error:
        raise Problem(413, f"A file holds at most {error.limit} bytes.") from error
    except (Broken, TimeoutError) as error:
        raise Problem(400, str(error) or "The file stopped coming; send it again.") from error


def _pieces(receive: Receive, loop: asyncio.AbstractEventLoop, digest: str) -> Iterator[bytes]:
    """The body piece by piece, for a thread; Broken at the end if it is not what the digest names."""

    async def piece() -> dict[str, Any]:
        return await receive()

    hashing, more = sha256(), True
    while more:
        message = asyncio.run_coroutine_threadsafe(piece(), loop).result(PATIENCE)
        if message["type"] == "http.disconnect":
            raise Broken("The connection ended in the middle; send the file again.")
        content: bytes = message.get("body", b"")
        hashing.update(content)
        yield content
        more = message.get("more_body", False)
    if hashing.hexdigest() != digest:
        raise Broken(
            f"The body is the file {hashing.hexdigest()}, not {digest}; send the file that is asked for."
        )
