"""A trend is drawn to scale; labels never stand on one another."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.indicators.drawing import APART, BOTTOM, TOP, Tick, ceiling, spread, trend

DAYS = [date(2026, 11, 1) + timedelta(days=n) for n in range(5)]


def test_two_lines_are_drawn_over_an_axis_from_zero():
    drawn = trend(DAYS, [0, 1, 2, 3, 4], [8, 8, 8, 8, 8])
    assert drawn.lines[0].path == "M46.0 216.0L125.0 190.8L204.0 165.5L283.0 140.2L362.0 115.0"
    assert [(line.y, line.value) for line in drawn.lines] == [(115.0, "4"), (14.0, "8")]
    assert [row.words for row in drawn.rows] == ["0", "2", "4", "6", "8"]
    assert drawn.days[0] == Tick(46.0, "01/11", "start")
    assert drawn.days[-1] == Tick(362.0, "05/11", "end")


@pytest.mark.parametrize(
    ("value", "top"), [(0, 4), (4, 4), (5, 8), (9, 20), (21, 40), (80, 80), (81, 200), (1000, 2000)]
)
def test_the_axis_ends_at_a_round_number(value, top):
    assert ceiling(value) == top


@given(st.floats(TOP, BOTTOM), st.floats(TOP, BOTTOM))
def test_labels_keep_apart_and_inside(one, other):
    first, second = spread([one, other])
    assert abs(first - second) >= APART - 1e-9
    assert (min(first, second) >= TOP, (first <= second) == (one <= other)) == (True, True)
