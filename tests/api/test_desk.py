"""What else a machine reads and does at a desk: colleagues, opinions, post, books, queues, petitions, mandates, drafts."""

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.api.models import Subscription
from motcua.api.operations import OPERATIONS
from motcua.api.scopes import Scope
from motcua.config.pairs import thought_up
from motcua.demo.nodes import BAC_HA, SA_PA
from motcua.demo.people import BY_KEY
from motcua.dossiers.models import Dossier, Note
from motcua.dossiers.postings import Posting
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.mandates.models import Claim
from motcua.opinions import actions as opinions
from motcua.opinions.models import Question
from motcua.organisations.models import Agency, Post
from motcua.payments import actions as payments
from motcua.payments.actions.receiving import Money
from motcua.payments.models import Charge, Payment, Refund
from motcua.people.models import Account, Appointment
from motcua.petitions import actions as petitions
from motcua.petitions.models import Kind, Received
from motcua.procedures import actions as procedures
from motcua.procedures.models import Draft, Overlay, Version
from motcua.queues import actions as queues
from motcua.queues.models import Place, Queue
from motcua.tracking import actions as tracking
from tests import given
from tests.api.test_door import problem
from tests.api.test_dossiers import MAY, brought
from tests.dispatches.conftest import issued
from tests.lists.rows import row
from tests.tracking.conftest import told

HOME, CERTIFY = "1.010041", "2.000815"


@pytest.fixture
def handled(desk):
    """A dossier without a fee, received, at the desk of who examines it; and its address."""
    given.procedure(HOME)
    body = thought_up(given.definition(HOME))
    line = desk.post("/dossiers", body).json()
    desk.post(f"/dossiers/{line['id']}/accept", {})
    return Dossier.objects.get(pk=line["id"]), f"/dossiers/{line['id']}"


def test_a_dossier_is_given_to_a_colleague_and_other_agencies_are_asked(desk, handled):
    dossier, address = handled
    dua, lua = (given.account(key) for key in ("dua", "lua"))
    officers = desk.get("/officers").json()["items"]
    assert {one["id"]: [post["role"] for post in one["posts"]] for one in officers} == {
        str(dua.pk): ["specialist"],
        str(lua.pk): ["chair"],
    }
    why = {"reason": "Đang rảnh."}
    problem(desk.post(f"{address}/assign", {"to": str(uuid4()), **why}), 422)
    refused = problem(desk.post(f"{address}/assign", {"to": str(lua.pk), **why}), 422)
    assert refused["errors"][0]["where"] == "#/to"
    assert desk.post(f"{address}/assign", {"to": str(dua.pk), **why}).status_code == 200
    Note.objects.create(dossier=dossier, author=dua, text="Đã gọi điện.")
    asked = {"agencies": [BAC_HA], "question": "Có cư trú ở đó không?", "days": 3}
    problem(desk.post(f"{address}/consult", asked | {"agencies": ["H99"]}), 422)
    problem(desk.post(f"{address}/consult", asked | {"papers": ["0" * 64]}), 422)
    for _time in range(2):
        assert desk.post(f"{address}/consult", asked, key="ask-once-1").status_code == 200
    told = desk.get(address).json()
    assert told["assigned_to"] == str(dua.pk)
    assert [(one["author"], one["text"]) for one in told["notes"]] == [(dua.name, "Đã gọi điện.")]
    assert [(one["agency"], one["state"]) for one in told["opinions"]] == [(BAC_HA, "asked")]
    problem(desk.post(f"{address}/propose", {"opinion": "Đủ điều kiện."}), 409)


