"""The desk as a browser draws it: nothing inaccessible, nothing wider than the screen, dialogs without a script."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import sync_playwright

from motcua.dossiers import actions
from motcua.reorganisations.models import Plan
from tests import given

pytestmark = pytest.mark.browser

SITE = "http://localhost"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
MERGER = """title: Nhập xã Tả Van vào phường Sa Pa
decision: Nghị quyết 12/NQ-HĐND
on: 2099-12-01
kind: merge
old: [{code: H38.03037, into: H38.03006}]
"""
SCREENS = [(360, "dark")]


@pytest.fixture
def pages(visitor, arrived, accepted, refused):
    """Every page of the desk with something on it, drawn before a browser runs: it and the database share no thread."""
    (new,), (received, paused) = arrived(), accepted(8, 8)
    actions.request_supplement(paused, by=given.officer("receiver"), reason="Chụp lại giấy chứng sinh.")
    addresses = {
        "suong": ["/desk/", f"/desk/dossiers/{new.pk}/", f"/desk/dossiers/{new.pk}/refuse/"],
        "lam": [
            "/desk/filter/",
            f"/desk/bulk/?verb=assign&dossier={received.pk}",
            "/desk/?show=agency&step=examine",
            f"/desk/dossiers/{received.pk}/",
            f"/desk/dossiers/{refused.pk}/",
        ],
        "lua": [
            "/desk/books/",
            "/desk/?q=x",
            "/desk/agency/",
            "/desk/agency/indicators/",
            f"/desk/dossiers/{paused.pk}/",
        ],
        "thong": ["/desk/people/", "/desk/calendar/"],
    }
    given.account("pa")
    visitor("xep").post("/desk/reorganisations/new/", {"text": MERGER})
    addresses["xep"] = [f"/desk/reorganisations/{Plan.objects.get().pk}/"]
    return {url: visitor(key).get(url).content for key, urls in addresses.items() for url in urls}


@pytest.fixture
def answer(pages):
    """What the browser gets: a page drawn before, or a file of the face."""

    def answer(route):
        url = urlsplit(route.request.url)
        address = url.path + (f"?{url.query}" if url.query else "")
        if address in pages:
            route.fulfill(body=pages[address], content_type="text/html; charset=utf-8")
            return
        found = Client().get(url.path)
        body = b"".join(found.streaming_content) if found.streaming else found.content
        found.close()
        route.fulfill(status=found.status_code, body=body, content_type=found["Content-Type"])

    return answer


def test_every_page_is_accessible_and_fits_the_screen(pages, answer):
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for width, scheme in SCREENS:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            context.route("**/*", answer)
            page = context.new_page()
            for address in pages:
                page.goto(SITE + address)
                page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                faults = [fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]]
                too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
                found[address, width] = (faults, too_wide)
        browser.close()
    assert found == {(address, width): ([], False) for address in pages for width, _scheme in SCREENS}


def test_the_dialog_opens_and_closes_without_a_script(pages, answer):
    address = next(address for address in pages if re.fullmatch(r"/desk/dossiers/[0-9a-f-]+/", address))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        context = browser.new_context(java_script_enabled=False)
        context.route("**/*", answer)
        page = context.new_page()
        page.goto(SITE + address)
        dialog = page.locator("#supplement")
        seen = [dialog.is_visible()]
        page.get_by_role("button", name="Yêu cầu bổ sung").click()
        seen.append(dialog.is_visible())
        dialog.get_by_role("button", name="Thôi").click()
        seen.append(dialog.is_visible())
        browser.close()
    assert seen == [False, True, False]
