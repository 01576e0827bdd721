"""The desk as a browser draws it without scripts; whether all can read it is asked of every page in tests/browser."""

import pytest

from tests.looking import shown

pytestmark = pytest.mark.browser


def test_the_dialog_opens_and_closes_without_a_script(visitor, arrived):
    (new,) = arrived()
    address = f"/desk/dossiers/{new.pk}/"
    pages = {address: visitor("suong").get(address).content}
    with shown(pages, java_script_enabled=False) as page:
        page.goto(address)
        dialog = page.locator("#supplement")
        seen = [dialog.is_visible()]
        page.get_by_role("button", name="Yêu cầu bổ sung").click()
        seen.append(dialog.is_visible())
        dialog.get_by_role("button", name="Thôi").click()
        seen.append(dialog.is_visible())
    assert seen == [False, True, False]
