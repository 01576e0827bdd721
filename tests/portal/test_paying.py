"""Paying from the dossier's page: what is shown while it waits for the fee, and the receipt in the wallet."""

import pytest
from django.urls import reverse

from motcua.dossiers.models import Application
from motcua.lib import qr
from motcua.payments.models import Charge
from motcua.payments.providers import transfer
from tests import given

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def account(settings):
    settings.NODE = settings.NODE.model_copy(
        update={"bank_account": "970436 0011001932418 UBND PHUONG SA PA"}
    )


def page(browser, dossier):
    return browser.get(reverse("portal:application", args=[dossier.pk])).content.decode()


def test_the_dossier_s_page_shows_how_to_pay(visitor, django_assert_max_num_queries):
    dossier = given.copy(at="accepted", copies=2)
    charge = Charge.objects.about(dossier).get()
    browser = visitor("may")
    with django_assert_max_num_queries(12):
        text = page(browser, dossier)
    assert "Còn phải nộp 16.000 đ" in text
    assert qr.svg(transfer(charge)["payload"]) in text
    assert f"/pay/{charge.pk}/" in text
    assert "Nộp lệ phí" in browser.get(reverse("portal:my")).content.decode()
    assert visitor("doi").get(reverse("portal:application", args=[dossier.pk])).status_code == 404


def test_after_paying_nothing_is_asked_for_and_the_receipt_is_in_the_wallet(visitor):
    dossier = given.copy(at="paid")
    browser = visitor("may")
    assert "Còn phải nộp" not in page(browser, dossier)
    assert "Biên lai thu phí, lệ phí" in browser.get(reverse("portal:wallet")).content.decode()
    assert Application.objects.get(pk=dossier.pk).attachments.filter(kind="fee").count() == 1


@pytest.mark.parametrize(
    ("answer", "paper", "said"),
    [
        ("none", False, "10.000 đ"),
        ("poor", False, "Gửi kèm giấy tờ chứng minh để được miễn: Người thuộc hộ nghèo"),
        ("poor", True, "Được miễn: Người thuộc hộ nghèo"),
    ],
)
def test_the_check_says_what_it_will_cost(visitor, answer, paper, said):
    from motcua.dossiers import actions

    by = given.citizen("may")
    given.agency()
    begun = actions.begin(
        given.procedure("1.004222"), by=by, case="own", agency=given.SA_PA, agency_name="UBND phường Sa Pa"
    )
    Application.objects.filter(pk=begun.pk).update(answers={"fee_exemption": answer})
    if paper:
        given.paper(begun, by=by, name="exemption_proof")
    assert said in visitor("may").get(reverse("portal:check", args=[begun.pk])).content.decode()


def test_two_fees_at_one_agency_are_paid_together(visitor, django_assert_max_num_queries):
    dossiers = [given.copy(at="accepted", copies=2), given.copy(at="accepted", copies=1)]
    browser = visitor("may")
    with django_assert_max_num_queries(12):
        text = browser.get(reverse("portal:my")).content.decode()
    charges = [Charge.objects.about(one).get() for one in dossiers]
    assert "2 khoản phí, tất cả 24.000 đ" in text
    there = reverse("payments:together")
    page = browser.get(f"{there}?" + "&".join(f"of={one.pk}" for one in charges)).content.decode()
    assert all(one.code in page for one in charges)
    assert all(f"of={one.pk}" in text for one in charges)
    Application.objects.filter(pk=dossiers[0].pk).update(agency=given.BAC_HA)
    assert "Nộp gộp" not in browser.get(reverse("portal:my")).content.decode()
