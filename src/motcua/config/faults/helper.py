"""Programs beside the country: the proxies, and whoever sends."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO


@dataclass
class Helper:
    """A process that is told things line by line, and tells at its end what it did."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls, module: str, *arguments: object, within: Sequence[str] = ()) -> "Helper":
        """`within` is the command it stands behind."""
        command = [*within, sys.executable, "-m", f"motcua.config.faults.{module}", *map(str, arguments)]
        return cls(subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE))

    def say(self, words: str) -> None:
        stream: IO[str] = self.process.stdin  # type: ignore[assignment]
        stream.write(f"{words}\n")
        stream.flush()

    def hear(self) -> str:
        stream: IO[str] = self.process.stdout  # type: ignore[assignment]
        return stream.readline()

    def end(self) -> Counter[str]:
        """Hear what it did. Its input does not end when we close it: the nodes, forked from here, hold it open too."""
        said, _ = self.process.communicate("stop\n")
        return Counter(json.loads(said.splitlines()[-1])) if said.strip() else Counter()
