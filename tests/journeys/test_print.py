"""On paper: the content, without what one can only click."""

import pytest


@pytest.mark.parametrize(("who", "address"), [("may", "/applications/{application}/"), ("vpcp", "/numbers/")])
def test_paper_has_the_content_and_nothing_to_click(birth, who, address):
    walker = birth.anyone(who) if who == "vpcp" else birth.enter(who)
    walker.open(address.format(**vars(birth)))
    page = walker.page
    page.emulate_media(media="print")
    gone = [page.locator(part).first.is_visible() for part in (".header", ".footer", "main .button")]
    there = [page.locator(part).first.is_visible() for part in ("h1", "main table, main .timeline")]
    page.emulate_media(media="screen")
    assert (gone, there) == ([False, False, False], [True, True])