def test_a_dossier_is_stopped_goes_on_gets_papers_and_is_decided_while_people_wait(desk, handled, machine):
    dossier, address = handled
    paper = {"papers": [{"paper": "other", "name": "Xác nhận cũ", "copy": "original"}]}
    for _time in range(2):
        assert desk.post(f"{address}/add-papers", paper).status_code == 200
    assert dossier.papers.filter(paper="other").count() == 1
    assert desk.post(f"{address}/stop", {"reason": "Không liên hệ được."}).json()["state"] == 8
    assert "add-papers" not in desk.get(address).json()["can"]
    assert desk.post(f"{address}/restart", {"reason": "Đã liên hệ được."}).json()["state"] == 4
    wrong = problem(desk.post(f"{address}/decide-at-once", {"result": "Một giấy xác nhận."}), 422)
    assert wrong["errors"][0]["where"] == "#/verdict"
    given.procedure(CERTIFY)
    body = thought_up(given.definition(CERTIFY))
    free = desk.post("/dossiers", body).json()
    desk.post(f"/dossiers/{free['id']}/accept", {})
    desk.post(f"/dossiers/{free['id']}/waive-fee", {"reason": "Hộ nghèo."})
    counter, result = machine(Scope.RECEIVE, Scope.READ), {"result": "Một bản sao chứng thực."}
    problem(counter.post(f"/dossiers/{free['id']}/decide-at-once", result), 403)
    can = [one.get(f"/dossiers/{free['id']}").json()["can"] for one in (desk, counter)]
    assert ["decide-at-once" in one for one in can] == [True, False]
    done = desk.post(f"/dossiers/{free['id']}/decide-at-once", result)
    assert (done.status_code, done.json()["state"]) == (200, 10)


def test_a_dossier_that_belongs_elsewhere_is_sent_on(desk):
    line = brought(desk)
    address = f"/dossiers/{line['id']}/forward"
    can, same = desk.get(f"/dossiers/{line['id']}").json()["can"], Dossier.objects.filter(pk=line["id"])
    same.update(below=uuid4())  # what is decided for an agency below goes back there
    of_part = desk.get(f"/dossiers/{line['id']}").json()["can"]
    assert set(can) - set(of_part) == {"forward", "request-supplement"}
    same.update(below=None)
    for wrong in (SA_PA, "H99"):
        assert problem(desk.post(address, {"to": wrong}), 422)["errors"][0]["where"] == "#/to"
    assert desk.post(address, {"to": BAC_HA}).json()["state"] == 3
    assert Outbox.objects.get(kind="dossier.forwarded").recipient == BAC_HA
    problem(desk.post(address, {"to": BAC_HA}), 409)


def test_what_another_agency_asks_is_read_and_answered_with_its_letter(desk, machine):
    picture = given.picture()
    digest = sha256(picture).hexdigest()
    desk.call("PUT", f"/files/{digest}", content_type="image/png", raw=picture)
    enclosed = {"name": "so-do.png", "media": "image/png", "size": len(picture), "digest": digest}
    later, first = (question(days, papers=[enclosed]) for days in (5, 2))
    page = desk.get("/questions?limit=1").json()
    assert [one["id"] for one in page["items"]] == [str(first.pk)]
    second = desk.get(page["next"].partition("/api/v1")[2]).json()
    assert ([one["id"] for one in second["items"]], second["next"]) == ([str(later.pk)], None)
    address = f"/questions/{first.pk}"
    assert desk.get(f"{address}/papers/{digest}").content == picture
    problem(desk.get(f"{address}/papers/{'0' * 64}"), 404)
    assert Entry.objects.of("opinions.EnclosureOpened").get().actor["urn"] == desk.client.urn
    given_ = {
        "verdict": "conditionally",
        "answer": "Đồng ý nếu giữ lối đi.",
        "digest": digest,
        "name": "cv.png",
    }
    problem(desk.post(f"{address}/answer", given_ | {"digest": "0" * 64}), 422)
    for _time in range(2):
        told = desk.post(f"{address}/answer", given_, key="answer-1").json()
    assert (told["state"], told["verdict"], told["answered_by"]) == (
        "given",
        "conditionally",
        desk.client.name,
    )
    assert Outbox.objects.filter(kind="opinion.given").count() == 1
    problem(desk.post(f"{address}/answer", given_), 409)
    assert [one["id"] for one in desk.get("/questions?state=given").json()["items"]] == [str(first.pk)]
    stranger = machine(Scope.OPINIONS, agency=BAC_HA)
    problem(stranger.get(address), 404)
    problem(stranger.post(f"{address}/answer", given_), 404)


