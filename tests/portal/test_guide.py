"""The guide: one question a page, back by the browser, to the right procedure and case."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.procedures import life
from tests import given


@pytest.fixture
def visitor(db):
    for code in ("2.000986", "1.001193", "1.001456", "2.001410"):
        given.procedure(code)
    return Client()


def answers(page):
    return re.findall(r'<a class="card-title" href="([^"]+)"', page.content.decode())


def test_questions_lead_to_the_procedure_and_its_case(visitor):
    first = visitor.get("/guide/birth/")
    assert answers(first) == ["/guide/birth/not_yet/"]
    second = visitor.get("/guide/birth/not_yet/")
    assert answers(second) == ["/guide/birth/not_yet/both_vietnamese/"]
    end = visitor.get("/guide/birth/not_yet/both_vietnamese/under_6/all_three/").content.decode()
    assert "Bạn cần thủ tục này" in end
    assert end.count('href="/procedures/2.000986/?case=lien_thong"') == 2
    assert end.count('class="button big"') == 1


def test_every_answer_given_can_be_changed(visitor):
    page = visitor.get("/guide/birth/not_yet/both_vietnamese/").content.decode()
    assert re.findall(r'summary-action"><a href="([^"]+)"', page) == [
        "/guide/birth/",
        "/guide/birth/not_yet/",
    ]
    assert 'href="/guide/birth/not_yet/">Quay lại' in page
    assert 'href="/procedures/?life=birth">Quay lại' in visitor.get("/guide/birth/").content.decode()


def test_what_the_catalogue_lacks_is_not_offered(visitor):
    assert answers(visitor.get("/guide/travel/lost/")) == ["/guide/travel/lost/replace/"]
    assert visitor.get("/guide/travel/lost/report/").status_code == 404
    assert visitor.get("/guide/vehicle/").status_code == 404


def test_advice_is_an_end_too(visitor):
    page = visitor.get("/guide/seal/company/").content.decode()
    assert ("Bạn không phải làm thủ tục nào" in page, "tự quyết định con dấu" in page) == (True, True)


@pytest.mark.parametrize(
    "path",
    [
        "dragon/",
        "home/",
        "birth/x/",
        "birth/not_yet/x/",
        "birth/not_yet/both_vietnamese/older/more/",
        "birth/%00/",
    ],
)
def test_answers_that_lead_nowhere_are_not_found(visitor, path):
    assert visitor.get(f"/guide/{path}").status_code == 404


def test_each_page_needs_few_queries(visitor):
    visitor.get("/guide/birth/")
    for path, most in (("", 1), ("not_yet/both_vietnamese/older/", 2)):
        with CaptureQueriesContext(connection) as asked:
            visitor.get(f"/guide/birth/{path}")
        assert len(asked) <= most


def test_the_page_of_a_life_event_offers_its_questions(visitor):
    assert 'href="/guide/birth/"' in visitor.get("/procedures/?life=birth").content.decode()
    assert "/guide/" not in visitor.get("/procedures/?life=home").content.decode()


def test_every_guide_speaks_both_languages(visitor):
    for event in life.life_events().values():
        for language in ("vi", "en"):
            answer = visitor.get(f"/guide/{event.id}/", headers={"accept-language": language})
            assert answer.status_code in {200, 404}, event.id
