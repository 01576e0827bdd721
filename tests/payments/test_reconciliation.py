"""The books of a period: sums that agree with the payments, statements read and refused, tables for other programs."""

from datetime import date

import pytest

from motcua.payments import actions
from motcua.payments.actions.receiving import Money
from motcua.payments.models import Charge, Payment
from motcua.payments.reconciliation import Expected, Unreadable, as_csv, expected, read_csv, rows
from tests import given
from tests.payments.bank import AT, TERMINAL, Bank, notice

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def test_each_way_stands_in_one_row(owed, django_assert_num_queries):
    bank, charge = Bank(), owed(8000)
    order = actions.attempt(charge, by=given.SYSTEM, provider="gateway").order
    actions.take_notice(TERMINAL, notice(order, bank.take(order, 8000), 8000))
    actions.take_notice(TERMINAL, notice(order, bank.take(order, 8000), 8000))
    other = actions.attempt(owed(5000, "dossier:2"), by=given.SYSTEM, provider="gateway").order
    actions.take_notice(TERMINAL, notice(other, "9", 70))
    actions.read_statement(
        [Money("vietqr", "FT1", 300, AT, "statement", purpose="?")], by=given.SYSTEM, provider="vietqr"
    )
    actions.read_statement(bank.statement(), by=given.SYSTEM, provider="gateway")
    with django_assert_num_queries(2):
        gateway, vietqr = rows(Payment.objects.all(), since=DAY, until=DAY)
    assert (gateway.received, gateway.counted, gateway.returned, gateway.free) == (16000, 8000, 8000, 0)
    assert (gateway.doubtful, gateway.stated, gateway.missing, gateway.count) == (70, 16000, 0, 2)
    assert (vietqr.received, vietqr.free, vietqr.stated) == (300, 300, 300)
    assert rows(Payment.objects.all(), since=date(2026, 11, 21), until=date(2026, 11, 21)) == []


def test_what_was_to_come_in(owed):
    today = date.fromisoformat(str(Charge(subject="x").raised_at.astimezone().date()))
    actions.take_cash(owed(8000), by=given.officer("receiver"), amount=8000)
    owed(5000, "dossier:2")
    actions.cancel(owed(900, "dossier:3"), by=given.SYSTEM, reason="Rút")
    assert expected(Charge.objects.all(), since=today, until=today) == Expected(13000, 8000, 5000)


def test_a_statement_is_read_as_it_is_written():
    text = "\ufeffreference,at,amount,purpose,order\nFT1,2026-11-20T10:00:00,8000,MC7KQ2M9TD chuyen,\n"
    assert read_csv(text, provider="vietqr") == [
        Money("vietqr", "FT1", 8000, AT, "statement", purpose="MC7KQ2M9TD chuyen")
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a,b\n", "1: reference, at, amount"),
        ("", "1: reference, at, amount"),
        ("reference,at,amount\n,2026-11-20,1\n", "2: reference"),
        ("reference,at,amount\nFT1,yesterday,1\n", "2: at"),
        ("reference,at,amount\nFT1,2026-11-20,1\nFT2,2026-11-20,1.5\n", "3: amount"),
        ("reference,at,amount\nFT1,2026-11-20,-5\n", "2: amount"),
        ("reference,at,amount\nFT1\n", "2: at"),
    ],
)
def test_a_statement_that_cannot_be_read_names_its_place(text, place):
    with pytest.raises(Unreadable, match=place):
        read_csv(text, provider="vietqr")


def test_a_cell_that_a_spreadsheet_would_reckon_is_quoted(owed):
    actions.read_statement(
        [Money("vietqr", "=1+1", 300, AT, "statement", purpose="?")], by=given.SYSTEM, provider="vietqr"
    )
    assert "vietqr,'=1+1,2026-11-20T03:00:00+00:00,300,0,0,confirmed,," in as_csv(Payment.objects.all())
