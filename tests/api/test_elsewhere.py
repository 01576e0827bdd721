"""What each operation may do, by its scope; and for each that is about one thing: another agency's is not there."""

from hashlib import sha256

import pytest

from motcua.api.scopes import Scope
from motcua.api.urls import OPERATIONS  # only there all are declared
from motcua.demo.nodes import BAC_HA, SA_PA
from motcua.procedures.models import Draft
from tests import given
from tests.api.standing import standing
from tests.api.test_desk import question
from tests.api.test_door import problem
from tests.api.test_dossiers import IDENTITY, brought
from tests.lists.rows import row
from tests.post import settle

# Words that do for any of them.
REASON = {"reason": "Nhầm."}
# Every operation under the scope it takes.
OF = {
    Scope.CATALOGUE: "list_procedures show_procedure show_form list_life_events list_agencies show_agency"
    " show_calendar show_promise list_overlays",
    Scope.TRACKING: "track list_overdue",
    Scope.INDICATORS: "show_numbers show_nine list_ratings show_report show_documents show_tasks",
    Scope.READ: "list_officers list_dossiers show_dossier show_document show_paper",
    Scope.FILE: "bring_dossier keep_file",
    Scope.RECEIVE: "list_postings consign_posting accept_dossier refuse_dossier request_supplement_dossier"
    " supply_dossier withdraw_dossier forward_dossier add_papers_dossier take_cash_dossier waive_fee_dossier"
    " hand_over_dossier",
    Scope.DECIDE: "decide_at_once_dossier",
    Scope.HANDLE: "assign_dossier consult_dossier complete_dossier propose_dossier retry_dossier stop_dossier"
    " restart_dossier",
    Scope.OPINIONS: "list_questions show_question show_enclosure answer_question",
    Scope.BOOKS: "list_charges list_payments match_payment read_statement list_refunds make_refund",
    Scope.QUEUES: "list_queues list_tickets draw_ticket call_next_ticket serve_ticket miss_ticket",
    Scope.APPOINTMENTS: "list_free_times list_appointments show_appointment book_appointment move_appointment"
    " cancel_appointment",
    Scope.PETITIONS: "list_petitions show_petition reply_to_petition",
    Scope.MANDATES: "list_claims check_mandate",
    Scope.DRAFTS: "list_drafts show_draft bring_draft",
    Scope.WEBHOOKS: "list_subscriptions subscribe enable_subscription unsubscribe",
    # Whoever calls, or by a secret of another kind.
    None: "give_token describe national verify_file",
}
# Operations about one thing of an agency, and what is sent to those that change it; the rest show it.
ABOUT = {
    "show_dossier": None,
    "show_document": None,
    "show_paper": None,
    "accept_dossier": {},
    "refuse_dossier": REASON,
    "request_supplement_dossier": REASON,
    "supply_dossier": {},
    "withdraw_dossier": REASON,
    "forward_dossier": {"to": SA_PA},
    "add_papers_dossier": {"papers": [IDENTITY]},
    "decide_at_once_dossier": {"result": "done"},
    "take_cash_dossier": {"amount": 16000},
    "waive_fee_dossier": REASON,
    "hand_over_dossier": {},
    "assign_dossier": {"to": "00000000-0000-4000-8000-000000000000"} | REASON,
    "consult_dossier": {"agencies": [SA_PA], "question": "Có đúng không?", "days": 3},
    "complete_dossier": {"step": "examine", "note": "Đúng."},
    "propose_dossier": {"opinion": "Đủ điều kiện."},
    "retry_dossier": {"step": "examine"},
    "stop_dossier": REASON,
    "restart_dossier": REASON,
    "consign_posting": {"waybill": "EB123456789VN"},
    "show_question": None,
    "show_enclosure": None,
    "answer_question": {"verdict": "agrees", "answer": "Đồng ý."},
    "match_payment": {"code": "MC00000000"},
    "make_refund": {"reference": "UNC-8"},
    "show_appointment": None,
    "move_appointment": {"begins_at": "2030-01-07T08:00:00+07:00"},
    "cancel_appointment": {},
    "serve_ticket": {},
    "miss_ticket": {},
    "show_petition": None,
    "reply_to_petition": {"answer": "Đã xem."},
    "show_draft": None,
    "enable_subscription": {},
    "unsubscribe": {},
}
# A place's code, a procedure's and a dossier's are known to everyone, and a file is found by who brought it.
EVERYONE_S = {
    "show_procedure",
    "show_form",
    "show_agency",
    "show_calendar",
    "show_promise",
    "track",
    "keep_file",
}


@pytest.fixture
def there(desk, node_home):
    """What stands at Sa Pa, for each name in an address."""
    picture = given.picture()
    digest = sha256(picture).hexdigest()
    desk.call("PUT", f"/files/{digest}", content_type="image/png", raw=picture)
    known = {name: next(iter(found)) for name, found in standing(desk).items()}
    asked = question(
        3, papers=[{"name": "a.png", "media": "image/png", "size": len(picture), "digest": digest}]
    )
    line = brought(
        desk, papers=[IDENTITY, {"paper": "other", "digest": digest, "name": "a.png", "copy": "copy"}]
    )
    desk.post(f"/dossiers/{line['id']}/accept", {})
    settle()  # The receipt is made out.
    documents = desk.get(f"/dossiers/{line['id']}").json()["documents"]
    draft = row(Draft, owner=SA_PA, content=given.definition(given.COPY).as_content())
    return known | {
        "question": asked.pk,
        "dossier": line["id"],
        "digest": digest,
        "document": documents[0]["id"],
        "draft": draft.pk,
    }


def answer(machine, name, there):
    """What a machine is told that calls one operation about these things."""
    declared = next(one for one in OPERATIONS if one.name == name)
    body, path = ABOUT[name], declared.path.format(**there)
    if declared.method == "POST":
        return machine.post(path, body)
    return machine.call(declared.method, path, headers={"Idempotency-Key": f"{name}-1234"})


def test_every_operation_takes_the_scope_of_this_table():
    said = {name: scope for scope, names in OF.items() for name in names.split()}
    assert {one.name: one.scope for one in OPERATIONS} == said


def test_every_operation_about_one_thing_is_tried_here_or_open_to_everyone():
    assert {one.name for one in OPERATIONS if one.parameters} == ABOUT.keys() | EVERYONE_S


def test_what_another_agency_has_is_not_there_for_a_machine(desk, machine, there):
    stranger = machine(*Scope, agency=BAC_HA)
    for name in ABOUT:
        problem(answer(stranger, name, there), 404)
    # All of it is there for the agency's own, whatever may be done with it now.
    assert [name for name in ABOUT if answer(desk, name, there).status_code == 404] == []
