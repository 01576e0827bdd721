"""Codes of enterprises, and the day someone comes of age."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from motcua.lib.actions import Invalid
from motcua.lib.enterprise_codes import check_digit, enterprise
from motcua.mandates.numbers import of_age_on, personal

nine = some.from_regex(r"[0-9]{9}", fullmatch=True)


@given(nine, some.sampled_from("0123456789"))
def test_exactly_one_tenth_digit_fits(head, last):
    fits = check_digit(head) == last
    try:
        assert enterprise(head + last) == head + last
    except Invalid:
        assert not fits
    else:
        assert fits


@given(nine, some.integers(0, 8), some.sampled_from("123456789"))
def test_a_mistyped_digit_is_found(head, place, more):
    whole = head + check_digit(head)
    assume(len(whole) == 10)
    wrong = whole[:place] + str((int(whole[place]) + int(more)) % 10) + whole[place + 1 :]
    with pytest.raises(Invalid):
        enterprise(wrong)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("000 123 4561", "0001234561"),
        ("0001234561-001", "0001234561-001"),
        ("0001234561001", "0001234561-001"),
    ],
)
def test_a_code_is_read_as_people_write_it(typed, code):
    assert enterprise(typed) == code


@pytest.mark.parametrize("typed", ["", "123", "000196004821", "0001234561-000", "000123456a", "٠٠٠١٢٣٤٥٦١"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(Invalid):
        enterprise(typed)


def test_a_personal_number_is_read_as_it_stands_on_the_card():
    assert personal("000 196 004821") == "000196004821"
    with pytest.raises(Invalid):
        personal("00019600482")


def test_who_is_born_on_the_29th_of_february_comes_of_age_in_march():
    assert [of_age_on(date(2008, 2, 29)), of_age_on(date(2010, 5, 4))] == [date(2026, 3, 1), date(2028, 5, 4)]
