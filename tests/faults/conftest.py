"""One country for all tests about faults; each leaves it running and whole."""

import pytest

from tests.country.land import Land


def pytest_collection_modifyitems(items):
    """All in one worker: there is one country."""
    for item in items:
        if "/tests/faults/" in str(item.path):
            item.add_marker(pytest.mark.country)
            item.add_marker(pytest.mark.xdist_group("country"))


@pytest.fixture(scope="session")
def country():
    land = Land()
    try:
        land.start()
        yield land
    finally:
        land.close()


@pytest.fixture
def land(country):
    """The country, running, with nobody meddling."""
    if country.running is None:
        country.start()
    yield country
    country.meddle()
