"""What a procedure says, typed and closed: the one definition behind form, desk, clock and picture."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from motcua.procedures.order import in_order, past
from motcua.procedures.vocabulary import (
    Audience,
    Channel,
    FieldType,
    Level,
    LifeEvent,
    OnlineKind,
    Role,
    RuleName,
    Signing,
    Source,
    StepKind,
    Unit,
    Verb,
)

WORKING_HOURS_A_DAY = 8

Code = Annotated[str, StringConstraints(pattern=r"^\d\.\d{6}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
AgencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Y]\d{2}(\.[A-Z0-9]+)*$", max_length=35)]
ServiceName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]
ServiceField = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+\.[a-z_]+$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Medium = Literal["application/pdf", "image/jpeg", "image/png"]
Answer = str | int | float | bool | None

# Where a step's input comes from: five roots and names, no operators.
Expression = Annotated[
    str,
    StringConstraints(
        pattern=r"^(form\.[a-z0-9_]+|dossier\.(code|case|agency|submitted_on)|applicant\.(number|name)"
        r"|results\.[a-z0-9_]+\.[a-z0-9_]+|papers\.[a-z0-9_]+)$"
    ),
]


class Part(BaseModel):
    """Every part of a definition: no unknown keys, no silent conversions, no change after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Text(Part):
    """A sentence in Vietnamese and in English; what the national portal gives us has no English."""

    vi: str = Field(min_length=1)
    en: str = ""

    def said_in(self, language: str) -> str:
        """The sentence in the reader's language, in Vietnamese where there is no other."""
        return self.en if language.startswith("en") and self.en else self.vi


class Condition(Part):
    """Closed condition: this answer is this (or one of these)."""

    field: Id
    is_: str | bool | tuple[str, ...] = Field(alias="is")

    def holds(self, answers: Mapping[str, Answer]) -> bool:
        answer = answers.get(self.field)
        return answer in self.is_ if isinstance(self.is_, tuple) else answer == self.is_


class Online(Part):
    kind: OnlineKind
    reason: Text | None = None

    @model_validator(mode="after")
    def _partial_says_why(self) -> Self:
        # NĐ 224/2026 art 14: partial service needs a published reason.
        if self.kind is OnlineKind.PARTIAL and not self.reason:
            raise ValueError(_("a service that is only partly online must publish its reason: add `reason`"))
        return self


class Applicants(Part):
    who: tuple[Audience, ...]
    note: Text | None = None


class Case(Part):
    id: Id
    name: Text


class ForSome(Part):
    """Something that holds for some cases and ways of filing; for all when it names none."""

    cases: tuple[Id, ...] = ()
    channels: tuple[Channel, ...] = ()

    def fits(self, case: str | None, channel: str | None) -> bool:
        return (not self.cases or case in self.cases) and (not self.channels or channel in self.channels)

    @property
    def precision(self) -> int:
        return bool(self.cases) + bool(self.channels)


class Paper(ForSome):
    id: Id
    name: Text
    section: Text | None = None
    originals: int | None = Field(default=1, ge=0)
    copies: int = Field(default=0, ge=0)
    required: bool = True
    # A register's answer that proves the same; `inputs` is what it is asked, by default with the applicant's number.
    unnecessary_if: ServiceName | None = None
    inputs: dict[Id, Expression] = Field(default_factory=dict)
    upload: bool = True
    media: tuple[Medium, ...] = ("application/pdf", "image/jpeg", "image/png")
    template: str = ""
    # Kinds of paper that serve as this one (paper_kinds.yaml); a wallet offers what it holds of them.
    kinds: tuple[Id, ...] = ()

    @property
    def asks(self) -> dict[str, str]:
        """What the register is asked, as expressions."""
        return self.inputs or {"personal_number": "applicant.number"}


class Fee(ForSome):
    """What it costs in đồng; where the source was not understood `amount` is None and `raw` is shown."""

    amount: int | None = Field(default=None, ge=0)
    # The question whose number the amount is for each of: so much a copy, a page, a person.
    per: Id | None = None
    note: Text | None = None
    raw: str = ""