def question(days, **changes):
    """Another agency asks Sa Pa."""
    asked = Question(
        inquiry=uuid4(),
        agency=SA_PA,
        asker=BAC_HA,
        asker_name=given.AGENCIES[BAC_HA],
        name="Chuyển mục đích sử dụng đất",
        question="Có nằm trong quy hoạch không?",
        due_at=timezone.now() + timedelta(days=days),
        **changes,
    )
    return opinions.take_question(asked, by=given.SYSTEM)


def test_a_result_goes_by_post_under_a_number(desk, handled):
    dossier, _address = handled
    to = {"name": MAY.name, "address": "Tổ 3", "commune": "Phường Sa Pa", "province": "Tỉnh Lào Cai"}
    posting = Posting.objects.create(dossier=dossier, agency=SA_PA, postage=30000, **to)
    (listed,) = desk.get("/postings?state=waiting").json()["items"]
    assert (listed["id"], listed["code"], listed["postage"]) == (posting.pk, dossier.code, 30000)
    address = f"/postings/{posting.pk}/consign"
    for _time in range(2):
        sent = desk.post(address, {"waybill": "EB123456789VN"}, key="consign-1").json()
    assert (sent["state"], sent["waybill"]) == ("sent", "EB123456789VN")
    problem(desk.post(address, {"waybill": "EB1"}), 409)
    problem(desk.post("/postings/0/consign", {"waybill": "EB1"}), 404)


def test_the_books_are_read_and_filled_by_an_accounting_system(desk, machine, settings):
    settings.NODE = settings.NODE.model_copy(update={"agency": SA_PA})
    line = brought(desk)
    desk.post(f"/dossiers/{line['id']}/accept", {})
    (charge,) = desk.get("/charges?state=due").json()["items"]
    assert (charge["subject"], charge["amount"]) == (f"dossier:{line['id']}", 16000)
    now = timezone.now().isoformat()
    lines = [
        {"reference": "FT1", "amount": 16000, "at": now, "purpose": "nop phi"},
        {"reference": "FT2", "amount": 5000, "at": now, "purpose": f"{charge['code']} them"},
    ]
    stated = {"provider": "vietqr", "lines": lines}
    problem(desk.post("/statements", stated | {"provider": "seashells"}), 422)
    stranger = machine(Scope.BOOKS, agency=BAC_HA)
    paid = lines[0] | {"reference": "FT0", "purpose": charge["code"]}
    told = stranger.post("/statements", stated | {"lines": [paid]}).json()
    assert told == {"lines": 1, "new": 0, "differing": 0, "elsewhere": 1}
    assert (Charge.objects.get().state, Payment.objects.count()) == (Charge.State.DUE, 0)
    first, again = (
        desk.post("/statements", stated, key=key).json() for key in ("read-them-1", "read-them-2")
    )
    assert (first, again["new"]) == ({"lines": 2, "new": 2, "differing": 0, "elsewhere": 0}, 0)
    (unknown,) = desk.get("/payments?unsettled=true").json()["items"]
    problem(desk.post(f"/payments/{unknown['id']}/match", {"code": "MC00000000"}), 422)
    matched = desk.post(f"/payments/{unknown['id']}/match", {"code": charge["code"]}).json()
    assert (matched["charge"], matched["allotted"], matched["returned"]) == (charge["code"], 11000, 5000)
    assert Charge.objects.get().state == Charge.State.PAID
    (owed,) = desk.get("/refunds?state=owed").json()["items"]
    for _time in range(2):
        made = desk.post(f"/refunds/{owed['id']}/made", {"reference": "UNC-7"}, key="made-it-1").json()
    assert (made["state"], made["reference"]) == ("made", "UNC-7")
    assert Refund.objects.get().by_name == desk.client.name
    assert stranger.get("/charges").json()["items"] == stranger.get("/refunds").json()["items"] == []
    problem(stranger.post(f"/refunds/{owed['id']}/made", {"reference": "UNC-8"}), 404)
    assert len(desk.get("/payments").json()["items"]) == Payment.objects.count() == 2
    above = machine(Scope.BOOKS, agency="H38", below=True)
    for books in ("/charges", "/payments", "/refunds"):
        seen = [
            {one["agency"] for one in above.get(f"{books}{where}").json()["items"]}
            for where in ("", f"?agency={SA_PA}", "?agency=H38")
        ]
        assert seen == [{SA_PA}, {SA_PA}, set()], books


