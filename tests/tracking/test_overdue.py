"""What is overdue is published: by code, never by name; the country's list and the agency's own."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers.models import Dossier
from motcua.lib.actors import Actor
from motcua.tracking import actions
from tests import given
from tests.desk.conftest import accepted, arrived  # noqa: F401 — dossiers on the desks of Sa Pa
from tests.tracking.conftest import told

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 10, 1, 3, tzinfo=UTC)


def known(*states, **about):
    """Dossiers as agencies told of them."""
    batch = [
        told(
            state,
            dossier=uuid.uuid4(),
            **(
                {
                    "code": f"H38.02683-261001-{place:04}",
                    "due_at": LONG_AGO + timedelta(minutes=place),
                }
                | about
            ),
        )
        for place, state in enumerate(states, 1)
    ]
    actions.take_states(batch, by=Actor.system("tracking"))


def codes(client, address):
    return re.findall(r'<span class="code">([^<]+)</span>', client.get(address).content.decode())


def test_the_country_lists_what_is_late_and_worked_on(client):
    known(2, 4, 5, 9)
    assert codes(client, "/numbers/overdue/") == ["H38.02683-261001-0001", "H38.02683-261001-0002"]


def test_what_is_in_time_is_not_listed(client):
    known(4, due_at=timezone.now() + timedelta(days=1))
    page = client.get("/numbers/overdue/").content.decode()
    assert page.count("<h1>Không hồ sơ nào trễ hẹn</h1>") == 1


def test_one_agency_and_those_below_it(client):
    given.agency()
    known(4, agency="H38.02683")
    known(4, agency="H15", code="H15-261001-0001")
    assert codes(client, "/numbers/overdue/?under=H38") == ["H38.02683-261001-0001"]


def test_pages_follow_one_another_by_key_with_as_many_queries(client):
    known(*[4] * 60)
    first = client.get("/numbers/overdue/").content.decode()
    (more,) = re.findall(r'<a href="(\?after=[^"]+)">Trang sau</a>', first)
    assert (len(codes(client, "/numbers/overdue/")), len(codes(client, f"/numbers/overdue/{more}"))) == (
        50,
        10,
    )
    with CaptureQueriesContext(connection) as queries:
        client.get("/numbers/overdue/")
    with CaptureQueriesContext(connection) as fewer:
        client.get(f"/numbers/overdue/{more}")
    assert len(queries) == len(fewer) <= 5


@pytest.mark.parametrize("after", ["x", "2026-10-01~y", "2026-10-01T00:00:00+07:00~y", "%00"])
def test_an_address_that_makes_no_sense_is_the_first_page(client, after):
    known(4)
    assert codes(client, f"/numbers/overdue/?after={after}") == ["H38.02683-261001-0001"]


def test_an_agency_publishes_its_own_without_names(accepted, client):  # noqa: F811
    late, _fine = accepted(1, 99)
    Dossier.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=9))
    page = client.get("/overdue/").content.decode()
    assert re.findall(r'<span class="code">([^<]+)</span>', page) == [late.code]
    assert (page.count(late.applicant_name), page.count(late.applicant_number)) == (0, 0)
