"""A stranger reads the description and tries everything it allows and much that it does not."""

import os

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from motcua.api.scopes import Scope
from motcua.config.wsgi import application
from tests import given as world

schemathesis = pytest.importorskip("schemathesis", reason="./motcua test installs it")

# Of each operation, sent rightly and wrongly, besides the simplest; each more costs two seconds. More on a quiet evening.
EXAMPLES = int(os.environ.get("MOTCUA_EXAMPLES", "2"))


@pytest.fixture
def one_connection():
    """Requests come through the front door, but leave the test's own connection open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.filterwarnings("default")
def test_schemathesis_finds_nothing(machine, one_connection):
    world.country()
    world.procedure("2.000635")
    one = machine(*Scope, per_minute=1_000_000)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    # What fits the description may still not fit what the node knows: an unknown procedure, another file's digest.
    accepted = schema.config.checks.positive_data_acceptance
    accepted.expected_statuses = [*accepted.expected_statuses, "422"]
    found = []
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in schemathesis.GenerationMode:
            try:
                hold(operation, mode, one)
            except BaseExceptionGroup as faults:
                found += [f"{operation.label} ({mode.value}): {fault}" for fault in faults.exceptions]
            except Unsatisfiable:
                continue  # there is nothing it could be sent wrongly
    assert "\n".join(found) == ""


def hold(operation, mode, one):
    """So many calls of one operation, and every check of theirs."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(headers={"Authorization": f"Bearer {one.token}"})

    ask()
