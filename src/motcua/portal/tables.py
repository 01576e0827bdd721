"""Lists people paste from a spreadsheet or upload as CSV: the first row names the questions, each other is one dossier."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from motcua.dossiers.actions.batches import Fault, InvalidRows
from motcua.dossiers.models import Batch
from motcua.lib.actions import Invalid
from motcua.procedures.folding import fold
from motcua.procedures.schema import FormField, Group
from motcua.procedures.vocabulary import FieldType

POWER = r"\d([.,]\d+)?[eE]\+\d+"
CUT = {
    FieldType.PERSONAL_NUMBER: re.compile(rf"[1-9]\d{{8,10}}|{POWER}"),
    FieldType.PHONE: re.compile(rf"[1-9]\d{{8}}|{POWER}"),
}
YES, NO = {"co", "x", "dung", "true"}, {"khong", "false"}
LARGEST = 1_000_000


def questions(batch: Batch) -> list[FormField]:
    """The questions a list may answer, in the order of the form."""
    groups: Iterable[Group] = batch.definition.form
    return [
        field for group in groups if not group.cases or batch.case in group.cases for field in group.fields
    ]


def headings(batch: Batch) -> dict[str, str]:
    """What each question's column is called: its label, with its id where two bear the same label."""
    asked = questions(batch)
    labels = [field.label.vi for field in asked]
    return {
        field.id: field.label.vi if labels.count(field.label.vi) == 1 else f"{field.label.vi} [{field.id}]"
        for field in asked
    }


def wanted(batch: Batch) -> list[tuple[str, FormField]]:
    """The columns of an empty list, each with its question: what stands empty in the form, for that is what differs."""
    names, asked = headings(batch), questions(batch)
    empty = [field for field in asked if not batch.answers.get(field.id)]
    return [(names[field.id], field) for field in empty or asked]


def template(batch: Batch) -> bytes:
    """An empty list as CSV, which any program opens."""
    file = io.StringIO()
    csv.writer(file).writerow([heading for heading, _field in wanted(batch)])
    return file.getvalue().encode("utf-8-sig")


def decoded(content: bytes) -> str:
    """The text of an uploaded list. Raises Invalid."""
    if len(content) > LARGEST:
        raise Invalid(_("The list is larger than 1 MB. Split it into several."), field="file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Invalid(
            _(
                "The file is not a CSV in UTF-8. In the spreadsheet, save it as “CSV UTF-8”, or paste the table."
            ),
            field="file",
        ) from fault


def read(batch: Batch, cells: Sequence[Sequence[str]]) -> list[tuple[int, dict[str, str]]]:
    """Each row that is not empty, with its number in the list, as text under the ids of the questions.

    Raises Invalid for columns nobody asks for, InvalidRows for numbers that a spreadsheet has cut short.
    """
    lines = [
        (number, line) for number, line in enumerate(cells, start=1) if any(cell.strip() for cell in line)
    ]
    if not lines:
        raise Invalid(_("The list is empty. Its first row names the columns."), field="table")
    fields, named = {field.id: field for field in questions(batch)}, lines[0][1]
    columns = [column(heading, headings(batch)) for heading in named]
    unknown = [heading for heading, id_ in zip(named, columns, strict=True) if not id_ and heading.strip()]
    if unknown:
        raise Invalid(
            _("The form has no question called: %(names)s. Take the names from the empty list.")
            % {"names": ", ".join(unknown)},
            field="table",
        )
    twice = [named[place] for place, id_ in enumerate(columns) if id_ and id_ in columns[:place]]
    if twice:
        raise Invalid(_("Two columns are called %(name)s. Take one out.") % {"name": twice[0]}, field="table")
    rows = [(number, row(line, columns, fields)) for number, line in lines[1:]]
    if cut := list(cut_short(rows, fields)):
        raise InvalidRows(cut)
    return rows


def cut_short(rows: Iterable[tuple[int, dict[str, str]]], fields: Mapping[str, FormField]) -> Iterator[Fault]:
    """Personal and telephone numbers whose first noughts a spreadsheet took for nothing, and what it wrote as a power of ten."""
    for number, answers in rows:
        for id_, answer in answers.items():
            field = fields[id_]
            if CUT[field.type].fullmatch(answer) if field.type in CUT else False:
                words = _(
                    "The spreadsheet has cut this number. Format the column as text and type it again, with its first 0."
                )
                yield Fault(number, field.label.vi, words)


def table(text: str) -> list[list[str]]:
    """Cells of what was pasted or uploaded; whichever of tab, semicolon and comma stands most in the first row parts them."""
    first = text.lstrip().partition("\n")[0]
    delimiter = max("\t;,", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text.strip()), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        raise Invalid(
            _("The list cannot be read: a quotation mark is not closed. Paste it anew."), field="table"
        ) from fault


def column(heading: str, names: Mapping[str, str]) -> str:
    """The question a heading means: by its id, or its name with or without marks; nothing if there is none."""
    wanted = heading.strip()
    if wanted in names:
        return wanted
    return next((id_ for id_, name in names.items() if fold(name) == fold(wanted) and wanted), "")


def row(line: Sequence[str], columns: Sequence[str], fields: Mapping[str, FormField]) -> dict[str, str]:
    """What one line says; cells left empty say nothing, so that what all share stays."""
    return {
        id_: meant(fields[id_], cell.strip())
        for id_, cell in zip(columns, line, strict=False)
        if id_ and cell.strip()
    }


def meant(field: FormField, cell: str) -> str:
    """A cell as the form takes it: choices by their words, yes and no in Vietnamese."""
    wanted = fold(cell)
    if field.type is FieldType.YESNO and wanted in YES | NO:
        return "true" if wanted in YES else "false"
    return next(
        (choice.value for choice in field.choices if wanted in {fold(choice.label.vi), fold(choice.value)}),
        cell,
    )
