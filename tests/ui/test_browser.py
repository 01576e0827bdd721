"""In a browser: every component reads well to everyone, at both widths, in both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"color-contrast-enhanced": {"enabled": True}},
}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing(visit, width, scheme):
    page = visit("/ui/", width=width, scheme=scheme, checked=True)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_nothing_on_the_page_offends_its_own_policy(visit):
    page = visit("/ui/")
    assert page.complaints == []
    assert page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').length") >= 2


def test_a_link_of_the_error_summary_puts_the_cursor_in_its_field(visit):
    page = visit("/ui/")
    page.click("#errors a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_given_name"


def test_a_dialog_opens_and_closes_without_script(visit):
    page = visit("/ui/")
    page.click("[popovertarget=withdraw]:not([popovertargetaction])")
    assert page.is_visible("#withdraw")
    page.click("[popovertargetaction=hide]")
    assert not page.is_visible("#withdraw")
