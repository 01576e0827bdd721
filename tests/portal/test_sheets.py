"""Lists as workbooks: the empty one can be filled in and read again; what would do harm is refused in words."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from motcua.dossiers.actions.batches import InvalidRows
from motcua.dossiers.models import Batch
from motcua.lib.actions import Invalid
from motcua.portal import sheets, tables
from tests.dossiers.test_batches import batch  # noqa: F401 — a fixture
from tests.portal.test_batches import names, told  # noqa: F401 — a fixture

pytestmark = pytest.mark.django_db

NUMBER = "000196004821"


def book(*rows):
    """A workbook as a spreadsheet saves it."""
    made = Workbook()
    for line in rows:
        made.active.append(line)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_the_empty_workbook_is_filled_in_and_read_again(batch):  # noqa: F811
    empty = sheets.template("Cấp bản sao", tables.wanted(batch))
    assert tables.read(batch, sheets.cells(empty)) == []
    filled = load_workbook(io.BytesIO(empty))
    sheet = filled.worksheets[0]
    (heading, field), *_others = tables.wanted(batch)
    assert sheet.cell(1, 1).value == heading
    sheet.cell(3, 1).value = NUMBER
    file = io.BytesIO()
    filled.save(file)
    assert tables.read(batch, sheets.cells(file.getvalue())) == [(3, {field.id: NUMBER})]
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    assert [one.title for one in filled.worksheets] == ["Danh sách", "Hướng dẫn", "Câu trả lời"]


def test_cells_are_read_as_one_would_type_them():
    content = book(["a", 2, 2.0, 2.5, date(2026, 3, 27), True, None, "x=1"], [], ["b"])
    first, empty, last = sheets.cells(content)
    assert (first, empty, last) == (["a", "2", "2", "2.5", "27/03/2026", "true", "", "x=1"], [], ["b"])


def test_a_formula_is_named_with_its_cell_and_not_reckoned():
    with pytest.raises(InvalidRows) as refusal:
        sheets.cells(book(["a", "b"], [1, '=HYPERLINK("http://x.invalid")'], ["=A1", 2]))
    assert [(one.line, one.column) for one in refusal.value.faults] == [(2, "B"), (3, "A")]


def test_a_number_the_spreadsheet_cut_is_named(batch, names):  # noqa: F811
    for cut in ("196004821", "1.96E+11"):
        with pytest.raises(InvalidRows) as refusal:
            tables.read(batch, [[*names], [NUMBER, "1"], [], [cut, "1"]])
        assert [(one.line, one.column) for one in refusal.value.faults] == [(4, names[0])]


def test_what_unfolds_into_too_much_is_not_unfolded():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", bytes(sheets.UNPACKED + 1))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as file:
        for number in range(sheets.MOST_PARTS + 1):
            file.writestr(str(number), b"")
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w") as file:
        file.writestr("a.txt", b"a")
    entity = book(["a"])
    with zipfile.ZipFile(io.BytesIO(entity)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    laughs = b"<!DOCTYPE x [" + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 20 if n else b"ha" * 20) for n in range(9)
    )
    parts["xl/worksheets/sheet1.xml"] = (
        b'<?xml version="1.0"?>' + laughs + b"]>" + b"<worksheet><sheetData>&a8;</sheetData></worksheet>"
    )
    laughing = io.BytesIO()
    with zipfile.ZipFile(laughing, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    long = book(*[["a"]] * (sheets.MOST_LINES + 1))
    files = [one.getvalue() for one in (bomb, many, small, laughing)]
    for content in (*files, long, entity[:200], b"PK\x03\x04"):
        with pytest.raises(Invalid):
            sheets.cells(content)


def test_a_workbook_is_entered_on_the_page_all_of_it_or_nothing(visitor, batch, names):  # noqa: F811
    client, held = visitor("doi"), Batch.objects.get()
    page = f"/my/lists/{held.pk}/rows/"

    def send(*rows):
        return client.post(page, {"file": SimpleUploadedFile("ds.xlsx", book([*names], *rows))})

    for rows in ([[NUMBER, 2], ["12", 2]], [[NUMBER, 2], [NUMBER, "=1+1"]], [[NUMBER, 2], ["196004821", 2]]):
        bad = send(*rows)
        assert (bad.status_code, held.applications.count()) == (422, 0)
        assert " 3 " in told(bad)
    assert send([NUMBER, 2], [], ["000196004822", 1]).status_code == 302
    assert list(held.applications.order_by("row").values_list("row", flat=True)) == [2, 4]
    assert send([NUMBER, 2], [], ["000196004822", 1]).status_code == 302
    assert held.applications.count() == 2
