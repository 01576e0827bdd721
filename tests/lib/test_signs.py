"""Codes read from paper are understood as they were meant."""

from hypothesis import given
from hypothesis import strategies as st

from motcua.lib.signs import LOOK_ALIKE, SIGNS, drawn, meant

BACK = {"0": "0oO", "1": "1iIlL"}


@given(st.data(), st.text(SIGNS, min_size=1, max_size=16))
def test_whatever_looks_alike_is_what_was_meant(data, code):
    typed = "".join(data.draw(st.sampled_from(BACK.get(sign, sign + sign.lower()))) for sign in code)
    assert meant(f" {typed[:4]}-{typed[4:]} ") == code


def test_what_is_drawn_is_never_misread():
    code = drawn(1000)
    assert (len(code), set(code) <= set(SIGNS), set(SIGNS) & set(map(chr, LOOK_ALIKE))) == (1000, True, set())
