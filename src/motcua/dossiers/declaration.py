"""What the applicant declared, group by group, as people write it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.procedures.schema import Definition, FormField
from motcua.procedures.vocabulary import FieldType
from motcua.ui import words


@dataclass(frozen=True)
class Fact:
    """One question and its answer; a number is one to be compared digit by digit."""

    id: str
    label: str
    value: str
    is_number: bool = False


@dataclass(frozen=True)
class Facts:
    """One page of the form."""

    id: str
    title: str
    facts: list[Fact]


def declared(definition: Definition, case: str, answers: Mapping[str, Any]) -> list[Facts]:
    """The answered questions of each page; pages without an answer are left out."""
    language = get_language() or "vi"
    pages = [
        Facts(
            group.id,
            group.title.said_in(language),
            [fact for field in group.fields if (fact := said(field, answers.get(field.id)))],
        )
        for group in definition.groups_for(case, answers)
    ]
    return [page for page in pages if page.facts]


def said(field: FormField, answer: Any) -> Fact | None:
    if answer is None or answer == "":
        return None
    write = WRITERS.get(field.type, as_it_stands)
    label = field.label.said_in(get_language() or "vi")
    is_number = field.type in {FieldType.PERSONAL_NUMBER, FieldType.PHONE}
    return Fact(field.id, label, write(field, answer), is_number)


def as_it_stands(field: FormField, answer: Any) -> str:
    return str(answer)


def as_choice(field: FormField, answer: Any) -> str:
    labels = {choice.value: choice.label for choice in field.choices}
    return labels[answer].said_in(get_language() or "vi") if answer in labels else str(answer)


def as_day(field: FormField, answer: Any) -> str:
    """A date as it is written here; what another node sent and is none stays as it came."""
    try:
        return words.day(date.fromisoformat(str(answer)))
    except ValueError:
        return str(answer)


WRITERS: dict[FieldType, Callable[[FormField, Any], str]] = {
    FieldType.CHOICE: as_choice,
    FieldType.DATE: as_day,
    FieldType.YESNO: lambda field, answer: _("Yes") if answer else _("No"),
    FieldType.PERSONAL_NUMBER: lambda field, answer: words.personal_number(str(answer)),
}
