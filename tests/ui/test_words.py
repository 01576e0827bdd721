"""Dates, time left, numbers and names, as the state writes them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from motcua.ui import words

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # 17:00 in Hà Nội


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("day", "23/11/2026"),
        ("short_day", "23/11"),
        ("clock", "17:00"),
        ("moment", "23/11/2026, 17:00"),
        ("short_moment", "23/11, 17:00"),
        ("weekday", "thứ Hai, 23/11"),
        ("full", "thứ Hai, 23/11/2026, 17:00"),
        ("until", "thứ Hai, 23/11, trước 17:00"),
        ("promised", "Hẹn trả thứ Hai, 23/11, trước 17:00"),
    ],
)
def test_a_moment_is_written_on_the_clock_of_the_country(style, written):
    assert words.STYLES[style](MONDAY) == written


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        (14, "1 ngày làm việc, 6 giờ"),
        (16, "2 ngày làm việc"),
        (2.5, "2 giờ, 30 phút"),
        (0.5, "30 phút"),
        (8.25, "1 ngày làm việc"),
        (0, "1 phút"),
    ],
)
def test_what_a_step_may_take_is_not_rounded_down_to_days(hours, written):
    assert words.exact(hours) == written


def test_a_day_needs_no_clock():
    assert words.day(date(2026, 11, 9)) == "09/11/2026"


def test_hours_below_ten_have_one_digit():
    assert words.clock(datetime(2026, 11, 16, 2, 12, tzinfo=UTC)) == "9:12"


def test_the_same_moment_in_english(english):
    assert words.until(MONDAY) == "Monday, 23/11, before 17:00"


@pytest.mark.parametrize(
    ("hours", "vietnamese_words", "english_words", "state"),
    [
        (16, "Còn 2 ngày làm việc", "2 working days left", "ok"),
        (15.9, "Còn 1 ngày làm việc", "1 working day left", "ok"),
        (8, "Còn 1 ngày làm việc", "1 working day left", "ok"),
        (3.5, "Còn 3 giờ", "3 hours left", "soon"),
        (0.5, "Còn 30 phút", "30 minutes left", "soon"),
        (0, "Còn 1 phút", "1 minute left", "soon"),
        (-1, "Trễ 1 giờ", "1 hour late", "late"),
        (-8, "Trễ 1 ngày làm việc", "1 working day late", "late"),
    ],
)
def test_time_left_is_said_in_working_time(hours, vietnamese_words, english_words, state):
    assert words.left(hours) == vietnamese_words
    with translation.override("en"):
        assert words.left(hours) == english_words
    assert words.urgency(hours) == state


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (940, "940 byte"),
        (24_000, "24 KB"),
        (1_830_000, "1,8 MB"),
        (2_400_000_000, "2,4 GB"),
        (9_000_000_000_000, "9.000,0 GB"),
    ],
)
def test_file_sizes_have_a_decimal_comma(count, written):
    assert words.size(count) == written


def test_money_and_numbers_are_grouped():
    assert words.money(10000) == "10.000 đ"
    assert words.number(19412) == "19.412"
    assert words.number(97.84, 1) == "97,8"


def test_numbers_are_grouped_the_english_way_on_english_pages(english):
    assert words.number(19412.5, 1) == "19,412.5"


def test_personal_numbers_are_grouped_and_masked():
    assert words.personal_number("000196004821") == "000 196 004 821"
    assert words.masked_number("000196004821") == "000 196 ••• 821"


def test_names_are_masked_and_shortened():
    assert words.masked_name("Trần Hạ Mây") == "T••• H• M••"
    assert words.called("Trần Hạ Mây") == "Hạ Mây"
    assert words.called("Sương") == "Sương"
    assert words.initials("Đỗ Minh Lâm") == "ML"


def test_in_templates_nothing_is_written_for_nothing(draw):
    assert draw("{{ none|until }}{{ none|money }}{{ none|number }}{% time none %}", none=None) == ""


def test_a_time_is_read_by_machines_too(draw):
    drawn = draw('{% time moment "until" %}', moment=MONDAY)
    assert drawn == '<time datetime="2026-11-23T17:00+07:00">thứ Hai, 23/11, trước 17:00</time>'
    assert (
        draw('{% time day "day" %}', day=date(2026, 11, 9)) == '<time datetime="2026-11-09">09/11/2026</time>'
    )


def test_percentages_in_drawings_have_a_point(draw):
    assert draw("{{ a|share }} {{ b|share }} {{ c|share }}", a=33.333, b=140, c="-3") == "33.33 100 0"
