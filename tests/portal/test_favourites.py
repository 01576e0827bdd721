"""Favourites and what one used: one's own, by buttons without scripts, and no visit is written down."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.lib.actors import Actor, anonymous
from motcua.procedures import actions
from motcua.procedures.models import Favourite, Procedure
from tests import given

PASSPORT = "1.001456"


def events():
    return list(Entry.objects.filter(event__contains="arked").values_list("event", "about").order_by("pk"))


def lines(page, heading):
    section = page.content.decode().split(f">{heading}<")[1].split("<h2")[0].split("</section>")[0]
    return re.findall(r'card-title"><a href="/procedures/([^"/]+)/"', section)


@pytest.fixture
def passport(db):
    return given.procedure(PASSPORT).procedure


def test_a_procedure_is_marked_and_unmarked_by_a_button_once_however_often_pressed(visitor, passport):
    may = visitor("may")
    person = given.actor("may").urn
    for _press in range(2):
        answer = may.post(
            f"/procedures/{PASSPORT}/favourite/",
            {"marked": "1"},
            headers={"host": "localhost", "referer": f"http://localhost/procedures/{PASSPORT}/"},
        )
        assert (answer.status_code, answer["Location"]) == (302, f"/procedures/{PASSPORT}/")
    assert lines(may.get("/my/procedures/"), "Bạn đã đánh dấu") == [PASSPORT]
    assert "Bỏ đánh dấu" in may.get(f"/procedures/{PASSPORT}/").content.decode()
    for _press in range(2):
        may.post(f"/procedures/{PASSPORT}/favourite/", {"marked": "0"})
    assert lines(may.get("/my/procedures/"), "Bạn đã đánh dấu") == []
    assert events() == [("procedures.ProcedureMarked", person), ("procedures.ProcedureUnmarked", person)]


def test_strangers_are_asked_to_sign_in_and_shown_no_button(passport):
    stranger = Client()
    assert stranger.post(f"/procedures/{PASSPORT}/favourite/", {"marked": "1"}).status_code == 302
    assert stranger.get("/my/procedures/")["Location"].startswith("/account/")
    assert "/favourite/" not in stranger.get(f"/procedures/{PASSPORT}/").content.decode()
    assert Favourite.objects.count() == 0


def test_only_a_post_marks_and_only_a_procedure_there_is(visitor, passport):
    may = visitor("may")
    assert may.get(f"/procedures/{PASSPORT}/favourite/").status_code == 405
    assert may.post("/procedures/9.999999/favourite/", {"marked": "1"}).status_code == 404


def test_nobody_marks_for_another(passport):
    mine = Favourite(account=given.account("may"), procedure=passport)
    for other in (given.actor("suoi"), anonymous, Actor.system("tests")):
        for change in (actions.mark, actions.unmark):
            with pytest.raises(Refused):
                change(mine, by=other)


def test_favourites_are_ones_own_the_last_marked_first(visitor, passport):
    given.procedure("2.000815")
    may, suoi = visitor("may"), visitor("suoi")
    for code in ("2.000815", PASSPORT):
        may.post(f"/procedures/{code}/favourite/", {"marked": "1"})
    assert lines(may.get("/"), "Thủ tục của tôi") == [PASSPORT, "2.000815"]
    assert lines(suoi.get("/my/procedures/"), "Bạn đã đánh dấu") == []
    assert "Thủ tục của tôi" not in suoi.get("/").content.decode()


def test_what_one_applied_for_is_at_hand_and_what_one_looked_at_is_not(visitor, passport):
    may = visitor("may")
    given.application("may")
    given.application("may")
    may.get(f"/procedures/{PASSPORT}/")
    assert lines(may.get("/my/procedures/"), "Bạn vừa dùng") == ["2.000986"]
    assert lines(may.get("/"), "Thủ tục của tôi") == ["2.000986"]


def test_many_favourites_need_no_more_queries_than_one(visitor, passport):
    may, account = visitor("may"), given.account("may")

    def queries(path):
        may.get(path)
        with CaptureQueriesContext(connection) as asked:
            may.get(path)
        return len(asked)

    actions.mark(Favourite(account=account, procedure=passport), by=given.actor("may"))
    few = queries("/my/procedures/"), queries("/")
    for code in ("2.000986", "1.001193", "2.000815", "1.004222", "1.000656"):
        given.procedure(code)
        favourite = Favourite(account=account, procedure=Procedure.objects.get(code=code))
        actions.mark(favourite, by=given.actor("may"))
    assert (queries("/my/procedures/"), queries("/")) == few
    assert max(few) <= 12
