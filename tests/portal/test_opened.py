"""Who opened one's dossiers and papers at the agencies: told for dossiers filed online and brought to a counter, with its question button."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers import actions, tasks
from motcua.dossiers.models import Application, Brought, Dossier, Look, Opening
from motcua.exchange.messages import HANDLERS, Unfit
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.opinions import actions as opinions
from motcua.opinions.models import Question
from motcua.organisations.models import Agency
from motcua.people.models import Account
from motcua.petitions.models import Petition, Received
from motcua.portal import own
from tests import given, post
from tests.portal.test_my import exchange, queries, visitor  # noqa: F401 — fixtures
from tests.post import run_jobs, settle

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/my/data/ask/papers/\?at=\d+)"')


@pytest.fixture
def counter():
    """Brought to Sa Pa's own counter by Mây, not received yet."""
    given.procedure()
    return at_counter(given.dossier())


@pytest.fixture
def later(monkeypatch):
    """The clock is put forward."""

    def later(by):
        moment = timezone.now() + by
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return later


def at_counter(dossier):
    Dossier.objects.filter(pk=dossier.pk).update(origin=dossier.agency, channel=1, contact={})
    return Dossier.objects.get(pk=dossier.pk)


def look_into(dossier, role="receiver"):
    actions.open_paper(dossier, by=given.officer(role), paper=dossier.papers.first())
    settle(times=2)


def lines(client, of=""):
    return [
        (one.who, one.code, bool(one.why)) for one in client.get(f"/my/data/{of}").context["openings"].lines
    ]


def test_who_opened_ones_papers_at_the_agency_is_told_once_and_to_nobody_else(visitor, exchange):  # noqa: F811
    dossier = given.dossier(at="accepted")
    for _time in range(2):
        look_into(dossier, "registrar")
    told = Opening.objects.order_by("at")
    assert [(one.who, one.paper) for one in told] == [("Đỗ Minh Lâm", "giay-chung-sinh.png")] * 2
    page = visitor().get("/my/data/")
    assert [one.at for one in page.context["openings"].lines] == [one.at for one in reversed(told)]
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


def test_a_business_s_is_told_to_whoever_may_act_for_it(visitor, exchange, counter):  # noqa: F811
    held = given.business("may")
    Dossier.objects.filter(pk=counter.pk).update(
        applicant_number=given.BUSINESS, applicant_name=held.principal_name
    )
    look_into(Dossier.objects.get())
    assert lines(visitor(), f"?of={held.pk}") == [("Phạm Thu Sương", "", True)]
    assert (lines(visitor()), lines(visitor("suoi"))) == ([], [])


def look_at(dossier, *keys):
    """Each opens the dossier's page at the desk, twice; then the half hour is over."""
    for key in keys * 2:
        assert given.signed_in(key).get(f"/desk/dossiers/{dossier.pk}/").status_code == 200
    tasks.looks(0)
    settle(times=2)


@pytest.mark.parametrize("is_at_counter", [False, True])
def test_who_opened_the_dossier_itself_is_told_once_a_day(visitor, exchange, is_at_counter, later):  # noqa: F811
    dossier = given.dossier(at="accepted")
    dossier = at_counter(dossier) if is_at_counter else dossier
    look_at(dossier, "lam", "suong")
    look_at(dossier, "lam")
    known = [("Phạm Thu Sương", dossier.code, True), ("Đỗ Minh Lâm", dossier.code, True)]
    assert lines(visitor()) == known
    assert "Hồ sơ và nội dung kê khai" in visitor().get("/my/data/").content.decode()
    assert [entry.actor["name"] for entry in Entry.objects.of("dossiers.DossierOpened").order_by("id")] == [
        "Đỗ Minh Lâm",
        "Phạm Thu Sương",
    ]
    later(timedelta(days=1))
    look_at(dossier, "lam")
    assert lines(visitor()) == [known[1], *known]
    later(timedelta(days=2))
    tasks.looks(0)
    assert Look.objects.count() == 1


def test_a_deed_alone_is_no_look_and_what_one_opens_of_one_s_own_is_told_to_nobody(exchange):  # noqa: F811
    dossier = given.dossier(at="accepted")
    given.signed_in("lam").post(f"/desk/dossiers/{dossier.pk}/note/", {"text": "Đã gọi điện."})
    assert Look.objects.count() == 0
    Dossier.objects.filter(pk=dossier.pk).update(applicant_number=given.BY_KEY["lam"].number)
    look_at(dossier, "lam")
    look_into(Dossier.objects.get(), "registrar")
    assert (Opening.objects.count(), Look.objects.get().is_told) == (0, True)


def test_opening_a_dossier_costs_its_page_one_statement(exchange):  # noqa: F811
    dossier = given.dossier(at="accepted")
    by = given.officer("registrar")
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            actions.open_dossier(dossier, by=by)
        assert len(asked) == 1
    assert (Look.objects.count(), Entry.objects.of("dossiers.DossierOpened").count()) == (1, 1)
    with pytest.raises(Refused):
        actions.open_dossier(dossier, by=given.actor("man"))


def consulted(dossier):
    """The question as it lies at Bắc Hà, which Sa Pa asks about the dossier with its first paper."""
    actions.consult(
        dossier, by=given.officer("registrar"), agencies=[given.agency(given.BAC_HA)], question="Có đúng không?",
        papers=[dossier.papers.first().pk], days=3, one_is_enough=False,
    )  # fmt: skip
    settle(times=2)
    return Question.objects.get()


