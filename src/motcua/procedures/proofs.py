"""What must be true of a procedure before anyone uses it, beyond the shape of its parts."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from pydantic import BaseModel

from motcua.procedures import runs, services
from motcua.procedures.kinds import kinds
from motcua.procedures.order import in_order
from motcua.procedures.reading import Place
from motcua.procedures.runs import longest_path
from motcua.procedures.schema import (
    WORKING_HOURS_A_DAY,
    Check,
    Condition,
    Definition,
    FormField,
    Step,
    Term,
    Text,
)
from motcua.procedures.vocabulary import Channel, FieldType, Level, RuleName, Signing, StepKind, Unit

type Finding = tuple[Place, str]

NEEDS_NUMBER = {RuleName.MIN_AGE, RuleName.MAX_AGE, RuleName.WITHIN_DAYS, RuleName.MIN, RuleName.MAX}
NEEDS_FIELD = {RuleName.NOT_BEFORE, RuleName.DIFFERENT_FROM, RuleName.COMMUNE_OF}
ABOUT_DATES = {
    RuleName.NOT_FUTURE,
    RuleName.NOT_PAST,
    RuleName.MIN_AGE,
    RuleName.MAX_AGE,
    RuleName.WITHIN_DAYS,
    RuleName.NOT_BEFORE,
}


def faults(definition: Definition) -> Iterator[Finding]:
    """Everything that keeps this definition from being used, each with its place."""
    yield from untranslated(definition)
    yield from blocking(definition)


def blocking(definition: Definition) -> Iterator[Finding]:
    """The same but for missing English: where there is none, people read Vietnamese."""
    yield from said_twice(definition)
    yield from unknown_cases(definition)
    yield from paper_faults(definition)
    yield from service_faults(definition)
    yield from form_faults(definition)
    yield from fee_faults(definition)
    yield from step_faults(definition)
    yield from result_faults(definition)
    yield from signature_faults(definition)
    yield from incomplete(definition)


def untranslated(definition: Definition) -> Iterator[Finding]:
    for place, part in parts(definition):
        if isinstance(part, Text) and not part.en:
            yield (*place, "en"), _("has no English: add `en`")


def parts(part: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """A model and everything in it, with the place of each."""
    if isinstance(part, BaseModel):
        yield place, part
        for name, value in part:
            yield from parts(value, (*place, name))
    elif isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from parts(item, (*place, number))


def said_twice(definition: Definition) -> Iterator[Finding]:
    for name in ("cases", "papers", "exemptions", "form", "steps"):
        yield from doubles([((name, n), item.id) for n, item in enumerate(getattr(definition, name))])
    yield from doubles(
        [
            (("form", g, "fields", n), item.id)
            for g, group in enumerate(definition.form)
            for n, item in enumerate(group.fields)
        ]
    )


def doubles(named: list[tuple[Place, str]]) -> Iterator[Finding]:
    count = Counter(name for _place, name in named)
    for place, name in named:
        if count[name] > 1:
            yield (*place, "id"), _("“%(id)s” stands more than once: give each its own") % {"id": name}


def unknown_cases(definition: Definition) -> Iterator[Finding]:
    known = {case.id for case in definition.cases}
    for place, part in parts(definition):
        for case in getattr(part, "cases", ()) if place else ():
            if case not in known:
                yield (*place, "cases"), _("there is no case “%(id)s”") % {"id": case}


# The registers


def service_faults(definition: Definition) -> Iterator[Finding]:
    """What a register is to say or do, one must: a service nobody has would leave people waiting, or waive a paper unproven."""
    for place, name, known in services_named(definition):
        if name not in known:
            yield (
                place,
                _("no register has a service “%(name)s” for this; choose one of: %(known)s")
                % {"name": name, "known": ", ".join(known)},
            )
    for number, paper in enumerate(definition.papers):
        if paper.inputs and not paper.unnecessary_if:
            yield ("papers", number, "inputs"), _("say with `unnecessary_if` which register they are for")
        yield from expression_faults(definition, ("papers", number, "inputs"), paper.inputs, set())


def services_named(definition: Definition) -> Iterator[tuple[Place, str, list[str]]]:
    """Each service that is named, where it stands, and which could stand there."""
    for number, paper in enumerate(definition.papers):
        if paper.unnecessary_if:
            yield ("papers", number, "unnecessary_if"), paper.unnecessary_if, services.proving()
    for g, group in enumerate(definition.form):
        for n, field in enumerate(group.fields):
            if field.prefill and field.prefill not in services.OF_ACCOUNT:
                place = ("form", g, "fields", n, "prefill")
                yield place, field.prefill.rpartition(".")[0], services.readable()
    for number, step in enumerate(definition.steps):
        if step.service:
            yield ("steps", number, "service"), step.service, services.known()


# The papers


def paper_faults(definition: Definition) -> Iterator[Finding]:
    """A kind of paper must be one a wallet knows."""
    for number, paper in enumerate(definition.papers):
        if unknown := [kind for kind in paper.kinds if kind not in kinds()]:
            yield (
                ("papers", number, "kinds"),
                _("there is no kind of paper %(ids)s") % {"ids": ", ".join(unknown)},
            )


# The form


def form_faults(definition: Definition) -> Iterator[Finding]:
    asked: dict[str, FormField] = {}
    for number, group in enumerate(definition.form):
        yield from condition_faults((("form", number, "when"), group.when), asked)
        for n, field in enumerate(group.fields):
            place = ("form", number, "fields", n)
            yield from condition_faults(((*place, "when"), field.when), asked)
            yield from condition_faults(((*place, "prefill_when"), field.prefill_when), asked)
            for c, check in enumerate(field.checks):
                yield from check_faults((*place, "checks", c), check, field, asked)
            asked[field.id] = field


def condition_faults(
    placed: tuple[Place, Condition | None], asked: Mapping[str, FormField]
) -> Iterator[Finding]:
    place, condition = placed
    if condition is None:
        return
    field = asked.get(condition.field)
    if field is None:
        yield place, _("no question “%(id)s” is asked before this one") % {"id": condition.field}
    elif unknown := set(values(condition)) - possible(field):
        yield (
            place,
            _("“%(id)s” can never be %(value)s") % {"id": field.id, "value": sorted(map(str, unknown))},
        )


def values(condition: Condition) -> tuple[str | bool, ...]:
    return condition.is_ if isinstance(condition.is_, tuple) else (condition.is_,)


def possible(field: FormField) -> set[str | bool]:
    return {True, False} if field.type is FieldType.YESNO else {choice.value for choice in field.choices}


def check_faults(
    place: Place, check: Check, field: FormField, asked: Mapping[str, FormField]
) -> Iterator[Finding]:
    if (check.rule in NEEDS_NUMBER) != isinstance(check.value, int):
        yield (
            place,
            _("`value` must be a number for min_age, max_age, within_days, min, max, and for no other"),
        )
    if (check.rule in NEEDS_FIELD) != isinstance(check.value, str):
        yield place, _("`value` must name a question for not_before and different_from, and for no other")
    elif isinstance(check.value, str) and check.value not in asked:
        yield place, _("no question “%(id)s” is asked before this one") % {"id": check.value}
    if check.rule in ABOUT_DATES and field.type is not FieldType.DATE:
        yield place, _("“%(rule)s” is a rule for dates") % {"rule": check.rule}


def signature_faults(definition: Definition) -> Iterator[Finding]:
    """Only a form that is filled in and sent online can be signed electronically."""
    if definition.signature is Signing.NONE:
        return
    if not definition.form:
        yield ("signature",), _("there is no form to be signed: add `form`, or leave `signature` out")
    if Channel.ONLINE not in definition.channels:
        yield ("signature",), _("nobody can sign what is not filed online: add the channel online")


# The fees


def fee_faults(definition: Definition) -> Iterator[Finding]:
    asked, papers = definition.fields_by_id, {paper.id for paper in definition.papers}
    for number, fee in enumerate(definition.fees):
        field = asked.get(fee.per or "")
        if fee.per and (field is None or field.type is not FieldType.NUMBER):
            yield ("fees", number, "per"), _("“%(id)s” is no question for a number") % {"id": fee.per}
    for number, exemption in enumerate(definition.exemptions):
        yield from condition_faults((("exemptions", number, "when"), exemption.when), asked)
        if exemption.proof and exemption.proof not in papers:
            yield (
                ("exemptions", number, "proof"),
                _("no paper “%(id)s” is asked for") % {"id": exemption.proof},
            )


# The steps


def step_faults(definition: Definition) -> Iterator[Finding]:
    known = {step.id for step in definition.steps}
    for number, step in enumerate(definition.steps):
        if unknown := set(step.after) - known:
            yield ("steps", number, "after"), _("there is no step %(ids)s") % {"ids": sorted(unknown)}
        if step.is_done_by_people and not (step.verbs and step.hours):
            yield ("steps", number), _("a human step needs `verbs` and `hours`")
        yield from input_faults(definition, ("steps", number, "inputs"), step)
    yield from unanswered(definition.steps, at_the_top=Level.MINISTRY in definition.levels)
    cases: list[str | None] = [case.id for case in definition.cases]
    for case in cases or [None]:
        yield from path_faults(definition, case)


def unanswered(steps: Sequence[Step], *, at_the_top: bool, place: Place = ()) -> Iterator[Finding]:
    """Steps to be decided above where nobody is above: a ministry or a province submits only to an agency that is named.

    A department of a province may submit to it: which agency handles a dossier is known only when it comes.
    """
    for number, step in enumerate(steps):
        if step.kind is StepKind.ABOVE:
            where = (*place, "steps", number)
            if at_the_top and not step.agency:
                yield (*where, "agency"), _("nothing is above a ministry or a province: name who decides")
            named_top = bool(step.agency) and "." not in str(step.agency)
            yield from unanswered(step.steps, at_the_top=named_top, place=where)


def path_faults(definition: Definition, case: str | None) -> Iterator[Finding]:
    steps = definition.steps_for(case)
    wanted = [step for step in definition.steps if not step.cases or case in step.cases]
    reached = {step.id for step in steps}
    for step in wanted:
        if step.id not in reached:
            yield (
                ("steps", definition.steps.index(step), "after"),
                _("is never reached: steps wait for each other"),
            )
    yield from end_faults(steps)
    if len(steps) == len(wanted) and steps:
        yield from runs.faults(steps)
    yield from term_faults(definition, case, longest_path(steps))


def shape_faults(steps: tuple[Step, ...]) -> Iterator[Finding]:
    """The same of steps that belong to no procedure yet: all reached, all known, one end."""
    known, reached = {step.id for step in steps}, in_order(steps)
    for number, step in enumerate(steps):
        if unknown := set(step.after) - known:
            yield ("steps", number, "after"), _("there is no step %(ids)s") % {"ids": sorted(unknown)}
        elif step not in reached:
            yield ("steps", number, "after"), _("is never reached: steps wait for each other")
    yield from end_faults(steps)


def end_faults(steps: tuple[Step, ...]) -> Iterator[Finding]:
    ends = {step.id for step in steps} - {id_ for step in steps for id_ in step.after}
    if steps and len(ends) != 1:
        yield ("steps",), _("must end in one step, but ends in %(ids)s") % {"ids": ", ".join(sorted(ends))}


def term_faults(definition: Definition, case: str | None, hours: float) -> Iterator[Finding]:
    for channel in definition.channels if definition.steps else ():
        term = definition.term_for(case, channel)
        if term is None or term.unit is None:
            yield ("terms",), _("no term for filing “%(channel)s”") % {"channel": channel}
        elif hours > (allowed := least_working_hours(term)):
            yield (
                ("steps",),
                _(
                    "the longest way takes %(hours)g working hours, but only %(allowed)g are allowed"
                    " (case %(case)s, filing %(channel)s)"
                )
                % {"hours": hours, "allowed": allowed, "case": case or "-", "channel": channel},
            )


def least_working_hours(term: Term) -> float:
    """The least working time a term can hold: calendar days lose their weekends."""
    if term.working_hours is not None:
        return term.working_hours
    days = (term.value or 0) * (28 if term.unit is Unit.MONTHS else 1)
    return days * 5 // 7 * WORKING_HOURS_A_DAY


def input_faults(definition: Definition, place: Place, step: Step) -> Iterator[Finding]:
    before = runs.earlier(step.id, definition.steps)
    yield from expression_faults(definition, place, step.inputs, before)


def expression_faults(
    definition: Definition, place: Place, inputs: Mapping[str, str], before: Collection[str]
) -> Iterator[Finding]:
    """Whether what is handed over can be there: `before` are the steps done by then."""
    papers = {paper.id for paper in definition.papers}
    for parameter, expression in inputs.items():
        match expression.split("."):
            case ["form", name] if name not in definition.fields_by_id:
                yield (*place, parameter), _("the form does not ask “%(id)s”") % {"id": name}
            case ["results", name, _field] if name not in before:
                yield (*place, parameter), _("step “%(id)s” is not done before this one") % {"id": name}
            case ["papers", name] if name not in papers:
                yield (*place, parameter), _("no paper “%(id)s” is asked for") % {"id": name}


def result_faults(definition: Definition) -> Iterator[Finding]:
    known = {step.id for step in definition.steps}
    for number, result in enumerate(definition.results):
        if result.issued_by and result.issued_by not in known:
            yield ("results", number, "issued_by"), _("there is no step “%(id)s”") % {"id": result.issued_by}


def incomplete(definition: Definition) -> Iterator[Finding]:
    """What NĐ 63/2010 art 8 wants of every procedure; what must be there to file it."""
    needed = ["decision", "levels", "legal_basis", "channels", "terms", "fees"]
    if definition.is_offered:
        needed += ["form", "results"]
    for name in needed:
        if not getattr(definition, name):
            yield (name,), _("is missing: add it")
    for channel in Channel if definition.fees else ():
        if channel in definition.channels and not definition.fee_for(None, channel) and not definition.cases:
            yield ("fees",), _("no fee for filing “%(channel)s”") % {"channel": channel}
