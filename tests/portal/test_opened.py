"""Who opened one's papers at the agencies: told for dossiers filed online and brought to a counter, with its question button."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from motcua.dossiers import actions
from motcua.dossiers.models import Application, Brought, Dossier, Opening
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.people.models import Account
from motcua.petitions.models import Petition, Received
from tests import given, post
from tests.portal.test_my import exchange, queries, visitor  # noqa: F401 — fixtures
from tests.post import settle

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/my/data/ask/papers/\?at=\d+)"')


@pytest.fixture
def counter():
    """Brought to Sa Pa's own counter by Mây, not received yet."""
    given.procedure()
    return at_counter(given.dossier())


def at_counter(dossier):
    Dossier.objects.filter(pk=dossier.pk).update(origin=dossier.agency, channel=1, contact={})
    return Dossier.objects.get(pk=dossier.pk)


def look_into(dossier, role="receiver"):
    actions.open_paper(dossier, by=given.officer(role), paper=dossier.papers.first())
    settle(times=2)


def lines(client, of=""):
    return [(one.who, one.code, bool(one.why)) for one in client.get(f"/my/data/{of}").context["openings"]]


def test_who_opened_ones_papers_at_the_agency_is_told_once_and_to_nobody_else(visitor, exchange):  # noqa: F811
    dossier = given.dossier(at="accepted")
    for _time in range(2):
        look_into(dossier, "registrar")
    told = Opening.objects.order_by("at")
    assert [(one.who, one.paper) for one in told] == [("Đỗ Minh Lâm", "giay-chung-sinh.png")] * 2
    page = visitor().get("/my/data/")
    assert [one.at for one in page.context["openings"]] == [one.at for one in reversed(told)]
    html = page.content.decode()
    assert (f'href="/applications/{dossier.pk}/"' in html, len(LINK.findall(html))) == (True, 2)
    assert lines(visitor("suoi")) == []
    held = given.business("may")
    assert lines(visitor(), f"?of={held.pk}") == []


def test_so_it_is_of_a_dossier_brought_to_the_counter_also_before_it_is_received(visitor, exchange, counter):  # noqa: F811
    look_into(counter)
    assert lines(visitor()) == [("Phạm Thu Sương", "", True)]
    # It has no code yet by which it could be followed.
    assert visitor().get("/my/").context["brought"] == []
    actions.accept(counter, by=given.officer("receiver"))
    settle(times=2)
    look_into(counter, "registrar")
    counter.refresh_from_db()
    assert lines(visitor()) == [("Đỗ Minh Lâm", counter.code, True), ("Phạm Thu Sương", counter.code, True)]
    assert [row.code for row in visitor().get("/my/").context["brought"]] == [counter.code]
    assert f"?code={counter.code}" in visitor().get("/my/data/").content.decode()
    assert Entry.objects.of("dossiers.OpeningLearned").count() == 2
    assert (lines(visitor("suoi")), lines(visitor(), f"?of={given.business('may').pk}")) == ([], [])
    # A number mistyped at a counter shows nobody another's.
    Account.objects.filter(pk=given.account("may").pk).update(name="Tên Khác")
    assert lines(visitor()) == []


def test_a_business_s_and_another_agency_s_dossier_is_told_to_nobody(counter):
    Dossier.objects.filter(pk=counter.pk).update(applicant_number=given.BUSINESS)
    look_into(Dossier.objects.get())
    Dossier.objects.filter(pk=counter.pk).update(
        applicant_number=counter.applicant_number, filing={"brought_as": str(uuid4())}
    )
    look_into(Dossier.objects.get())
    assert (Opening.objects.count(), Brought.objects.count()) == (0, 0)


def test_only_the_agency_that_has_the_dossier_tells_of_it(counter):
    look_into(counter)
    Brought.objects.update(agency=given.BAC_HA)
    post.REFUSED.clear()
    look_into(counter)
    assert [kind for kind, _why in post.REFUSED] == ["dossier.opened"] * 2
    assert (Opening.objects.count(), Outbox.objects.count()) == (1, 0)


@pytest.mark.parametrize("is_at_counter", [False, True])
def test_an_opening_is_asked_about_and_answered(visitor, exchange, is_at_counter):  # noqa: F811
    dossier = given.dossier(at="accepted")
    given.procedure()
    look_into(at_counter(dossier) if is_at_counter else dossier, "registrar")
    client = visitor()
    link = unescape(LINK.search(client.get("/my/data/").content.decode())[1])
    assert visitor("suoi").get(link).status_code == 404
    assert [client.get(f"/my/data/ask/papers/?at={at}").status_code for at in ("x", "9" * 30, "0")] == [
        404
    ] * 3
    page = client.get(link)
    assert "giay-chung-sinh.png" in page.content.decode()
    typed = {"key": str(uuid4()), "reading": page.context["form"].initial["reading"], "text": "Mở để làm gì?"}
    assert client.post("/my/data/ask/papers/", typed).status_code == 302
    asked = Petition.objects.get()
    assert (asked.kind, asked.agency, asked.about["dossier"]) == ("question", given.SA_PA, dossier.code)
    settle()
    desk = visitor("lam").get(f"/desk/petitions/{Received.objects.get().pk}/")
    assert "giay-chung-sinh.png" in desk.content.decode()


def test_many_openings_of_both_kinds_cost_no_more_questions_than_one(visitor, exchange):  # noqa: F811
    dossier, client = given.dossier(at="accepted"), visitor()
    look_into(dossier, "registrar")
    client.get("/my/data/")
    one = queries(client, "/my/data/")
    look_into(dossier, "registrar")
    for _time in range(3):
        look_into(at_counter(dossier), "registrar")
    assert (len(lines(client)), queries(client, "/my/data/")) == (5, one)


def test_openings_written_down_before_stay_and_each_is_of_one_dossier():
    dossier = given.dossier(at="accepted")
    settle()
    look_into(dossier, "registrar")
    connection.check_constraints()  # else the rows just written are still looked at when their table changes
    for name in ("0011_found_by_rating", "0012_openings_at_a_counter"):
        MigrationExecutor(connection).migrate([("dossiers", name)])
    kept = Opening.objects.get()
    assert (kept.application_id, kept.brought_id, kept.who) == (dossier.pk, None, "Đỗ Minh Lâm")
    for change in ({"application": None}, {"brought": dossier.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Opening.objects.update(**change)
    assert Application.objects.count() == 1
