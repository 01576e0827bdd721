"""Who gets through the door, how often, and what is said to who does not."""

import base64
import io
import json
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from motcua.api import actions, tokens
from motcua.api.door import IDENTIFIERS, SERIALS, told
from motcua.api.models import Client
from motcua.api.operations import OPERATIONS
from motcua.api.scopes import Scope
from motcua.config.wsgi import front
from motcua.demo.nodes import BAC_HA, SA_PA
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.ui.middleware import HEADERS
from tests import given

PLACES = {
    **{name: str(uuid4()) for name in IDENTIFIERS},
    **dict.fromkeys(SERIALS, "1"),
    "code": "H38-261116-0001",
    "procedure": "1.000001",
    "agency": "G15",
    "digest": "0" * 64,
}


def problem(answer, status):
    """The problem an answer tells of."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    said = json.loads(answer.content)
    assert (said["status"], {"type", "title", "detail"} <= set(said)) == (status, True)
    return said


def enter(**form):
    return by_form({"grant_type": "client_credentials", **form})


def by_form(form, **headers):
    return Browser().generic(
        "POST", "/api/v1/token", urlencode(form), "application/x-www-form-urlencoded", headers=headers
    )


def test_a_machine_enters_with_its_secret_and_nothing_else(machine):
    one = machine(Scope.READ, Scope.CATALOGUE)
    name = str(one.client.pk)
    given_token = enter(client_id=name, client_secret=one.secret, scope="dossiers:read").json()
    assert (given_token["scope"], given_token["token_type"]) == ("dossiers:read", "Bearer")
    assert tokens.read(given_token["access_token"]).client == one.client.pk
    basic = base64.b64encode(f"{name}:{one.secret}".encode()).decode()
    by_header = by_form({"grant_type": "client_credentials"}, Authorization=f"Basic {basic}")
    assert by_header.json()["scope"] == "catalogue:read dossiers:read"
    for form in (
        {"client_id": name, "client_secret": "wrong"},
        {"client_id": "nobody", "client_secret": one.secret},
        {},
    ):
        assert problem(enter(**form), 401)["error"] == "invalid_client"
    assert (
        problem(enter(client_id=name, client_secret=one.secret, scope="dossiers:file"), 400)["error"]
        == "invalid_scope"
    )
    problem(by_form({"grant_type": "password"}), 422)


def test_the_secret_is_kept_as_a_digest_and_its_successor_ends_all_tokens(machine):
    one = machine(Scope.CATALOGUE)
    assert one.secret not in str(Client.objects.values().get())
    assert one.get("/life-events").status_code == 200
    renewed = actions.renew_secret(one.client, by=given.SYSTEM)
    problem(one.get("/life-events"), 401)
    assert enter(client_id=str(one.client.pk), client_secret=renewed).status_code == 200
    problem(enter(client_id=str(one.client.pk), client_secret=one.secret), 401)
    actions.end(one.client, by=given.SYSTEM)
    problem(enter(client_id=str(one.client.pk), client_secret=renewed), 401)
    with pytest.raises(NotNow):
        actions.renew_secret(one.client, by=given.SYSTEM)
    told = Entry.objects.about(one.client).values_list("event", flat=True)
    assert list(told) == ["api.ClientRegistered", "api.SecretRenewed", "api.ClientEnded"]


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer nonsense", "Basic abc", "Bearer a:b:c"])
def test_without_a_good_token_nothing_opens(db, token):
    answer = Browser().get("/api/v1/dossiers", headers={"Authorization": token})
    problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_every_operation_is_closed_to_a_machine_without_its_scope(machine):
    for scope in Scope:
        others = machine(*[one for one in Scope if one != scope])
        for operation in (one for one in OPERATIONS if one.scope == scope):
            answer = others.call(operation.method, operation.path.format(**PLACES))
            assert problem(answer, 403)["detail"].count(scope.value) == 1


def test_a_right_that_was_taken_away_is_gone_at_once_though_the_token_names_it(machine):
    one = machine(Scope.CATALOGUE)
    Client.objects.update(scopes=[Scope.READ])
    problem(one.get("/life-events"), 403)


def test_calls_are_counted_for_each_machine(machine):
    one, other = machine(Scope.CATALOGUE, per_minute=2), machine(Scope.CATALOGUE)
    first, second = one.get("/life-events"), one.get("/life-events")
    assert [answer["RateLimit"].split(";")[1] for answer in (first, second)] in (
        ["r=1", "r=0"],
        ["r=1", "r=1"],
    )
    assert first["RateLimit-Policy"] == '"minute";q=2;w=60'
    many = [one.get("/life-events") for _time in range(4)]
    refused = next(answer for answer in many if answer.status_code == 429)
    problem(refused, 429)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert other.get("/life-events").status_code == 200


def test_each_fault_is_told_with_what_where_and_how(every):
    problem(every.get("/nowhere"), 404)
    problem(every.get("/dossiers/no-uuid"), 404)
    wrong = every.call("DELETE", "/dossiers")
    problem(wrong, 405)
    assert wrong["Allow"] == "GET, POST"
    assert problem(every.get("/dossiers?state=11&shoe=1"), 422)["errors"] == [
        {"where": "?state", "what": "Ghi số không lớn hơn 10."},
        {"where": "?shoe", "what": "Ở đây không có trường này. Bỏ đi, hoặc xem lại cách viết."},
    ]
    problem(every.get("/life-events?page=2"), 422)
    problem(every.get("/dossiers?limit=1&limit=2"), 422)
    assert problem(every.post("/dossiers", "{"), 400)["errors"][0]["where"] == "#"
    problem(every.post("/dossiers", {}, content_type="text/plain"), 415)
    without_key = every.call("POST", "/dossiers", {})
    assert problem(without_key, 400)["errors"][0]["where"] == "Idempotency-Key"
    faults = problem(every.post("/dossiers", {"procedure": 7, "applicant": {}}), 422)["errors"]
    assert [one["where"] for one in faults] == [
        "#/procedure",
        "#/applicant/name",
        "#/applicant/number",
    ]
    in_english = every.get("/dossiers?state=11", headers={"Accept-Language": "en"})
    assert problem(in_english, 422)["errors"][0]["what"] == "Write 10 or less."


def test_what_breaks_on_our_side_is_told_without_its_inside(caplog):
    answer = told(RuntimeError("a secret of the inside")).answer()
    assert "secret" not in json.dumps(problem(answer, 500))
    assert "a secret of the inside" in caplog.text


def test_a_call_passes_none_of_what_pages_need_and_its_answer_is_as_guarded(every):
    answer = every.get("/dossiers", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}=anything"})
    assert (answer.status_code, {name: answer[name] for name in HEADERS}) == (200, HEADERS)
    assert (answer.cookies, answer["Cache-Control"], answer["Content-Length"]) == (
        {},
        "no-store",
        str(len(answer.content)),
    )
    assert not hasattr(answer.wsgi_request, "session")
    assert every.get("/dossiers", headers={"Host": "elsewhere.example"}).status_code == 400
    problem(every.post("/dossiers", {}, headers={"Content-Length": "99999999"}), 413)
    problem(every.browser.get("/api/v1/"), 404)


def test_the_front_door_leads_calls_to_their_own_handler_and_pages_to_theirs():
    told = front(*(lambda environ, start, name=name: [name] for name in (b"inner", b"machines", b"pages")))
    paths = ("/internal/calls/", "/api/v1/dossiers", "/api/", "/", "/api/v1")
    assert [told({"PATH_INFO": path}, None) for path in paths] == [
        [b"inner"],
        [b"machines"],
        *[[b"pages"]] * 3,
    ]


def test_the_description_names_every_operation_and_resolves(every):
    described = every.get("/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    listed = {(method.upper(), path) for path, one in described["paths"].items() for method in one}
    assert listed == {(one.method, f"/api/v1{one.path}") for one in OPERATIONS}
    names = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))
    references = json.dumps(described).split('"$ref": "#/components/')[1:]
    for reference in references:
        group, _slash, name = reference.partition('"')[0].partition("/")
        assert name in described["components"][group]


def test_the_page_for_people_tells_of_every_operation_and_problem(client, db):
    page = client.get("/api/").content.decode()
    assert [one.path for one in OPERATIONS if f"{one.method} /api/v1{one.path}" not in page] == []
    assert 'id="too-many"' in page


def test_only_administrators_and_the_operator_let_machines_in(db):
    given.country()
    wrong = Client(agency="H99", name="?", scopes=[Scope.READ])
    with pytest.raises(Invalid):
        actions.register(wrong, by=given.SYSTEM)
    with pytest.raises(Invalid):
        actions.register(Client(agency=SA_PA, name="x", scopes=["all"]), by=given.SYSTEM)
    with pytest.raises(Invalid):
        actions.register(Client(agency=SA_PA, name=" ", scopes=[Scope.READ]), by=given.SYSTEM)
    with pytest.raises(Refused):
        actions.register(Client(agency=SA_PA, name="x", scopes=[Scope.READ]), by=given.officer("receiver"))
    with pytest.raises(Refused):
        actions.register(
            Client(agency=BAC_HA, name="x", scopes=[Scope.READ]), by=given.officer("administrator")
        )
    assert actions.register(
        Client(agency=SA_PA, name="x", scopes=[Scope.READ]), by=given.officer("administrator")
    )


def test_the_command_shows_the_secret_once_and_ends_machines(db):
    given.country()
    out = io.StringIO()
    call_command(
        *("api", "add", SA_PA, "Phần mềm bưu chính", "dossiers:file", "--below", "--per-minute", "60"),
        stdout=out,
    )
    client = Client.objects.get()
    assert client.below is True
    secret = out.getvalue().split()[3]
    assert enter(client_id=str(client.pk), client_secret=secret).status_code == 200
    listed = io.StringIO()
    call_command("api", "list", stdout=listed)
    assert secret not in listed.getvalue()
    call_command("api", "end", str(client.pk), stdout=out)
    assert not Client.objects.in_force().exists()
    with pytest.raises(CommandError):
        call_command("api", "renew", str(client.pk), stdout=out)
    with pytest.raises(CommandError):
        call_command("api", "end", str(uuid4()), stdout=out)
