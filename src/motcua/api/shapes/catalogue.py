"""Procedures, life events and agencies as machines are given them."""

from datetime import date
from typing import Any, Literal

from motcua.api.shapes.parts import AgencyCode, Asked, Id, Limit, ProcedureCode, Shown, Text


class Procedures(Asked):
    q: Text | None = None
    after: ProcedureCode | None = None
    limit: Limit = 50


class ProcedureLine(Shown):
    code: str
    name: str
    field: str
    online: str
    can_be_filed: bool
    effective_from: date


class ProcedurePage(Shown):
    items: list[ProcedureLine]
    next: str | None


class Case(Shown):
    id: str
    name: str


class NeededPaper(Shown):
    id: str
    name: str
    required: bool
    originals: int | None
    copies: int
    cases: list[str]
    channels: list[str]
    known_to: str | None
    media: list[str]


class Fee(Shown):
    amount: int | None
    per: str | None
    note: str
    cases: list[str]
    channels: list[str]


class Term(Shown):
    value: int | None
    unit: str | None
    words: str
    cases: list[str]
    channels: list[str]


class Result(Shown):
    code: str
    name: str


class Basis(Shown):
    number: str
    title: str


class Hindrance(Shown):
    """What keeps it from being done online: `stops`, `comes` (or sends paper), `burdens`; where it stands, what to change."""

    code: str
    weight: str
    says: str
    where: str
    change: str


class Readiness(Shown):
    """How far it can truly be done online, judged from what it asks, beside `online`, which is what is promised."""

    verdict: str
    hindrances: list[Hindrance]


class OnlineLevel(Shown):
    """What the rules of today call a service that is so far online."""

    id: str
    name: str
    basis: str


class Procedure(ProcedureLine):
    readiness: Readiness
    online_level: OnlineLevel
    channels: list[str]
    audience: list[str]
    levels: list[str]
    summary: str
    cases: list[Case]
    papers: list[NeededPaper]
    fees: list[Fee]
    terms: list[Term]
    results: list[Result]
    legal_basis: list[Basis]


class OfCase(Asked):
    case: Id | None = None


class Form(Shown):
    """The questions of a case, as JSON Schema 2020-12 that its answers can be held to."""

    procedure: str
    case: str | None
    answers: dict[str, Any]


class LifeEvent(Shown):
    id: str
    who: Literal["person", "business"]
    name: str
    hint: str
    procedures: list[str]


class LifeEvents(Shown):
    items: list[LifeEvent]


class Agencies(Asked):
    q: Text | None = None
    under: AgencyCode | None = None
    after: AgencyCode | None = None
    limit: Limit = 50


class Agency(Shown):
    code: str
    name: str
    short_name: str
    level: int
    parent: str | None
    address: str
    phone: str


class AgencyPage(Shown):
    items: list[Agency]
    next: str | None
