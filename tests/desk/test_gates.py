"""Every address of the desk, of its systems and of oversight, tried by every role: who gets past its gate, whether or not there is anything behind it."""

import re
from collections import defaultdict
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import Http404
from django.template import loader
from django.urls import resolve
from django.utils import timezone

from motcua.api.urls import DESK
from motcua.desk import urls
from motcua.desk.decisions import VERBS
from motcua.exchange.models import Incoming, Outgoing
from motcua.lib.actions import Refused
from motcua.oversight.urls import urlpatterns as oversight
from motcua.people.models import actor_of
from tests import given
from tests.desk.conftest import Unsaid
from tests.desk.test_access import ALL, LETTERS
from tests.lists.rows import row
from tests.oversight.test_oversight import KEY_OF_AUDITOR

SAMPLES = {"uuid": str(UUID(int=7)), "int": "7", "str": "khac", "slug": "khac"}
# A citizen gets past no gate of the desk, and has a letter all the same: without one nobody would see that they did.
CITIZEN = "-"
# One column for every role there is, by its letter.
ROLES = {**{letter: given.OFFICERS[role] for role, letter in LETTERS.items()}, CITIZEN: "may"}

# Whose gate it is: the addresses by their names. Behind a gate that is everybody's, the dossier, question, payment …
# itself decides, and for each its own tests say so.
GATES = {
    ALL: """
        worklist result result_paper initial ask opinion_file inbox notice substitutions end_substitution keys help guide
        welcome drop_filter bulk several several_of bulk_done print_receipts bulk_of match return_payment refund revise dossier inspect control_slip petition
        ticket_served ticket_gone papers answers note paper document""",
    "RGSCDKU": "filter save_filter petitions",
    "RGCKU": "books payments statement fee_back ask_gateway",
    "RGSCK": "asked asked_one asked_paper",
    "RGSCDK": "register several_done incoming document_search assigned_tasks incoming_one incoming_file decide_incoming copy copy_file decide_copy outgoing write_document outgoing_one outgoing_file decide_outgoing redraft draft_versions version_file draft_preview folders folder folder_contents decide_folder",
    "CDK": "numbering open_folder owed_answers",
    "CDKU": "document_numbers document_table given_tasks tasks_workbook tasks_table",
    "K": "take_paper mails decide_mail send_mail_again",
    "KA": "correspondents",
    "RGA": "queue appointments",
    "RG": "mandates mandate mandate_paper collect post post_slips consign counter intake taken",
    "R": "identity",
    "C": "sign_many signing",
    "CU": "agency ratings_table indicators indicators_table indicators_sheet inspection",
    "CAU": """
        procedures lists compare_value versions polls count_poll file compare draft write facts ways steps settle draft_papers add_asked_paper asked_paper_of
        arrange_papers add_step add_step_within steps_within asked_step remove_step questions arrange add_page asked_page asked_signature add_question asked_question exemptions exemption add_exemption arrange_exemptions cases asked_case add_case arrange_cases take_in page_when asked_about preview tried download draft_propose draft_send_back draft_approve draft_discard drift imported readiness
        readiness_of""",
    "A": """
        calendar day hours clear_hours clear_day templates new_template template template_preview drop_template people end localise restore reorganisations begin_reorganisation plan_reorganisation reorganisation_part reorganisation_out
        reorganisation rewrite reorganisation_file reorganisation_authorise reorganisation_reopen reorganisation_abandon
        transitions transition transition_agree transition_drop open_queue offer""",
    # A ministry's and a province's administrators begin procedures; a commune's do not.
    "": "new_procedure",
}
# What is decided about a dossier has its table in test_access. Shown on walls and at the door, and published: no gate at all.
OPEN = {"overdue", "kiosk", "screen", "rate", "rated", "ask_receipt", "receipt"} | {
    f"receipt_{deed}" for deed in ("upload", "remove", "supply", "withdraw", "refund", "complain", "leave")
}
# Oversight has no officers of its own at Sa Pa: the auditor of whom the node belongs to, and no citizen.
OF_THE_NODE = "N"
BESIDE = {
    **{letter: given.OFFICERS[role] for role, letter in LETTERS.items()},
    CITIZEN: "may",
    OF_THE_NODE: KEY_OF_AUDITOR,
}
GATES_BESIDE = {
    ALL + CITIZEN + OF_THE_NODE: "home integrity",
    OF_THE_NODE: "timeline verify evidence",
    "A" + OF_THE_NODE: "peers trial",
    "A": """
        start_trial replay return decide systems system change_system renew_secret stop_system subscribe end_subscription
        enable_subscription send_again""",
}


def addresses(patterns):
    for pattern in patterns:
        yield (
            pattern.name,
            "/" + re.sub(r"<(\w+):\w+>", lambda found: SAMPLES[found[1]], str(pattern.pattern)),
        )


@pytest.fixture
def knock(rf, db, monkeypatch):
    """Straight at the view, and no page is drawn: that would take all the time."""
    monkeypatch.setattr(loader, "render_to_string", lambda *_page, **_more: "")
    given.country()
    accounts = {role: given.account(key) for role, key in (ROLES | BESIDE).items()}
    actors = {role: actor_of(account) for role, account in accounts.items()}

    def gets_past(found, address, role):
        for method in (rf.get, rf.post):
            request = method(address)
            request.user, request.session = accounts[role], {}
            request.actor, request._messages = actors[role], Unsaid(request)
            try:
                if found.func(request, *found.args, **found.kwargs).status_code != 405:
                    return True
            except Http404:
                return True
            except Refused:
                return False
        raise AssertionError(address)

    def gates(patterns, roles):
        found = defaultdict(set)
        for name, address in addresses(patterns):
            match = resolve(address)
            found["".join(role for role in roles if gets_past(match, address, role))].add(name)
        return found

    return gates


def test_every_gate_of_the_desk_opens_for_its_roles_alone(knock):
    gated = [one for one in urls.urlpatterns if one.name not in OPEN | VERBS.keys()]
    assert knock(gated, ROLES) == {roles: set(names.split()) for roles, names in GATES.items()}


def test_every_gate_of_the_systems_and_of_oversight_opens_for_its_roles_alone(knock):
    later = {"expires": timezone.now() + timedelta(days=9)}
    # A message of Sa Pa's own; about those of others its administrators do not decide.
    row(Outgoing, pk=UUID(SAMPLES["uuid"]), sender=given.SA_PA, state=Outgoing.State.DEAD, **later)
    mine = {"sender": SAMPLES["str"], "recipient": given.SA_PA, "effect": "dead", "digest": b"", "seq": 0}
    Incoming.objects.create(
        message=SAMPLES["uuid"], parcel=SAMPLES["uuid"], leaf=1, kind="x", stream="", **mine
    )
    found = knock([*DESK, *oversight], BESIDE)
    assert found == {roles: set(names.split()) for roles, names in GATES_BESIDE.items()}
