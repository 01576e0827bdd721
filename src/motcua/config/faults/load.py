"""Systems that send messages through all of it and note, in a file of their own, only what was acknowledged.

Run in a process of its own: `python -m motcua.config.faults.load PORT SECRET FILE STREAMS`. It reads `go`, `wait` and `stop`.
Each stream counts its messages up; the next is sent when the last was acknowledged, and one that was not is sent again under
its own identifier, as any careful system would.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from motcua.exchange.ids import new_id
from motcua.exchange.wire import Client

SENDER, RECIPIENT, KIND = "G22", "H38", "bench.note"
SIZE = 1024
PATIENCE = 10.0  # seconds for one answer


@dataclass
class Load:
    """All streams of one process."""

    url: str
    secret: str
    acknowledged: TextIO
    client: Client = field(default_factory=Client)
    may: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False
    done: Counter[str] = field(default_factory=Counter)

    async def keep_sending(self, stream: str) -> None:
        """One message after the other until told to stop."""
        filling, number = os.urandom(SIZE // 2).hex(), 0
        while not self.is_over:
            await self.may.wait()
            number += 1
            body = json.dumps({"stream": stream, "number": number, "filling": filling}).encode()
            await self.send(stream, number, body)

    async def send(self, stream: str, number: int, body: bytes) -> None:
        """Until it is acknowledged, or all is over."""
        message, pause = new_id(), 0.02
        wanted = {
            "kind": KIND,
            "sender": SENDER,
            "recipient": RECIPIENT,
            "stream": stream,
            "id": str(message),
        }
        headers = {"authorization": f"Bearer {self.secret}", "motcua-message": json.dumps(wanted)}
        while not self.is_over:
            try:
                answer = await self.client.request("POST", self.url, headers, body, PATIENCE)
            except (OSError, TimeoutError):
                self.done["unanswered, sent again"] += 1
            else:
                if answer.status in {200, 201}:
                    self.acknowledged.write(f"{message}\t{stream}\t{number}\n")
                    self.done["acknowledged"] += 1
                    return
                self.done[f"answered {answer.status}, sent again"] += 1
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 2)


async def main(port: int, secret: str, file: Path, streams: int) -> None:
    told = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    with file.open("w", buffering=1, encoding="ascii") as acknowledged:
        load = Load(f"http://127.0.0.1:{port}/exchange/messages", secret, acknowledged)
        sending = [
            asyncio.create_task(load.keep_sending(f"{file.stem}.{number}")) for number in range(streams)
        ]
        while (word := (await told.readline()).decode().strip()) not in {"", "stop"}:
            (load.may.set if word == "go" else load.may.clear)()
        load.is_over = True
        load.may.set()
        await asyncio.gather(*sending)
    sys.stdout.write(json.dumps(load.done) + "\n")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])))
