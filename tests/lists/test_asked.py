"""Lists of what an address or a visit names: as many queries for as many as the page takes as for one."""

from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motcua.desk.views import bulk, queue, signing
from motcua.dossiers.models import Application, Batch, Dossier, Opening, Step
from motcua.mandates.models import Mandate
from motcua.organisations.models import Agency
from motcua.payments.actions.owing import MOST_TOGETHER
from motcua.payments.models import Charge
from motcua.petitions.models import Kind, Petition
from motcua.portal import own, readings
from motcua.queues.models import Queue, Ticket
from motcua.sharing.registers import KEEPERS
from tests import given
from tests.desk.conftest import visitor  # noqa: F401 — browsers of the demo's people
from tests.lists.rows import NUMBERS, row, rows
from tests.lists.test_pages import COUNTED, officers

LARGEST_SAMPLE = 50


def dossiers(many, **said):
    base = given.procedure(given.BIRTH)
    coded = {
        "code": lambda: f"H38.03006-261001-{next(NUMBERS):04}",
        "accepted_at": timezone.now(),
        "due_at": timezone.now(),
    }
    return rows(Dossier, many, agency=given.SA_PA, version=base, **(coded | said))


def ended(many):
    """So many that got their result, each by a step of another officer."""
    now = timezone.now()
    made = dossiers(many, state=10, ended_at=now)
    by = {"by_urn": lambda: f"person:{next(NUMBERS)}", "by_name": "Cán bộ", "started_at": now}
    done = {"key": "receive", "kind": "human", "agency": given.SA_PA, "state": "done"} | by
    rows(Step, many, dossier=list(made).pop, ended_at=now, due_at=now, **done)
    return made


def indicators(_visit, many):
    ended(many)
    return reverse("desk:indicators")


def inspection(_visit, many):
    ended(many)
    return f"{reverse('desk:inspection')}?seed=84213&size={LARGEST_SAMPLE}"


def filters(_visit, many):
    officers(many)
    dossiers(many, state=2)
    return f"{reverse('desk:filter')}?show=agency"


def chosen(_visit, many):
    ids = [one.pk for one in dossiers(many, state=1, code=None, accepted_at=None, due_at=None)]
    return f"{reverse('desk:bulk')}?{urlencode([('verb', 'accept'), *(('dossier', pk) for pk in ids)])}"


def outcomes(visit, many):
    told = [{"dossier": str(one.pk), "trouble": ""} for one in dossiers(many, state=2)]
    keep(visit, bulk.KEPT, {"token": "t", "verb": "accept", "outcomes": told})
    return reverse("desk:bulk_done")


def signed(visit, many):
    ids = [str(one.pk) for one in dossiers(many, state=9, ended_at=timezone.now())]
    keep(visit, signing.ASKED, {"ids": ids, "since": timezone.now().isoformat()})
    return reverse("desk:signing")


def keep(visit, name, said):
    session = visit.session
    session[name] = said
    session.save()


def drafts(many):
    """So many more rows of one list of a business, filed under its mandate."""
    mandate = Mandate.objects.first() or given.business("doi")
    shared = {
        "account": given.account("doi"),
        "mandate": mandate,
        "version": given.procedure(given.COPY),
        "case": "birth",
        "agency": given.SA_PA,
        "agency_name": given.AGENCIES[given.SA_PA],
    }
    batch = Batch.objects.first() or row(Batch, **shared)
    rows(Application, many, batch=batch, row=lambda: next(NUMBERS), **shared)
    rows(Batch, many, **shared)
    return batch


def of_list(_visit, many):
    batch = drafts(many)
    return reverse("portal:batch", args=[batch.pk])


def of_business(_visit, many):
    drafts(many)
    return reverse("portal:business", args=[given.BUSINESS])


def owed(_visit, many):
    charges = rows(Charge, many, payee=given.SA_PA, amount=1000, code=lambda: f"P{next(NUMBERS):09}")
    return f"{reverse('payments:together')}?{urlencode([('of', one.pk) for one in charges])}"


def called(_visit, many):
    """So many numbers on their way to the counters, each of a queue of its own."""
    letters = [chr(ord("A") + place) for place in range(many)]
    Ticket.objects.all().delete()
    Queue.objects.all().delete()
    queues = rows(Queue, many, agency=given.SA_PA, letter=letters.pop)
    now = {"called_at": timezone.now, "counter": "1", "state": Ticket.State.CALLED}
    rows(Ticket, many, queue=queues.pop, agency=given.SA_PA, **now)
    return reverse("desk:screen", args=[given.SA_PA])


def read_by_many(visit, many):
    """The registers have said so many readings each, by as many agencies; papers were opened and questions asked as often."""
    me, codes = given.account("may"), list(Agency.objects.values_list("code", flat=True)[:many])
    told = {
        "service": "population.person",
        "agency_name": "Cơ quan",
        "reader": "Cán bộ",
        "purpose": "Khai sinh",
    }
    said = [
        told | {"at": timezone.now().isoformat(), "agency": code, "dossier": f"H38-{place}"}
        for place, code in enumerate(codes)
    ]
    answers = {key: {"readings": said, "next": ""} for key in KEEPERS}
    keep(visit, readings.KEPT, {"": {"at": timezone.now().isoformat(), "said": answers}})
    shared = {
        "version": given.procedure(given.COPY),
        "agency": given.SA_PA,
        "agency_name": "Sa Pa",
        "case": "birth",
    }
    mine = rows(Application, many, account=me, **shared)
    rows(Opening, many, application=list(mine).pop, key=lambda: f"H38:{next(NUMBERS)}")
    rows(Petition, many, account=me, kind=Kind.QUESTION)
    return reverse("portal:data")


# Who looks, what is there to be seen, and from how many to how many: where a page takes fewer than a hundred, as many as it takes.
ASKED = {
    "desk:indicators": ("lua", indicators, 1, COUNTED),
    "desk:inspection": ("lua", inspection, 1, LARGEST_SAMPLE),
    "desk:filter": ("lam", filters, 1, COUNTED),
    "desk:bulk": ("suong", chosen, 1, COUNTED),
    "desk:bulk_done": ("suong", outcomes, 1, COUNTED),
    "desk:signing": ("lua", signed, 1, COUNTED),
    "desk:screen": ("", called, 1, queue.SHOWN),
    "portal:data": ("may", read_by_many, 1, own.OPENINGS),
    "portal:batch": ("doi", of_list, 1, COUNTED),
    "portal:business": ("doi", of_business, 1, COUNTED),
    "payments:together": ("", owed, 2, MOST_TOGETHER),
}
# A page grows by a line for each; of the lists turned by pages (the dossiers of a business) twenty stand on one.
A_LINE, FEWEST_SHOWN = 20, 18


@pytest.mark.parametrize("page", ASKED)
def test_what_is_asked_for_asks_as_often_for_many_as_for_few(visitor, page):  # noqa: F811
    given.country()
    given.procedure(given.BIRTH)
    who, make, few, many = ASKED[page]
    visit, counted = visitor(who), []
    for number in (few, many):
        address = make(visit, number)
        visit.get(address)
        cache.clear()  # what a page remembers for a while is asked for too
        with CaptureQueriesContext(connection) as queries:
            shown = visit.get(address)
        assert shown.status_code == 200
        counted.append((len(queries), len(shown.content)))
    (asked, short), (again, long) = counted
    assert (asked, long > short + A_LINE * FEWEST_SHOWN) == (again, True)
    assert again <= 20
