"""Markdown, and sentences taken from docstrings."""

import inspect
from collections.abc import Iterable, Sequence

NOTE = "*Written by `./motcua catalogue` from the code; a test compares it. Change the code, not this page.*"


def document(title: str, *parts: str) -> str:
    """A whole page: title, the note that it is generated, its parts."""
    return "\n\n".join([f"# {title}", NOTE, *(part.strip("\n") for part in parts if part)]) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing if there are no rows."""
    lines = [row_of(row) for row in rows]
    return "\n".join([row_of(headings), row_of(["---"] * len(headings)), *lines]) if lines else ""


def row_of(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '\\|') for cell in cells)} |"


def sentence_of(documented: object) -> str:
    """The first paragraph of a docstring, on one line; dataclasses without one have only a made-up signature."""
    text = inspect.cleandoc(getattr(documented, "__doc__", "") or "")
    return " ".join(text.partition("\n\n")[0].split())


def one_line(names: Iterable[str]) -> str:
    """Names as code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)
