"""The country with someone between its nodes."""

import pytest


def pytest_collection_modifyitems(items):
    """All of them need the country."""
    for item in items:
        if "/tests/faults/" in str(item.path):
            item.add_marker(pytest.mark.country)


@pytest.fixture
def land(country):
    """The country, running, with nobody meddling."""
    if country.running is None:
        country.start()
    yield country
    country.meddle()
