"""A document from any word processor: number and day are written where room was left; where none was, words say how to leave it."""

import pytest
from django.utils import timezone

from motcua.documents import signing
from motcua.documents.formalities import breaches
from motcua.documents.lettering import rows
from motcua.documents.reserving import NoRoom, filled, room
from motcua.documents.verification import verify
from tests.documents import reading, samples
from tests.documents.samples import CHAIR, DAY, NOW, SEAL
from tests.documents.word_processor import saved

SIGNER = "Phạm Quốc Khánh"


def lines(pdf):
    return [row.spaced for row in rows(reading.opened(pdf))]


def done(pdf, number="05"):
    return filled(pdf, number=number, on=DAY, signer=SIGNER)


def refusal(pdf):
    with pytest.raises(NoRoom) as refused:
        done(pdf)
    return str(refused.value)


def test_number_and_day_stand_where_room_was_left():
    said = "".join(lines(done(saved()))).replace(" ", "")
    assert "Số:05/UBND" in said
    assert "ngày20tháng11năm2026" in said


@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("Số: ......../UBND", "ngày ...... tháng ...... năm 2026"),
        ("Số: ………/UBND", "ngày …… tháng …… năm 2026"),
        ("Số:            /UBND".replace("  ", "#h(3mm)"), "ngày #h(9mm) tháng #h(9mm) năm #h(12mm)"),
    ],
)
def test_room_is_left_as_people_leave_it(number, day):
    said = "".join(lines(done(saved(number=number, day=day)))).replace(" ", "")
    for filling in ".…_":
        said = said.replace(filling, "")
    assert "05" in said
    assert "20" in said
    assert "2026" in said


def test_it_is_signed_as_if_it_had_been_printed_here():
    personal = signing.sign_personal(done(saved()), CHAIR, at=NOW)
    sealed = signing.sign_seal(personal, SEAL, at=NOW)
    assert breaches(sealed) == ()
    assert verify(sealed, samples.ROOTS).stands


def test_the_notation_it_bears_is_told():
    found = room(saved(number="Số: #h(14mm)/QĐ-UBND"))
    assert (found.notation, found.year) == ("QĐ-UBND", "2026")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "Số: 17/UBND"}, "Số 17 đã ghi sẵn"),
        ({"number": "Số:/UBND"}, "Chỗ để ghi số quá hẹp"),
        ({"number": "UBND"}, "Không thấy dòng số"),
        ({"day": "ngày 20 tháng 11 năm 2026"}, "Ngày đã ghi sẵn"),
        ({"day": "ngàythángnăm 2026"}, "Chỗ để ghi ngày quá hẹp"),
        ({"day": "năm 2026"}, "Không thấy dòng địa danh và ngày"),
        ({"day": "ngày #h(9mm) tháng #h(9mm) năm 2025"}, "ghi năm 2025"),
        ({"signer": "Người khác"}, "“Phạm Quốc Khánh” không đứng riêng một dòng"),
        ({"room": "3mm"}, "Chỗ để ký giữa chức vụ và họ tên quá hẹp"),
    ],
)
def test_where_no_room_was_left_words_say_how_to_leave_it(changes, words):
    assert words in refusal(saved(**changes))


def test_the_year_to_leave_stands_in_the_words_as_it_is():
    year = timezone.localdate().year
    assert f"“ngày      tháng      năm {year}”" in refusal(saved(day="ngày 20 tháng 11 năm 2026"))


def test_a_picture_has_no_lines():
    empty = saved(source='#set page(paper: "a4")\n#rect()')
    assert "Trang đầu không đọc được chữ" in refusal(empty)


def test_a_file_that_cannot_be_read_leaves_no_room():
    with pytest.raises(NoRoom):
        room(b"%PDF-1.7 broken")
