"""The books: cash, transfers, statements, refunds, and that no đồng is lost or counted twice."""

from collections import Counter
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as some

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.payments import actions
from motcua.payments.actions.receiving import Money
from motcua.payments.actions.stating import code_in
from motcua.payments.models import Charge, Payment, Refund, StatementLine
from tests import given
from tests.payments.bank import AT, TERMINAL, Bank, notice

pytestmark = pytest.mark.django_db


def transfer(amount, purpose, reference="FT1"):
    return Money("vietqr", reference, amount, AT, "statement", purpose=purpose)


def read(*lines, provider="vietqr"):
    return actions.read_statement(lines, by=given.SYSTEM, provider=provider)


def test_cash_settles_and_numbers_the_receipts(owed):
    charge = owed()
    payment = actions.take_cash(charge, by=given.officer("receiver"), amount=8000)
    assert charge.state == Charge.State.PAID
    assert payment.reference.startswith(f"{given.SA_PA}-")
    assert payment.reference.endswith("-000001")
    assert payment.by_name == "Phạm Thu Sương"


@pytest.mark.parametrize("key", ["lua", "man", "may", "thong", "guong"])
def test_only_the_desk_of_the_agency_takes_cash(owed, key):
    with pytest.raises(Refused):
        actions.take_cash(owed(), by=given.actor(key), amount=8000)
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("amount", [7999, 8001, 0, -8000])
def test_cash_is_exactly_what_is_owed(owed, amount):
    with pytest.raises(Invalid):
        actions.take_cash(owed(), by=given.officer("receiver"), amount=amount)
    assert Payment.objects.count() == 0


def test_cash_is_taken_once(owed):
    charge = owed()
    actions.take_cash(charge, by=given.officer("receiver"), amount=8000)
    with pytest.raises(NotNow):
        actions.take_cash(charge, by=given.officer("receiver"), amount=8000)


def test_a_subject_owes_once(owed):
    assert owed().pk == owed(9000).pk
    assert Charge.objects.get().amount == 8000


def test_a_transfer_is_known_by_its_code(owed):
    charge = owed()
    assert read(transfer(8000, f"TRAN HA MAY chuyen {charge.code.lower()}.CT tu 0011")).new == 1
    charge.refresh_from_db()
    assert charge.state == Charge.State.PAID


def test_a_statement_read_again_changes_nothing(owed):
    line = transfer(8000, owed().code)
    assert [read(line, line).new, read(line).new] == [1, 0]
    assert (Payment.objects.count(), StatementLine.objects.count()) == (1, 1)


def test_too_little_leaves_the_rest_to_be_paid(owed):
    charge = owed()
    read(transfer(5000, charge.code))
    charge.refresh_from_db()
    assert (charge.state, charge.open) == (Charge.State.DUE, 3000)
    actions.take_cash(charge, by=given.officer("receiver"), amount=3000)
    assert charge.state == Charge.State.PAID


def test_too_much_owes_the_rest_back(owed):
    read(transfer(10000, owed().code))
    assert Refund.objects.owed().get().amount == 2000


def test_an_officer_finds_out_what_a_transfer_was_for(owed, holder):
    charge = owed()
    read(transfer(8000, "nop phi trich luc"))
    (payment,) = Payment.objects.unsettled()
    actions.match(payment, by=given.officer("receiver"), charge=charge)
    charge.refresh_from_db()
    assert charge.state == Charge.State.PAID
    assert list(Payment.objects.unsettled()) == []
    with pytest.raises(Invalid):
        actions.match(payment, by=given.officer("receiver"), charge=charge)


