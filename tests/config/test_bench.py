"""What is measured is written down: in one run, and apart, neither losing the other."""

from motcua.config.measured import MILLION, Line, with_all, with_million

ONE, OTHER = Line("a page", "9 ms", "≤ 100 ms", is_met=True), Line("a list", "8 s", "≤ 1 s", is_met=False)


def test_the_part_measured_apart_is_kept_and_replaced_alone():
    page = with_all("", [ONE])
    whole = with_million(page, [OTHER])
    assert whole.startswith(page.rstrip())
    assert whole.count("| a list | 8 s | ≤ 1 s | no |") == whole.count(MILLION) == 1
    again = with_million(with_all(whole, [OTHER]), [ONE])
    assert [again.partition(MILLION)[part].count("| a page |") for part in (0, 2)] == [0, 1]
    assert with_all(whole, [ONE]) == whole
