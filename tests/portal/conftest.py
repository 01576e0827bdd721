"""Browsers of the people of the story, and the exchange carried within one process."""

import pytest
from django.test import Client

from motcua.sharing import asking
from tests import given
from tests.line import Line


@pytest.fixture
def visitor(db):
    """A browser in which one of the demo's people has signed in; nobody for an empty key."""

    def visitor(key=""):
        client = Client()
        if key:
            given.citizen(key)
            client = given.signed_in(key)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "vi"
        return client

    return visitor


@pytest.fixture
def line(monkeypatch, db):
    """Registers answer as they would over the network; the network itself is tested in tests/exchange."""
    carried = Line()
    monkeypatch.setattr(asking, "call", carried.call)
    return carried
