"""What the applicant declared, group by group, as people write it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

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
            [
                fact
                for field in group.fields
                if is_asked(field, answers) and (fact := said(field, answers.get(field.id)))
            ],
        )
        for group in definition.groups_for(case, answers)
    ]
    return [page for page in pages if page.facts]


def is_asked(field: FormField, answers: Mapping[str, Any]) -> bool:
    """Whether the answers given lead to this question: what was filled in beforehand is no answer where they do not."""
    return field.when is None or field.when.holds(answers)


# Who applies and how the result is fetched: questions every form asks, which a result does not repeat.
OF_APPLYING = (
    "applicant_name",
    "applicant_number",
    "applicant_residence",
    "applicant_phone",
    "applicant_email",
)


def of_the_matter(
    definition: Definition, case: str, answers: Mapping[str, Any], *, known: Collection[str]
) -> list[Fact]:
    """What a result says of the answers: not who applied, nor how it is fetched, nor what is `known` from its head."""
    pages = declared(definition, case, answers)
    return [
        fact
        for page in pages
        for fact in page.facts
        if not (fact.id in OF_APPLYING or fact.id.startswith("receive_") or str(answers[fact.id]) in known)
    ]


class Filed(Protocol):
    """A file that was given as a paper of the dossier."""

    paper: str
    name: str


def titled[File: Filed](
    definition: Definition, files: Iterable[File], language: str = ""
) -> list[tuple[str, File]]:
    """Each file under what the procedure calls the paper it was given as; what nobody asked for under its own name."""
    spoken = language or get_language() or "vi"
    names = {paper.id: paper.name.said_in(spoken) for paper in definition.papers}
    return [(names.get(one.paper, one.name), one) for one in files]


def in_one(title: str, name: str) -> str:
    """Both where there is one line for them: “Giấy chứng sinh – IMG_0412.jpg”."""
    return name if title == name else f"{title} – {name}"


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
