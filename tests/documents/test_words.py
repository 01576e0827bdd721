"""Dates in Vietnamese words, as certificates carry them."""

from datetime import UTC, date, datetime

import pytest

from motcua.documents import words

NUMBERS = {
    0: "không", 4: "bốn", 5: "năm", 10: "mười", 11: "mười một", 14: "mười bốn", 15: "mười lăm", 20: "hai mươi",
    21: "hai mươi mốt", 24: "hai mươi tư", 25: "hai mươi lăm", 31: "ba mươi mốt", 100: "một trăm", 105: "một trăm linh năm",
    111: "một trăm mười một", 1000: "một nghìn", 1990: "một nghìn chín trăm chín mươi",
    1995: "một nghìn chín trăm chín mươi lăm", 2000: "hai nghìn", 2005: "hai nghìn không trăm linh năm",
    2015: "hai nghìn không trăm mười lăm", 2021: "hai nghìn không trăm hai mươi mốt",
    2026: "hai nghìn không trăm hai mươi sáu", 2100: "hai nghìn một trăm",
}  # fmt: skip


@pytest.mark.parametrize(("value", "said"), NUMBERS.items())
def test_numbers_are_said_as_vietnamese_says_them(value, said):
    assert words.number(value) == said


def test_no_two_numbers_sound_alike():
    assert len({words.number(value) for value in range(10_000)}) == 10_000


@pytest.mark.parametrize("value", [-1, 10_000])
def test_numbers_beyond_a_year_are_refused(value):
    with pytest.raises(ValueError, match=str(value)):
        words.number(value)


def test_a_date_of_birth_in_words():
    said = "Ngày chín tháng mười một năm hai nghìn không trăm hai mươi sáu"
    assert words.spelled(date(2026, 11, 9)) == said


def test_april_is_the_month_tu():
    assert words.spelled(date(2024, 4, 4)) == "Ngày bốn tháng tư năm hai nghìn không trăm hai mươi tư"


def test_the_line_of_place_and_date_puts_a_nought_before_days_below_ten_and_the_first_two_months():
    assert words.dated(date(2026, 2, 5), "Lào Cai") == "Lào Cai, ngày 05 tháng 02 năm 2026"
    assert words.dated(date(2026, 3, 15)) == "Ngày 15 tháng 3 năm 2026"


def test_times_are_told_in_vietnam():
    assert words.clock(datetime(2026, 11, 20, 17, 5, tzinfo=UTC)) == "00 giờ 05 phút, ngày 21/11/2026"
