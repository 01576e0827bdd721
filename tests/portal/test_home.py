"""The front page: a question, the moments of a life, and one's own dossiers."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import given


@pytest.fixture
def mine(db):
    """The browser of a citizen with one application under way."""
    application = given.application(at="sent")
    client = Client()
    given.sign_in(client, "may")
    return client, application


def titles(page, heading):
    """Links in the section under a heading."""
    section = page.content.decode().split(f">{heading}<")[1].split("</section>")[0]
    return re.findall(r'card-title"><a href="([^"]+)"', section)


def test_a_stranger_is_asked_what_they_need_and_shown_nobodys_dossiers(db):
    page = Client().get("/")
    assert (page.status_code, "Hồ sơ của bạn" in page.content.decode()) == (200, False)
    assert page.content.decode().count('type="search"') == 1


def test_every_moment_of_life_leads_to_its_procedures(db):
    given.procedure()
    given.procedure("2.001410")
    client = Client()
    page = client.get("/")
    assert titles(page, "Theo việc đời thường") == ["/procedures/?life=birth"]
    assert titles(page, "Dành cho doanh nghiệp và tổ chức") == [
        "/procedures/?life=business",
        "/procedures/?life=seal",
    ]
    assert titles_of_results(client.get("/procedures/?life=birth")) == ["/procedures/2.000986/"]
    assert titles_of_results(client.get("/procedures/?life=death")) == []


def titles_of_results(page):
    return re.findall(r'card-title"><a href="(/procedures/[^"]+)"', page.content.decode())


def test_ones_own_dossiers_stand_on_the_front_page_at_most_three(mine):
    client, application = mine
    assert titles(client.get("/"), "Hồ sơ của bạn") == [f"/applications/{application.pk}/"]
    for _ in range(4):
        given.application()
    assert len(titles(client.get("/"), "Hồ sơ của bạn")) == 3


def test_nobody_sees_anothers_dossiers_there(mine):
    other = Client()
    given.sign_in(other, "suoi")
    assert "Hồ sơ của bạn" not in other.get("/").content.decode()


def test_the_front_page_asks_the_database_as_often_for_many_dossiers_as_for_one(mine):
    client, _application = mine

    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    queries()
    one = queries()
    for _ in range(5):
        given.application()
    assert (queries(), one <= 12) == (one, True)


def test_the_navigation_names_ones_own_dossiers_only_when_signed_in(mine):
    client, _application = mine
    doors = [
        re.findall(r'<nav class="nav".*?</nav>', one.get("/").content.decode(), re.DOTALL)[0]
        for one in (client, Client())
    ]
    assert [re.findall(r'href="([^"]+)"', nav) for nav in doors] == [
        ["/", "/tracking/", "/verify/", "/numbers/", "/my/"],
        ["/", "/tracking/", "/verify/", "/numbers/"],
    ]


def test_a_request_for_a_foreign_host_is_turned_away_with_a_page(db):
    assert Client(raise_request_exception=False).get("/", headers={"host": "evil.example"}).status_code == 400
