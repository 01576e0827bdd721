"""Machines bring dossiers in, read those of their agency, and move them as the desk would."""

import re
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.api import actions
from motcua.api.models import Asked
from motcua.api.scopes import Scope
from motcua.demo.nodes import BAC_HA, SA_PA
from motcua.demo.people import BY_KEY
from motcua.documents.models import Document, keyring
from motcua.dossiers.models import Dossier, Segment
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from tests import given
from tests.api.test_door import problem
from tests.documents import samples
from tests.post import settle

MAY = BY_KEY["may"]
IDENTITY = {"paper": "identity", "copy": "original"}


def copy(**changes):
    """A copy of a birth certificate, brought by the post."""
    return {
        "procedure": given.COPY,
        "case": "birth",
        "way": "post",
        "applicant": {"name": MAY.name, "number": MAY.number},
        "contact": {"phone": "0912345678"},
        "answers": {
            "applicant_name": MAY.name,
            "applicant_number": MAY.number,
            "applicant_born_on": MAY.born_on,
            "applicant_residence": MAY.address,
            "applicant_phone": "0912345678",
            "birth_number": MAY.number,
            "copies": 2,
            "receive_by": "counter",
        },
        "papers": [IDENTITY],
    } | changes


def brought(desk, **changes):
    answer = desk.post("/dossiers", copy(**changes))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_dossier_is_brought_received_paid_and_told_in_full(desk, node_home):
    line = brought(desk)
    assert (line["state"], line["code"], line["channel"], line["agency"]) == (1, None, 3, desk.client.agency)
    told = desk.get(f"/dossiers/{line['id']}").json()
    deeds = ["accept", "refuse", "request-supplement", "withdraw", "forward", "add-papers"]
    assert told["can"] == deeds
    accepted = desk.post(f"/dossiers/{line['id']}/accept", {}).json()
    assert accepted["state"] == 6
    settle()
    told = desk.get(f"/dossiers/{line['id']}").json()
    assert (told["fee"]["state"], told["fee"]["open"], told["answers"]["copies"]) == ("due", 16000, 2)
    assert [one["kind"] for one in told["documents"]] == ["receipt"]
    assert {one["by"] for one in told["timeline"] if one["event"] == "dossiers.DossierAccepted"} == {
        desk.client.name
    }
    paper = told["documents"][0]
    pdf = desk.get(f"/dossiers/{line['id']}/documents/{paper['id']}")
    assert sha256(pdf.content).hexdigest() == paper["digest"]
    # A form that cannot be sealed for its file is gone takes nothing else away.
    keyring().keep_seal(SA_PA, samples.AUTHORITY.seal(samples.AGENCY, SA_PA))
    Document.objects.filter(pk=paper["id"]).update(awaits_seal=True, digest="0" * 64)
    (gone,) = desk.get(f"/dossiers/{line['id']}").json()["documents"]
    assert gone == paper | {"digest": "0" * 64}
    assert desk.get(f"/dossiers/{line['id']}/documents/{paper['id']}").status_code == 404
    paid = desk.post(f"/dossiers/{line['id']}/take-cash", {"amount": 16000})
    settle()
    assert paid.status_code == 200
    assert desk.get(f"/dossiers/{line['id']}").json()["state"] == 4
    assert (
        Entry.objects.about(f"dossier:{line['id']}").of("dossiers.DossierAccepted").get().actor["urn"]
        == desk.client.urn
    )


def test_each_deed_is_done_once_however_often_it_is_sent(desk):
    key = uuid4().hex
    first, again = desk.post("/dossiers", copy(), key=key), desk.post("/dossiers", copy(), key=key)
    assert (first.json()["id"], first.status_code) == (again.json()["id"], again.status_code)
    assert Dossier.objects.count() == 1
    problem(desk.post("/dossiers", copy(way="self"), key=key), 422)
    address = f"/dossiers/{first.json()['id']}/accept"
    assert (
        desk.post(address, {}, key="accept-it-1").json()["code"]
        == desk.post(address, {}, key="accept-it-1").json()["code"]
    )
    problem(desk.post(address, {}), 409)
    problem(desk.post(f"/dossiers/{first.json()['id']}/refuse", {"reason": "x"}, key="accept-it-1"), 422)
    Asked.objects.update(at=timezone.now() - timedelta(days=8))
    assert actions.forget_old(timedelta(days=7), by=given.SYSTEM) == 2


