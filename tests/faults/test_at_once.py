"""Two officers press at the same moment; others press what is not theirs."""

import pytest

from motcua.demo.browser import Browser
from tests.country.land import ToldOtherwise


def test_of_two_officers_who_accept_at_once_one_does(land):
    story = land.story(at="arrived")
    first, second = land.at("laocai", 1), land.at("laocai", 2)
    second.do("has_arrived", dossier=story.id)
    first.begin("accept", dossier=story.id, who="suong")
    second.begin("accept", dossier=story.id, who="lam")
    outcomes = sorted(outcome_of(hand) for hand in (first, second))
    given = land.at("laocai").do("codes_given", dossier=story.id)
    assert outcomes == sorted(["NotNow", *given])
    assert len(given) == 1


def outcome_of(hand):
    try:
        return hand.end()
    except ToldOtherwise as told:
        return told.error


@pytest.mark.parametrize(
    ("deed", "who"),
    [("accept", "man"), ("propose", "man"), ("sign", "che"), ("sign", "lam"), ("propose", "suong")],
)
def test_an_officer_of_another_commune_or_role_is_refused(land, arrived, deed, who):
    with pytest.raises(ToldOtherwise) as told:
        land.at("laocai").do(deed, dossier=arrived.id, who=who)
    assert told.value.error == "Refused"


def test_another_citizen_is_refused(land, arrived):
    with pytest.raises(ToldOtherwise) as told:
        land.at("vpcp").do("withdraw", dossier=arrived.id, who="doi")
    assert told.value.error == "Refused"


@pytest.fixture(scope="module")
def arrived(country):
    """A dossier of Mây's at Sa Pa."""
    return country.story(at="arrived")


@pytest.mark.parametrize(
    ("node", "who", "address", "status"),
    [
        ("laocai", "lam", "/desk/dossiers/{}/", 200),
        ("laocai", "man", "/desk/dossiers/{}/", 404),
        ("vpcp", "may", "/applications/{}/", 200),
        ("vpcp", "doi", "/applications/{}/", 404),
    ],
)
def test_strangers_do_not_even_see_the_page(land, arrived, node, who, address, status):
    assert seen_by(land.url(node), who, address.format(arrived.id)) == status


def seen_by(url, who, address):
    browser = Browser(url)
    with browser.client:
        browser.open("/account/login/")
        browser.client.post(
            "/account/login/",
            data={**browser.page.forms[0].values, "person": who} | token_of(browser),
            headers={"Referer": browser.page.url},
        )
        return browser.client.get(address).status_code


def token_of(browser):
    """The token every form of the page carries."""
    return next(
        {"csrfmiddlewaretoken": form.values["csrfmiddlewaretoken"]}
        for form in browser.page.forms
        if "csrfmiddlewaretoken" in form.values
    )
