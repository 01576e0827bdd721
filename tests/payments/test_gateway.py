"""The gateway's notices: the published answers, and what each does to the books."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from motcua.journal.models import Entry
from motcua.payments import actions, gateway
from motcua.payments.models import Attempt, Charge, Payment, Refund
from tests import given
from tests.payments.bank import SECRET, TERMINAL, notice, signature, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def tried(owed):
    charge = owed(8000)
    return charge, actions.attempt(charge, by=given.SYSTEM, provider="gateway").order


def tell(*args, **how):
    return actions.take_notice(TERMINAL, notice(*args, **how))


def books(charge):
    charge.refresh_from_db()
    return charge.state, charge.paid


def test_the_redirect_is_signed_as_published():
    order = gateway.Order("MC0000000001", 18060, "Nop phi 1", datetime(2021, 8, 1, 8, 33, 33, tzinfo=UTC))
    url = gateway.redirect(
        TERMINAL, order, back="https://x.invalid/back/", address="127.0.0.1", language="vi"
    )
    text, given_signature = urlsplit(url).query.split("&vnp_SecureHash=")
    values = dict(parse_qsl(text))
    assert (values["vnp_Amount"], values["vnp_CreateDate"]) == ("1806000", "20210801153333")
    assert [name for name, _value in parse_qsl(text)] == sorted(values)
    assert given_signature == signature(text)


def test_a_good_notice_settles_the_charge(tried):
    charge, order = tried
    assert tell(order, "14000001", 8000) == "00"
    assert books(charge) == (Charge.State.PAID, 8000)
    assert charge.attempts.get().state == Attempt.State.PAID
    assert Entry.objects.of("payments.ChargeSettled").count() == 1


def test_the_same_notice_again_changes_nothing(tried):
    _charge, order = tried
    assert [tell(order, "14000001", 8000) for _time in range(3)] == ["00", "02", "02"]
    assert (Payment.objects.count(), Refund.objects.count()) == (1, 0)
    assert Entry.objects.of("payments.ChargeSettled").count() == 1


@pytest.mark.parametrize(
    "how", [{"secret": b"another"}, {"terminal": "ANOTHER1"}], ids=["another key", "another merchant"]
)
def test_a_forged_notice_is_refused_and_kept_in_mind(tried, how):
    charge, order = tried
    assert tell(order, "14000001", 8000, **how) == "97"
    assert books(charge) == (Charge.State.DUE, 0)
    assert Payment.objects.count() == 0
    assert Entry.objects.of("payments.PaymentRefused").count() == 1


def test_a_notice_changed_on_its_way_is_refused(tried):
    charge, order = tried
    assert actions.take_notice(TERMINAL, {**notice(order, "1", 8000), "vnp_Amount": "100"}) == "97"
    assert actions.take_notice(TERMINAL, {}) == "97"
    assert books(charge) == (Charge.State.DUE, 0)


@pytest.mark.parametrize("change", [{"vnp_Amount": "x"}, {"vnp_PayDate": "1"}, {"vnp_Amount": "800001"}])
def test_a_signed_notice_that_cannot_be_read_is_refused(tried, change):
    _charge, order = tried
    values = {
        name: value for name, value in notice(order, "1", 8000).items() if name != "vnp_SecureHash"
    } | change
    assert actions.take_notice(TERMINAL, signed(values)) == "97"
    assert Payment.objects.count() == 0


def test_a_wrong_amount_is_answered_and_counts_nothing_yet(tried):
    charge, order = tried
    assert [tell(order, "14000001", 5000) for _time in range(2)] == ["04", "04"]
    assert books(charge) == (Charge.State.DUE, 0)
    assert [one.state for one in Payment.objects.unsettled()] == [Payment.State.DOUBTFUL]


def test_an_order_nobody_opened_is_answered_and_its_money_kept():
    assert [tell("MC00000000XX", "14000001", 8000) for _time in range(2)] == ["01", "01"]
    (payment,) = Payment.objects.unsettled()
    assert (payment.charge, payment.free) == (None, 8000)


def test_an_attempt_that_failed_can_be_followed_by_another(tried):
    charge, order = tried
    assert [tell(order, "0", 8000, code="24") for _time in range(2)] == ["00", "02"]
    again = actions.attempt(charge, by=given.SYSTEM, provider="gateway").order
    assert again != order
    assert tell(again, "14000002", 8000) == "00"
    assert books(charge) == (Charge.State.PAID, 8000)


def test_paying_twice_owes_a_refund(tried):
    charge, order = tried
    assert [tell(order, "14000001", 8000), tell(order, "14000002", 8000)] == ["00", "00"]
    assert books(charge) == (Charge.State.PAID, 8000)
    (refund,) = Refund.objects.owed()
    assert (refund.amount, refund.payment.reference) == (8000, "14000002")


def test_a_late_notice_after_cash_owes_a_refund(tried):
    charge, order = tried
    actions.take_cash(charge, by=given.officer("receiver"), amount=8000)
    assert tell(order, "14000001", 8000) == "00"
    assert books(charge) == (Charge.State.PAID, 8000)
    assert Refund.objects.owed().get().amount == 8000


def test_money_for_a_cancelled_charge_is_not_lost(tried):
    charge, order = tried
    actions.cancel(charge, by=given.SYSTEM, reason="Rút hồ sơ")
    assert tell(order, "14000001", 8000) == "00"
    assert books(charge) == (Charge.State.CANCELLED, 0)
    assert Refund.objects.owed().get().amount == 8000


def test_the_secret_stands_in_no_text():
    assert SECRET.decode() not in str(notice("MC1", "1", 1))
