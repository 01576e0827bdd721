"""Answers: read as their kind, held to their rules, hidden ones forgotten."""

import datetime as dt

import pytest

from motcua.procedures.answers import clean
from motcua.procedures.schema import Group
from tests.procedures.samples import ON


def asked(**field):
    content = {"id": "it", "label": {"vi": "x"}, "type": "text"} | field
    return Group.model_validate({"id": "page", "title": {"vi": "x"}, "fields": [content]}, strict=False)


def answered(typed, earlier=None, **field):
    return clean(asked(**field), {"it": typed}, earlier=earlier or {}, on=ON)


CHOICES = [{"value": "a", "label": {"vi": "A"}}]


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ({"type": "text"}, "  Lý Hạ An ", "Lý Hạ An"),
        ({"type": "text"}, "Ly\u0301", "Lý"),
        ({"type": "text"}, "a\x00b\nc", "abc"),
        ({"type": "long"}, "a\nb", "a\nb"),
        ({"type": "date"}, "27/03/2026", "2026-03-27"),
        ({"type": "date"}, "2026-03-27", "2026-03-27"),
        ({"type": "choice", "choices": CHOICES}, "a", "a"),
        ({"type": "yesno"}, "on", True),
        ({"type": "yesno"}, False, False),
        ({"type": "number"}, "-12", -12),
        ({"type": "personal_number"}, "001 090 123 456", "001090123456"),
        ({"type": "phone"}, "+84 912 345 678", "0912345678"),
        ({"type": "email"}, "an@example.vn", "an@example.vn"),
        ({"type": "text", "required": False}, "", None),
        ({"type": "text", "pattern": "[A-Z]+"}, "AB", "AB"),
    ],
)
def test_an_answer_is_read_as_its_kind(field, typed, value):
    page = answered(typed, **field)
    assert page.faults == {}
    assert page.values == {"it": value}


@pytest.mark.parametrize(
    ("field", "typed", "fault"),
    [
        ({"type": "text"}, " ", "Answer this question."),
        ({"type": "text", "max": 3}, "abcd", "Shorten this to 3 characters."),
        (
            {"type": "text", "pattern": "[A-Z]+"},
            "ab",
            "This is not written as expected. Look at the hint above.",
        ),
        ({"type": "date"}, "30/02/2026", "Write the date as day/month/year, such as 27/03/2026."),
        ({"type": "choice", "choices": CHOICES}, "b", "Choose one of the answers."),
        ({"type": "yesno"}, "maybe", "Choose yes or no."),
        ({"type": "number"}, "1.5", "Write a whole number, in digits only."),
        ({"type": "personal_number"}, "12345", "A personal number has 12 digits."),
        ({"type": "phone"}, "12", "Write a phone number of 10 digits, such as 0912 345 678."),
        ({"type": "email"}, "an@", "Write an e-mail address such as name@example.vn."),
    ],
)
def test_what_is_no_answer_is_told_how_to_be_one(field, typed, fault, english):
    page = answered(typed, **field)
    assert page.faults == {"it": fault}
    assert not page.is_good


@pytest.mark.parametrize(
    ("check", "good", "bad", "fault"),
    [
        ({"rule": "not_future"}, "2026-11-20", "2026-11-21", "This day is still to come."),
        ({"rule": "not_past"}, "2026-11-20", "2026-11-19", "This day is already over."),
        ({"rule": "min_age", "value": 18}, "2008-11-20", "2008-11-21", "The person must be at least 18."),
        ({"rule": "max_age", "value": 5}, "2020-11-21", "2020-11-20", "The person must be 5 or younger."),
        (
            {"rule": "within_days", "value": 60},
            "2026-09-21",
            "2026-09-20",
            "This must lie within the last 60 days.",
        ),
        (
            {"rule": "not_before", "value": "other"},
            "2026-01-02",
            "2026-01-01",
            "This day cannot come before the other one.",
        ),
    ],
)
def test_a_date_is_held_to_its_rule_to_the_day(check, good, bad, fault, english):
    earlier = {"other": "2026-01-02"}
    assert answered(good, earlier, type="date", checks=[check]).is_good
    assert answered(bad, earlier, type="date", checks=[check]).faults == {"it": fault}


@pytest.mark.parametrize(
    ("check", "good", "bad", "fault"),
    [
        ({"rule": "min", "value": 1}, "1", "0", "This must be 1 or more."),
        ({"rule": "max", "value": 9}, "9", "10", "This must be 9 or less."),
        ({"rule": "different_from", "value": "other"}, "6", "7", "This cannot be the same as above."),
    ],
)
def test_a_number_is_held_to_its_rule(check, good, bad, fault, english):
    assert answered(good, {"other": 7}, type="number", checks=[check]).is_good
    assert answered(bad, {"other": 7}, type="number", checks=[check]).faults == {"it": fault}


def test_a_rule_about_another_day_holds_when_that_day_is_not_known():
    assert answered("2026-01-01", {}, type="date", checks=[{"rule": "not_before", "value": "other"}]).is_good


def test_a_hidden_question_is_neither_required_nor_remembered():
    when = {"field": "married", "is": True}
    assert answered("Lan", {"married": False}, when=when).values == {"it": None}
    assert answered("Lan", {"married": True}, when=when).values == {"it": "Lan"}


def test_a_condition_may_look_at_the_same_page():
    page = Group.model_validate(
        {
            "id": "page",
            "title": {"vi": "x"},
            "fields": [
                {"id": "by", "label": {"vi": "x"}, "type": "text"},
                {
                    "id": "to",
                    "label": {"vi": "x"},
                    "type": "text",
                    "when": {"field": "by", "is": ["post", "courier"]},
                },
            ],
        },
        strict=False,
    )
    assert clean(page, {"by": "post", "to": "Sa Pa"}, earlier={}, on=ON).values == {
        "by": "post",
        "to": "Sa Pa",
    }
    assert clean(page, {"by": "hand", "to": "Sa Pa"}, earlier={}, on=ON).values == {"by": "hand", "to": None}


def test_a_person_born_on_the_29th_of_february_comes_of_age_on_the_first_of_march():
    eighteen = {"rule": "min_age", "value": 18}
    group = asked(type="date", checks=[eighteen])
    assert not clean(group, {"it": "2008-02-29"}, earlier={}, on=dt.date(2026, 2, 28)).is_good
    assert clean(group, {"it": "2008-02-29"}, earlier={}, on=dt.date(2026, 3, 1)).is_good
