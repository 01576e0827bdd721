"""Every list of the desk that is not measured beside its own tests: as many queries for thirty rows as for one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.mandates.models import Claim
from motcua.notices.models import Notice
from motcua.opinions.models import Question
from motcua.organisations.models import Agency, Post
from motcua.people.models import Account, Appointment
from motcua.petitions.models import Received
from motcua.procedures.models import Draft, Version
from motcua.procedures.polls import Poll
from motcua.queues.models import Queue
from motcua.reorganisations.models import Plan
from tests import given
from tests.desk.conftest import visitor  # noqa: F401 — browsers of the demo's people
from tests.lists.rows import NUMBERS, row

COUNTED = 25


def officer():
    post = Post.objects.filter(agency=given.SA_PA).first()
    return row(Appointment, account=row(Account), post=post, valid_from="2026-01-01")


def version():
    base = given.procedure(given.BIRTH)
    since = timezone.localdate() + timedelta(days=next(NUMBERS))
    digest = uuid4().hex * 2
    return row(
        Version,
        procedure=base.procedure,
        content=base.content,
        digest=digest,
        effective_from=since,
        effective_until=since,
    )


def poll():
    counted = {"state": Poll.State.CLOSED, "answered": 1, "assented": 1, "closed_at": timezone.now()}
    return row(Poll, procedure=given.procedure(given.BIRTH).procedure, **counted)


# Who looks, at which list, and what one row of it is.
LISTS = {
    "/desk/people/": ("thong", officer),
    "/desk/petitions/": ("lam", lambda: row(Received, agency=given.SA_PA, kind=Received.Kind.QUESTION)),
    "/desk/mandates/": ("suong", lambda: row(Claim, agency=given.SA_PA)),
    "/desk/questions/": ("lam", lambda: row(Question, agency=given.SA_PA)),
    "/desk/notices/": ("lam", lambda: row(Notice, recipient=given.account("lam"), code="tests.of_lists")),
    "/desk/procedures/": (
        "thong",
        lambda: row(Draft, base=given.procedure(given.BIRTH), content=given.procedure(given.BIRTH).content),
    ),
    "/desk/procedures/2.000986/": ("thong", version),
    "/desk/procedures/2.000986/polls/": ("thong", poll),
    "/desk/reorganisations/": ("xep", lambda: row(Plan, agency=Agency.objects.get(code="H38"))),
    "/desk/queue/": (
        "thong",
        lambda: row(Queue, agency=given.SA_PA, letter=chr(64 + Queue.objects.count() + 1)),
    ),
}


@pytest.mark.parametrize("page", LISTS)
def test_a_list_asks_as_often_for_many_as_for_one(visitor, page):  # noqa: F811
    given.country()
    given.procedure(given.BIRTH)
    who, more = LISTS[page]
    client, asked = visitor(who), []
    for rows in (1, COUNTED):
        for _row in range(rows):
            more()
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(page)
        assert shown.status_code == 200
        asked.append((len(queries), len(shown.content)))
    (few, short), (many, long) = asked
    assert (few, long > short + 20 * COUNTED) == (many, True)
    assert many <= 12
