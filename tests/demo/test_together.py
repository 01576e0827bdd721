"""Processes that live the past side by side, a day at a time."""

import pytest

from motcua.demo.history.together import Fallen, side_by_side

DAYS = 5


def diary(path, name):
    """A work that writes down each of its days."""

    def work(meet):
        for day in range(DAYS):
            meet(lambda: write(path, "morning", day))  # noqa: B023 — called at once
            write(path, name, day)
        return DAYS

    return work


def write(path, name, day):
    with path.open("a") as file:
        file.write(f"{day} {name}\n")


def test_nobody_begins_a_day_before_all_have_ended_the_one_before(tmp_path):
    path = tmp_path / "diary"
    assert side_by_side([diary(path, "first"), diary(path, "second")]) == 2 * DAYS
    lines = path.read_text().splitlines()
    assert lines[::3] == [f"{day} morning" for day in range(DAYS)]
    assert [sorted(lines[at : at + 3]) for at in range(0, len(lines), 3)] == [
        [f"{day} first", f"{day} morning", f"{day} second"] for day in range(DAYS)
    ]


def fall(_meet):
    raise LookupError("no more")


def test_who_falls_lets_nobody_wait(tmp_path, capfd):
    with pytest.raises(Fallen):
        side_by_side([diary(tmp_path / "one", "first"), fall])
    assert "no more" in capfd.readouterr().err
    with pytest.raises(LookupError):
        side_by_side([fall, diary(tmp_path / "two", "second")])
