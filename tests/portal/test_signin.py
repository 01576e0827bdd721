"""Signing in and one's own account: in the face, in both languages, and no script but where a passkey needs one."""

import re
from urllib.parse import unquote

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.people.models import Account
from motcua.ui.middleware import HEADERS
from tests import given

PASSWORD = "mot-cua-ai-cung-vao"
LOGIN = "/account/login/?way=password"
POLICY = "Content-Security-Policy"
MINE = [
    "/account/",
    "/account/password/",
    "/account/logout/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
]
SCRIPTED = {"/account/2fa/webauthn/add/"}


@pytest.fixture
def may(db):
    account = given.account("may")
    account.set_password(PASSWORD)
    account.save()
    return account


@pytest.fixture
def inside(may):
    """A browser in which the citizen has typed number and password, and the password again for what is delicate."""
    client = Client()
    assert client.post("/account/login/", {"login": may.username, "password": PASSWORD}).status_code == 302
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("between", ["", " "])
def test_number_and_password_open_the_door_also_in_groups_as_on_the_card(may, between):
    client = Client()
    typed = between.join(may.username[place : place + 3] for place in range(0, 12, 3))
    answer = client.post("/account/login/", {"login": f" {typed} ", "password": PASSWORD, "next": "/my/"})
    assert (answer.status_code, answer["Location"], signed_in(client)) == (302, "/my/", True)


@pytest.mark.parametrize(
    ("number", "password"),
    [("000196004821", "sai-mat-khau-roi"), ("000000000000", PASSWORD), ("", ""), ("x' OR 1=1 --", "x")],
)
def test_a_wrong_number_or_password_is_told_apart_by_nobody(may, number, password):
    client = Client()
    page = client.post("/account/login/", {"login": number, "password": password})
    said = re.findall(r"Số định danh hoặc mật khẩu chưa đúng", page.content.decode())
    assert (page.status_code, signed_in(client), bool(said)) == (200, False, bool(number))


def test_who_guesses_passwords_is_stopped_with_a_page(may):
    client = Client()
    answers = [
        client.post("/account/login/", {"login": may.username, "password": f"doan-mo-{n}"}) for n in range(40)
    ]
    stopped = [
        page for page in answers if page.status_code == 429 or "Sai quá nhiều lần" in page.content.decode()
    ]
    assert stopped
    assert {page.content.decode().count("<h1") for page in answers} == {1}


def test_the_way_back_never_leads_to_another_site(may):
    answer = Client().post(
        "/account/login/", {"login": may.username, "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"


def test_a_session_ends_with_the_browser(may):
    answer = Client().post("/account/login/", {"login": may.username, "password": PASSWORD})
    session = next(
        cookie
        for name, cookie in answer.cookies.items()
        if name.startswith("motcua") and not name.endswith("csrf")
    )
    assert (session["max-age"], session["httponly"]) == ("", True)


@pytest.mark.parametrize("path", MINE)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_the_account_has_the_face(inside, path, language):
    page = inside.get(path, headers={"accept-language": language})
    html = page.content.decode()
    assert (page.status_code, html.count("<h1"), html.count('class="footer"'), " style=" in html) == (
        200,
        1,
        1,
        False,
    )
    assert html.count('<main id="main"') == 1


@pytest.mark.parametrize("path", MINE)
def test_only_pages_that_ask_for_a_passkey_may_run_a_script(inside, path):
    page = inside.get(path)
    assert ("script-src 'self'" in page[POLICY], "<script src" in page.content.decode()) == (
        path in SCRIPTED,
    ) * 2
    assert path in SCRIPTED or page[POLICY] == HEADERS[POLICY]


def test_the_page_of_signing_in_may_ask_for_a_passkey_and_nothing_more(db):
    page = Client().get(LOGIN)
    assert sorted(set(page[POLICY].split("; ")) - set(HEADERS[POLICY].split("; "))) == [
        "connect-src 'self'",
        "script-src 'self'",
    ]
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page.content.decode()) == []


@pytest.mark.parametrize("path", MINE)
def test_who_is_not_signed_in_is_asked_to_sign_in(db, path):
    answer = Client().get(path)
    assert answer.status_code == 302
    assert unquote(answer["Location"]) in {f"/account/login/?next={path}", "/"}


def test_what_is_delicate_asks_for_the_password_again(may):
    client = Client()
    client.post("/account/login/", {"login": may.username, "password": PASSWORD})
    answer = client.get("/account/2fa/totp/activate/")
    assert answer["Location"].split("?")[0] == "/account/reauthenticate/"
    page = client.get(answer["Location"]).content.decode()
    assert (page.count("<h1"), "Xác nhận là bạn" in page) == (1, True)


@pytest.mark.parametrize(
    "path",
    [
        "/account/signup/",
        "/account/email/",
        "/account/password/reset/",
        "/account/password/set/",
        "/account/confirm-email/",
    ],
)
def test_accounts_are_opened_by_the_state_and_nothing_else_of_the_library_is_there(db, path):
    assert Client().get(path).status_code == 404


def test_the_account_page_shows_who_one_is_and_which_posts_one_holds(db):
    client = Client()
    given.sign_in(client, "lua")
    page = client.get("/account/").content.decode()
    assert re.search("<h1>(.*?)</h1>", page)[1] == given.BY_KEY["lua"].name
    assert given.BY_KEY["lua"].posts[0][2] in page


def test_signing_out_is_a_button_and_ends_the_session(inside):
    assert inside.get("/account/logout/").status_code == 200
    assert signed_in(inside)
    assert inside.post("/account/logout/")["Location"] == "/"
    assert not signed_in(inside)


def test_a_second_step_protects_the_account_from_then_on(inside, may):
    page = inside.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)[1]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert inside.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302
    assert "Đang bật" in inside.get("/account/").content.decode()
    fresh = Client()
    answer = fresh.post("/account/login/", {"login": may.username, "password": PASSWORD})
    assert (answer["Location"].split("?")[0], signed_in(fresh)) == (reverse("mfa_authenticate"), False)
    page = fresh.get(answer["Location"])
    assert (page.status_code, page.content.decode().count("<h1")) == (200, 1)


def test_recovery_codes_stand_on_a_page_of_the_face(inside):
    page = inside.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)[1]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    inside.post("/account/2fa/totp/activate/", {"code": code})
    html = inside.get("/account/2fa/recovery-codes/").content.decode()
    assert (html.count("<h1"), len(re.findall(r"<li>[0-9a-z]{8}</li>", html))) == (1, 10)


def test_a_changed_password_opens_and_the_old_one_does_not(inside, may):
    new = "cua-moi-mo-hai-canh"
    answer = inside.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert [Account.objects.get(pk=may.pk).check_password(word) for word in (PASSWORD, new)] == [False, True]


def test_a_node_without_a_front_door_says_which_node_it_is(rf, db):
    request = rf.get("/")
    request.user = None
    page = render_to_string("people/node.html", {}, request)
    assert ("Nút thử" in page, reverse("oversight:integrity") in page) == (True, True)


def test_the_account_page_needs_few_queries(inside):
    inside.get("/account/")
    with CaptureQueriesContext(connection) as asked:
        inside.get("/account/")
    assert len(asked) <= 8
