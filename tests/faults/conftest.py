"""One country for all tests about faults; each leaves it running and whole."""

import pytest

from tests.country.land import Land


def pytest_collection_modifyitems(items):
    """All of them need the country."""
    for item in items:
        if "/tests/faults/" in str(item.path):
            item.add_marker(pytest.mark.country)


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
