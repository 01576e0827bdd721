"""Fill in any form of the catalogue, well enough that the desk takes it."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from motcua.demo.people import Person
from motcua.procedures.answers import clean
from motcua.procedures.schema import Answer, Definition, FormField, Group
from motcua.procedures.vocabulary import FieldType, RuleName

WORDS = ("Theo giấy tờ kèm theo", "Đúng như trong hồ sơ", "Như đã trình bày tại bộ phận Một cửa")
TRIES = 6


class Unfillable(LookupError):
    """No answers were found that the form takes; the message names the question."""


def filled(
    definition: Definition, case: str, person: Person, *, chance: Random, on: date
) -> dict[str, dict[str, object]]:
    """What the person would type, page by page."""
    known: dict[str, Answer] = {}
    pages = {}
    for group in definition.form:
        if group.is_asked(case, known):
            pages[group.id] = typed = page(group, known, person, chance=chance, on=on)
            known |= clean(group, typed, earlier=known, on=on).values
    return pages


def page(
    group: Group, known: dict[str, Answer], person: Person, *, chance: Random, on: date
) -> dict[str, object]:
    """One page; whoever makes a mistake tries again."""
    for _try in range(TRIES):
        typed = {one.id: drawn(one, person, chance=chance, on=on) for one in group.fields}
        read = clean(group, typed, earlier=known, on=on)
        if read.is_good:
            return typed
    raise Unfillable(f"{group.id}: {read.faults}")


def drawn(question: FormField, person: Person, *, chance: Random, on: date) -> object:
    """An answer that fits the question: of themselves people know, all else by its kind."""
    hamlet, commune, province = person.address.split(", ")
    own = {
        "applicant_name": person.name,
        "applicant_number": person.number,
        "applicant_born_on": person.born_on,
        "applicant_residence": person.address,
        "receive_address": hamlet,
        "receive_commune": commune,
        "receive_province": province[0].upper() + province[1:],
    }
    if question.id in own:
        return own[question.id]
    by_kind: dict[FieldType, Callable[[], object]] = {
        FieldType.CHOICE: lambda: chance.choice(question.choices).value,
        FieldType.YESNO: lambda: chance.choice(("true", "false")),
        FieldType.NUMBER: lambda: number(question, chance),
        FieldType.DATE: lambda: day(question, chance, on).isoformat(),
        FieldType.PERSONAL_NUMBER: lambda: (
            f"000{chance.randint(0, 1)}{chance.randint(60, 99)}{chance.randint(700000, 799999)}"
        ),
        FieldType.PHONE: lambda: f"0000{chance.randint(100000, 999999)}",
        FieldType.EMAIL: lambda: "",
        FieldType.PLACE: lambda: person.address,
    }
    return by_kind.get(question.type, lambda: words(question, person, chance))()


def words(question: FormField, person: Person, chance: Random) -> str:
    """A name where a name is asked for, else a phrase; never longer than it may be."""
    text = person.name if question.id.endswith("name") else chance.choice(WORDS)
    return text[: question.max] if question.max else text


def number(question: FormField, chance: Random) -> int:
    """A number within what the question allows; a year where a year is asked for."""
    if question.id.endswith("year"):
        return chance.randint(1960, 2000)
    bounds = {check.rule: int(check.value) for check in question.checks if isinstance(check.value, int)}
    low = max(1, bounds.get(RuleName.MIN, 1))
    return chance.randint(low, min(low + 4, bounds.get(RuleName.MAX, low + 4)))


def day(question: FormField, chance: Random, on: date) -> date:
    """A day as far back or ahead as the question's rules want it."""
    rules = {check.rule: check.value for check in question.checks}
    if RuleName.MIN_AGE in rules or question.id.endswith("born_on"):
        return on - timedelta(days=365 * chance.randint(22, 60))
    if question.id.endswith("until") or RuleName.NOT_PAST in rules:
        return on + timedelta(days=chance.randint(30, 300))
    return on - timedelta(days=chance.randint(1, 20))
