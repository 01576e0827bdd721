"""Lists as workbooks of a spreadsheet (.xlsx): an empty one to fill in, made for the procedure; and one that comes back, read.

What comes from outside is unpacked only if it says beforehand that it stays small; formulas are never reckoned, and refused.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from motcua.dossiers.actions.batches import MOST, Fault, InvalidRows
from motcua.lib.actions import Invalid
from motcua.procedures.schema import FormField
from motcua.procedures.vocabulary import FieldType

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGINS = b"PK\x03\x04"
UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 200
MOST_COLUMNS = 200
MOST_LINES = 1 + 5 * MOST  # empty rows between others are forgiven, to a point
TEXT = "@"
CHOICES = "'{sheet}'!${column}$2:${column}${last}"
LIST, HELP, ANSWERS = "Danh sách", "Hướng dẫn", "Câu trả lời"
KINDS = {
    FieldType.DATE: "Ngày, tháng, năm: 27/03/2026",
    FieldType.CHOICE: "Chọn một trong các câu trả lời",
    FieldType.YESNO: "Có hoặc Không",
    FieldType.NUMBER: "Số nguyên, chỉ gồm chữ số",
    FieldType.PERSONAL_NUMBER: "12 chữ số",
    FieldType.PHONE: "10 chữ số: 0912 345 678",
    FieldType.EMAIL: "Thư điện tử: ten@example.vn",
    FieldType.PROVINCE: "Tên tỉnh, thành phố",
}


def is_workbook(content: bytes) -> bool:
    """Whether it is a workbook, told by how it begins and never by its name."""
    return content.startswith(BEGINS)


def cells(content: bytes) -> list[list[str]]:
    """The first sheet as text, line by line, the empty ones too; raises Invalid, and InvalidRows for cells nobody can read."""
    check(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        lines = list(read(sheet.iter_rows(max_row=MOST_LINES + 1, max_col=MOST_COLUMNS + 1)))
    except InvalidRows:
        raise
    except Exception as fault:
        raise Invalid(
            _("The workbook cannot be opened. Save it anew as .xlsx, or as CSV UTF-8."), field="file"
        ) from fault
    if len(lines) > MOST_LINES or any(len(line) > MOST_COLUMNS for line in lines):
        raise Invalid(
            _("A list has at most %(most)s rows. Split it into several.") % {"most": MOST}, field="file"
        )
    return lines


def check(content: bytes) -> None:
    """Raise Invalid for what would unfold into too much; sizes are compared with what truly comes out when it is read."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as fault:
        raise Invalid(
            _("The workbook cannot be opened. Save it anew as .xlsx, or as CSV UTF-8."), field="file"
        ) from fault
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise Invalid(
            _("The workbook unfolds into too much. Copy the rows into the empty list and send that."),
            field="file",
        )


def read(rows: Iterator[Sequence[Any]]) -> Iterator[list[str]]:
    """Each row as text, without what is empty at its end. Raises InvalidRows for formulas and errors."""
    faults: list[Fault] = []
    for number, row in enumerate(rows, start=1):
        line = []
        for place, cell in enumerate(row, start=1):
            if cell.data_type in {"f", "e"}:
                faults.append(
                    Fault(
                        number,
                        get_column_letter(place),
                        _("There is a formula or an error in this cell. Paste its value instead."),
                    )
                )
            line.append(as_text(cell.value))
        while line and not line[-1].strip():
            line.pop()
        yield line
    if faults:
        raise InvalidRows(faults)


def as_text(value: Any) -> str:
    """A cell as one would have typed it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return f"{value:%d/%m/%Y}"
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def template(name: str, columns: Sequence[tuple[str, FormField]]) -> bytes:
    """An empty list: one sheet with the columns, all cells text so that no nought is lost; beside it what goes where."""
    book = Workbook()
    sheet, help_, answers = book.active, book.create_sheet(HELP), book.create_sheet(ANSWERS)
    assert isinstance(sheet, Worksheet)  # noqa: S101 — a new workbook has a sheet
    sheet.title, answers.sheet_state = LIST, "hidden"
    write(help_, [name, "", ""], bold=True)
    write(help_, ["Cột", "Bắt buộc", "Ghi thế nào"], bold=True)
    for place, (heading, field) in enumerate(columns, start=1):
        letter = get_column_letter(place)
        put(sheet.cell(1, place), heading, bold=True)
        sheet.column_dimensions[letter].width = min(max(len(heading) + 2, 16), 48)
        for line in range(2, MOST + 2):
            sheet.cell(line, place).number_format = TEXT
        offer(sheet, answers, letter, place, [choice.label.vi for choice in field.choices])
        write(help_, [heading, "Có" if field.required else "Không", kind(field)])
    sheet.freeze_panes = "A2"
    for letter, width in (("A", 44), ("B", 12), ("C", 70)):
        help_.column_dimensions[letter].width = width
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def offer(sheet: Worksheet, answers: Worksheet, letter: str, place: int, labels: Sequence[str]) -> None:
    """A column whose cells take one of these answers offers them; they stand on a sheet of their own."""
    if not labels:
        return
    for line, label in enumerate(labels, start=2):
        put(answers.cell(line, place), label)
    where = CHOICES.format(sheet=ANSWERS, column=letter, last=len(labels) + 1)
    offered = DataValidation(type="list", formula1=where, allow_blank=True)
    offered.add(f"{letter}2:{letter}{MOST + 1}")
    sheet.add_data_validation(offered)


def kind(field: FormField) -> str:
    """How a column is filled in, in Vietnamese, as the form itself asks."""
    choices = "; ".join(choice.label.vi for choice in field.choices[:12])
    said = KINDS.get(field.type, "Chữ")
    hint = field.hint.vi if field.hint else ""
    return " ".join(part for part in (f"{said}.", hint, f"({choices})" if choices else "") if part)


def write(sheet: Worksheet, values: Sequence[str], *, bold: bool = False) -> None:
    """One row more."""
    line = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value else 1
    for place, value in enumerate(values, start=1):
        cell = sheet.cell(line, place)
        put(cell, value, bold=bold)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def put(cell: Any, value: str, *, bold: bool = False) -> None:
    """Text is text: what begins like a formula is none, so that no spreadsheet reckons it."""
    assert isinstance(cell, Cell)  # noqa: S101 — nothing is merged here
    cell.value, cell.data_type = value, "s"
    cell.number_format = TEXT
    cell.font = Font(bold=bold)