def test_tickets_are_drawn_at_the_door_called_and_ended(desk):
    queues.open_queue(Queue(agency=SA_PA, letter="A", name_vi="Hộ tịch"), by=given.SYSTEM)
    drawn = [desk.post("/tickets", {"queue": "A"}, key=f"draw-number-{n}").json() for n in (1, 2, 1)]
    assert [one["label"] for one in drawn] == ["A001", "A002", "A001"]
    problem(desk.post("/tickets", {"queue": "Z"}), 422)
    (queue,) = desk.get("/queues").json()["items"]
    assert (queue["letter"], queue["waiting"]) == ("A", 2)
    calls = [desk.post("/tickets/next", {"counter": "3"}, key=f"call-the-next-{n}") for n in (1, 2, 1)]
    assert [one.json()["ticket"]["number"] for one in calls] == [1, 2, 1]
    assert desk.post("/tickets/2/miss", {}).json()["state"] == "gone"
    problem(desk.post("/tickets/2/serve", {}), 409)
    assert desk.post("/tickets/next", {"counter": "3"}).json() == {"ticket": None}
    states = [(one["number"], one["state"]) for one in desk.get("/tickets").json()["items"]]
    assert states == [(1, "served"), (2, "gone")]


def test_questions_of_people_are_answered_and_complaints_are_the_head_s(desk, machine):
    asked, complaint = (received(kind) for kind in (Kind.QUESTION, Kind.COMPLAINT))
    assert [one["id"] for one in desk.get("/petitions").json()["items"]] == [str(asked.pk)]
    above = machine(Scope.PETITIONS, agency="H38", below=True)
    seen = [above.get(f"/petitions{where}").json()["items"] for where in ("", "?agency=H38")]
    assert [[one["agency"] for one in items] for items in seen] == [[SA_PA], []]
    problem(desk.get(f"/petitions/{complaint.pk}"), 404)
    problem(desk.post(f"/petitions/{complaint.pk}/reply", {"answer": "Không."}), 404)
    told = desk.get(f"/petitions/{asked.pk}").json()
    assert (told["asker_name"], told["text"]) == (MAY.name, "Vì sao đọc dữ liệu của tôi?")
    assert Entry.objects.about(asked).of("petitions.PetitionOpened").get().actor["urn"] == desk.client.urn
    for _time in range(2):
        told = desk.post(
            f"/petitions/{asked.pk}/reply", {"answer": "Để cấp bản sao."}, key="reply-it-1"
        ).json()
    assert (told["state"], told["answered_by"]) == ("answered", desk.client.name)
    assert Outbox.objects.filter(kind="petition.answered").count() == 1


def received(kind):
    """A petition that came to Sa Pa."""
    found = Received(
        pk=uuid4(),
        kind=kind,
        agency=SA_PA,
        origin="G22",
        asker_name=MAY.name,
        asker_number=MAY.number,
        text="Vì sao đọc dữ liệu của tôi?",
        due_at=timezone.now() + timedelta(days=5),
    )
    petitions.take_petition(found, by=given.SYSTEM)
    return found


