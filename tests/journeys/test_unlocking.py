"""A passkey opens the door again, without a password. Last of the journeys: from then on one click no longer lets him in."""

import re

import pytest
from playwright.sync_api import expect

from motcua.demo.people import PASSWORD
from tests.journeys.walking import PHONE

# What a phone with a screen lock is to a browser; made by the browser itself for tests (WebAuthn, section 11).
LOCK = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def phone(land, chromium):
    """A phone with a lock, on a page of the portal reached by a name: passkeys belong to names, not to numbers."""
    context = chromium.new_context(
        base_url=land.url("vpcp").replace("127.0.0.1", "localhost"), viewport=PHONE, locale="vi-VN"
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": LOCK})
    yield page
    context.close()


def sign_in_by_choice(page, name):
    page.goto("/account/login/")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.get_by_role("radio", name=name).check()
    page.get_by_role("button", name="Vào").first.click()
    page.wait_for_load_state()


def confirm_by_password(page):
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    page.wait_for_url("**/webauthn/add/")


def test_a_passkey_is_added_and_then_opens_the_door(phone):
    sign_in_by_choice(phone, "Ngô Văn Đồi")
    phone.goto("/account/2fa/webauthn/add/")
    confirm_by_password(phone)
    phone.locator("[name=name]").fill("Điện thoại của tôi")
    phone.locator("[name=passwordless]").check()
    phone.locator("#mfa_webauthn_add").click()
    phone.wait_for_url(lambda url: "/add/" not in url)
    phone.goto("/account/logout/")
    phone.locator("main").get_by_role("button").first.click()
    phone.wait_for_load_state()
    phone.goto("/account/login/?way=password")
    phone.locator("#passkey_login").click()
    phone.wait_for_url(lambda url: "/login/" not in url)
    phone.goto("/my/")
    expect(phone.locator("main")).to_contain_text(re.compile("Văn Đồi"))
