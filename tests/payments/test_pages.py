"""The page of a charge, and the address of notices."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from motcua.lib import qr
from motcua.payments import actions
from motcua.payments.models import Attempt, Charge, Payment
from motcua.payments.providers import Misconfigured, providers, transfer
from tests import given
from tests.payments.bank import notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ways")]


@pytest.fixture
def browser(client):
    return client


def at(name, charge):
    return reverse(f"payments:{name}", args=[charge.pk])


def test_a_stranger_with_the_address_can_pay_for_another(owed, browser, django_assert_max_num_queries):
    charge = owed(16000)
    with django_assert_max_num_queries(6):
        answer = browser.get(at("pay", charge))
    text = answer.content.decode()
    assert "Còn phải nộp 16.000 đ" in text
    assert qr.svg(transfer(charge)["payload"]) in text
    assert charge.code in text
    assert "Trần Hạ Mây" not in text


def test_an_unknown_address_is_no_page(browser):
    missing = Charge(subject="x")
    assert [browser.get(at(name, missing)).status_code for name in ("pay", "back")] == [404, 404]
    assert browser.post(at("start", missing)).status_code == 404


def test_the_way_to_the_bank_is_signed_and_allowed_by_the_policy(owed, browser):
    charge = owed(16000)
    page = browser.get(at("pay", charge))
    assert "form-action 'self' https://gateway.invalid" in page["Content-Security-Policy"]
    answer = browser.post(at("start", charge))
    values = parse_qs(urlsplit(answer.url).query)
    assert answer.url.startswith("https://gateway.invalid/pay?")
    assert values["vnp_TxnRef"] == [charge.attempts.get().order]
    assert values["vnp_Amount"] == ["1600000"]


def test_coming_back_marks_nothing_as_paid(owed, browser):
    charge = owed()
    browser.post(at("start", charge))
    order = Attempt.objects.get().order
    answer = browser.get(at("back", charge), notice(order, "14000001", 8000))
    text = answer.content.decode()
    assert ("xác nhận gửi chúng tôi đang trên đường về" in text, "/start/" in text) == (True, False)
    charge.refresh_from_db()
    assert (charge.state, Payment.objects.count()) == (Charge.State.DUE, 0)
    # Signed, but for another's try; and once other money than was asked came in, nothing is on its way any more.
    other = owed(subject="dossier:2")
    assert "/start/" in browser.get(at("back", other), notice(order, "14000001", 8000)).content.decode()
    browser.get(reverse("payments:notice"), notice(order, "14000001", 7000))
    text = browser.get(at("back", charge), notice(order, "14000001", 8000)).content.decode()
    assert ("đang trên đường về" in text, "/start/" in text, "đừng nộp thêm" in text) == (
        False,
        True,
        True,
    )


def test_coming_back_without_having_paid_says_so(owed, browser):
    charge = owed()
    browser.post(at("start", charge))
    order = Attempt.objects.get().order
    answer = browser.get(at("back", charge), notice(order, "0", 8000, code="24"))
    assert "Ngân hàng báo chưa có khoản tiền nào được nộp" in answer.content.decode()
    assert "Ngân hàng báo" not in browser.get(at("back", charge), {"vnp_TxnRef": order}).content.decode()


def test_the_server_notice_is_answered_as_published(owed, browser):
    charge = owed()
    browser.post(at("start", charge))
    order = Attempt.objects.get().order
    there, values = reverse("payments:notice"), notice(order, "14000001", 8000)
    answers = [browser.get(there, values).json() for _time in range(2)]
    assert answers == [
        {"RspCode": "00", "Message": "Confirm Success"},
        {"RspCode": "02", "Message": "Order already confirmed"},
    ]
    assert browser.get(there, {}).json()["RspCode"] == "97"
    assert "Đã nộp đủ 8.000 đ" in browser.get(at("pay", charge)).content.decode()


def test_a_paid_charge_is_not_sent_to_the_bank_again(owed, browser):
    charge = owed()
    actions.take_cash(charge, by=given.officer("receiver"), amount=8000)
    assert browser.post(at("start", charge)).url == at("pay", charge)
    assert Attempt.objects.count() == 0


def test_starting_needs_the_page_s_token(owed):
    assert Client(enforce_csrf_checks=True).post(at("start", owed())).status_code == 403


def test_without_a_gateway_there_is_no_way_to_it(owed, browser, settings):
    settings.NODE = settings.NODE.model_copy(update={"gateway_url": "", "bank_account": ""})
    charge = owed()
    text = browser.get(at("pay", charge)).content.decode()
    assert ("Sang trang thanh toán" in text, "VietQR" in text, charge.code in text) == (False, False, True)
    assert browser.post(at("start", charge)).status_code == 404
    assert browser.get(reverse("payments:notice")).status_code == 404


def test_a_gateway_without_its_secret_is_named(settings):
    (settings.KEYS / "gateway.key").unlink()
    with pytest.raises(Misconfigured, match=r"gateway\.key"):
        _ = providers()["gateway"].terminal


@pytest.mark.parametrize("state", ["cancelled", "returned"])
def test_what_is_no_longer_owed_says_so(owed, browser, state):
    charge = owed()
    if state == "returned":
        actions.take_cash(charge, by=given.officer("receiver"), amount=8000)
        actions.give_back(charge, by=given.officer("chair"), reason="Thu nhầm")
    else:
        actions.cancel(charge, by=given.SYSTEM, reason="Rút hồ sơ")
    assert "được trả lại cho bạn" in browser.get(at("pay", charge)).content.decode()
