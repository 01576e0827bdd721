"""The pages of signing in as a browser draws them: nothing inaccessible, nothing wider than the screen."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import sync_playwright

from motcua.people import actions
from tests import given
from tests.people.test_vouching import QUESTION, service

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SITE = "http://localhost"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = [(360, "dark")]


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
    return {
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


def test_every_page_is_accessible_and_fits_the_screen(pages):
    def answer(route):
        path = urlsplit(route.request.url).path
        if path in pages:
            route.fulfill(body=pages[path].content, content_type="text/html; charset=utf-8")
            return
        found = Client().get(path)
        body = b"".join(found.streaming_content) if found.streaming else found.content
        found.close()
        route.fulfill(status=found.status_code, body=body, content_type=found["Content-Type"])

    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for width, scheme in SCREENS:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            context.route("**/*", answer)
            page = context.new_page()
            for path in pages:
                page.goto(SITE + path)
                page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                faults = [
                    fault["id"] for fault in Axe().run(page, options={"runOnly": TAGS}).response["violations"]
                ]
                too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
                found[path, width] = (faults, too_wide)
        browser.close()
    assert found == {(path, width): ([], False) for path in pages for width, _scheme in SCREENS}