def test_money_nobody_knows_is_matched_by_who_holds_the_account_alone(owed, settings):
    settings.NODE = settings.NODE.model_copy(update={"agency": "H38"})
    charge, receiver, province = owed(), given.officer("receiver"), given.actor("hanh")
    lines = [transfer(8000, "nop phi")]
    # A commune that shares the account neither says that it came in, nor sees it, nor takes it for its own.
    assert actions.read_statement(lines, by=receiver, provider="vietqr").elsewhere == 1
    read(*lines)
    payment = Payment.objects.get()
    assert [list(Payment.objects.visible_to(by)) for by in (receiver, province)] == [[], [payment]]
    for refused in (
        lambda: actions.match(payment, by=receiver, charge=charge),
        lambda: actions.return_payment(payment, by=receiver, reason="Chuyển nhầm"),
    ):
        with pytest.raises(Refused):
            refused()
    actions.match(payment, by=province, charge=charge)
    charge.refresh_from_db()
    assert (charge.state, payment.payee) == (Charge.State.PAID, given.SA_PA)
    assert [list(Payment.objects.visible_to(by)) for by in (receiver, province)] == [[payment], []]


def test_of_a_statement_an_agency_reads_its_own_lines_and_who_runs_the_node_all(owed, settings):
    charge, own = owed(payee=given.BAC_HA), owed(subject="dossier:2")
    order = actions.attempt(charge, by=given.SYSTEM, provider="vietqr").order
    actions.doubt(charge, by=given.SYSTEM, money=transfer(7000, charge.code, "FT9"))
    lines = [
        transfer(8000, charge.code),
        replace(transfer(8000, "?", "FT2"), order=order),
        transfer(8000, own.code, "FT3"),
        transfer(8000, "?", "FT9"),
    ]
    by, clerk = given.officer("receiver"), {"by": given.officer("chair"), "provider": "vietqr"}
    told = actions.read_statement(lines, by=by, provider="vietqr")
    charge.refresh_from_db()
    own.refresh_from_db()
    assert (told.new, told.elsewhere, charge.paid, own.state) == (1, 3, 0, Charge.State.PAID)
    assert actions.read_statement(lines, **clerk).elsewhere == 3
    settings.NODE = settings.NODE.model_copy(update={"agency": given.SA_PA})
    told = actions.read_statement(lines, **clerk)
    charge.refresh_from_db()
    assert (told.new, told.elsewhere, charge.state) == (2, 0, Charge.State.PAID)


@pytest.mark.parametrize("key", ["may", "thong", "guong"])
def test_only_those_who_keep_the_books_match(owed, key):
    charge = owed()
    read(transfer(8000, "?"))
    with pytest.raises(Refused):
        actions.match(Payment.objects.get(), by=given.actor(key), charge=charge)
    with pytest.raises(Refused):
        actions.read_statement([], by=given.actor(key), provider="vietqr")


def test_what_belongs_to_nothing_goes_back(owed, holder):
    read(transfer(8000, "?"))
    payment = Payment.objects.get()
    with pytest.raises(Invalid):
        actions.return_payment(payment, by=given.officer("receiver"), reason=" ")
    actions.return_payment(payment, by=given.officer("receiver"), reason="Chuyển nhầm")
    refund = Refund.objects.get()
    with pytest.raises(Refused):
        actions.make_refund(refund, by=given.officer("receiver"), reference="UNC 7")
    actions.make_refund(refund, by=given.officer("chair"), reference="UNC 7")
    assert (refund.state, refund.reference) == (Refund.State.MADE, "UNC 7")
    with pytest.raises(NotNow):
        actions.make_refund(refund, by=given.officer("chair"), reference="UNC 8")
    with pytest.raises(Invalid):
        actions.return_payment(payment, by=given.officer("receiver"), reason="Chuyển nhầm")


def test_a_paid_fee_is_given_back_in_full(owed):
    charge = owed()
    actions.take_cash(charge, by=given.officer("receiver"), amount=8000)
    with pytest.raises(Refused):
        actions.give_back(charge, by=given.officer("receiver"), reason="Thu nhầm")
    charge.refresh_from_db()
    actions.give_back(charge, by=given.officer("chair"), reason="Thu nhầm")
    assert (charge.state, charge.paid) == (Charge.State.RETURNED, 0)
    assert Refund.objects.owed().get().amount == 8000


@pytest.mark.parametrize(
    "change",
    [
        {"paid": 9000},
        {"state": "paid"},
        {"paid": 8000},
        {"amount": 0},
    ],
)
def test_the_database_itself_keeps_a_charge_whole(owed, change):
    charge = owed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(**change)


