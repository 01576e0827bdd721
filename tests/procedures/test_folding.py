"""Folding: Vietnamese compared without its diacritics, and words one slip apart."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from motcua.procedures.folding import Folded, deletions, fold, is_slip

words = st.text(alphabet="abcdeghiklmnoprstuvxy", min_size=3, max_size=8)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đăng ký khai sinh", "dang ki khai sinh"),
        ("ĐĂNG KÍ  KHAI SINH!", "dang ki khai sinh"),
        ("Thuỷ, thúy; quý", "thuy thuy quy"),
        ("63/2024/NĐ-CP", "63 2024 nd cp"),
        ("  ", ""),
    ],
)
def test_diacritics_case_and_signs_are_folded_away(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composed_and_decomposed_letters_fold_alike(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(words, st.data())
def test_one_slip_is_found_by_the_deletions_both_share(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcxyz"))
    slipped = data.draw(
        st.sampled_from(
            [
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
            ]
        )
    )
    assert is_slip(word, slipped)
    assert is_slip(slipped, word)
    if len(slipped) > 2:
        assert deletions(word) & deletions(slipped)


@given(words, words)
def test_a_slip_never_changes_the_length_by_more_than_one(one, other):
    if is_slip(one, other):
        assert abs(len(one) - len(other)) <= 1


@pytest.mark.parametrize(
    ("one", "other"), [("khai", "sinh"), ("khai", "khhaii"), ("ab", "abcd"), ("abcd", "badc")]
)
def test_two_slips_are_too_many(one, other):
    assert not is_slip(one, other)


NAMES = (
    *(
        "Lý Thị Mỹ Ý",
        "Y Bhăm Êban",
        "Đỗ Ky",
        "ĐINH Đức Quý",
        "Ma Thị Kỷ-Hy",
        "  Công ty TNHH  Mận & Đào 2 ",
        "",
    ),
    *("Nguyễn Văn Ạnh", unicodedata.normalize("NFD", "Trần Thuý Vy"), "H'Hen Niê", "Lò Ly"),
)


def test_the_database_folds_the_same(db):
    with connection.cursor() as cursor:
        one = Folded.template % {"expressions": "name"}
        cursor.execute(
            f"SELECT {one} FROM unnest(%s::text[]) WITH ORDINALITY AS given(name, at) ORDER BY at",
            [list(NAMES)],
        )
        assert [row[0] for row in cursor.fetchall()] == [fold(name) for name in NAMES]
