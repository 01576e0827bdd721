"""Machines that call."""

import json
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.test.client import ClientHandler

from motcua.api import actions, tokens
from motcua.api.handling import ForMachines
from motcua.api.models import Client
from motcua.api.scopes import Scope
from motcua.demo.nodes import SA_PA
from tests import given


class Handler(ForMachines, ClientHandler):
    """Calls come the way they come in the node."""


class Machine:
    """A machine of an agency, with a token for some scopes."""

    def __init__(self, *scopes, agency=SA_PA, **details):
        given.agency(agency)
        self.client = Client(agency=agency, name="Hệ thống thử", scopes=[*scopes], **details)
        self.secret = actions.register(self.client, by=given.SYSTEM)
        self.token = tokens.issue(self.client, scopes)
        self.browser = Browser()
        self.browser.handler = Handler(enforce_csrf_checks=True)

    def call(self, method, path, body=None, **more):
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        content = more.pop("raw", None) or (json.dumps(body) if isinstance(body, dict | list) else body or "")
        kind = more.pop("content_type", "application/json")
        return self.browser.generic(
            method, f"/api/v1{path}", content, content_type=kind, headers=headers, **more
        )

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body, *, key="", **more):
        headers = {"Idempotency-Key": key or uuid4().hex, **more.pop("headers", {})}
        return self.call("POST", path, body, headers=headers, **more)


@pytest.fixture
def machine(db):
    return Machine


@pytest.fixture
def every(machine):
    """A machine of Sa Pa that may do everything a machine may."""
    return machine(*Scope)


@pytest.fixture
def desk(every):
    """A machine that may do everything at Sa Pa, with a procedure to file."""
    given.country()
    given.procedure(given.COPY)
    return every
