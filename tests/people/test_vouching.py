"""The node that keeps identities: who may ask, what is told, at which level, and that a session ends everywhere."""

import base64
import json
import re
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.idp.oidc.models import Client as Service
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.config.node import IdentityClient
from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.people import actions
from motcua.people.asking import Silent
from motcua.people.models import SignOn
from motcua.people.tokens import LOGOUT_EVENT
from tests import given
from tests.people.listening import Listening

pytestmark = pytest.mark.django_db

HERE, SECRET, VERIFIER = "http://127.0.0.1:8000", "bi-mat-cua-cong-tinh", "v" * 64
CHALLENGE = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PLACE = "https://tinh.example/account/identity/callback/"
QUESTION = {
    "client_id": "tinh",
    "redirect_uri": PLACE,
    "response_type": "code",
    "scope": "openid profile personal_number",
    "state": "s-1",
    "nonce": "n-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def service(name, **changes):
    entry = {
        "id": name,
        "title_vi": "Cổng tỉnh",
        "title_en": "The province",
        "redirect_uris": (PLACE,),
        "home_uri": "https://tinh.example/",
        "scopes": ("openid", "profile", "personal_number"),
        "asks_consent": False,
    }
    return IdentityClient.model_validate(entry | changes)


@pytest.fixture
def services(settings):
    """This node keeps identities; a province's node and a bank may ask."""

    def listed(**changes):
        known = (service("tinh", **changes), service("bank", scopes=("openid", "profile"), asks_consent=True))
        settings.NODE = settings.NODE.model_copy(
            update={"identity": "provider", "identity_clients": known, "web_url": HERE}
        )

    listed()
    (settings.KEYS / "clients").mkdir(parents=True)
    for name in ("tinh", "bank"):
        (settings.KEYS / "clients" / f"{name}.key").write_text(SECRET)
    return listed


@pytest.fixture
def may(services):
    """The citizen's browser, signed in."""
    client = Client()
    given.sign_in(client, "may")
    return client


def ask(browser, **changes):
    asked = {name: value for name, value in (QUESTION | changes).items() if value}
    return browser.get("/identity/authorize", asked)


def told(answer):
    """What the service is told by the address the browser is sent to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def hand_in(code, **changes):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": PLACE,
        "client_id": "tinh",
        "client_secret": SECRET,
        "code_verifier": VERIFIER,
    }
    return Client().post("/identity/token", form | changes)


def read(token):
    keys = Client().get("/.well-known/jwks.json").json()["keys"]
    return jwt.decode(token, jwt.PyJWK(keys[0]), algorithms=["RS256"], audience="tinh", issuer=HERE)


def identity(browser, **changes):
    return read(hand_in(told(ask(browser, **changes))["code"]).json()["id_token"])


def test_a_service_that_asks_is_told_who_and_at_which_level(may):
    claims = identity(may)
    account = given.account("may")
    assert (claims["sub"], claims["name"], claims["personal_number"]) == (
        str(account.pk),
        account.name,
        account.username,
    )
    assert (claims["acr"], claims["nonce"], claims["iss"], claims["aud"]) == ("LoA2", "n-1", HERE, "tinh")
    assert (claims["sid"], claims["amr"]) == (SignOn.objects.get().sid, [])
    assert claims["auth_time"] == int(SignOn.objects.get().authenticated_at.timestamp())


def test_the_way_of_signing_in_is_told(services):
    account = given.account("may")
    actions.give_password(account, by=given.SYSTEM, password="mot-cua-ai-cung-vao")
    browser = Client()
    browser.post("/account/login/", {"login": account.username, "password": "mot-cua-ai-cung-vao"})
    assert identity(browser)["amr"] == ["pwd"]


def test_who_is_not_signed_in_signs_in_first_and_then_goes_on(services):
    answer = ask(Client())
    assert (
        answer.status_code,
        answer["Location"].startswith("/account/login/?next=/identity/authorize"),
    ) == (302, True)
    assert told(ask(Client(), prompt="none"))["error"] == "login_required"


def test_level_one_is_told_as_level_one(services):
    browser = Client()
    given.sign_in(browser, "lach")
    assert identity(browser)["acr"] == "LoA1"


def test_level_one_is_not_enough_where_two_is_asked_and_the_page_says_how_to_get_it(services):
    browser = Client()
    given.sign_in(browser, "lach")
    page = ask(browser, acr_values="LoA2")
    html = page.content.decode()
    assert (page.status_code, html.count("<h1"), "Xuất trình thẻ căn cước" in html) == (403, 1, True)
    assert f"{PLACE}?error=unmet_authentication_requirements" in html
    silent = told(ask(browser, acr_values="LoA2", prompt="none"))
    assert (silent["error"], silent["state"]) == ("unmet_authentication_requirements", "s-1")
    assert SignOn.objects.count() == 0


def test_level_two_is_enough_where_two_is_asked(may):
    assert identity(may, acr_values="LoA2")["acr"] == "LoA2"


def test_who_has_signed_in_too_long_ago_for_the_service_proves_themselves_again(may):
    answer = ask(may, max_age="0")
    assert answer["Location"].startswith("/account/reauthenticate/?next=/identity/authorize")
    assert told(ask(may, max_age="0", prompt="none"))["error"] == "login_required"


def test_a_personal_number_is_told_only_to_services_with_a_right_to_it(may):
    assert told(ask(may, client_id="bank"))["error"] == "invalid_scope"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": PLACE + "?more=1"},
        {"redirect_uri": None},
    ],
)
def test_an_unknown_service_is_told_nothing_and_nobody_is_sent_to_it(may, changes):
    page = ask(may, **changes)
    assert (page.status_code, page.content.decode().count("<h1"), "Location" in page) == (400, 1, False)
    assert SignOn.objects.count() == 0


@pytest.mark.parametrize("changes", [{"code_challenge": None}, {"code_challenge_method": "plain"}])
def test_without_pkce_there_is_no_code(may, changes):
    assert told(ask(may, **changes))["error"] == "invalid_request"


def test_a_service_that_is_taken_off_the_list_is_told_nothing_more(may, settings):
    code = told(ask(may))["code"]
    settings.NODE = settings.NODE.model_copy(update={"identity_clients": ()})
    assert (hand_in(code).status_code, ask(may).status_code) == (401, 400)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 64}, "invalid_grant"),
        ({"client_secret": "doan-mo"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
        ({"redirect_uri": "https://tinh.example/khac/"}, "invalid_request"),
        ({"code": "khong-co"}, "invalid_grant"),
        ({"client_id": "bank"}, "invalid_grant"),
    ],
)
def test_a_code_is_good_only_for_whoever_asked(may, changes, error):
    answer = hand_in(**{"code": told(ask(may))["code"]} | changes)
    assert (answer.json()["error"], "id_token" in answer.json()) == (error, False)


def test_a_code_is_good_once(may):
    code = told(ask(may))["code"]
    assert ["id_token" in hand_in(code).json() for _time in range(2)] == [True, False]


def test_a_service_of_others_is_told_only_with_consent(may):
    page = ask(may, client_id="bank", scope="openid profile")
    html = page.content.decode()
    signed = re.search(r'name="request" value="([^"]+)"', html)[1]
    assert (html.count("<h1"), "Cổng tỉnh đề nghị xác thực bạn" in html, SignOn.objects.count()) == (
        1,
        True,
        0,
    )
    assert "form-action 'self' https://tinh.example" in page["Content-Security-Policy"]
    form = {"request": signed, "scopes": ["profile"]}
    no = may.post("/identity/authorize", form | {"action": "cancel"})
    yes = may.post("/identity/authorize", form | {"action": "grant"})
    assert (told(no)["error"], "code" in told(yes)) == ("access_denied", True)
    answer = hand_in(told(yes)["code"], client_id="bank").json()
    claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
    assert ("personal_number" in claims, claims["name"]) == (False, "Trần Hạ Mây")


def test_who_unticks_something_does_not_tell_it(may):
    page = ask(may, client_id="bank", scope="openid profile").content.decode()
    form = {"request": re.search(r'name="request" value="([^"]+)"', page)[1], "action": "grant"}
    code = told(may.post("/identity/authorize", form))["code"]
    claims = jwt.decode(
        hand_in(code, client_id="bank").json()["id_token"], options={"verify_signature": False}
    )
    assert ("name" in claims, claims["acr"]) == (False, "LoA2")


def test_userinfo_tells_the_same_person(may):
    tokens = hand_in(told(ask(may))["code"]).json()
    found = Client().get("/identity/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert (found.json()["sub"], found.json()["personal_number"]) == (
        read(tokens["id_token"])["sub"],
        "000196004821",
    )


def test_the_document_names_what_there_is(services):
    said = Client().get("/.well-known/openid-configuration").json()
    assert (said["issuer"], said["acr_values_supported"], said["code_challenge_methods_supported"]) == (
        HERE,
        ["LoA1", "LoA2"],
        ["S256"],
    )
    assert (said["backchannel_logout_supported"], said["backchannel_logout_session_supported"]) == (
        True,
        True,
    )


def test_the_key_is_made_once_and_is_its_owners_alone(services, settings):
    first, again = (Client().get("/.well-known/jwks.json").json() for _time in range(2))
    file = settings.KEYS / "identity.pem"
    assert (first, len(first["keys"]), file.stat().st_mode & 0o777) == (again, 1, 0o600)
    assert "d" not in first["keys"][0]


def test_a_key_laid_aside_is_still_published_and_the_new_one_signs(may, settings):
    old = hand_in(told(ask(may))["code"]).json()["id_token"]
    (settings.KEYS / "identity.pem").rename(settings.KEYS / "identity-2026.pem")
    new = hand_in(told(ask(may))["code"]).json()["id_token"]
    published = {key["kid"] for key in Client().get("/.well-known/jwks.json").json()["keys"]}
    assert {jwt.get_unverified_header(one)["kid"] for one in (old, new)} == published
    assert len(published) == 2


def test_a_node_that_keeps_no_identities_has_no_such_pages(db):
    paths = (
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
        "/identity/authorize",
        "/identity/logout",
    )
    assert [Client().get(path).status_code for path in paths] == [404] * 4
    assert Client().post("/identity/token").status_code == 404


def test_settings_of_a_service_that_change_hold_at_once_and_are_written_down_once(may, services):
    ask(may)
    ask(may)
    services(asks_consent=True)
    assert (ask(may).status_code, Service.objects.get(pk="tinh").skip_consent) == (200, False)
    assert Entry.objects.filter(event="people.ServiceListed").count() == 2


def test_nobody_vouches_for_another(services):
    sign_on = SignOn(account=given.account("may"), session_key="x", client="tinh", code_digest="d", level=2)
    with pytest.raises(Refused):
        actions.vouch(sign_on, by=given.actor("suoi"))


# Signing out


def hint(browser):
    return hand_in(told(ask(browser))["code"]).json()["id_token"]


def test_who_signs_out_at_a_service_is_signed_out_here_and_sent_back(may):
    token = hint(may)
    asked = {"id_token_hint": token, "post_logout_redirect_uri": "https://tinh.example/", "state": "x"}
    answer = may.get("/identity/logout", asked)
    assert (answer["Location"], "_auth_user_id" in may.session) == ("https://tinh.example/?state=x", False)
    assert SignOn.objects.open().count() == 0


def test_another_site_signs_nobody_out_without_their_word(may):
    for asked in ({}, {"client_id": "tinh"}, {"id_token_hint": "gia"}):
        page = may.get("/identity/logout", asked)
        assert (page.status_code, page.content.decode().count("<h1")) == (200, 1)
    assert may.post("/identity/logout", {"action": "stay"}).status_code in {200, 302, 403}
    assert "_auth_user_id" in may.session


def test_nobody_is_sent_to_a_place_the_service_did_not_name(may):
    token = hint(may)
    answer = may.get(
        "/identity/logout", {"id_token_hint": token, "post_logout_redirect_uri": "https://evil.example/"}
    )
    assert "evil" not in answer.headers.get("Location", "")


@pytest.fixture
def listening(services):
    there = Listening()
    services(logout_uri=there.url)
    yield there
    there.close()


def test_a_service_is_told_of_the_end_with_a_token_made_for_it(may, listening):
    claims = read(hint(may))
    may.post("/account/logout/")
    actions.tell_service(SignOn.objects.get(), by=given.SYSTEM)
    (form,) = listening.heard
    said = read(form["logout_token"])
    assert {name: said[name] for name in ("iss", "aud", "sub", "sid")} == {
        name: claims[name] for name in ("iss", "aud", "sub", "sid")
    }
    assert (said["events"], "nonce" in said, len(said["jti"]) > 10) == ({LOGOUT_EVENT: {}}, False, True)
    assert jwt.get_unverified_header(form["logout_token"])["typ"] == "logout+jwt"


def test_a_service_that_took_note_is_not_told_again(may, listening):
    hint(may)
    may.post("/account/logout/")
    for _time in range(2):
        actions.tell_service(SignOn.objects.get(), by=given.SYSTEM)
    assert (len(listening.heard), Entry.objects.filter(event="people.ServiceTold").count()) == (1, 1)


def test_a_service_that_does_not_take_note_is_told_later_with_another_token(may, listening):
    hint(may)
    may.post("/account/logout/")
    listening.status = 503
    with pytest.raises(Silent, match="503"):
        actions.tell_service(SignOn.objects.get(), by=given.SYSTEM)
    listening.status = 200
    actions.tell_service(SignOn.objects.get(), by=given.SYSTEM)
    first, second = (json.dumps(read(form["logout_token"])) for form in listening.heard)
    assert first != second


def test_one_job_for_each_service_however_often_it_asked(may, listening):
    hint(may)
    hint(may)
    may.post("/account/logout/")
    assert ProcrastinateJob.objects.filter(task_name="people.tell_service").count() == 1
