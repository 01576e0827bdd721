"""What the national report's measuring says: of fewer dossiers than the budget speaks of, nobody knows whether it holds."""

import pytest

from motcua.config.children import CannotStartError
from motcua.config.nationwide import DOSSIERS, figures, is_to_be_filled, page

COUNTED = {"took": 9.0, "counts": 4, "differing": 0, "report": [1], "by_hand": [1]}


def test_a_budget_is_met_only_by_as_many_dossiers_as_it_speaks_of():
    assert [one[2:] for one in (*figures(COUNTED, DOSSIERS), page("a province", [0.5], DOSSIERS))] == [
        ("≤ 60 s", True),
        ("the same to the digit", True),
        ("≤ 2 s", True),
    ]
    assert [one[3] for one in figures(COUNTED | {"took": 61.0, "differing": 1}, DOSSIERS)] == [False, False]
    assert page("a province", [0.5], 500)[2:] == (
        "≤ 2 s (measured with 500, the budget speaks of 44,700,000)",
        None,
    )
    assert [one[3] for one in figures(COUNTED, 500)] == [None, None]


def test_a_mirror_that_was_kept_is_not_filled_again_and_one_of_another_size_is_not_taken_for_it():
    assert (is_to_be_filled(0, 500), is_to_be_filled(500, 500)) == (True, False)
    with pytest.raises(CannotStartError, match="500 dossiers, not 900"):
        is_to_be_filled(500, 900)
