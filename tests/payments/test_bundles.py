"""Several fees in one payment: all of it or nothing, shared out fee by fee, and nothing is paid twice."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow
from motcua.payments import actions
from motcua.payments.actions.receiving import Money
from motcua.payments.models import Attempt, Bundle, Charge, Payment, Refund, StatementLine
from motcua.payments.providers import transfer
from tests import given
from tests.payments.bank import AT, TERMINAL, Bank, notice
from tests.racing import meanwhile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ways")]


@pytest.fixture
def charges(owed):
    return [owed(8000, "dossier:1"), owed(16000, "dossier:2"), owed(5000, "dossier:3")]


@pytest.fixture
def bundle(charges):
    return actions.bundle(charges, by=given.SYSTEM)


def states():
    return [(one.paid, one.state) for one in Charge.objects.order_by("subject")]


PAID = [(8000, "paid"), (16000, "paid"), (5000, "paid")]
DUE = [(0, "due")] * 3


def told(bundle, bank, amount=29000, **changes):
    """The gateway gives notice of a payment for the bundle; the code it is answered with."""
    order = actions.attempt_together(bundle, by=given.SYSTEM, provider="gateway").order
    return again(order, bank.take(order, amount), amount, **changes)


def again(order, reference, amount, **changes):
    return actions.take_notice(TERMINAL, notice(order, reference, amount, **changes))


def by_transfer(amount, purpose, reference="FT1"):
    return actions.read_statement(
        [Money("vietqr", reference, amount, AT, "statement", purpose=purpose)],
        by=given.SYSTEM,
        provider="vietqr",
    )


def test_one_payment_settles_every_fee_with_a_payment_of_its_own(bundle, charges):
    bank = Bank()
    assert told(bundle, bank) == "00"
    assert states() == PAID
    assert {(one.charge.code, one.amount) for one in Payment.objects.all()} == {
        (one.code, one.amount) for one in charges
    }
    assert Entry.objects.of("payments.ChargeSettled").count() == 3
    assert (Attempt.objects.get().state, bank.total) == ("paid", sum(p.amount for p in Payment.objects.all()))


def test_the_same_notice_twice_and_the_statement_after_it_change_nothing(bundle):
    bank = Bank()
    told(bundle, bank)
    order, reference = Attempt.objects.get().order, next(iter(bank.ledger))
    assert again(order, reference, 29000) == "02"
    read = actions.read_statement(bank.statement(), by=given.SYSTEM, provider="gateway")
    assert (read.new, read.differing, Payment.objects.count(), Refund.objects.count()) == (0, 0, 3, 0)
    assert sum(line.amount for line in StatementLine.objects.all()) == bank.total


def test_a_notice_that_never_came_is_found_in_the_statement(bundle):
    bank = Bank()
    order = actions.attempt_together(bundle, by=given.SYSTEM, provider="gateway").order
    bank.take(order, 29000)
    for new in (3, 0):
        assert actions.read_statement(bank.statement(), by=given.SYSTEM, provider="gateway").new == new
    assert states() == PAID
    assert again(order, next(iter(bank.ledger)), 29000) == "02"


def test_another_amount_counts_for_no_fee(bundle):
    bank = Bank()
    assert told(bundle, bank, 28000) == "04"
    assert (states(), Payment.objects.get().is_doubtful) == (DUE, True)
    assert again(Attempt.objects.get().order, next(iter(bank.ledger)), 28000) == "04"
    assert Entry.objects.of("payments.PaymentDoubted").count() == 1
    actions.read_statement(bank.statement(), by=given.SYSTEM, provider="gateway")
    whole = Payment.objects.get()
    assert again(Attempt.objects.get().order, whole.reference, 29000) == "02"
    assert (states(), whole.free, whole.charge) == (DUE, 28000, None)
    by_transfer(28999, f"nop phi {bundle.code.lower()}")
    assert states() == DUE


@pytest.mark.parametrize("how", ["notice", "statement"])
def test_a_doubt_is_gone_when_the_whole_amount_came_in_after_all(bundle, how):
    bank = Bank()
    assert told(bundle, bank, 28000) == "04"
    order, reference = Attempt.objects.get().order, next(iter(bank.ledger))
    if how == "notice":
        assert again(order, reference, 29000) == "00"
    else:
        bank.ledger[reference] = (order, 29000)
        actions.read_statement(bank.statement(), by=given.SYSTEM, provider="gateway")
    assert (states(), sorted(Payment.objects.values_list("amount", flat=True))) == (PAID, [5000, 8000, 16000])
    assert again(order, reference, 28000) == "04"
    assert Payment.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_statement_read_just_then_leaves_no_doubt_behind(bundle):
    bank = Bank()
    order = actions.attempt_together(bundle, by=given.SYSTEM, provider="gateway").order
    reference = bank.take(order, 29000)
    with meanwhile(lambda: again(order, reference, 28000)):
        actions.read_statement(bank.statement(), by=given.SYSTEM, provider="gateway")
    assert (states(), Payment.objects.filter(state="doubtful").count()) == (PAID, 0)


def test_a_transfer_is_known_by_the_bundles_code(bundle):
    assert (transfer(bundle)["amount"], transfer(bundle)["code"]) == (29000, bundle.code)
    for new in (3, 0):
        assert by_transfer(29000, f"Nop phi {bundle.code}").new == new
    assert states() == PAID


def test_what_is_paid_a_second_time_goes_back_fee_by_fee(bundle, charges):
    told(bundle, Bank())
    by_transfer(29000, bundle.code)
    assert states() == PAID
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [5000, 8000, 16000]
    assert {one.payment.charge.code for one in Refund.objects.all()} == {one.code for one in charges}


def test_a_fee_paid_alone_meanwhile_is_not_paid_twice(bundle, charges):
    bank = Bank()
    order = actions.attempt_together(bundle, by=given.SYSTEM, provider="gateway").order
    actions.take_cash(charges[1], by=given.officer("receiver"), amount=16000)
    assert again(order, bank.take(order, 29000), 29000) == "00"
    assert (states(), Refund.objects.get().amount) == (PAID, 16000)
    with pytest.raises(NotNow):
        actions.attempt_together(bundle, by=given.SYSTEM, provider="gateway")


def test_one_fee_of_a_bundle_is_given_back_alone(bundle, charges):
    told(bundle, Bank())
    charges[0].refresh_from_db()
    actions.give_back(charges[0], by=given.officer("chair"), reason="Thu nhầm")
    assert states() == [(0, "returned"), *PAID[1:]]
    assert Refund.objects.get().amount == 8000


def test_the_same_fees_are_the_same_bundle_and_others_are_refused(bundle, charges, owed):
    assert actions.bundle([*reversed(charges), charges[0]], by=given.SYSTEM).pk == bundle.pk
    elsewhere = owed(1000, "dossier:9", payee=given.BAC_HA)
    paid = owed(1000, "dossier:8")
    actions.take_cash(paid, by=given.officer("receiver"), amount=1000)
    for wrong in ([charges[0]], [charges[0], elsewhere], [charges[0], paid], []):
        with pytest.raises(Invalid):
            actions.bundle(wrong, by=given.SYSTEM)
    assert Bundle.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(provider="gateway", order="x", amount=1)


def test_forged_and_failed_notices_pay_nothing(bundle):
    assert told(bundle, Bank(), secret=b"x") == "97"
    assert told(bundle, Bank(), code="24") == "00"
    assert (states(), Payment.objects.count()) == (DUE, 0)


def test_anyone_with_the_addresses_pays_together_on_the_page(charges, client, django_assert_max_num_queries):
    asked = "&".join(f"of={one.pk}" for one in charges)
    page = f"{reverse('payments:together')}?{asked}&of=x"
    with django_assert_max_num_queries(6):
        text = client.get(page).content.decode()
    assert ("29.000" in text, "Trần Hạ Mây" in text, Bundle.objects.count()) == (True, False, 0)
    here = client.post(page).url
    assert client.post(page).url == here
    shown = client.get(here)
    assert Bundle.objects.get().code in shown.content.decode()
    assert "form-action 'self' https://gateway.invalid" in shown["Content-Security-Policy"]
    sent = parse_qs(urlsplit(client.post(f"{here}start/").url).query)
    assert (sent["vnp_Amount"], sent["vnp_TxnRef"]) == (["2900000"], [Attempt.objects.get().order])
    for shown in (here, reverse("payments:pay", args=[charges[0].pk])):
        assert "đừng nộp thêm" in client.get(shown).content.decode()
    back = urlsplit(sent["vnp_ReturnUrl"][0]).path
    text = client.get(back, notice(sent["vnp_TxnRef"][0], "77", 29000)).content.decode()
    assert ("đang trên đường về" in text, "/start/" in text, Payment.objects.count()) == (True, False, 0)
    text = client.get(back, notice(sent["vnp_TxnRef"][0], "77", 29000, code="24")).content.decode()
    assert ("Ngân hàng báo chưa có" in text, "/start/" in text) == (True, True)
    actions.take_cash(charges[1], by=given.officer("receiver"), amount=16000)
    assert "Gộp lại các khoản còn lại" in client.get(here).content.decode()
    assert client.post(f"{here}start/").url == here
    assert client.get(f"{reverse('payments:together')}?of={charges[0].pk}").status_code == 404