@pytest.mark.parametrize("is_at_counter", [False, True])
def test_so_it_is_at_an_agency_asked_for_its_opinion_and_that_agency_is_asked_why(
    visitor,  # noqa: F811
    exchange,  # noqa: F811
    is_at_counter,
):
    dossier = given.dossier(at="accepted")
    dossier = at_counter(dossier) if is_at_counter else dossier
    question, man = consulted(dossier), given.signed_in("man")
    for _time in range(2):
        assert man.get(f"/desk/questions/{question.pk}/").status_code == 200
        settle(times=2)
    assert [line[:2] for line in lines(visitor())] == [("Sùng Thị Mận", dossier.code)]
    assert man.get(f"/desk/questions/{question.pk}/papers/0/").status_code == 200
    settle(times=2)
    told = Opening.objects.order_by("at", "pk")
    assert [(one.who, one.paper, one.agencies[0]) for one in told] == [
        ("Sùng Thị Mận", "", given.BAC_HA),
        ("Sùng Thị Mận", question.papers[0]["name"][:200], given.BAC_HA),
    ]
    client = visitor()
    page = client.get(unescape(LINK.search(client.get("/my/data/").content.decode())[1]))
    typed = {"key": str(uuid4()), "reading": page.context["form"].initial["reading"], "text": "Mở để làm gì?"}
    assert client.post("/my/data/ask/papers/", typed).status_code == 302
    settle()
    assert Received.objects.get().agency == given.BAC_HA


def test_whose_matter_it_is_and_the_letter_of_the_agency_are_told_of_nobody(exchange):  # noqa: F811
    question = consulted(given.dossier(at="accepted"))
    letter = {"name": "y-kien.png", "media": "image/png", "size": 1, "digest": given.blob_of_picture()}
    opinions.answer_question(question, by=given.actor("man"), verdict="agrees", answer="Đúng.", file=letter)
    opinions.open_enclosure(question, by=given.actor("man"), digest=letter["digest"])
    Question.objects.update(concerned=[given.BY_KEY["man"].number])
    opinions.open_question(Question.objects.get(), by=given.actor("man"))
    settle(times=2)
    assert Entry.objects.of("opinions.QuestionOpened", "opinions.EnclosureOpened").count() == 2
    assert (Opening.objects.count(), Entry.objects.of("opinions.InquiryOpened").count()) == (0, 0)


def test_only_who_was_asked_tells_that_it_was_opened(exchange):  # noqa: F811
    question = consulted(given.dossier(at="accepted"))
    opinions.open_question(question, by=given.actor("man"))
    run_jobs()
    told = post.message_of(Outbox.objects.get(kind="opinion.opened"))
    with pytest.raises(Unfit):
        HANDLERS["opinion.opened"](replace(told, sender="G22"))
    HANDLERS["opinion.opened"](told)
    HANDLERS["opinion.opened"](told)
    assert Entry.objects.of("opinions.InquiryOpened").count() == 1


@pytest.mark.parametrize("way", ["above", "sent on"])
def test_it_is_told_by_way_of_the_agency_it_came_from(visitor, exchange, way):  # noqa: F811
    """Of a dossier another agency decides, or handles since it was brought to the wrong counter."""
    dossier = given.dossier(at="accepted")
    other = Dossier.objects.create(
        version=dossier.version,
        agency=given.BAC_HA,
        origin=given.SA_PA,
        channel=1,
        applicant_name=dossier.applicant_name,
        applicant_number=dossier.applicant_number,
        sent_at=dossier.sent_at,
        **{"below": dossier.pk, "part": []} if way == "above" else {},
        filing={} if way == "above" else {"brought_as": str(dossier.pk), "brought_to": given.SA_PA},
    )
    post.REFUSED.clear()
    look_at(other, "man")
    # Nothing was sent there from here.
    assert (lines(visitor()), [kind for kind, _why in post.REFUSED]) == ([], ["dossier.opened"] * 2)
    if way == "above":
        dossier.steps.filter(pk=dossier.steps.first().pk).update(above=other.pk, agency=given.BAC_HA)
    else:
        Dossier.objects.filter(pk=at_counter(dossier).pk).update(forward_to=given.BAC_HA)
    Look.objects.update(is_told=False)
    tasks.looks(0)
    settle(times=2)
    (line,) = visitor().get("/my/data/").context["openings"].lines
    assert (line.who, line.code) == ("Sùng Thị Mận", dossier.code)
    assert line.agency == Agency.objects.get(code=given.BAC_HA).name_vi


def test_earlier_openings_stand_on_further_pages(visitor, exchange, monkeypatch):  # noqa: F811
    monkeypatch.setattr(own, "OPENINGS", 2)
    dossier = given.dossier(at="accepted")
    for _time in range(5):
        look_into(dossier, "registrar")
    client = visitor()
    pages = [
        client.get(f"/my/data/?openings={page}").context["openings"] for page in ("", "2", "3", "9x", "-1")
    ]
    assert [(len(page.lines), page.next) for page in pages] == [(2, 2), (2, 3), (1, 0), (2, 2), (2, 2)]
    assert "?openings=2#openings" in client.get("/my/data/").content.decode()


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


def test_a_dossier_that_cannot_be_told_of_holds_up_no_other():
    dossiers = [given.dossier(at="accepted"), given.dossier(at="accepted")]
    for dossier in dossiers:
        Look.objects.create(
            id=uuid4(), dossier=dossier, agency="H38", looker="person:x", who="Đỗ Minh Lâm", at=timezone.now()
        )
    first = next(Dossier.objects.filter(pk__in=[one.pk for one in dossiers]).with_procedures().iterator())
    # Whoever brought it is known, and not to which counter: no such row comes about, but one that is broken can.
    Dossier.objects.filter(pk=first.pk).update(filing={"brought_as": str(first.pk)})
    tasks.looks(0)
    told = dict(Look.objects.values_list("dossier", "is_told"))
    assert told.pop(first.pk) is False
    assert list(told.values()) == [True]
