"""The pages of signing in as a browser draws them: nothing inaccessible, nothing wider than the screen."""

import pytest
from django.test import Client

from motcua.people import actions
from tests import given
from tests.looking import faults_in
from tests.people.test_vouching import QUESTION, service

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def pages(settings):
    """Drawn before a browser runs: it and the database share no thread."""
    known = (service("tinh", asks_consent=True), service("bank"))
    changes = {
        "identity": "provider",
        "identity_clients": known,
        "identity_issuer": "http://127.0.0.1:9",
        "identity_client": "x",
    }
    settings.NODE = settings.NODE.model_copy(update=changes)
    (settings.KEYS / "clients").mkdir(parents=True)
    for name in ("tinh", "bank"):
        (settings.KEYS / "clients" / f"{name}.key").write_text("bi-mat")
    lach, may = Client(), Client()
    lach.force_login(given.account("lach"))
    actions.give_password(given.account("may"), by=given.SYSTEM, password="mot-cua-ai-cung-vao")
    for browser, agent in ((Client(), "Chrome/142.0 Android"), (may, "Firefox/145.0 Windows")):
        form = {"login": given.account("may").username, "password": "mot-cua-ai-cung-vao"}
        browser.post("/account/login/", form, headers={"user-agent": agent})
    shown = {
        "/sign-in": Client().get("/account/login/?way=password"),
        "/demo": Client().get("/account/login/"),
        "/away": Client().get("/account/identity/"),
        "/account": lach.get("/account/"),
        "/sessions": may.get("/account/sessions/"),
        "/consent": may.get("/identity/authorize", QUESTION),
        "/level": lach.get("/identity/authorize", QUESTION | {"acr_values": "LoA2"}),
        "/unknown": may.get("/identity/authorize", QUESTION | {"client_id": "x"}),
        "/sign-out": may.get("/identity/logout"),
    }
    return {address: page.content for address, page in shown.items()}


def test_every_page_is_accessible_and_fits_the_screen(pages):
    assert faults_in(pages) == {}