def test_what_is_refused_leaves_nothing_behind_and_its_key_free(desk):
    key = uuid4().hex
    lacking = copy(answers=copy()["answers"] | {"copies": 0})
    faults = problem(desk.post("/dossiers", lacking, key=key), 422)["errors"]
    assert [one["where"] for one in faults] == ["#/answers/copies"]
    assert (Dossier.objects.count(), Asked.objects.count()) == (0, 0)
    assert desk.post("/dossiers", copy(), key=key).status_code == 201
    problem(desk.post("/dossiers", copy(procedure="9.999999")), 422)
    problem(desk.post("/dossiers", copy(case="death_of_a_whale")), 422)
    problem(desk.post("/dossiers", copy(papers=[{"paper": "shopping_list"}])), 422)
    problem(desk.post("/dossiers", copy(papers=[{"paper": "other", "digest": "0" * 64}])), 422)


def test_papers_are_brought_under_their_digest_and_named_by_whoever_brought_them(desk, machine):
    picture = given.picture()
    digest = sha256(picture).hexdigest()
    answers = [desk.call("PUT", f"/files/{digest}", content_type="image/png", raw=picture) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    problem(desk.call("PUT", f"/files/{'0' * 64}", content_type="image/png", raw=picture), 422)
    text = b"no picture at all"
    problem(desk.call("PUT", f"/files/{sha256(text).hexdigest()}", content_type="image/png", raw=text), 422)
    paper = {"paper": "other", "digest": digest, "name": "ảnh.png", "copy": "copy"}
    problem(
        desk.post("/dossiers", copy(papers=[paper])), 422
    )  # no register was read in place of the identity paper
    problem(desk.post("/dossiers", copy(papers=[IDENTITY | {"copy": "register"}, paper])), 422)
    line = brought(desk, papers=[paper, IDENTITY])
    told = desk.get(f"/dossiers/{line['id']}").json()["papers"]
    assert [(one["digest"], one["copy"], one["name"]) for one in told if one["digest"]] == [
        (digest, "copy", "ảnh.png")
    ]
    assert desk.get(f"/dossiers/{line['id']}/papers/{digest}").content == picture
    problem(desk.get(f"/dossiers/{line['id']}/papers/{'0' * 64}"), 404)
    problem(machine(Scope.FILE).post("/dossiers", copy(papers=[paper])), 422)


def test_a_machine_sees_and_moves_only_its_own_agency_s_dossiers(desk, machine):
    stranger = machine(*Scope, agency=BAC_HA)
    line = brought(desk)
    assert [one["id"] for one in desk.get("/dossiers").json()["items"]] == [line["id"]]
    assert stranger.get("/dossiers").json() == {"items": [], "next": None}
    problem(stranger.get(f"/dossiers/{line['id']}"), 404)
    problem(stranger.post(f"/dossiers/{line['id']}/accept", {}), 404)


BOOKS = ("/petitions", "/charges", "/payments", "/refunds")


def test_a_system_of_the_province_acts_at_every_agency_below_and_nowhere_else(desk, machine):
    given.agency(BAC_HA)
    above, alone = machine(*Scope, agency="H38", below=True), machine(*Scope, agency="H38")
    here, there = brought(desk)["id"], brought(above, agency=BAC_HA)
    assert there["agency"] == BAC_HA
    seen = [
        {one["id"] for one in asked.get(f"/dossiers{query}").json()["items"]}
        for asked, query in ((above, ""), (above, f"?agency={BAC_HA}"), (above, "?agency=H38"), (alone, ""))
    ]
    assert seen == [{here, there["id"]}, {there["id"]}, set(), set()]
    assert above.get(f"/dossiers/{here}").json()["can"][:2] == ["accept", "refuse"]
    assert above.post(f"/dossiers/{here}/accept", {}).json()["state"] == 6
    accepted = Entry.objects.about(f"dossier:{here}").of("dossiers.DossierAccepted").get()
    assert accepted.actor["grants"] == ["machine@H38", "receiver@H38"]
    problem(alone.post(f"/dossiers/{there['id']}/accept", {}), 404)
    for address in ("/queues", "/officers", "/free-times", "/indicators/nine", "/tickets", "/claims", *BOOKS):
        assert above.get(f"{address}?agency={BAC_HA}").status_code == 200
        wrong = problem(alone.get(f"{address}?agency={BAC_HA}"), 422)["errors"]
        assert [one["where"] for one in wrong] == ["?agency"]
    wrong = problem(above.post("/dossiers", copy(agency="H10.03006")), 422)["errors"]
    assert [one["where"] for one in wrong] == ["#/agency"]
    Dossier.objects.filter(pk=here).update(agency="H10.03006")
    problem(above.get(f"/dossiers/{here}"), 404)
    problem(above.post(f"/dossiers/{here}/stop", {"reason": "x"}), 404)


def test_what_a_person_must_answer_for_no_machine_does(desk):
    line = brought(desk)
    for verb in ("sign", "extend", "return-to-examiner", "note"):
        problem(desk.post(f"/dossiers/{line['id']}/{verb}", {}), 404)
    reader = desk.__class__(Scope.READ)
    assert reader.get(f"/dossiers/{line['id']}").json()["can"] == []


def test_the_desk_s_decisions_go_the_desk_s_way(desk):
    refused = brought(desk)
    problem(desk.post(f"/dossiers/{refused['id']}/refuse", {"reason": " "}), 422)
    assert desk.post(f"/dossiers/{refused['id']}/refuse", {"reason": "Sai nơi nộp."}).json()["state"] == 3
    asked = f"/dossiers/{brought(desk)['id']}"
    assert desk.post(f"{asked}/request-supplement", {"reason": "Thiếu bản sao."}).json()["state"] == 5
    again = desk.post(f"{asked}/supply", {"note": "Đã bổ sung."}).json()
    assert (again["state"], again["receive_by"] > again["arrived_at"], again["due_at"]) == (1, True, None)
    assert desk.post(f"{asked}/withdraw", {"reason": "Không cần nữa."}).json()["state"] == 7
    free = f"/dossiers/{brought(desk)['id']}"
    assert desk.post(f"{free}/accept", {}).json()["receive_by"] is None
    assert desk.post(f"{free}/waive-fee", {"reason": "Người có công, thẻ đã xem."}).json()["state"] == 4
    problem(desk.post(f"{free}/propose", {"opinion": "Đủ điều kiện."}), 409)
    assert desk.post(f"{free}/stop", {"reason": "Người nộp đã mất."}).json()["state"] == 8


def counted(act):
    """What a call gave, and how many statements it took besides the savepoint where the front door begins a transaction."""
    with CaptureQueriesContext(connection) as asked:
        given_back = act()
    return given_back, len(asked) - 2


def test_a_dossier_is_brought_in_received_and_refused_with_few_statements(desk):
    """The budget of the architecture: twelve to create, eight for a transition; to receive this one takes three more, for
    the fee and the register that is asked at once."""
    desk.post(f"/dossiers/{brought(desk)['id']}/accept", {})  # what is read once for all is read
    line, bringing = counted(lambda: brought(desk))
    refused, refusing = counted(
        lambda: desk.post(f"/dossiers/{line['id']}/refuse", {"reason": "Sai nơi nộp."}).json()
    )
    other = brought(desk)
    received, receiving = counted(lambda: desk.post(f"/dossiers/{other['id']}/accept", {}).json())
    assert (refused["state"], received["state"]) == (3, 6)
    assert Dossier.objects.get(pk=other["id"]).state == 6
    assert (bringing, refusing, receiving) == (10, 6, 11)
    events = Entry.objects.about(f"dossier:{other['id']}").values_list("event", flat=True)
    assert [one.partition(".")[2] for one in events] == [
        *("DossierFiled", "DossierAccepted", "StepStarted", "StepCompleted", "StepStarted", "FeeAsked")
    ]
    kinds = (
        Outbox.objects.filter(stream=f"dossier:{other['id']}")
        .order_by("position")
        .values_list("kind", flat=True)
    )
    assert [*kinds] == ["dossier.state"] * 3
    stretches = Segment.objects.filter(dossier=other["id"]).values_list("kind", "ended_at")
    assert [(kind, ended is None) for kind, ended in stretches] == [("running", False), ("paused", True)]


def test_a_list_asks_as_often_for_one_as_for_many_and_goes_on_by_its_last(desk):
    ids = [brought(desk)["id"]]
    with CaptureQueriesContext(connection) as few:
        desk.get("/dossiers")
    ids += [brought(desk)["id"] for _time in range(4)]
    with CaptureQueriesContext(connection) as many:
        desk.get("/dossiers")
    assert len(few) == len(many)
    found, address = [], "/dossiers?limit=2&state=1"
    while address:
        page = desk.get(address).json()
        found += [one["id"] for one in page["items"]]
        address = page["next"] and page["next"].partition("/api/v1")[2]
    assert found == ids[::-1]
    assert desk.get(f"/dossiers?procedure={given.COPY}&arrived_from=2999-01-01").json()["items"] == []


ORDER = 'ORDER BY "dossiers_dossier"."arrived_at" DESC'
OTHER = {"id": "gen_random_uuid()", "arrived_at": "arrived_at - number * interval '1 minute'"}
COLUMNS = [field.column for field in Dossier._meta.local_concrete_fields if not field.generated]
MANY = f"""
INSERT INTO dossiers_dossier ({", ".join(f'"{one}"' for one in COLUMNS)})
SELECT {", ".join(OTHER.get(one, f'"{one}"') for one in COLUMNS)}
FROM dossiers_dossier, generate_series(1, 5000) number
"""


def test_a_page_of_many_dossiers_is_read_from_their_index(desk):
    brought(desk)
    with connection.cursor() as cursor:
        cursor.execute(MANY)
        cursor.execute("ANALYZE dossiers_dossier")
    with CaptureQueriesContext(connection) as asked:
        page = desk.get("/dossiers?limit=20").json()
        desk.get(page["next"].partition("/api/v1")[2])
    lists = [one["sql"] for one in asked.captured_queries if ORDER in one["sql"]]
    plans = [plan(sql) for sql in lists]
    assert ["dossiers_found" in one for one in plans] == [True, True], plans
    assert re.search(r"Index Cond: .*arrived_at <= ", plans[1]), plans


def plan(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_procedures_life_events_agencies_and_tracking_are_there_to_read(desk):
    assert [one["code"] for one in desk.get("/procedures").json()["items"]] == [given.COPY]
    assert [one["code"] for one in desk.get("/procedures?q=trich luc ho tich").json()["items"]] == [
        given.COPY
    ]
    one = desk.get(f"/procedures/{given.COPY}").json()
    assert (one["fees"][0]["amount"], one["cases"][0]["id"]) == (8000, "birth")
    form = desk.get(f"/procedures/{given.COPY}/form?case=birth").json()["answers"]
    assert set(form["required"]) == set(copy()["answers"])
    problem(desk.get(f"/procedures/{given.COPY}/form?case=nothing"), 404)
    assert len(desk.get("/life-events").json()["items"]) > 10
    assert [one["code"] for one in desk.get("/agencies?under=H38").json()["items"]][:1] == ["H38"]
    assert desk.get("/agencies/G15").json()["name"] == "Bộ Tư pháp"
    line = brought(desk)
    code = desk.post(f"/dossiers/{line['id']}/accept", {}).json()["code"]
    settle()
    tracked = desk.get(f"/tracking/{code}").json()
    assert (tracked["state"], MAY.name in str(tracked)) == (6, False)
    problem(desk.get("/tracking/H38-261116-9999"), 404)
    assert desk.get("/indicators?days=7").json()["agency"] == desk.client.agency
