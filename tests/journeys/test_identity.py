"""One electronic identity at three nodes, in a browser that keeps to every policy: in with one sign-in, out with one button."""

import pytest
from playwright.sync_api import expect

from tests.country.land import until

IDENTITY = "Đăng nhập bằng tài khoản định danh điện tử"


@pytest.fixture
def browser(chromium):
    context = chromium.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def enter(land, browser):
    """Sign in at a node with the identity kept at the national portal, as one of the demo's people."""

    def enter(node, name, goal="/account/"):
        page = browser.new_page()
        page.goto(f"{land.url(node)}/account/login/?way=password&next={goal}")
        page.get_by_role("link", name=IDENTITY).click()
        page.wait_for_url(f"{land.url('vpcp')}/account/login/**")  # what is opened next is opened there
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.get_by_role("radio", name=name).check()
        page.get_by_role("button", name="Vào").first.click()
        page.wait_for_url(f"{land.url(node)}{goal}")
        return page

    return enter


def is_in(browser, url):
    answer = browser.request.get(f"{url}/account/", max_redirects=0)
    return answer.status == 200


def test_an_officer_signs_in_once_for_all_nodes_and_out_of_all_at_once(land, browser, enter):
    page = enter("laocai", "Vũ Thị Lúa", goal="/desk/")
    expect(page.locator("body")).to_contain_text("Thị Lúa")
    # At a second node nobody asks again.
    page.goto(f"{land.url('tuphap')}/account/identity/?next=/account/")
    expect(page.locator("h1")).to_have_text("Vũ Thị Lúa")
    assert [is_in(browser, land.url(node)) for node in ("vpcp", "laocai", "tuphap")] == [True] * 3
    page.goto(f"{land.url('laocai')}/account/")
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(f"{land.url('laocai')}/")
    assert [is_in(browser, land.url(node)) for node in ("vpcp", "laocai")] == [False] * 2
    until(lambda: not is_in(browser, land.url("tuphap")), or_tell=land.tell)


def test_a_citizen_gets_an_account_at_another_node_and_signing_out_at_home_ends_it(land, browser, enter):
    page = enter("laocai", "Trần Hạ Mây")
    expect(page.locator("h1")).to_have_text("Trần Hạ Mây")
    expect(page.locator("main")).to_contain_text("Mức độ 2")
    page.goto(f"{land.url('vpcp')}/account/")
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(f"{land.url('vpcp')}/")
    until(lambda: not is_in(browser, land.url("laocai")), or_tell=land.tell)
