"""What a scanner types: the card's QR code in every shape it comes in, and plain numbers."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.dossiers.cards import Card, read_card, told_by_number
from motcua.lib.actions import Invalid

CODE = "000196004821|001234567|Trần Hạ Mây|12041996|Nữ|Tổ 3, phường Sa Pa, tỉnh Lào Cai|01072025"
MAY = Card(
    "000196004821", "Trần Hạ Mây", date(1996, 4, 12), "female", "Tổ 3, phường Sa Pa, tỉnh Lào Cai"
)  # fmt: skip
WORDS = st.text(st.characters(blacklist_characters="|", blacklist_categories=("Cc", "Cs", "Z")), min_size=1)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE + "\n",
        CODE.replace("001234567", ""),
        CODE + "||Nguyễn Thị Lụa|Trần Văn Đá|",
        unicodedata.normalize("NFD", CODE),
        CODE.replace("Nữ", "NỮ"),
    ],
)
def test_the_code_of_a_card_is_read_with_or_without_old_number_and_new_fields(typed):
    assert read_card(typed) == MAY


@pytest.mark.parametrize("typed", ["000196004821", " 0001 9600 4821 ", "000.196.004.821\n"])
def test_twelve_digits_are_a_number(typed):
    assert read_card(typed) == Card("000196004821")


@pytest.mark.parametrize(
    "typed", ["", "12345678901", "0001960048210", "a|b|c", "000196004821|x|y|z", "00019600482x|" + "|" * 6]
)
def test_what_is_neither_is_refused_with_what_to_do(typed):
    with pytest.raises(Invalid) as fault:
        read_card(typed)
    assert (fault.value.field, bool(str(fault.value))) == ("who", True)


def test_a_bad_date_or_sex_does_not_stop_the_rest():
    card = read_card(CODE.replace("12041996", "31021996").replace("Nữ", "?"))
    assert (card.name, card.born_on, card.sex, card.doubts) == ("Trần Hạ Mây", None, "", [])


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("000196004821", ("female", 1996)),
        ("000094002177", ("male", 1994)),
        ("000226000017", ("male", 2026)),
        ("000326000017", ("female", 2026)),
        ("000900000017", ("female", 2300)),
    ],
)
def test_a_number_tells_sex_and_year_of_birth(number, told):
    assert told_by_number(number) == told


def test_what_does_not_fit_is_said_but_not_refused():
    other_sex = read_card(CODE.replace("Nữ", "Nam"))
    other_year = read_card(CODE.replace("12041996", "12041995"))
    assert (len(MAY.doubts), len(other_sex.doubts), len(other_year.doubts)) == (0, 1, 1)


@given(WORDS, WORDS, st.dates(date(1900, 1, 1), date(2399, 12, 31)), st.lists(WORDS, max_size=4))
def test_whatever_stands_on_a_card_is_read_back_put_together(name, address, born, more):
    code = "|".join(
        ["000196004821", "", name, f"{born.day:02}{born.month:02}{born.year:04}", "Nam", address, "", *more]
    )
    card = read_card(code)
    put_together = [unicodedata.normalize("NFC", text) for text in (name, address)]
    assert ([card.name, card.address], card.born_on, card.sex) == (put_together, born, "male")
