"""Browsers of the people of the story, and the exchange carried within one process."""

import json

import httpx
import pytest
from django.test import Client

from motcua.exchange import calls
from motcua.exchange.problems import MEDIA_TYPE
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

    def handle(self, request):
        wanted = json.loads(request.headers["motcua-call"])
        self.asked.append(
            (wanted["kind"], wanted["sender"], wanted["recipient"], json.loads(request.content))
        )
        if self.is_cut:
            return problem(504, f"{wanted['recipient']} does not answer.")
        call = calls.Call("1", wanted["kind"], wanted["sender"], wanted["recipient"], request.content)
        try:
            return httpx.Response(200, content=calls.answer(call))
        except calls.Failed as words:
            return problem(422, str(words))


def problem(status, detail):
    return httpx.Response(
        status, headers={"content-type": MEDIA_TYPE}, content=json.dumps({"detail": detail})
    )


@pytest.fixture
def line(monkeypatch, db):
    """Registers answer as they would over the network."""
    carried = Line()
    monkeypatch.setattr(calls, "CLIENT", httpx.Client(transport=httpx.MockTransport(carried.handle)))
    return carried
