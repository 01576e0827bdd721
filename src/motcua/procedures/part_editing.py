"""Changes to the parts of a definition that are no questions: facts, papers, time and fees.

As in `form_editing`, each function gives the definition anew, held to the same rules as a file, and leaves alone what
was not changed; what does not fit raises `Faulty`.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from motcua.procedures import patterns
from motcua.procedures.form_editing import Content, alter, fault, remade
from motcua.procedures.loading import shaped
from motcua.procedures.localising import cases_of
from motcua.procedures.reading import Document
from motcua.procedures.runs import deciding
from motcua.procedures.schema import Definition, Fee, Step, Term
from motcua.procedures.vocabulary import Channel, Unit

type Cell = tuple[str | None, Channel]


@dataclass(frozen=True)
class Way:
    """What one case costs and how long it takes, filed in one way; None where nothing is said."""

    amount: int | None = None
    value: int | None = None
    unit: Unit | None = None


# A procedure that is not there yet


def blank(code: str, name: Content, field: Content, *, level: str, pattern: str, on: dt.date) -> Definition:
    """A procedure as it begins: name, field, level, the steps of a pattern, and the questions every form asks.

    It can be filed at the counter and by post, free, in the time of its pattern; what the law wants besides is still missing.
    """
    steps = patterns.pattern(pattern)
    content = {
        "code": code,
        "version": on,
        "name": name,
        "field": field,
        "levels": [level],
        "online": {"kind": "none"},
        "audience": {"who": ["citizen"]},
        "channels": ["direct", "post"],
        "fees": [{"amount": 0}],
        "terms": [{"value": steps.days, "unit": "working_days"}],
        "pattern": pattern,
        "form": [{"use": "applicant"}, {"use": "receiving"}],
        "results": [result_content(f"KQ.{code}", name, steps.steps)],
    }
    return shaped(Document("", content, {("pattern",): 1, (): 1}))


def result_content(code: str, name: Content, steps: Sequence[Step]) -> Content:
    """A result as most have it: a certificate, issued by the step in which it is signed."""
    return {"code": code, "name": name, "template": "certificate"} | (
        {"issued_by": signing} if (signing := signed_in(steps)) else {}
    )


def signed_in(steps: Iterable[Step]) -> str:
    """The step in which the result is signed; empty if there is none."""
    return next((step.id for step in deciding(steps)), "")


# Facts


def put_facts(definition: Definition, changes: Mapping[str, Any]) -> Definition:
    """Name, field, decision, day, cases, results and the like say something else; None takes a part away."""
    content = definition.as_content()
    alter(content, {key: value for key, value in changes.items() if key != "results"})
    if "results" in changes:
        known = {one["code"]: one for one in content.get("results", [])}
        content["results"] = [
            known.get(code, result_content(code, name, definition.steps)) | {"name": name}
            for code, name in changes["results"]
        ]
    return remade(content)


# What the national portal says


def settle(definition: Definition, source: str) -> Definition:
    """A text of the portal has been read and written where it belongs: it is not kept as unread any more."""
    content = definition.as_content()
    left = {key: text for key, text in content.get("raw", {}).items() if key != source}
    alter(content, {"raw": left or None})
    return remade(content)


# Papers


def put_paper(definition: Definition, paper: str, changes: Mapping[str, Any]) -> Definition:
    """A paper says something else; None takes a part away."""
    content = definition.as_content()
    papers, place = paper_at(content, paper)
    alter(papers[place], changes)
    return remade(content)


def add_paper(definition: Definition, paper: Content) -> Definition:
    """A paper more, at the end."""
    content = definition.as_content()
    papers = content.setdefault("papers", [])
    if paper["id"] in {one["id"] for one in papers}:
        raise fault("papers", _("There is a paper “%(id)s” already.") % {"id": paper["id"]})
    papers.append(paper)
    return remade(content)


def move_paper(definition: Definition, paper: str, *, by: int) -> Definition:
    """A paper goes so many places down (up, where negative), no further than the end."""
    content = definition.as_content()
    papers, place = paper_at(content, paper)
    papers.insert(min(max(place + by, 0), len(papers) - 1), papers.pop(place))
    return remade(content)


def remove_paper(definition: Definition, paper: str) -> Definition:
    """A paper is no longer asked for."""
    content = definition.as_content()
    papers, place = paper_at(content, paper)
    papers.pop(place)
    return remade(content)


def paper_at(content: Content, id_: str) -> tuple[list[Content], int]:
    papers: list[Content] = content.get("papers", [])
    for place, one in enumerate(papers):
        if one["id"] == id_:
            return papers, place
    raise fault("papers", _("There is no paper “%(id)s” (any more).") % {"id": id_})


# Time and fees, case by case and way by way


def ways(definition: Definition) -> dict[Cell, Way]:
    """What holds for each case and each of the three ways of filing; a way that is closed shows what the first open one says."""
    found = {}
    for case, channel in product(cases_of(definition), Channel):
        known = channel if channel in definition.channels else next(iter(definition.channels), channel)
        fee, term = definition.fee_for(case, known), definition.term_for(case, known)
        found[case, channel] = Way(
            fee.amount if fee else None, term.value if term else None, term.unit if term else None
        )
    return found


def put_ways(definition: Definition, channels: Sequence[Channel], wanted: Mapping[Cell, Way]) -> Definition:
    """Which ways are open, and what holds for each case in each of them, in as few lines as say it."""
    before = ways(definition)
    cells = [(case, channel) for case in cases_of(definition) for channel in channels]
    if list(channels) == list(definition.channels) and all(before[cell] == wanted[cell] for cell in cells):
        return definition
    content = definition.as_content() | {"channels": [str(channel) for channel in channels]}
    content["fees"] = lines(cells, lambda cell: fee_line(definition, cell, wanted[cell]))
    content["terms"] = lines(cells, lambda cell: term_line(definition, cell, wanted[cell]))
    return remade(content)


def fee_line(definition: Definition, cell: Cell, way: Way) -> Content | None:
    """The fee of a cell; where the amount is as it was, so are its words."""
    known = definition.fee_for(*cell) or Fee()
    if known.amount != way.amount:
        known = known.model_copy(update={"amount": way.amount, "raw": ""})
    line = bare(known)
    return line or None


def term_line(definition: Definition, cell: Cell, way: Way) -> Content | None:
    known = definition.term_for(*cell) or Term()
    if (known.value, known.unit) != (way.value, way.unit):
        known = Term(value=way.value, unit=way.unit)
    return bare(known) or None


def bare(line: Fee | Term) -> Content:
    """A line without whom it is for."""
    return line.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"cases", "channels"})


def lines(cells: Sequence[Cell], line_of: Callable[[Cell], Content | None]) -> list[Content]:
    """Lines that say of each cell what `line_of` says: one for all, or by case, or by way, or by both."""
    said = {cell: line for cell in cells if (line := line_of(cell))}
    cases, channels = list(dict.fromkeys(c for c, _w in cells)), list(dict.fromkeys(w for _c, w in cells))
    whole = len(said) == len(cells)
    if whole and is_one(said.values()):
        return [next(iter(said.values()))]
    if whole and cases != [None] and all(is_one(said[case, way] for way in channels) for case in cases):
        return grouped((said[case, channels[0]], {"cases": [case]}) for case in cases)
    if whole and all(is_one(said[case, way] for case in cases) for way in channels):
        return grouped((said[cases[0], way], {"channels": [str(way)]}) for way in channels)
    return [
        line | ({"cases": [case]} if case else {})
        for case in cases
        for line in grouped(
            (said[case, way], {"channels": [str(way)]}) for way in channels if (case, way) in said
        )
    ]


def is_one(said: Iterable[Content]) -> bool:
    """Whether all say the same."""
    first, *others = said
    return all(other == first for other in others)


def grouped(said: Iterable[tuple[Content, Content]]) -> list[Content]:
    """Lines that say the same become one, for all of whom they are."""
    found: list[tuple[Content, Content]] = []
    for line, part in said:
        (name,) = part
        known = next((whom for other, whom in found if other == line), None)
        if known is None:
            found.append((line, {name: list(part[name])}))
        else:
            known[name] += part[name]
    return [line | whom for line, whom in found]
