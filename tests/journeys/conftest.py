"""One browser, and one birth registered in the country; all tests of this folder look at what was seen then."""

import pytest

from tests import looking
from tests.journeys.birth import Birth
from tests.journeys.looking import Looker


def pytest_collection_modifyitems(items):
    """All of them need Chromium and the country."""
    for item in items:
        if "/tests/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.country)


@pytest.fixture(scope="package")
def chromium():
    with looking.chromium("--lang=vi") as browser:
        yield browser


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
