"""How many statements each transition of a dossier takes: the budget of the architecture is eight."""

import pytest

from motcua.config import pairs
from tests import given

# Without fee and without another agency: signed by the chair.
PLAINEST = "2.001410"


@pytest.mark.django_db(transaction=True)
def test_the_plainest_dossier_is_brought_in_and_received_with_few_statements(desk):
    given.keys()
    given.procedure(PLAINEST)
    given.officer("chair")
    known = pairs.prepared()
    assert (known["bringing"], known["receiving"]) == (10, 8)


@pytest.mark.django_db(transaction=True)
def test_every_transition_takes_few_statements(desk):
    given.keys()
    given.procedure(PLAINEST)
    given.officer("chair")
    body, _first = pairs.fitting(desk.token)
    pairs.further(desk.token, body)  # what is read once for all is read
    assert dict(pairs.further(desk.token, body)) == {
        "refuse it over the API": 6,
        "ask for a supplement": 7,
        "take the supplement in": 7,
        "propose the result": 8,
        "sign it, sealed, within the process": 18,
        "hand it over": 8,
    }