def test_claims_are_listed_and_a_mandate_is_checked_by_who_shows_it(desk, machine):
    claim = given.claim()
    (listed,) = desk.get("/claims").json()["items"]
    assert (listed["id"], listed["principal_name"]) == (str(claim.pk), "Lý Khánh Vy")
    assert claim.agent_number not in str(listed)
    held = given.mandate(procedures=(given.COPY,))
    shown = {"number": held.number, "agent_number": BY_KEY["suoi"].number}
    assert check(desk, **shown) == (True, "")
    checked = Entry.objects.about(held).of("mandates.MandateChecked").get()
    assert checked.facts == {"number": held.number, "agency": SA_PA, "holds": True}
    assert checked.actor["urn"] == desk.client.urn
    above = machine(Scope.MANDATES, agency="H38", below=True)
    assert check(above, **shown, agency=SA_PA) == (True, "")
    checked = Entry.objects.about(held).of("mandates.MandateChecked").latest("pk")
    assert (checked.facts["agency"], checked.actor["urn"]) == (SA_PA, above.client.urn)
    assert check(desk, **shown, procedure=given.COPY) == (True, "")
    given.procedure(HOME)
    assert check(desk, **shown, procedure=HOME)[0] is False
    other, unknown = (
        check(desk, **shown | change)
        for change in ({"agent_number": MAY.number}, {"number": "UQ-2026-999999"})
    )
    assert other == unknown == (False, "Không có giấy ủy quyền mang số này của người được ủy quyền này.")
    type(held).objects.update(valid_until=timezone.localdate() - timedelta(days=1), valid_from="2020-01-01")
    assert check(desk, **shown)[0] is False


def check(desk, **shown):
    told = desk.call("POST", "/mandates/check", shown).json()
    assert MAY.name not in str(told)
    return told["holds"], told["why_not"]


def test_working_days_and_promised_days_are_told_as_the_clock_counts_them(desk):
    days = desk.get(f"/agencies/{SA_PA}/calendar?first=2026-12-31&last=2027-01-04").json()["items"]
    assert [(one["date"][-2:], one["works"]) for one in days] == [
        *(("31", True), ("01", False), ("02", False), ("03", False), ("04", True))
    ]
    assert days[0]["hours"] == "07:30-11:30, 13:00-17:00"
    problem(desk.get(f"/agencies/{SA_PA}/calendar?first=2026-12-31&last=2026-12-30"), 422)
    problem(desk.get(f"/agencies/{SA_PA}/calendar?first=2026-01-01&last=2027-12-30"), 422)
    asked = f"/agencies/{SA_PA}/promise?procedure={given.COPY}&case=birth&received_at="
    told = desk.get(f"{asked}2026-12-31T16:00:00%2B07:00").json()
    assert (told["begins_at"][:16], told["due_at"][:16]) == ("2027-01-04T07:30", "2027-01-04T17:00")
    problem(desk.get(f"{asked}2026-12-31T16:00:00"), 422)
    problem(desk.get(f"/agencies/{SA_PA}/promise?procedure={given.COPY}&case=whale"), 422)
    problem(desk.get(f"/agencies/{SA_PA}/promise?procedure=9.999999"), 404)


def test_local_values_and_the_nine_indicators_are_read(desk):
    overlay = Overlay(
        procedure=Version.objects.get().procedure,
        agency_id="H38",
        key="fee",
        case="birth",
        channel="online",
        value=4000,
        decision="12/NQ-HĐND",
        effective_from=timezone.localdate(),
    )
    procedures.localise(overlay, by=given.SYSTEM)
    (listed,) = desk.get(f"/overlays?under=H38&procedure={given.COPY}").json()["items"]
    assert (listed["value"], listed["decision"], listed["agency"]) == (4000, "12/NQ-HĐND", "H38")
    assert desk.get("/overlays?under=G15").json()["items"] == []
    nine = desk.get("/indicators/nine?period=2026").json()
    assert ([one["number"] for one in nine["scores"]], nine["class"]) == ([*range(1, 10)], "")


def test_answers_the_agency_asked_for_are_counted_by_receiver(desk):
    given.keys()
    issued(answer_by=timezone.localdate())
    found = desk.get("/indicators/tasks").json()
    assert (found["agency"], found["period"]) == (given.SA_PA, f"{timezone.localdate():%Y-%m}")
    (line,) = found["receivers"]
    assert (line["code"], line["given"], line["open"], line["percent_in_time"]) == (given.BAC_HA, 1, 1, None)


