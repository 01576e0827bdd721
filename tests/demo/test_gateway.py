"""The demo's bank, over a real wire: however it behaves, its statement makes the books agree with its ledger."""

import pytest
from django.urls import reverse

from motcua.demo import gateway
from motcua.demo.gateway import Manner
from motcua.payments import actions
from motcua.payments.gateway import Order, query
from motcua.payments.models import Charge, Payment, Refund
from motcua.payments.providers import the_gateway
from tests import given

SECRET = b"a secret of the tests, never of a node"


@pytest.fixture
def bank(live_server, settings, node_home):
    """A node whose gateway is its own demo's, both served."""
    settings.NODE = settings.NODE.model_copy(
        update={
            "web_url": live_server.url,
            "gateway_url": f"{live_server.url}/demo/gateway/",
            "gateway_api": f"{live_server.url}/demo/gateway/api/",
            "gateway_code": "MOTCUA01",
        }
    )
    settings.ALLOWED_HOSTS = ["*"]
    settings.KEYS.mkdir(exist_ok=True)
    (settings.KEYS / "gateway.key").write_bytes(SECRET)


def charged(number):
    return actions.raise_charge(
        Charge(subject=f"dossier:{number}", payee=given.SA_PA, payer="Mây", what="Phí", amount=8000),
        by=given.SYSTEM,
    )


def paid(client, charge, manner):
    """Press “pay”, choose how the bank behaves, come back."""
    there = client.post(reverse("payments:start", args=[charge.pk])).url
    assert client.get(there).status_code == 200
    back = client.post(there, {"manner": manner}).url
    return client.get(back).content.decode()


def standing(charge):
    charge.refresh_from_db()
    return charge.state, charge.paid


def test_however_the_bank_behaves_its_statement_makes_the_books_agree(client, bank, transactional_db):
    after = {
        Manner.GOOD: ("paid", 8000),
        Manner.LATE: ("due", 0),
        Manner.TWICE: ("paid", 8000),
        Manner.PAID_TWICE: ("paid", 8000),
        Manner.WRONG_AMOUNT: ("due", 0),
        Manner.FORGED: ("due", 0),
        Manner.NEVER: ("due", 0),
        Manner.CANCELLED: ("due", 0),
    }
    charges = {manner: charged(number) for number, manner in enumerate(Manner)}
    for manner, charge in charges.items():
        paid(client, charge, manner)
    assert {manner: standing(charge) for manner, charge in charges.items()} == after
    # The gateway itself answers what became of an order it never told of.
    never = charges[Manner.NEVER].attempts.get()
    told = query(
        the_gateway().terminal,
        Order(never.order, never.amount, "x", never.opened_at),
        request="1",
        now=never.opened_at,
        address="127.0.0.1",
    )
    assert (told.order, told.amount, told.is_paid) == (never.order, 8000, True)
    client.post(reverse("demo_state"))
    client.post(reverse("demo_tell"))
    assert {manner: standing(charge)[1] for manner, charge in charges.items()} == {
        manner: amount[1] for manner, amount in after.items()
    } | {Manner.LATE: 8000, Manner.NEVER: 8000, Manner.WRONG_AMOUNT: 7000}
    assert sum(payment.amount for payment in Payment.objects.all()) == sum(
        line.amount for line in gateway.taken()
    )
    assert Refund.objects.owed().get().amount == 8000
    assert client.get(reverse("demo_ledger")).status_code == 200


def test_nobody_pays_here_without_the_node_s_signature(client, bank, db):
    assert client.get(reverse("demo_gateway"), {"vnp_TxnRef": "X", "vnp_Amount": "100"}).status_code == 404