class Exemption(ForSome):
    """Who need not pay: whoever answers so, and gives the paper that proves it."""

    id: Id
    name: Text
    when: Condition
    proof: Id | None = None
    basis: str = ""


class Term(ForSome):
    """How long it may take; where the source gives no number or unit, `raw` is shown."""

    value: int | None = Field(default=None, ge=0)
    unit: Unit | None = None
    raw: str = ""

    @property
    def working_hours(self) -> int | None:
        """Hours of the working calendar, or None where the term is not counted in working time."""
        match self.unit, self.value:
            case (Unit.AT_ONCE, _):
                return WORKING_HOURS_A_DAY
            case (Unit.WORKING_DAYS, int(days)):
                return days * WORKING_HOURS_A_DAY
            case (Unit.HOURS, int(hours)):
                return hours
        return None


class Choice(Part):
    value: str
    label: Text


class Check(Part):
    """One rule of the closed vocabulary; `value` is its number, or the other field it compares with."""

    rule: RuleName
    value: int | str | None = None


class FormField(Part):
    id: Id
    label: Text
    hint: Text | None = None
    type: FieldType
    required: bool = True
    choices: tuple[Choice, ...] = ()
    max: int | None = Field(default=None, gt=0)
    pattern: str = ""
    prefill: ServiceField | None = None
    prefill_when: Condition | None = None
    when: Condition | None = None
    checks: tuple[Check, ...] = ()

    @model_validator(mode="after")
    def _choices_for_a_choice(self) -> Self:
        if (self.type is FieldType.CHOICE) != bool(self.choices):
            raise ValueError(_("`choices` belong to a field of type choice, and to no other"))
        return self

    @model_validator(mode="after")
    def _pattern_compiles(self) -> Self:
        try:
            re.compile(self.pattern)
        except re.error as fault:
            raise ValueError(
                _("the pattern is no regular expression: %(fault)s") % {"fault": fault}
            ) from fault
        return self


class Group(Part):
    """Questions asked on one page."""

    id: Id
    title: Text
    intro: Text | None = None
    cases: tuple[Id, ...] = ()
    when: Condition | None = None
    fields: tuple[FormField, ...] = Field(min_length=1)

    def is_asked(self, case: str | None, answers: Mapping[str, Answer]) -> bool:
        return (not self.cases or case in self.cases) and (self.when is None or self.when.holds(answers))


class Step(Part):
    id: Id
    name: Text
    kind: StepKind
    role: Role | None = None
    agency: AgencyCode | None = None
    asks: Text | None = None
    # Who is asked and says nothing until its time is up agrees, where a law says so for this step.
    silence_agrees: bool = False
    service: ServiceName | None = None
    # Of a step that is decided above: how it goes there, from receipt to signature; files name a pattern (`process`).
    steps: tuple["Step", ...] = ()
    hours: float = Field(default=0, ge=0)
    after: tuple[Id, ...] = ()
    back: Id | None = None
    cases: tuple[Id, ...] = ()
    inputs: dict[Id, Expression] = Field(default_factory=dict)
    verbs: tuple[Verb, ...] = ()
    citizen_reads: Text

    @model_validator(mode="after")
    def _has_a_holder(self) -> Self:
        wanted = {
            StepKind.HUMAN: (True, False, False),
            StepKind.SERVICE: (False, True, True),
            StepKind.AUTOMATIC: (False, False, False),
            # Whom a consultation asks may depend on where it is done; then only words name them.
            StepKind.CONSULT: (True, bool(self.agency), False),
            # Without a code it is the agency directly above the one that submits.
            StepKind.ABOVE: (False, bool(self.agency), False),
        }[self.kind]
        if (bool(self.role), bool(self.agency), bool(self.service)) != wanted:
            raise ValueError(
                _(
                    "a human step names its `role`, a service step its `agency` and `service`,"
                    " an automatic step none of them"
                )
            )
        return self

    @model_validator(mode="after")
    def _says_whom_it_asks(self) -> Self:
        if (self.kind in {StepKind.CONSULT, StepKind.ABOVE}) != bool(self.asks):
            raise ValueError(
                _("`asks` says whom a step of kind consult or above asks, and belongs to no other")
            )
        if (self.kind is StepKind.ABOVE) != bool(self.steps):
            raise ValueError(_("`process` says how it is decided above, and belongs to a step of kind above"))
        return self

    @property
    def holder(self) -> str:
        """Who does it: a role, an agency code, or "" for the system itself."""
        return self.role or self.agency or ""

    @property
    def is_done_by_people(self) -> bool:
        """Whether an officer of the handling agency has it on the desk."""
        return self.kind in {StepKind.HUMAN, StepKind.CONSULT}


