"""A stranger reads the description and tries everything it allows and much that it does not."""

import os

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from motcua.api.operations import OPERATIONS
from motcua.api.shapes.parts import Here, Somewhere
from motcua.config.wsgi import application
from motcua.demo.nodes import BAC_HA, SA_PA
from tests.api.standing import standing

schemathesis = pytest.importorskip("schemathesis", reason="./motcua test installs it")

# Of each operation, sent rightly and wrongly, besides the simplest; `./motcua test --long` sends more, and others each time.
MANY = int(os.environ.get("MOTCUA_EXAMPLES", "0"))
EXAMPLES = MANY // 4 or 2

# What may come to nothing (404) or be refused (422) though it was written as described: what the description cannot know.
OUTSIDE = {
    "book_appointment": "which procedures are filed here, which times are free",
    "move_appointment": "which times are free",
    "match_payment": "which charges are due",
    "read_statement": "whose account it is",
    "show_form": "the cases of a procedure",
    "show_promise": "which procedures and cases there are",
    "answer_question": "which letters were brought in",
    "bring_dossier": "procedures, cases, questions and papers",
    "keep_file": "the digest of the very bytes, which must be a picture or a PDF",
    "supply_dossier": "the papers of a procedure",
    "add_papers_dossier": "the papers of a procedure",
    "request_supplement_dossier": "the days an agency may leave",
    "forward_dossier": "which agencies there are",
    "decide_at_once_dossier": "what may be decided at once",
    "take_cash_dossier": "how much is open",
    "assign_dossier": "who works there",
    "consult_dossier": "which agencies there are, and the papers of the dossier",
    "complete_dossier": "the steps of a procedure",
    "retry_dossier": "the steps of a procedure",
    "propose_dossier": "that of a certified copy both papers are there",
    "track": "what the exchange has told",
    "subscribe": "which addresses lie outside",
    "draw_ticket": "which queues there are",
    "show_calendar": "that a span ends after it begins",
    "bring_draft": "what a procedure is made of",
}


# What a stranger does who knows but what is there, all of it within the first calls.
DEEDS = {
    *("accept_dossier", "refuse_dossier", "request_supplement_dossier", "supply_dossier", "withdraw_dossier"),
    *("forward_dossier", "add_papers_dossier", "take_cash_dossier", "waive_fee_dossier", "stop_dossier"),
    *("restart_dossier", "consult_dossier", "consign_posting", "make_refund", "reply_to_petition"),
    *("bring_dossier", "propose_dossier", "match_payment"),
    *("answer_question", "draw_ticket", "call_next_ticket", "cancel_appointment", "unsubscribe"),
}


@pytest.fixture
def known(desk, settings):
    # Money nobody knows is whose the node is.
    settings.NODE = settings.NODE.model_copy(update={"agency": SA_PA})
    return standing(desk)


@pytest.fixture
def one_connection(known):
    """Requests come through the front door, but leave the test's own connection open; Django's own browser must be done before."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


# What a system that has looked around says; in a long run sent two times in three.
SAID = {
    "draw_ticket": {"queue": "A"},
    "propose_dossier": {"opinion": "Đủ điều kiện."},
    "forward_dossier": {"to": BAC_HA},
    "consult_dossier": {"agencies": [BAC_HA], "papers": []},
    "take_cash_dossier": {"amount": 16000},
    "supply_dossier": {"papers": []},
    "add_papers_dossier": {"papers": [{"paper": "other", "name": "Xác nhận", "copy": "original"}]},
}


@pytest.mark.filterwarnings("default")
def test_schemathesis_finds_nothing(desk, known, one_connection):
    type(desk.client).objects.update(per_minute=1_000_000)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    # Which of these is right where, `hold` says.
    accepted = schema.config.checks.positive_data_acceptance
    accepted.expected_statuses = [*accepted.expected_statuses, "422"]
    found, seen = [], set()
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in schemathesis.GenerationMode:
            try:
                hold(operation, mode, desk, known, seen)
            except BaseExceptionGroup as faults:
                found += [f"{operation.label} ({mode.value}): {fault}" for fault in faults.exceptions]
            except AssertionError as fault:
                found.append(str(fault))
            except Unsatisfiable:
                continue  # there is nothing it could be sent wrongly
    assert "\n".join(found) == ""
    done = {name for name, mode in seen if mode is schemathesis.GenerationMode.POSITIVE}
    assert DEEDS - done == set()


def hold(operation, mode, desk, known, seen):
    """So many calls of one operation, and every check of theirs; each finds everything as it stood."""
    name = operation.definition.raw["operationId"]
    declared = next(one for one in OPERATIONS if one.name == name)
    is_positive = mode is schemathesis.GenerationMode.POSITIVE

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=not MANY,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), chosen=st.integers(0, 11))
    def ask(case, chosen):
        if is_positive:
            say_what_is_known(case, declared, known, chosen)
        before = transaction.savepoint_create()
        try:
            answer = case.call_and_validate(headers={"Authorization": f"Bearer {desk.token}"})
        finally:
            transaction.savepoint_rollback(before)
        if answer.status_code < 300:
            seen.add((declared.name, mode))
        if is_positive:
            in_vain = {422, 404} if known.keys() >= set(declared.parameters) else {422}
            if declared.name not in OUTSIDE:
                said = f"{operation.label}: {answer.status_code} {answer.text} {case.query} {case.body}"
                assert answer.status_code not in in_vain, said

    ask()


def say_what_is_known(case, declared, known, chosen):
    """What is in the address is there, and the deed fits it if any does; an agency is the system's own."""
    if isinstance(case.body, dict) and (chosen % 3 or not MANY):
        case.body.update(SAID.get(declared.name) or known["said"].get(declared.name, {}))
    deed = declared.path.rpartition("/")[2]
    for name in declared.parameters:
        if found := known.get(name):
            fitting = [one for one in found if deed in found[one]] if isinstance(found, dict) else []
            choice = fitting or [*found]
            case.path_parameters[name] = choice[chosen % len(choice)]
    for given_, shape in ((case.query, declared.query), (case.body, declared.body)):
        if shape and issubclass(shape, Somewhere | Here) and isinstance(given_, dict) and "agency" in given_:
            given_["agency"] = known["agency"][0]
