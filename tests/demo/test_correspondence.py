"""Documents made by the dozen, for measuring, are written, signed, sent, registered and found as any other is."""

import pytest

from motcua.demo import correspondence
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.dispatches.wording import query_of
from tests import given
from tests.post import settle


@pytest.mark.django_db(transaction=True)  # at its end the database is vacuumed
def test_documents_go_from_one_agency_to_the_other_and_their_copies_are_found():
    given.country()
    given.keys()
    for key in ("tem", "ban", "phong"):
        given.actor(key)
    correspondence.issue(0, 2, 4000)
    settle()
    files = [file for document in Outgoing.objects.all() for file in document.files]
    assert (len({file["digest"] for file in files}), all(file["size"] > 4000 for file in files)) == (4, True)
    assert correspondence.arrived() == len(correspondence.unregistered()) == 2
    correspondence.register(correspondence.unregistered())
    settle()
    assert (correspondence.standing("03"), correspondence.unregistered()) == (2, [])
    assert Delivery.objects.count() == 2
    told = []
    correspondence.multiply(20, told.append)
    assert (told[-1], correspondence.searchable(), Incoming.objects.values("serial").distinct().count()) == (
        100,
        20,
        20,
    )
    for words, some in correspondence.searches(10).items():
        hits = [Incoming.objects.saying(query_of(text, ["H38"])).count() for text in some]
        assert max(hits) == (1 if words == "a word of one document" else 20), (words, hits)
    with pytest.raises(TimeoutError, match="Only 20 of 21"):
        correspondence.wait_for(correspondence.searchable, 21, 0)
