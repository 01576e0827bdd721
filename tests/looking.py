"""What can be said of a page that has been drawn: faults of accessibility, wider than the screen or not."""

from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import sync_playwright

SITE = "http://localhost"
# The shell draws like the whole browser at a third of the cost: it has no windows of its own to draw.
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Where most goes wrong: the components of all pages are looked at on every screen in tests/ui.
PHONE = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}


def faults_of(page):
    """Of a page as it stands, with everything on it unfolded: what axe finds, and whether it is wider than the screen."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    response = Axe().run(page, options=RULES).response
    found = [
        f"{fault['id']} {[node['target'] for node in fault['nodes']]}" for fault in response["violations"]
    ]
    width = page.evaluate("document.scrollingElement.scrollWidth")
    return found if width <= page.viewport_size["width"] else [*found, f"{width} px wide"]


@contextmanager
def chromium(*flags):
    """Debian's Chromium, without a window; who has none skips the test."""
    installed = next((path for path in BROWSERS if Path(path).exists()), None)
    if installed is None:
        pytest.skip("Chromium is not installed; what pages look like is not tested: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=[*QUIET, *flags])
        yield browser
        browser.close()


@contextmanager
def shown(drawn, **screen):
    """A browser's page whose every request is answered by what was drawn before, by address, or by a file of the face.

    Drawn before, because a browser and the database share no thread.
    """
    with chromium() as browser:
        context = browser.new_context(base_url=SITE, **screen)
        context.route("**/*", lambda route: answer(route, drawn))
        yield context.new_page()


def faults_in(drawn):
    """Of each page that was drawn, by address, those that have faults, on a narrow dark screen."""
    found = {}
    with shown(drawn, **PHONE) as page:
        for address in drawn:
            page.goto(address)
            if faults := faults_of(page):
                found[address] = faults
    return found


def answer(route, drawn):
    url = urlsplit(route.request.url)
    address = url.path + (f"?{url.query}" if url.query else "")
    if address in drawn:
        route.fulfill(body=drawn[address], content_type="text/html; charset=utf-8")
        return
    found = Client().get(url.path)
    body = b"".join(found.streaming_content) if found.streaming else found.content
    found.close()
    route.fulfill(status=found.status_code, body=body, content_type=found["Content-Type"])
