"""Who signs shows a moment ago that it is they: by passkey or app, for a result and for a document that goes out."""

import re
import time
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

import motcua.desk.views
from motcua.dispatches import actions
from motcua.dispatches.models import Outgoing
from tests import given

MINUTES = 10


@pytest.fixture(autouse=True)
def _asked(settings):
    settings.NODE = settings.NODE.model_copy(update={"presence_minutes": MINUTES, "demo": False})


@pytest.fixture
def letter(db):
    given.country()
    given.keys()
    drafted = actions.draft(
        Outgoing(agency=given.SA_PA, kind="letter", subject="Họp", text="Mời họp.", receivers=[given.BAC_HA]),
        by=given.officer("specialist"),
    )
    return actions.submit(drafted, by=given.officer("specialist"))


@pytest.fixture
def head(letter):
    """The head's browser, with an app for codes."""
    totp.TOTP.activate(given.account("lua"), totp.generate_totp_secret())
    return given.signed_in("lua")


def sign(browser, letter):
    address = reverse("desk:decide_outgoing", args=[letter.pk, "sign"])
    return browser.post(address, {"position": "Chủ tịch"})


def shown(browser: Client, kind: str, seconds_ago: float) -> None:
    """What the account library notes when somebody has proven who they are."""
    session = browser.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "mfa", "type": kind, "at": time.time() - seconds_ago, "reauthenticated": True}
    ]
    session.save()


def state(letter):
    letter.refresh_from_db()
    return letter.state


def test_nobody_signs_by_a_password_alone(head, letter):
    answer = sign(head, letter)
    back = reverse("desk:outgoing_one", args=[letter.pk])
    assert answer.url == f"{reverse('mfa_reauthenticate')}?next={back.replace('/', '%2F')}"
    assert state(letter) == "submitted"
    assert head.get(answer.url).status_code == 200


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_who_has_just_shown_it_signs(head, letter, kind):
    shown(head, kind, 30)
    sign(head, letter)
    assert state(letter) == "signed"


def test_after_some_minutes_it_is_asked_again(head, letter):
    shown(head, "totp", MINUTES * 60 + 5)
    assert "reauthenticate" in sign(head, letter).url
    assert state(letter) == "submitted"


def test_a_recovery_code_is_no_proof(head, letter):
    shown(head, "recovery_codes", 30)
    assert "reauthenticate" in sign(head, letter).url


def test_who_has_neither_passkey_nor_app_is_led_to_where_one_is_added(letter):
    assert sign(given.signed_in("lua"), letter).url == reverse("mfa_index")
    assert state(letter) == "submitted"


def test_a_code_of_the_app_leads_back_and_then_it_is_signed(letter):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(given.account("lua"), secret)
    browser = given.signed_in("lua")
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    answer = browser.post(sign(browser, letter).url, {"code": code})
    assert answer.url == reverse("desk:outgoing_one", args=[letter.pk])
    sign(browser, letter)
    assert state(letter) == "signed"


def test_the_seal_asks_for_it_too(letter):
    signed = actions.sign(letter, by=given.officer("chair"), position="Chủ tịch")
    answer = given.signed_in(given.CLERK).post(reverse("desk:decide_outgoing", args=[signed.pk, "issue"]))
    assert answer.url == reverse("mfa_index")
    assert state(letter) == "signed"


def test_a_result_asks_for_it_and_other_decisions_do_not(db):
    dossier = given.dossier(at="proposed")
    browser = given.signed_in("lua")
    answer = browser.post(reverse("desk:sign", args=[dossier.pk]))
    assert answer.url == reverse("mfa_index")
    assert browser.get(reverse("desk:dossier", args=[dossier.pk])).status_code == 200


def test_many_results_signed_in_one_go_ask_for_it_too(db):
    given.country()
    browser = given.signed_in("lua")
    many = reverse("desk:sign_many")
    assert browser.post(many).url == reverse("mfa_index")
    assert browser.get(many).status_code == 200
    totp.TOTP.activate(given.account("lua"), totp.generate_totp_secret())
    assert "reauthenticate" in browser.post(many).url
    shown(browser, "totp", 30)
    assert browser.post(many).url == many


def test_every_view_through_which_is_signed_asks_for_it():
    """A view module that knows how to sign also knows whether its officer is present."""
    signing = re.compile(r"\b(sign_later|actions\.sign|documents\.sign|VERBS\[verb\])")
    views = Path(next(iter(motcua.desk.views.__path__)))
    reaching = [one for one in views.rglob("*.py") if signing.search(one.read_text())]
    assert {one.stem for one in reaching} >= {"dossier", "outgoing", "signing"}
    assert [one.stem for one in reaching if "is_present(request)" not in one.read_text()] == []


def test_the_demo_country_asks_who_has_added_an_app(head, letter, settings):
    settings.NODE = settings.NODE.model_copy(update={"demo": True})
    assert "reauthenticate" in sign(head, letter).url
    assert state(letter) == "submitted"
    shown(head, "totp", 30)
    sign(head, letter)
    assert state(letter) == "signed"


def test_the_demo_country_signs_at_once(letter, settings):
    settings.NODE = settings.NODE.model_copy(update={"demo": True})
    sign(given.signed_in("lua"), letter)
    assert state(letter) == "signed"
    assert Session.objects.exists()
    assert not Authenticator.objects.exists()
