"""What two versions of a draft differ in, word by word: of the text written here, and of the files by what can be read in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from motcua.dispatches.models import Version
from motcua.documents.models import store
from motcua.documents.texts import text_of
from motcua.documents.words import figures

# Comparing words costs their product; longer passages are shown whole, once as they were and once as they are.
MOST_PAIRS = 4_000_000
MOST_LETTERS = 200_000


@dataclass(frozen=True)
class Piece:
    """Words that stayed (`same`), went (`out`) or came (`in`)."""

    what: str
    text: str


@dataclass(frozen=True)
class Compared:
    """One part of two versions: the subject, the text, or a file with its name."""

    part: str
    name: str
    pieces: tuple[Piece, ...] = ()

    @property
    def differs(self) -> bool:
        return any(one.what != "same" for one in self.pieces)


def compared(old: Version, new: Version) -> list[Compared]:
    """The parts that differ, each with its pieces; a file without text that differs has no pieces."""
    parts = [
        Compared("subject", "", tuple(pieces(old.subject, new.subject))),
        Compared("text", "", tuple(pieces(old.text, new.text))),
        Compared("receivers", "", tuple(pieces("\n".join(old.receivers), "\n".join(new.receivers)))),
    ]
    for name, was, now in (
        ("urgency", old.get_urgency_display(), new.get_urgency_display()),
        ("answer_by", day(old.answer_by), day(new.answer_by)),
    ):
        parts.append(Compared(name, "", tuple(went_and_came(was, now)) if was != now else ()))
    return [one for one in parts if one.differs] + list(files(old.files, new.files))


def day(of: date | None) -> str:
    return figures(of) if of else ""


def files(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> Iterator[Compared]:
    """Files that went, came, or differ; the document itself is compared with the document itself, whatever its name."""
    before, after = {key(one): one for one in old}, {key(one): one for one in new}
    for which in dict.fromkeys([*before, *after]):
        was, now = before.get(which), after.get(which)
        if was is None and now is not None:
            yield Compared("file_in", now["name"])
        elif was is not None and now is None:
            yield Compared("file_out", was["name"])
        elif was is not None and now is not None and was["digest"] != now["digest"]:
            yield Compared("file", now["name"], tuple(pieces(words_of(was), words_of(now))))


def key(file: dict[str, Any]) -> str:
    return "" if file.get("is_paper") else str(file["name"])


def words_of(file: dict[str, Any]) -> str:
    """The text of a file; empty where it has none, or is not kept any more."""
    try:
        return text_of(store().read(file["digest"]))[:MOST_LETTERS]
    except FileNotFoundError:
        return ""


def pieces(old: str, new: str) -> Iterator[Piece]:
    """First line by line, then, where lines differ, word by word; joined, they are both texts again."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(before) * len(after) > MOST_PAIRS:
        yield from went_and_came(old, new)
        return
    for tag, start, end, begin, stop in SequenceMatcher(None, before, after).get_opcodes():
        was, now = "".join(before[start:end]), "".join(after[begin:stop])
        if tag == "equal":
            yield Piece("same", was)
        else:
            yield from worded(was, now)


def worded(was: str, now: str) -> Iterator[Piece]:
    before, after = split(was), split(now)
    if not before or not after or len(before) * len(after) > MOST_PAIRS:
        yield from went_and_came(was, now)
        return
    for tag, start, end, begin, stop in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[start:end]))
        else:
            yield from went_and_came("".join(before[start:end]), "".join(after[begin:stop]))


def went_and_came(was: str, now: str) -> Iterator[Piece]:
    if was:
        yield Piece("out", was)
    if now:
        yield Piece("in", now)


def split(text: str) -> list[str]:
    """Words and signs, each with the space behind it; joined, they are the text.

    A space by itself would be half of all there is to compare, and comparing would take minutes.
    """
    return re.findall(r"\w+\s*|[^\w\s]\s*|\s+", text)
