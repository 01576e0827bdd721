"""What a place may set for itself: a definition with its overlays applied, and why the law allows no more.

An overlay is one value for one procedure at one agency; those of the nearest agency win. Nothing is copied: what no
overlay touches follows the nation from the day the nation changes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from motcua.procedures.proofs import least_working_hours
from motcua.procedures.runs import longest_path
from motcua.procedures.schema import Definition, Fee, Step, Term, Text
from motcua.procedures.vocabulary import Channel, Role

QUARTER = 0.25
EXAMINING = frozenset({Role.REGISTRAR, Role.SPECIALIST, Role.CLERK})


class Key(StrEnum):
    """What may differ from place to place; everything else is the nation's."""

    FEE = "fee"
    TERM = "term"
    OFFICE = "office"
    HOLDER = "holder"
    CHANNEL = "channel"


@dataclass(frozen=True)
class Local:
    """One value of one place; `case`, `channel` and `step` say for which part it holds, empty for all.

    `value` is the fee in đồng, the term in the nation's unit, the office as {"vi", "en"}, the role that holds the step,
    or for a channel nothing.
    """

    key: Key
    value: Any = field(default=None, hash=False)
    case: str = ""
    channel: str = ""
    step: str = ""


def localised(definition: Definition, locals_: Iterable[Local]) -> Definition:
    """The definition as it holds where these overlays do; the later of two for the same part wins."""
    for local in locals_:
        definition = APPLY[local.key](definition, local)
    return definition


def refusal(definition: Definition, local: Local) -> str:
    """Why the law does not allow this overlay, with what it would allow; empty if it does."""
    return next(iter(REFUSALS[local.key](definition, local)), "")


def parts(definition: Definition, local: Local) -> list[tuple[str | None, Channel]]:
    """The cases and ways of filing an overlay is about."""
    return [
        (case, channel)
        for case, channel in product(cases_of(definition), definition.channels)
        if local.case in {"", case} and local.channel in {"", channel}
    ]


def cases_of(definition: Definition) -> list[str | None]:
    """The cases there are, or the one without a name."""
    cases: list[str | None] = [case.id for case in definition.cases]
    return cases or [None]


def unknown_part(definition: Definition, local: Local) -> Iterator[str]:
    if not parts(definition, local):
        yield _("The procedure has no such case or way of filing.")


# Fees: a province may ask for less, and sets those the nation leaves to it (Luật Phí và lệ phí 97/2015, art. 21).


def with_fee(definition: Definition, local: Local) -> Definition:
    lines = [
        priced(definition.fee_for(case, channel) or Fee(), local.value, case, channel)
        for case, channel in parts(definition, local)
    ]
    return definition.model_copy(update={"fees": (*lines, *definition.fees)})


def priced(fee: Fee, amount: int, case: str | None, channel: Channel) -> Fee:
    """The same line for one case and way of filing, at another amount; what the nation noted is kept."""
    precise = {"cases": (case,) if case else (), "channels": (channel,)}
    return fee.model_copy(update={"amount": amount, "raw": "", **precise})


def fee_refusals(definition: Definition, local: Local) -> Iterator[str]:
    yield from unknown_part(definition, local)
    if not isinstance(local.value, int) or local.value < 0:
        yield _("Write the fee as a whole number of đồng, 0 for none.")
        return
    for case, channel in parts(definition, local):
        national = definition.fee_for(case, channel)
        if national and national.amount is not None and local.value > national.amount:
            yield _("The nation's fee is %(amount)s đồng. A place may ask for less, never for more.") % {
                "amount": national.amount
            }


# Terms: a place may be quicker than the law, never slower; its steps are shortened in proportion.


def with_term(definition: Definition, local: Local) -> Definition:
    lines = [
        Term(
            value=local.value,
            unit=term.unit,
            cases=(case,) if case else (),
            channels=(channel,),
        )
        for case, channel in parts(definition, local)
        if (term := definition.term_for(case, channel)) and term.unit
    ]
    quicker = definition.model_copy(update={"terms": (*lines, *definition.terms)})
    return quicker.model_copy(update={"steps": tuple(shortened(quicker))})


