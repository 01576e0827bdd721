"""Lists people paste from a spreadsheet or upload as CSV: the first row names the questions, each other is one dossier."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from motcua.dossiers.models import Batch
from motcua.lib.actions import Invalid
from motcua.procedures.folding import fold
from motcua.procedures.schema import FormField, Group
from motcua.procedures.vocabulary import FieldType

YES, NO = {"co", "x", "dung"}, {"khong"}
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


def template(batch: Batch) -> bytes:
    """An empty list as CSV, which spreadsheets open; first what stands empty in the form, for that is what differs."""
    names = headings(batch)
    wanted = [names[field.id] for field in questions(batch) if not batch.answers.get(field.id)]
    file = io.StringIO()
    csv.writer(file).writerow(wanted or list(names.values()))
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


def read(batch: Batch, text: str) -> list[dict[str, str]]:
    """Each row as text under the ids of the questions. Raises Invalid for columns nobody asks for."""
    lines = [line for line in table(text) if any(cell.strip() for cell in line)]
    if not lines:
        raise Invalid(_("The list is empty. Its first row names the columns."), field="table")
    fields = {field.id: field for field in questions(batch)}
    columns = [column(heading, headings(batch)) for heading in lines[0]]
    unknown = [heading for heading, id_ in zip(lines[0], columns, strict=True) if not id_ and heading.strip()]
    if unknown:
        raise Invalid(
            _("The form has no question called: %(names)s. Take the names from the empty list.")
            % {"names": ", ".join(unknown)},
            field="table",
        )
    twice = [lines[0][place] for place, id_ in enumerate(columns) if id_ and id_ in columns[:place]]
    if twice:
        raise Invalid(_("Two columns are called %(name)s. Take one out.") % {"name": twice[0]}, field="table")
    return [row(line, columns, fields) for line in lines[1:]]


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
