"""The desk as a browser draws it: nothing inaccessible, nothing wider than the screen, dialogs without a script."""

import re

import pytest

from motcua.api import actions as machines
from motcua.api.models import Client, Delivery, Subscription
from motcua.dossiers import actions
from motcua.procedures.models import Draft
from motcua.reorganisations.models import Plan
from tests import given
from tests.desk.test_new_procedure import NEW, PAGES
from tests.looking import faults_in, shown

pytestmark = pytest.mark.browser

MERGER = """title: Nhập xã Tả Van vào phường Sa Pa
decision: Nghị quyết 12/NQ-HĐND
on: 2099-12-01
kind: merge
old: [{code: H38.03037, into: H38.03006}]
"""


def system():
    """A system of Sa Pa that is told at an address that does not answer."""
    client = Client(agency=given.SA_PA, name="Phần mềm một cửa", scopes=["dossiers:read", "webhooks:manage"])
    machines.register(client, by=given.SYSTEM)
    address = Subscription.objects.create(
        client=client,
        url="https://phan-mem.example.vn/tin",
        kinds=["dossier.accepted", "dossier.finished"],
        failures=3,
    )
    Delivery.objects.create(
        subscription=address, entry=1, body={"type": "dossier.accepted"}, state="failed", trouble="500"
    )
    return client


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
        "thong": ["/desk/people/", "/desk/calendar/", "/desk/systems/", f"/desk/systems/{system().pk}/"],
    }
    given.account("pa")
    visitor("xep").post("/desk/reorganisations/new/", {"text": MERGER})
    visitor("xep").post("/desk/procedures/new/", NEW)
    draft = f"/desk/drafts/{Draft.objects.get().pk}/"
    addresses["xep"] = [
        f"/desk/reorganisations/{Plan.objects.get().pk}/",
        "/desk/procedures/new/",
        draft,
        *(f"{draft}{page}/" for page in PAGES),
    ]
    return {url: visitor(key).get(url).content for key, urls in addresses.items() for url in urls}


def test_every_page_is_accessible_and_fits_the_screen(pages):
    assert faults_in(pages) == {}


def test_the_dialog_opens_and_closes_without_a_script(pages):
    address = next(address for address in pages if re.fullmatch(r"/desk/dossiers/[0-9a-f-]+/", address))
    with shown(pages, java_script_enabled=False) as page:
        page.goto(address)
        dialog = page.locator("#supplement")
        seen = [dialog.is_visible()]
        page.get_by_role("button", name="Yêu cầu bổ sung").click()
        seen.append(dialog.is_visible())
        dialog.get_by_role("button", name="Thôi").click()
        seen.append(dialog.is_visible())
    assert seen == [False, True, False]
