from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from motcua.lib.actions import Invalid
from motcua.registers.population.numbers import Parts, compose, mismatches, parse
from motcua.registers.records import Sex


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("010094000001", Parts("010", Sex.MALE, 1994, 1)),
        ("015194123456", Parts("015", Sex.FEMALE, 1994, 123456)),
        ("010226999999", Parts("010", Sex.MALE, 2026, 999999)),
        ("010326000000", Parts("010", Sex.FEMALE, 2026, 0)),
        ("096400000001", Parts("096", Sex.MALE, 2100, 1)),
        ("128199000001", Parts("128", Sex.FEMALE, 1999, 1)),
        ("010999000001", Parts("010", Sex.FEMALE, 2399, 1)),
    ],
)
def test_what_a_number_tells(number, parts):
    assert parse(number) == parts


def test_a_number_from_abroad_begins_with_a_country():
    assert parse("128199000001").is_foreign
    assert not parse("010094000001").is_foreign


@pytest.mark.parametrize(
    "number", ["", "01009400000", "0100940000012", "01009400000a", "０１００９４００００01", " 10094000001"]
)
def test_a_number_has_twelve_digits(number):
    with pytest.raises(Invalid, match="Số định danh cá nhân gồm 12 chữ số") as refusal:
        parse(number, field="mother_number")
    assert refusal.value.field == "mother_number"


@pytest.mark.parametrize("number", ["097094000001", "099094000001", "000094000001"])
def test_a_number_begins_with_a_province(number):
    with pytest.raises(Invalid, match=f"Không có số định danh nào bắt đầu bằng {number[:3]}"):
        parse(number)


def test_numbers_of_demo_persons_are_taken_by_demo_nodes_only():
    assert parse("000094000001", demo=True).is_demo
    with pytest.raises(Invalid):
        parse("000094000001", demo=False)


def test_a_mismatch_is_a_warning_not_a_refusal():
    number = "010094000001"
    assert mismatches(number, sex=Sex.MALE, born_on=date(1994, 1, 1)) == []
    assert mismatches(number, sex=Sex.FEMALE, born_on=date(1995, 1, 1)) == [
        "Số định danh cho thấy giới tính khác với dữ liệu.",
        "Số định danh cho thấy năm sinh khác với dữ liệu.",
    ]


@pytest.mark.parametrize("year", [1899, 2400])
def test_no_number_for_other_centuries(year):
    with pytest.raises(ValueError, match=str(year)):
        compose("010", Sex.MALE, year, 1)


@given(
    some.sampled_from(["000", "001", "096", "128"]),
    some.sampled_from(Sex),
    some.integers(1900, 2399),
    some.integers(0, 999_999),
)
def test_a_number_tells_what_it_was_composed_of(place, sex, year, serial):
    number = compose(place, sex, year, serial)
    assert parse(number, demo=True) == Parts(place, sex, year, serial)
    assert mismatches(number, sex=sex, born_on=date(year, 6, 1)) == []
