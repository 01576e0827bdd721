"""Browsers of the people of the story, and the exchange carried within one process."""

import json

import pytest
from django.test import Client

from motcua.exchange import calls
from motcua.sharing import asking
from tests import given


@pytest.fixture
def visitor(db):
    """A browser in which one of the demo's people has signed in; nobody for an empty key."""

    def visitor(key=""):
        client = Client(headers={"accept-language": "vi"})
        if key:
            given.citizen(key)
            client.force_login(given.account(key))
        return client

    return visitor


class Line:
    """The line to other nodes, answered by this process; `cut` it and nobody answers."""

    def __init__(self):
        self.asked = []
        self.is_cut = False

    def call(self, kind, body, *, sender, recipient, timeout=5.0):
        self.asked.append((kind, sender, recipient, json.loads(body)))
        if self.is_cut:
            raise calls.Unreachable(f"{recipient} does not answer.")
        return calls.answer(calls.Call("1", kind, sender, recipient, body))


@pytest.fixture
def line(monkeypatch, db):
    """Registers answer as they would over the network; the network itself is tested in tests/exchange."""
    carried = Line()
    monkeypatch.setattr(asking, "call", carried.call)
    return carried
