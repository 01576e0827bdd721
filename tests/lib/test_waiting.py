"""Waiting: until the answer is yes, or no longer."""

import pytest

from motcua.lib.waiting import until


def test_it_is_asked_until_the_answer_is_yes_or_patience_ends():
    answers, done = [0, "", 7], []

    def ask():
        return answers.pop(0)

    patient = {"patience": 60, "pause": 0, "otherwise": AssertionError, "meanwhile": lambda: done.append(1)}
    assert (until(ask, **patient), answers, done) == (7, [], [1, 1])
    with pytest.raises(LookupError, match="in vain"):
        until(lambda: 0, patience=-1, pause=0, otherwise=lambda: LookupError("in vain"))
