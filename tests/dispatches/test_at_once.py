"""Fifty documents are entered, and others signed, at the same moment: every number once, and none left out."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from motcua.dispatches import actions
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.lib.actions import NotNow
from tests import given
from tests.dispatches.conftest import clerk_there, issued, there, written
from tests.post import carry_messages
from tests.racing import WAITING, apart

pytestmark = pytest.mark.django_db(transaction=True)
CLERKS, SIGNED = 50, 4


def at_once(deeds):
    """All of them, as many at a time as there are clerks; what each came to."""
    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(apart, deeds))


def test_fifty_arrivals_entered_at_once_have_fifty_numbers():
    clerk = clerk_there()
    came = [
        Incoming(
            agency=given.BAC_HA,
            sender=given.SA_PA,
            subject="Báo cáo",
            message=f"{place:064x}",
            document_id=str(place),
        )
        for place in range(CLERKS)
    ]
    for one in came:
        actions.arrive(one, by=given.SYSTEM)

    def entering(document):
        # Two press for the same document: one of them is told that it is done.
        def deed():
            try:
                actions.register(Incoming.objects.get(pk=document.pk), by=clerk)
            except NotNow:
                return 0
            return 1

        return deed

    done = at_once([entering(one) for one in came for _twice in range(2)])
    assert sum(done) == CLERKS
    assert sorted(Incoming.objects.values_list("serial", flat=True)) == list(range(1, CLERKS + 1))


def test_documents_signed_at_once_have_each_its_number_and_what_fails_takes_none():
    chair, drafter = given.officer("chair"), given.officer("specialist")
    ready = [actions.submit(written(), by=drafter) for _each in range(SIGNED)]
    unprintable = actions.submit(written(text="\U0001f600"), by=drafter)

    def signing(document):
        def deed():
            try:
                return actions.sign(
                    Outgoing.objects.get(pk=document.pk), by=chair, position="Chủ tịch"
                ).serial
            except Exception as fault:
                return type(fault).__name__

        return deed

    told = at_once([signing(one) for one in [unprintable, *ready]])
    assert told[0] == "Invalid"
    assert sorted(told[1:]) == list(range(1, SIGNED + 1))


def test_copies_made_at_once_have_each_its_number():
    clerk = clerk_there()
    issued()
    document = actions.register(there(), by=clerk)
    done = at_once(
        [
            lambda: actions.copy(Incoming.objects.get(pk=document.pk), by=clerk, manner="true").serial
            for _each in range(SIGNED)
        ]
    )
    assert sorted(done) == list(range(1, SIGNED + 1))


def test_what_a_receiver_tells_waits_for_the_document_before_it_takes_its_own_line():
    """A recall and a reminder lock the document and then its receivers; the other way round each would wait for the other."""
    letter = issued()
    actions.register(there(), by=clerk_there())
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            Outgoing.objects.select_for_update().get(pk=letter.pk)
            telling, waiting = pool.submit(apart, carry_messages), 0
            while not waiting and not telling.done():
                cursor.execute(WAITING)
                (waiting,) = cursor.fetchone()
            assert Delivery.objects.select_for_update(nowait=True).get().state == "01"
        telling.result()
    assert Delivery.objects.get().state == "03"
