"""One browser, and one birth registered in the country; all tests of this folder look at what was seen then."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.birth import Birth
from tests.journeys.looking import Looker

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=vi"]


def pytest_collection_modifyitems(items):
    """All of them need Chromium and the country."""
    for item in items:
        if "/tests/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.country)


@pytest.fixture(scope="package")
def chromium():
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed; these journeys are played in it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def land(chromium, country):
    """The country, running; what the tests of faults left in it is the past of these stories."""
    if country.running is None:
        country.start()
    return country


@pytest.fixture(scope="package")
def looker(chromium):
    return Looker(chromium)


@pytest.fixture(scope="package")
def birth(land, chromium, looker):
    """The whole story, from the mother's search to her rating."""
    story = Birth(land, chromium, looker)
    story.play()
    return story
