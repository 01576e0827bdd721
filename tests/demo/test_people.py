"""The demo's people: whoever files something finds somebody on the sign-in page for each step of it."""

import pytest
from django.test import Client

from motcua.demo.history.people import OFFICERS
from motcua.demo.nodes import NODES, RIGHTS
from motcua.demo.people import PEOPLE
from motcua.exchange.directory import Right
from motcua.procedures.loading import catalogue_files, load
from motcua.procedures.vocabulary import Level, StepKind
from motcua.sharing.registers import keeper_of
from tests import given

DESKS = [code for node in NODES if "desk" in node.contexts for code in node.agencies]
HELD = {(agency, role) for person in PEOPLE for agency, role, _vi, _en in person.posts}
KINDS = ("dossier.submitted", "dossier.news")


def level(code):
    return Level.COMMUNE if "." in code else Level.PROVINCE if code.startswith("H") else Level.MINISTRY


def may(sender, kind, recipient):
    return any(
        Right(sender=one, kind=what, recipient=other).allows(sender, kind, recipient)
        for one, what, other in RIGHTS
    )


def desks_of(definition):
    """Where it can be filed from the national portal, which hears of it."""
    return [
        code
        for code in DESKS
        if level(code) in definition.levels and may("G22", KINDS[0], code) and may(code, KINDS[1], "G22")
    ]


@pytest.mark.parametrize("path", catalogue_files(), ids=lambda path: path.stem)
def test_every_shipped_procedure_has_somebody_for_each_step_wherever_it_can_be_filed(path):
    definition = load(path)
    desks = desks_of(definition)
    assert (bool(desks), sorted({one for code in desks for one in missing(definition.steps, code)})) == (
        True,
        [],
    )


def missing(steps, code):
    """Posts nobody holds, and messages that may not be sent, where these steps are done and above, as far up as they go."""
    yield from ((code, str(step.role)) for step in steps if step.role and (code, str(step.role)) not in HELD)
    for step in steps:
        if step.kind is StepKind.ABOVE:
            above = step.agency or code.rpartition(".")[0]
            up = [(code, kind, above) for kind in ("dossier.submitted_above", "dossier.recalled")]
            yield from (one for one in (*up, (above, "dossier.decided", code)) if not may(*one))
            yield from missing(step.steps, above)


def test_every_register_a_shipped_procedure_names_may_be_asked_and_may_answer():
    """By the commune or province that handles it, and by the portal and the counters in place of a paper or a typed answer."""
    definitions = [load(path) for path in catalogue_files()]
    named = {(step.service, step.agency) for one in definitions for step in one.steps if step.service}
    for service, agency in named:
        assert agency == keeper_of(service)
        both = may("H38.03006", "sharing.request", agency), may(agency, "sharing.answer", "H38.03006")
        assert both == (True, True), service
    proven = {paper.unnecessary_if for one in definitions for paper in one.papers if paper.unnecessary_if}
    filled = {
        field.prefill.rpartition(".")[0]
        for one in definitions
        for field in one.fields_by_id.values()
        if field.prefill
    }
    asked = [(who, keeper_of(service)) for service in proven | filled for who in ("G22", "H38.03006")]
    assert [pair for pair in asked if not may(pair[0], "sharing.read", pair[1])] == []


def test_no_two_of_them_are_one():
    everyone = (*PEOPLE, *OFFICERS)
    for name in ("key", "number", "name"):
        assert len({getattr(person, name) for person in everyone}) == len(everyone), name
    assert {person.number[:3] for person in everyone} == {"000"}


def offered():
    """Whom the sign-in page lists, by agency."""
    page = Client().get("/account/login/")
    found = {name: [person.key for person in people] for name, people in page.context["agencies"]}
    assert page.content.decode().count("<summary>") == len(found)
    return found


@pytest.mark.django_db
def test_the_sign_in_page_groups_officers_by_agency_and_lets_those_of_the_past_in(settings):
    settings.NODE = settings.NODE.model_copy(update={"name": "laocai"})
    given.account("lam")
    given.account("toi")
    found, past = offered(), OFFICERS[0]
    assert {"suong", "lam", "dua"} <= set(found["Ủy ban nhân dân phường Sa Pa"])
    assert "hanh" in found["Ủy ban nhân dân tỉnh Lào Cai"]
    assert past.key not in found["Ủy ban nhân dân phường Sa Pa"]
    given.account(past)
    assert past.key in offered()["Ủy ban nhân dân phường Sa Pa"]
    assert Client().post("/account/login/", {"person": past.key}).status_code == 302
