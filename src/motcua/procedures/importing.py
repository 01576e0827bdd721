"""Takes over a file of the national portal, one JSON object a line, plain or .xz, batch by batch."""

import datetime as dt
import json
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from motcua.lib.actors import Actor
from motcua.procedures.actions import take_over
from motcua.procedures.national.records import Unusable, read
from motcua.procedures.schema import Definition

BATCH = 200
IMPORTER = Actor.system("procedures")


@dataclass
class Tally:
    """What became of every line."""

    read: int = 0
    understood: int = 0
    raw: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    published: int = 0
    unchanged: int = 0
    ours: int = 0

    def says(self) -> str:
        """The last line of the import: every record is in it exactly once."""
        left = ", ".join(f"{name} {count}" for name, count in self.raw.most_common())
        return _(
            "Read %(read)d: understood %(understood)d, with raw text left %(left)d (%(fields)s), failed %(failed)d. "
            "Published %(published)d, unchanged %(unchanged)d, offered here already %(ours)d."
        ) % {
            "read": self.read,
            "understood": self.understood,
            "left": self.read - self.understood - len(self.failed),
            "fields": left or "–",
            "failed": len(self.failed),
            "published": self.published,
            "unchanged": self.unchanged,
            "ours": self.ours,
        }


def opened(path: Path) -> IO[str]:
    """The file as text, unpacked if its name ends in .xz."""
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def take_in(lines: Iterable[str], *, on: dt.date, dry_run: bool = False) -> Iterator[Tally]:
    """Read and publish line after line; yields the running tally after each batch."""
    tally = Tally()
    yield tally
    for batch in batched(enumerate(lines, start=1), BATCH):
        definitions = list(understood(batch, on, tally))
        if definitions and not dry_run:
            taken = take_over(unique(definitions), by=IMPORTER)
            tally.published += taken.published
            tally.unchanged += taken.unchanged
            tally.ours += taken.ours
        yield tally


def understood(batch: Iterable[tuple[int, str]], on: dt.date, tally: Tally) -> Iterator[Definition]:
    for number, line in batch:
        if not line.strip():
            continue
        tally.read += 1
        try:
            definition = read(json.loads(line), on)
        except (Unusable, ValueError, AttributeError) as fault:
            tally.failed.append(f"{number}: {fault}")
            continue
        tally.understood += not definition.raw
        tally.raw.update(definition.raw.keys())
        yield definition


def unique(definitions: Iterable[Definition]) -> list[Definition]:
    """Of two records of one code in a batch, the later."""
    return list({definition.code: definition for definition in definitions}.values())