def test_a_draft_is_brought_in_and_people_propose_and_approve_it(machine):
    given.country()
    nation, province = machine(Scope.DRAFTS, agency="G22"), machine(Scope.DRAFTS, agency="H38")
    given.procedure(given.COPY)
    definition = given.definition(given.COPY).as_content()
    content = definition | {"name": {"vi": "Cấp bản sao trích lục", "en": "Copies"}}
    wrong = problem(nation.post("/drafts", {"definition": content | {"shoe": 1}}), 422)
    assert wrong["errors"][0]["where"] == "#/definition/shoe"
    problem(province.post("/drafts", {"definition": content}), 403)
    for _time in range(2):
        answer = nation.post("/drafts", {"definition": content}, key="draft-it-1")
    assert (answer.status_code, answer.json()["state"], Draft.objects.count()) == (201, "draft", 1)
    (listed,) = nation.get("/drafts?state=draft").json()["items"]
    assert nation.get(f"/drafts/{listed['id']}").json()["content"]["name"]["vi"] == "Cấp bản sao trích lục"
    assert province.get("/drafts").json()["items"] == []
    problem(nation.post(f"/drafts/{listed['id']}/propose", {}), 404)


# What these hold are no rows: a file of ours, and the days of a calendar.
FIXED = {"/life-events", "/agencies/{agency}/calendar"}


def test_every_list_asks_as_often_for_one_row_as_for_many(desk, handled):
    lists = {one.path for one in OPERATIONS if one.gives and "items" in one.gives.model_fields}
    to = {"name": MAY.name, "address": "Tổ 3", "commune": "Phường Sa Pa", "province": "Tỉnh Lào Cai"}
    definition, today = given.definition(given.COPY), timezone.localdate()
    given.officer("chair")
    post = Post.objects.filter(agency=SA_PA)[0]

    def fill(number):
        """One row more for each list there is."""
        question(number)
        received(Kind.QUESTION)
        Claim.objects.create(pk=uuid4(), number=f"ĐD-{number}", agency=SA_PA, paper={})
        queue = Queue(agency=SA_PA, letter="ABCD"[number - 1], name_vi="Hộ tịch")
        queues.draw(queues.open_queue(queue, by=given.SYSTEM), by=given.SYSTEM)
        charge = Charge.objects.create(subject=f"x:{number}", payee=SA_PA, payer="x", what="x", amount=1000)
        money = Money("vietqr", f"FT{number}", 3000, timezone.now(), "statement", purpose=charge.code)
        payments.read_statement([money], by=given.SYSTEM, provider="vietqr")
        line = desk.post("/dossiers", thought_up(given.definition(HOME))).json()
        Posting.objects.create(dossier_id=line["id"], agency=SA_PA, postage=1, **to)
        row(Appointment, account=row(Account), post=post, valid_from="2026-01-01")
        new = procedures.publish(definition.model_copy(update={"code": f"9.00000{number}"}), by=given.SYSTEM)
        row(Overlay, procedure=new.procedure, agency_id=SA_PA, effective_from=today)
        row(Draft, owner=SA_PA, content=new.content)
        row(Agency, code=f"H99.{number}", level=2, valid_from=today)
        begins, seat = timezone.now() + timedelta(days=number), {"seat": number, "code": f"MY{number}"}
        row(
            Place,
            agency=SA_PA,
            begins_at=begins,
            ends_at=begins + timedelta(hours=1),
            booked_by=desk.client.urn,
            **seat,
        )
        Subscription.objects.create(client=desk.client, url=f"https://x.vn/{number}", kinds=[])
        late = told(
            2,
            dossier=uuid4(),
            agency=SA_PA,
            code=f"{SA_PA}-261001-{number:04}",
            due_at=timezone.now() - timedelta(days=number),
        )
        tracking.take_states([late], by=given.SYSTEM)

    def asked():
        counts = {}
        for path in lists - FIXED:
            with CaptureQueriesContext(connection) as queries:
                page = desk.get(path).json()
            counts[path] = (len(queries), len(page["items"]))
        return counts

    fill(1)
    asked()
    few = asked()
    for number in (2, 3, 4):
        fill(number)
    many = asked()
    assert {path: (queries, rows + 3) for path, (queries, rows) in few.items()} == many
