"""Takes over procedures of the national portal, batch by batch: from a file, one JSON object a line, or from the portal itself."""

import datetime as dt
import json
import lzma
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import IO, Any, Protocol

from django.utils.translation import gettext as _

from motcua.lib.actors import Actor
from motcua.procedures.actions import take_over
from motcua.procedures.national import services
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
    numbered = ((str(number), line) for number, line in enumerate(lines, start=1) if line.strip())
    return taken(numbered, lambda line: read(json.loads(line), on), dry_run=dry_run)


def take_from(portal: "Portal", *, on: dt.date, dry_run: bool = False) -> Iterator[Tally]:
    """The same of what the portal itself tells, procedure after procedure; raises `Unreached`.

    What was published before the portal broke off stays; asked again, it is unchanged.
    """
    told = ((code, portal.record(code)) for code in portal.codes())
    return taken(told, lambda row: services.read(row, on), dry_run=dry_run)


def taken[Record](
    records: Iterable[tuple[str, Record]], reading: Callable[[Record], Definition], *, dry_run: bool
) -> Iterator[Tally]:
    """Read and publish records, each with the place it is named by if it fails."""
    tally = Tally()
    yield tally
    for batch in batched(records, BATCH):
        definitions = list(understood(batch, reading, tally))
        if definitions and not dry_run:
            done = take_over(unique(definitions), by=IMPORTER)
            tally.published += done.published
            tally.unchanged += done.unchanged
            tally.ours += done.ours
        yield tally


def understood[Record](
    batch: Iterable[tuple[str, Record]], reading: Callable[[Record], Definition], tally: Tally
) -> Iterator[Definition]:
    for place, record in batch:
        tally.read += 1
        try:
            definition = reading(record)
        except (Unusable, ValueError, AttributeError) as fault:
            tally.failed.append(f"{place}: {fault}")
            continue
        tally.understood += not definition.raw
        tally.raw.update(definition.raw.keys())
        yield definition


def unique(definitions: Iterable[Definition]) -> list[Definition]:
    """Of two records of one code in a batch, the later."""
    return list({definition.code: definition for definition in definitions}.values())


class Unreached(Exception):
    """The portal is not known, or did not answer; the message says which."""


class Portal(Protocol):
    """A national portal that can be asked. Both raise `Unreached`."""

    def codes(self) -> list[str]:
        """The codes of all procedures it has."""

    def record(self, code: str) -> Mapping[str, Any]:
        """What it says of one."""


_ASKED: list[Callable[[], Portal]] = []


def asks_portal[Way: Callable[[], Portal]](how: Way) -> Way:
    """Declare how the portal is asked; whoever speaks to other machines stands above the catalogue and says so here."""
    _ASKED.append(how)
    return how


def the_portal() -> Portal:
    """The portal this node is set to ask; raises `Unreached` where there is none."""
    if not _ASKED:
        raise Unreached(
            _("This node has no API switched on, and so asks no portal. See: contexts in node.toml")
        )
    return _ASKED[-1]()
