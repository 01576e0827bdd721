"""What can be said of a page that has been drawn: faults of accessibility, wider than the screen or not."""

from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.test import Client
from playwright.sync_api import sync_playwright

from motcua.ui.styles import sheet

SITE = "http://localhost"
FACE = ("/static/", "/ui/")
# The shell draws like the whole browser at a third of the cost: it has no windows of its own to draw.
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Where most goes wrong: the components of all pages are looked at on every screen in tests/ui.
PHONE = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {
    "runOnly": {"type": "tag", "values": STANDARD},
    "resultTypes": ["violations"],
    "iframes": False,
    "preload": False,
}
# The script, the styles and the fonts are read once for all pages. Contrast takes axe longer than all its other rules:
# it is weighed where something has not looked so on a page before, by its kind, its attributes and all it stands in.
PREPARED = """css => {
    const styles = new CSSStyleSheet();
    styles.replaceSync(css);
    document.adoptedStyleSheets = [styles];
    axe.configure({rules: [{id: 'color-contrast', selector: '[data-fresh]'}]});
    window.seen = new Set();
    window.isNew = what => !seen.has(what) && Boolean(seen.add(what));
    window.OWN = new Set('id href for name value action title datetime src d'.split(' '));
}"""
# Everything unfolded; what stands in the same words at the head and foot of many pages once. No page moves on by itself.
DRAWN = """html => {
    const page = new DOMParser().parseFromString(html, 'text/html');
    page.querySelectorAll('link, meta[http-equiv=refresh]').forEach(one => one.remove());
    document.replaceChild(document.adoptNode(page.documentElement), document.documentElement);
    document.querySelectorAll('details').forEach(one => one.open = true);
    for (const end of document.querySelectorAll('body > header, body > footer'))
        if (!isNew(end.outerHTML)) end.replaceChildren();
    const looks = new Map();
    for (const one of document.body.querySelectorAll('*')) {
        const told = [...one.attributes].filter(({name}) => !OWN.has(name)).map(({name, value}) => name + value);
        const look = `${looks.get(one.parentElement) ?? ''}>${one.localName} ${told}`;
        looks.set(one, look);
        one.toggleAttribute('data-fresh', isNew(look));
    }
}"""
# What a browser would not do under our policy is a fault, too.
FAULTS = """async rules => {
    const width = document.scrollingElement.scrollWidth;
    await document.fonts.ready;
    const found = (await axe.run(rules)).violations.map(
        fault => `${fault.id} ${JSON.stringify(fault.nodes.map(node => node.target))}`);
    for (const one of document.querySelectorAll('[style], style, script:not([src], [type$=json])'))
        found.push(`against the policy: ${one.outerHTML.slice(0, 80)}`);
    return width > window.innerWidth ? [...found, `${width} px wide`] : found;
}"""


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


class Glass:
    """One document of a browser, on a narrow dark screen, in which page after page is looked at."""

    def __init__(self, browser):
        context = browser.new_context(base_url=SITE, **PHONE, reduced_motion="reduce")
        context.route("**/*", lambda route: answer(route, {"/": b"<!doctype html><title>-</title>"}))
        self.page = context.new_page()
        self.page.goto("/")
        self.page.evaluate(AXE_SCRIPT)
        self.page.evaluate(PREPARED, sheet().text.decode())

    def faults(self, html):
        """With everything on it unfolded: what axe finds, and whether it is wider than the screen."""
        self.page.evaluate(DRAWN, html)
        return self.page.evaluate(FAULTS, RULES)


def faults_in(drawn):
    """Of each page that was drawn, by who saw it where, those that have faults."""
    with chromium() as browser:
        glass = Glass(browser)
        found = {where: glass.faults(html.decode()) for where, html in drawn.items()}
    return {where: faults for where, faults in found.items() if faults}


@contextmanager
def shown(drawn, **screen):
    """A browser's page whose every request is answered by what was drawn before, by address, or by a file of the face.

    Drawn before, because a browser and the database share no thread.
    """
    with chromium() as browser:
        context = browser.new_context(base_url=SITE, **screen)
        context.route("**/*", lambda route: answer(route, drawn))
        yield context.new_page()


def answer(route, drawn):
    url = urlsplit(route.request.url)
    address = url.path + (f"?{url.query}" if url.query else "")
    if address in drawn:
        route.fulfill(body=drawn[address], content_type="text/html; charset=utf-8")
        return
    if not url.path.startswith(FACE):
        route.fulfill(status=404)
        return
    found = Client().get(url.path)
    body = b"".join(found.streaming_content) if found.streaming else found.content
    found.close()
    route.fulfill(status=found.status_code, body=body, content_type=found["Content-Type"])
