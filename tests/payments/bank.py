"""A bank gateway for tests: it keeps a ledger of what it truly took, and signs as the published manual says.

The signature is computed here from the definition of HMAC (RFC 2104), not by the code under test.
"""

import hashlib
from datetime import UTC, datetime
from urllib.parse import quote_plus

from motcua.payments.actions.receiving import Money
from motcua.payments.gateway import Terminal

SECRET = b"a secret of the tests, never of a node"
TERMINAL = Terminal("https://gateway.invalid/pay", "https://gateway.invalid/api", "MOTCUA01", SECRET)
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BLOCK = 128


def signature(text, secret=SECRET):
    key = (hashlib.sha512(secret).digest() if len(secret) > BLOCK else secret).ljust(BLOCK, b"\0")
    inner = hashlib.sha512(bytes(byte ^ 0x36 for byte in key) + text.encode()).digest()
    return hashlib.sha512(bytes(byte ^ 0x5C for byte in key) + inner).hexdigest()


def signed(values, secret=SECRET):
    text = "&".join(f"{name}={quote_plus(values[name])}" for name in sorted(values) if values[name])
    return {**values, "vnp_SecureHash": signature(text, secret)}


class Bank:
    """What was taken, under the bank's own numbers."""

    def __init__(self):
        self.ledger = {}

    def take(self, order, amount):
        reference = str(14_000_000 + len(self.ledger))
        self.ledger[reference] = (order, amount)
        return reference

    @property
    def total(self):
        return sum(amount for _order, amount in self.ledger.values())

    def statement(self):
        return [
            Money("gateway", reference, amount, AT, "statement", order)
            for reference, (order, amount) in self.ledger.items()
        ]


def notice(order, reference, amount, *, code="00", terminal="MOTCUA01", secret=SECRET):
    """The parameters of a server notice."""
    return signed(
        {
            "vnp_Amount": str(amount * 100),
            "vnp_BankCode": "NCB",
            "vnp_BankTranNo": f"VNP{reference}",
            "vnp_CardType": "ATM",
            "vnp_OrderInfo": "Nop phi le phi",
            "vnp_PayDate": "20261120100000",
            "vnp_ResponseCode": code,
            "vnp_TmnCode": terminal,
            "vnp_TransactionNo": reference,
            "vnp_TransactionStatus": code,
            "vnp_TxnRef": order,
        },
        secret,
    )
