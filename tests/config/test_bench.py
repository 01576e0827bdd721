"""What is measured is written down: in one run, and apart, neither losing the other."""

from motcua.config.asking import READING, WRITING, needed
from motcua.config.measured import COUNTRY, MILLION, Line, with_all, with_apart

ONE, OTHER = Line("a page", "9 ms", "≤ 100 ms", is_met=True), Line("a list", "8 s", "≤ 1 s", is_met=False)


def test_the_part_measured_apart_is_kept_and_replaced_alone():
    page = with_all("", [ONE])
    whole = with_apart(page, MILLION, [OTHER])
    assert whole.startswith(page.rstrip())
    assert whole.count("| a list | 8 s | ≤ 1 s | no |") == whole.count(MILLION) == 1
    again = with_apart(with_all(whole, [OTHER]), MILLION, [ONE])
    assert [again.partition(MILLION)[part].count("| a page |") for part in (0, 2)] == [0, 1]
    assert with_all(whole, [ONE]) == whole


def test_each_part_measured_apart_leaves_the_other_as_it_is():
    page = with_apart(with_all("", [ONE]), COUNTRY, [OTHER])
    both = with_apart(page, MILLION, [ONE])
    assert (both.count(MILLION), both.count(COUNTRY), both.index(MILLION) < both.index(COUNTRY)) == (
        1,
        1,
        True,
    )
    assert both.partition(COUNTRY)[2] == page.partition(COUNTRY)[2]
    assert (
        with_apart(both, MILLION, [ONE])
        == with_apart(both, COUNTRY, [OTHER])
        == with_all(both, [ONE])
        == both
    )


def test_of_a_hundred_requests_one_in_twenty_or_so_writes_and_there_is_enough_to_write_on():
    assert sum(READING.values()) + sum(WRITING.values()) == 100
    assert [needed(name, 3000) for name in WRITING] == [140, 80, 80]
