"""What the applicant declared, group by group, as people write it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers.models import Dossier
from motcua.procedures.schema import FormField
from motcua.procedures.vocabulary import FieldType
from motcua.ui import words


@dataclass(frozen=True)
class Fact:
    """One question and its answer; a number is one to be compared digit by digit."""

    label: str
    value: str
    is_number: bool = False


@dataclass(frozen=True)
class Facts:
    """One page of the form."""

    title: str
    facts: list[Fact]


def declared(dossier: Dossier) -> list[Facts]:
    """The answered questions of each page; pages without an answer are left out."""
    language, definition = get_language() or "vi", dossier.version.definition
    pages = [
        Facts(
            group.title.said_in(language), [fact for field in group.fields if (fact := said(dossier, field))]
        )
        for group in definition.groups_for(dossier.case, dossier.answers)
    ]
    return [page for page in pages if page.facts]


def said(dossier: Dossier, field: FormField) -> Fact | None:
    answer = dossier.answers.get(field.id)
    if answer is None or answer == "":
        return None
    write = WRITERS.get(field.type, as_it_stands)
    label = field.label.said_in(get_language() or "vi")
    return Fact(label, write(field, answer), field.type in {FieldType.PERSONAL_NUMBER, FieldType.PHONE})


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
