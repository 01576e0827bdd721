"""The kinds of paper people keep: what the result of one procedure is to all the others that ask for it."""

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter

from motcua.lib.working_time import months_later
from motcua.procedures.schema import Id, Part, Text

FILE = Path(__file__).parent / "paper_kinds.yaml"
OTHER, FEE_RECEIPT = "other", "fee_receipt"


class Kind(Part):
    """A kind of paper: the codes of results that are of it, and for how many months one may be used, if a rule says so.

    `source` is that rule and `since` its first day; whether somebody has compared it stands in the journal (`comparing`).
    """

    id: Id
    name: Text
    results: tuple[str, ...] = ()
    months: int | None = Field(default=None, gt=0)
    source: str = ""
    since: date | None = None

    def valid_until(self, issued_on: date | None) -> date | None:
        """The last day one issued on that day may be used; None where no rule ends it, or nobody knows the day."""
        return months_later(issued_on, self.months) if self.months and issued_on else None


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its id, in the order people are shown them."""
    read = TypeAdapter(tuple[Kind, ...]).validate_python(
        yaml.safe_load(FILE.read_text("utf-8")), strict=False
    )
    return {kind.id: kind for kind in read}


@cache
def of_results() -> dict[str, str]:
    """The kind of each result, by its national code."""
    return {code: kind.id for kind in kinds().values() for code in kind.results}


def kind_of_result(code: str) -> str:
    """The kind a result is of; `other` where none names it."""
    return of_results().get(code, OTHER)


def name_of(kind: str, language: str) -> str:
    """What a kind is called; of one this edition does not know, its id."""
    known = kinds().get(kind)
    return known.name.said_in(language) if known else kind