class Result(Part):
    code: str
    name: Text
    template: str = ""
    issued_by: Id | None = None
    cases: tuple[Id, ...] = ()


class LegalBasis(Part):
    number: str
    title: str
    url: str = ""


class Definition(Part):
    """One version of one procedure, complete."""

    code: Code
    version: dt.date
    source: Source = Source.FILE
    decision: str = ""
    name: Text
    field: Text
    levels: tuple[Level, ...]
    online: Online
    audience: Applicants
    summary: Text | None = None
    conditions: Text | None = None
    process: Text | None = None
    agency: Text | None = None
    cases: tuple[Case, ...] = ()
    papers: tuple[Paper, ...] = ()
    channels: tuple[Channel, ...] = ()
    fees: tuple[Fee, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    terms: tuple[Term, ...] = ()
    cut_off: Clock = "15:00"
    form: tuple[Group, ...] = ()
    signature: Signing = Signing.NONE
    pattern: Id | None = None
    steps: tuple[Step, ...] = ()
    results: tuple[Result, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    life_events: tuple[LifeEvent, ...] = ()
    keywords: tuple[str, ...] = ()
    notes: dict[str, str] = Field(default_factory=dict)
    raw: dict[str, str] = Field(default_factory=dict)

    @property
    def is_offered(self) -> bool:
        """Whether it can be filed here, not only read about."""
        return bool(self.steps)

    @cached_property
    def fields_by_id(self) -> dict[str, FormField]:
        return {field.id: field for group in self.form for field in group.fields}

    @cached_property
    def cut_off_time(self) -> dt.time:
        """What is received later counts from the next working day (NĐ 61/2018 art 18)."""
        return dt.time.fromisoformat(self.cut_off)

    def step(self, id_: str) -> Step:
        """The step of this id; KeyError if there is none."""
        return {step.id: step for step in self.steps}[id_]

    def result(self, code: str) -> Result:
        """The result of this code; KeyError if there is none."""
        return {result.code: result for result in self.results}[code]

    def papers_for(self, case: str | None, channel: str | None = None) -> tuple[Paper, ...]:
        """The papers asked for in this case."""
        return tuple(paper for paper in self.papers if paper.fits(case, channel))

    def fee_for(self, case: str | None, channel: str) -> Fee | None:
        """The fee of this case and way of filing; the most precise line wins."""
        return most_precise(self.fees, case, channel)

    def term_for(self, case: str | None, channel: str) -> Term | None:
        """The most precise line for this case and way of filing; by post, where none speaks of it, that of the counter."""
        ways = (channel, "direct") if channel == "post" else (channel,)
        return next(filter(None, (most_precise(self.terms, case, way) for way in ways)), None)

    def groups_for(self, case: str | None, answers: Mapping[str, Answer]) -> tuple[Group, ...]:
        """The pages to ask, given what has been answered so far."""
        return tuple(group for group in self.form if group.is_asked(case, answers))

    def steps_for(self, case: str | None) -> tuple[Step, ...]:
        """The steps of this case, in an order in which each comes after those it waits for."""
        skipped = {step.id: step.after for step in self.steps if step.cases and case not in step.cases}
        kept = [step for step in self.steps if step.id not in skipped]
        return tuple(in_order(step.model_copy(update={"after": past(step.after, skipped)}) for step in kept))

    def as_content(self) -> dict[str, Any]:
        """The same as plain JSON values; `Definition.from_content` reads it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Self:
        return cls.model_validate(content, strict=False)


def most_precise[Line: ForSome](lines: Iterable[Line], case: str | None, channel: str) -> Line | None:
    """The line that fits; among several the one that names most."""
    fitting = [line for line in lines if line.fits(case, channel)]
    return max(fitting, key=lambda line: line.precision, default=None)
