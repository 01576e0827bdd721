"""Numbers given out by fifty writers at once: none twice, none missing."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from motcua.lib.numbering import next_number

WRITERS, EACH, SERIES = 50, 8, 3


@pytest.mark.django_db(transaction=True)
def test_fifty_writers_at_once_leave_no_gap_and_give_no_number_twice():
    together = Barrier(WRITERS)

    def write(writer):
        chance, kept = random.Random(writer), []  # noqa: S311 — the same every time
        together.wait()
        for _turn in range(EACH):
            series = f"series {chance.randrange(SERIES)}"
            with transaction.atomic():
                number = next_number(series)
                is_kept = chance.random() < 0.7
                transaction.set_rollback(not is_kept)
            kept += [(series, number)] * is_kept
        connections.close_all()
        return kept

    with ThreadPoolExecutor(WRITERS) as pool:
        given = [one for kept in pool.map(write, range(WRITERS)) for one in kept]
    lengths = Counter(series for series, _number in given)
    assert sorted(given) == [(series, n) for series in sorted(lengths) for n in range(1, lengths[series] + 1)]
    assert len(given) > WRITERS * EACH / 2