@pytest.mark.parametrize("change", [{"allotted": 9000}, {"returned": 1}, {"amount": 0}, {"charge": None}])
def test_the_database_itself_keeps_a_payment_whole(owed, change):
    read(transfer(8000, owed().code))
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(**change)


@pytest.mark.parametrize(
    ("purpose", "code"),
    [
        ("MC7KQ2M9TD", "MC7KQ2M9TD"),
        ("mc7kq2 m9td chuyen tien", "MC7KQ2M9TD"),
        ("IBFT MC-7KQ2-M9TD.", "MC7KQ2M9TD"),
        ("chuyen tien", ""),
        ("MC7KQ2M9TD va MC7KQ2M9TF", ""),
        ("", ""),
    ],
)
def test_a_code_is_found_however_banks_write_it(purpose, code):
    assert code_in(purpose) == code


def test_reading_takes_the_same_number_of_queries_for_lines_known_already(owed, django_assert_num_queries):
    lines = [transfer(1000, "?", f"FT{number}") for number in range(30)]
    read(*lines)
    with django_assert_num_queries(4):
        read(lines[0])
    with django_assert_num_queries(4):
        read(*lines)


# What a gateway may do with one order, in any interleaving with the others.
DEEDS = some.sampled_from(["good", "twice", "wrong", "forged", "never", "failed", "paid twice", "cash"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(
    some.lists(some.tuples(some.integers(0, 2), DEEDS, some.integers(1, 12_000)), max_size=9), some.data()
)
def test_whatever_the_gateway_does_the_books_come_out_even(owed, deeds, data):
    """The sum of the books is the sum of what the gateway truly took, and no charge is settled twice."""
    with transaction.atomic():
        bank, charges = Bank(), [owed(8000 + number, f"dossier:{number}") for number in range(3)]
        cash, notices = 0, []
        for which, deed, amount in deeds:
            charge = charges[which]
            charge.refresh_from_db()
            if deed == "cash" and charge.is_due:
                cash += charge.open
                actions.take_cash(charge, by=given.officer("receiver"), amount=charge.open)
            elif charge.is_due and deed != "cash":
                notices += misdeed(bank, charge, deed, amount)
        for values in data.draw(some.permutations(notices)):
            actions.take_notice(TERMINAL, values)
        for _time in range(2):
            read(*bank.statement(), provider="gateway")
        compare(bank, charges, cash)
        transaction.set_rollback(True)


def misdeed(bank, charge, deed, amount):
    """What the gateway takes and what it tells of it."""
    attempt = actions.attempt(charge, by=given.SYSTEM, provider="gateway")
    order, asked = attempt.order, attempt.amount
    if deed == "forged":
        return [notice(order, "666", asked, secret=b"another")]
    if deed == "failed":
        return [notice(order, "0", asked, code="24")]
    taken = amount if deed == "wrong" else asked
    told = [notice(order, bank.take(order, taken), taken)]
    if deed == "paid twice":
        told.append(notice(order, bank.take(order, asked), asked))
    return {"twice": told * 2, "never": []}.get(deed, told)


def compare(bank, charges, cash):
    by_gateway = Payment.objects.filter(provider="gateway")
    assert not by_gateway.filter(state=Payment.State.DOUBTFUL).exists()
    assert (by_gateway.aggregate(sum=Sum("amount"))["sum"] or 0) == bank.total
    assert sum(payment.free for payment in Payment.objects.all()) == 0
    received = sum(payment.amount for payment in Payment.objects.all())
    assert received == bank.total + cash
    returned = Refund.objects.aggregate(sum=Sum("amount"))["sum"] or 0
    for charge in charges:
        charge.refresh_from_db()
    assert sum(charge.paid for charge in charges) + returned == received
    settled = Counter(entry.facts["code"] for entry in Entry.objects.of("payments.ChargeSettled"))
    assert {charge.code for charge in charges if charge.is_paid} == set(settled)
    assert set(settled.values()) <= {1}
