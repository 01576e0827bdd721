"""The books on the desk, cash at the counter, and who may look and do."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.payments import actions as payments
from motcua.payments.actions.receiving import Money
from motcua.payments.models import Attempt, Charge, Payment, Refund
from tests import given
from tests.post import settle

pytestmark = pytest.mark.django_db
BOOKS = reverse("desk:books")


@pytest.fixture
def holder(settings):
    """Sa Pa runs the node: transfers come into its account."""
    settings.NODE = settings.NODE.model_copy(update={"agency": given.SA_PA})


def transfers(*amounts, purpose="?"):
    payments.read_statement(
        [
            Money("vietqr", f"FT{number}", amount, timezone.now(), "statement", purpose=purpose)
            for number, amount in enumerate(amounts)
        ],
        by=given.SYSTEM,
        provider="vietqr",
    )


@pytest.mark.parametrize(
    ("key", "status"),
    [("", 302), ("may", 403), ("thong", 403), ("suong", 200), ("lam", 200), ("lua", 200), ("guong", 200)],
)
def test_only_those_with_a_post_near_the_money_see_the_books(visitor, key, status):
    given.country()
    assert visitor(key).get(BOOKS).status_code == status
    assert visitor(key).get(reverse("desk:payments")).status_code == status


def test_the_books_cost_the_same_for_one_payment_and_many(visitor, django_assert_max_num_queries):
    given.country()
    browser = visitor("suong")
    transfers(1)
    with django_assert_max_num_queries(12) as asked:
        assert browser.get(BOOKS).status_code == 200
    transfers(*range(1, 31))
    with django_assert_max_num_queries(len(asked)):
        browser.get(BOOKS)


def test_cash_is_taken_on_the_dossier_s_page(visitor, django_assert_max_num_queries):
    dossier = given.copy(at="accepted")
    browser, address = visitor("suong"), reverse("desk:dossier", args=[dossier.pk])
    browser.get(address)  # the process has read the working calendar
    with django_assert_max_num_queries(12):
        text = browser.get(address).content.decode()
    assert ("8.000 đ" in text, "Thu phí, lệ phí bằng tiền mặt" in text) == (True, True)
    wrong = browser.post(reverse("desk:cash", args=[dossier.pk]), {"amount": "7000"})
    assert wrong.status_code == 422
    browser.post(reverse("desk:cash", args=[dossier.pk]), {"amount": "8000"})
    # Until the dossier has been told of it, nobody is asked for it again.
    meanwhile = browser.get(address, headers={"accept-language": "vi"}).content.decode()
    assert ("Thu phí, lệ phí bằng tiền mặt" in meanwhile, "lệ phí đã xong" in meanwhile) == (False, True)
    settle()
    dossier.refresh_from_db()
    assert dossier.state == State.PROCESSING
    assert (
        "Biên lai thu phí, lệ phí" in browser.get(reverse("desk:dossier", args=[dossier.pk])).content.decode()
    )


def test_an_officer_takes_no_cash_for_their_own_dossier(visitor):
    dossier = given.copy(at="accepted")
    Dossier.objects.filter(pk=dossier.pk).update(applicant_number=given.account("suong").username)
    answer = visitor("suong").post(reverse("desk:cash", args=[dossier.pk]), {"amount": "8000"})
    assert (answer.status_code, Payment.objects.count()) == (403, 0)


def test_a_transfer_is_matched_by_its_code_and_the_rest_returned(visitor, holder):
    dossier = given.copy(at="accepted")
    charge = Charge.objects.about(dossier).get()
    transfers(9000)
    payment = Payment.objects.get()
    browser = visitor("suong")
    wrong = browser.post(reverse("desk:match", args=[payment.pk]), {"code": "MC00000000"})
    assert (wrong.status_code, "Không có mã này" in wrong.content.decode()) == (422, True)
    browser.post(reverse("desk:match", args=[payment.pk]), {"code": charge.code.lower()})
    settle()
    dossier.refresh_from_db()
    refund = Refund.objects.owed().get()
    assert (dossier.state, refund.amount) == (State.PROCESSING, 1000)
    there = reverse("desk:refund", args=[refund.pk])
    assert visitor("suong").post(there, {"reference": "UNC 1"}).status_code == 403
    assert visitor("lua").post(there, {"reference": ""}).status_code == 422
    visitor("lua").post(there, {"reference": "UNC 1"})
    assert list(Refund.objects.owed()) == []


def test_what_belongs_to_nothing_is_returned(visitor, holder):
    given.country()
    transfers(5000)
    there = reverse("desk:return_payment", args=[Payment.objects.get().pk])
    assert visitor("suong").post(there, {"reason": ""}).status_code == 422
    visitor("suong").post(there, {"reason": "Chuyển nhầm"})
    assert Refund.objects.owed().get().amount == 5000


def test_a_statement_is_read_from_a_file(visitor):
    dossier = given.copy(at="accepted")
    charge, browser, there = Charge.objects.about(dossier).get(), visitor("suong"), reverse("desk:statement")
    other = Charge.objects.create(subject="x", payee=given.BAC_HA, payer="x", what="x", amount=8000)
    text = "reference,at,amount,purpose\n"
    for number, code in enumerate((charge.code, other.code)):
        text += f"FT{number},2026-11-20T10:00,8000,{code}\n"
    for _time in range(2):
        sent = {"provider": "vietqr", "file": io.BytesIO(text.encode())}
        page = browser.post(there, sent, follow=True)
        assert "Chưa ghi sổ 1 dòng của cơ quan khác" in page.content.decode()
    settle()
    dossier.refresh_from_db()
    assert (dossier.state, Payment.objects.count()) == (State.PROCESSING, 1)
    wrong = browser.post(there, {"provider": "vietqr", "file": io.BytesIO(b"a,b\n")})
    assert (wrong.status_code, "Không đọc được tệp" in wrong.content.decode()) == (422, True)
    assert (
        visitor("guong").post(there, {"provider": "vietqr", "file": io.BytesIO(text.encode())}).status_code
        == 403
    )


def test_a_paid_fee_is_given_back_by_the_head_once(visitor):
    dossier = given.copy(at="paid")
    charge, there = Charge.objects.about(dossier).get(), reverse("desk:fee_back")
    typed = {"code": charge.code.lower(), "reason": "Thu nhầm: được miễn."}
    assert visitor("lua").post(there, typed | {"reason": " "}).status_code == 422
    assert visitor("lua").post(there, typed | {"code": "X"}).status_code == 422
    for key, status in (("suong", 403), ("guong", 422), ("thong", 403), ("lua", 302), ("lua", 409)):
        assert visitor(key).post(there, typed).status_code == status
    assert Refund.objects.owed().get().amount == charge.amount


def test_nobody_gives_their_own_fee_back(visitor):
    dossier = given.copy(at="paid")
    Dossier.objects.filter(pk=dossier.pk).update(applicant_number=given.BY_KEY["lua"].number)
    typed = {"code": Charge.objects.about(dossier).get().code, "reason": "Thu nhầm."}
    assert visitor("lua").post(reverse("desk:fee_back"), typed).status_code == 403
    assert not Refund.objects.exists()


def test_a_payment_that_never_came_back_is_asked_for_at_the_desk(visitor, settings, node_home):
    dossier = given.copy(at="accepted")
    charge = Charge.objects.about(dossier).get()
    payments.attempt(charge, by=given.SYSTEM, provider="gateway")
    Attempt.objects.update(opened_at=timezone.now() - timedelta(hours=1))
    address = reverse("desk:ask_gateway", args=[charge.pk])
    assert visitor("suong").post(address).status_code == 404  # this node has no gateway
    shut = {"gateway_url": "https://g.invalid/", "gateway_api": "http://127.0.0.1:9/", "gateway_code": "M"}
    settings.NODE = settings.NODE.model_copy(update=shut)
    settings.KEYS.mkdir(exist_ok=True)
    (settings.KEYS / "gateway.key").write_bytes(b"x")
    browser = visitor("suong")
    assert address in browser.get(BOOKS).content.decode()
    other = payments.raise_charge(
        Charge(subject="dossier:x", payee=given.SA_PA, payer="Lý Sín", what="Phí", amount=5000),
        by=given.SYSTEM,
    )
    together = payments.bundle([charge, other], by=given.SYSTEM)
    Attempt.objects.update(charge=None, bundle=together)
    text = browser.get(BOOKS).content.decode()
    assert any(reverse("desk:ask_gateway", args=[one.pk]) in text for one in (charge, other))
    page = reverse("desk:dossier", args=[dossier.pk])
    assert f"{address}?dossier" in browser.get(page).content.decode()
    answer = browser.post(f"{address}?dossier", follow=True)
    assert answer.redirect_chain[0][0] == page
    assert "Cổng thanh toán đang không trả lời" in answer.content.decode()
    found = [visitor(key).post(address).status_code for key in ("may", "man", "thong", "guong", "lam")]
    assert found == [403, 404, 403, 404, 302]