def shortened(definition: Definition) -> Iterator[Step]:
    """The steps, in proportion shorter where the longest way would take more than the shortest term."""
    share = 1.0
    for case in cases_of(definition):
        hours = longest_path(definition.steps_for(case))
        terms = [definition.term_for(case, channel) for channel in definition.channels]
        allowed = min((least_working_hours(term) for term in terms if term and term.unit), default=hours)
        if hours > allowed:
            share = min(share, allowed / hours)
    for step in definition.steps:
        if share == 1 or not step.hours:
            yield step
        else:
            yield step.model_copy(update={"hours": max(QUARTER, step.hours * share // QUARTER * QUARTER)})


def term_refusals(definition: Definition, local: Local) -> Iterator[str]:
    yield from unknown_part(definition, local)
    if not isinstance(local.value, int) or local.value < 1:
        yield _("Write the term as a whole number.")
        return
    for case, channel in parts(definition, local):
        national = definition.term_for(case, channel)
        if national is None or national.unit is None or national.value is None:
            yield _("The nation's term has no number or no unit. It must be mended there first.")
        elif local.value > national.value:
            yield _("The law allows %(value)s at most. A place may be quicker, never slower.") % {
                "value": national.value
            }
    if longest_path(with_term(definition, local).steps) > min(
        (
            least_working_hours(term)
            for case, channel in parts(definition, local)
            if (term := with_term(definition, local).term_for(case, channel))
        ),
        default=0,
    ):
        yield _("Even shortened, the steps do not fit into this term.")


# Who handles it, and who holds a step


def with_office(definition: Definition, local: Local) -> Definition:
    return definition.model_copy(update={"agency": Text.model_validate(local.value)})


def office_refusals(_definition: Definition, local: Local) -> Iterator[str]:
    if not (isinstance(local.value, dict) and str(local.value.get("vi", "")).strip()):
        yield _("Write the name of the office.")


def with_holder(definition: Definition, local: Local) -> Definition:
    steps = tuple(
        step.model_copy(update={"role": Role(local.value)}) if step.id == local.step else step
        for step in definition.steps
    )
    return definition.model_copy(update={"steps": steps})


def holder_refusals(definition: Definition, local: Local) -> Iterator[str]:
    step = next((step for step in definition.steps if step.id == local.step), None)
    if step is None:
        yield _("The procedure has no such step.")
    elif step.role not in EXAMINING or local.value not in EXAMINING:
        yield _(
            "Only the examining steps can be given to another post; who receives and who signs is fixed by law."
        )


# Ways of filing: a place may open one more, never close one (decree 61/2018, art. 16).


def with_channel(definition: Definition, local: Local) -> Definition:
    opened = Channel(local.channel)
    if opened in definition.channels:
        return definition
    cases = cases_of(definition)
    like = Channel.DIRECT if Channel.DIRECT in definition.channels else definition.channels[0]
    fees = [line_for(definition.fee_for(case, like), case, opened) for case in cases]
    terms = [line_for(definition.term_for(case, like), case, opened) for case in cases]
    return definition.model_copy(
        update={
            "channels": (*definition.channels, opened),
            "fees": (*(line for line in fees if line), *definition.fees),
            "terms": (*(line for line in terms if line), *definition.terms),
        }
    )


def line_for[Line: (Fee, Term)](line: Line | None, case: str | None, channel: Channel) -> Line | None:
    """The same line for one case of a newly opened way of filing."""
    if line is None:
        return None
    return line.model_copy(update={"cases": (case,) if case else (), "channels": (channel,)})


def channel_refusals(definition: Definition, local: Local) -> Iterator[str]:
    if local.channel not in set(Channel):
        yield _("Choose the way of filing to open.")
    elif local.channel in definition.channels:
        yield _("This way of filing is open in the whole country.")
    elif not definition.channels:
        yield _("The procedure names no way of filing yet. It must be mended there first.")


APPLY = {
    Key.FEE: with_fee,
    Key.TERM: with_term,
    Key.OFFICE: with_office,
    Key.HOLDER: with_holder,
    Key.CHANNEL: with_channel,
}
REFUSALS = {
    Key.FEE: fee_refusals,
    Key.TERM: term_refusals,
    Key.OFFICE: office_refusals,
    Key.HOLDER: holder_refusals,
    Key.CHANNEL: channel_refusals,
}


def fixed_by_law(key: str) -> str:
    """Why something cannot be overlaid at all."""
    return _("“%(key)s” is fixed by law for the whole country. A place may set: %(keys)s.") % {
        "key": key,
        "keys": ", ".join(Key),
    }
