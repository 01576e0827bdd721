"""Nothing on the portal's pages moves while they are drawn: measured as the browser itself measures it."""

import pytest

from tests import given
from tests.browser.looks import Look, Visitors, drawn
from tests.looking import PHONE, SITE, answer, chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# When our font arrives, a link of the head moves by three pixels: 0.00006, with a line that breaks otherwise 0.0003. A jump is more.
STILL = 0.001
# From the first picture on; what only somebody's touch moves is not counted.
WATCH = """window.moved = [];
new PerformanceObserver(seen => seen.getEntries().forEach(one => one.hadRecentInput || moved.push(one.value)))
    .observe({type: 'layout-shift', buffered: true});"""
# When fonts and pictures are there, and two frames have been drawn since.
SETTLED = """async () => {
    await document.fonts.ready;
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    return moved.reduce((sum, one) => sum + one, 0);
}"""
SHIFTING = b"""<!doctype html><html lang="vi"><head><title>x</title></head><body><p id="late"></p><p>%s</p>
<script>requestAnimationFrame(() => requestAnimationFrame(() => { late.style.height = '300px'; }));</script></body></html>"""


def moved(pages):
    """How far things moved on each page with its styles and fonts, on a narrow phone; where nothing did that can be seen, it is left out."""
    found, addressed = {}, {f"/{place}": html for place, html in enumerate(pages.values())}
    with chromium() as browser:
        context = browser.new_context(base_url=SITE, **PHONE)
        context.route("**/*", lambda route: answer(route, addressed))
        context.add_init_script(WATCH)
        page = context.new_page()
        for where, address in zip(pages, addressed, strict=True):
            page.goto(address)
            found[where] = page.evaluate(SETTLED)
    return {where: far for where, far in found.items() if far > STILL}


def test_the_portal_s_pages_stand_still_on_a_phone():
    visitor, finished = Visitors(), given.dossier(at="signed")
    looks = [
        *(Look(name) for name in ("portal:home", "portal:procedures")),
        Look("portal:procedure", "", (given.BIRTH,)),
        *(Look(name, "may") for name in ("portal:my", "portal:inbox", "portal:wallet", "portal:mandates")),
        Look("portal:application", "may", (finished.pk,)),
    ]
    assert moved(drawn(visitor, looks)) == {}


def test_what_moves_is_seen():
    assert [*moved({"bad": SHIFTING % (b"x " * 300)})] == ["bad"]
