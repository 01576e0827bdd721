"""The bank gateway's side of a payment, in VNPAY's published manner (version 2.1.0): signed redirect, notice, query."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

import httpx

VERSION = "2.1.0"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")  # the gateway counts in GMT+7 whatever the server's clock
HUNDREDTHS = 100  # amounts travel without a decimal point
LIFE = timedelta(minutes=15)
# Of an order that is not paid the gateway says it does not know it; every other code is about the asking, not the order.
GOOD, NOT_KNOWN = "00", "91"
SIGNATURE = "vnp_SecureHash"
UNSIGNED = {SIGNATURE, "vnp_SecureHashType"}
PATIENCE = 10.0

# The answers to a query are signed over these values in this order, joined by bars.
ANSWER = (
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
    "vnp_PromotionCode",
    "vnp_PromotionAmount",
)
QUESTION = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
)


class Forged(Exception):
    """The signature is not the gateway's, or what is signed cannot be read."""


class Silent(Exception):
    """The gateway cannot be reached or does not answer as it should; nothing is known."""


@dataclass(frozen=True)
class Terminal:
    """Who we are to the gateway: the page payers are sent to, the address of queries, our code there, the shared secret."""

    url: str
    api: str
    code: str
    secret: bytes


@dataclass(frozen=True)
class Order:
    """What is to be paid: its number, amount in đồng, words (plain letters), when it was opened."""

    number: str
    amount: int
    words: str
    opened_at: datetime


@dataclass(frozen=True)
class Told:
    """What the gateway says of an order, its signature proven; `reference` is its own number of the transaction.

    What was not paid has no reference, and the moment is that of the telling.
    """

    order: str
    reference: str
    amount: int
    is_paid: bool
    at: datetime


def redirect(terminal: Terminal, order: Order, *, back: str, address: str, language: str) -> str:
    """Where the payer goes to pay; the order expires after a quarter of an hour."""
    values = {
        "vnp_Version": VERSION,
        "vnp_Command": "pay",
        "vnp_TmnCode": terminal.code,
        "vnp_Amount": str(order.amount * HUNDREDTHS),
        "vnp_CreateDate": stamp(order.opened_at),
        "vnp_CurrCode": "VND",
        "vnp_ExpireDate": stamp(order.opened_at + LIFE),
        "vnp_IpAddr": address,
        "vnp_Locale": "en" if language == "en" else "vn",
        "vnp_OrderInfo": order.words,
        "vnp_OrderType": "other",
        "vnp_ReturnUrl": back,
        "vnp_TxnRef": order.number,
    }
    text = canonical(values)
    return f"{terminal.url}?{text}&{SIGNATURE}={sign(terminal.secret, text)}"


def read(terminal: Terminal, values: Mapping[str, str]) -> Told:
    """A notice or a return, proven; raises Forged."""
    signed = {name: value for name, value in values.items() if name.startswith("vnp_")}
    given = signed.get(SIGNATURE, "")
    text = canonical({name: value for name, value in signed.items() if name not in UNSIGNED})
    if not proves(terminal.secret, text, given) or signed.get("vnp_TmnCode") != terminal.code:
        raise Forged
    return told(signed)


def query(terminal: Terminal, order: Order, *, request: str, now: datetime, address: str) -> Told | None:
    """Ask what became of an order; None if the gateway does not know it. Raises Silent or Forged.

    Where it answers that it is asked too often, or wrongly, nothing is known of the order: that is silence.
    """
    values = {
        "vnp_RequestId": request,
        "vnp_Version": VERSION,
        "vnp_Command": "querydr",
        "vnp_TmnCode": terminal.code,
        "vnp_TxnRef": order.number,
        "vnp_OrderInfo": order.words,
        "vnp_TransactionDate": stamp(order.opened_at),
        "vnp_CreateDate": stamp(now),
        "vnp_IpAddr": address,
    }
    values[SIGNATURE] = sign(terminal.secret, barred(values, QUESTION))
    try:
        answer = httpx.post(terminal.api, json=values, timeout=PATIENCE).raise_for_status().json()
        known = {name: str(value) for name, value in dict(answer).items()}
    except (httpx.HTTPError, ValueError, TypeError) as fault:
        raise Silent from fault
    if not proves(terminal.secret, barred(known, ANSWER), known.get(SIGNATURE, "")):
        raise Forged
    if known.get("vnp_ResponseCode") == NOT_KNOWN:
        return None
    if known.get("vnp_ResponseCode") != GOOD:
        raise Silent
    return told(known)


def told(values: Mapping[str, str]) -> Told:
    """The proven values, typed."""
    try:
        amount, rest = divmod(int(values["vnp_Amount"]), HUNDREDTHS)
        paid = values.get("vnp_ResponseCode") == GOOD and values.get("vnp_TransactionStatus") == GOOD
        order = values["vnp_TxnRef"]
        at = paid_at(values["vnp_PayDate"]) if paid else datetime.now(VIETNAM)
        reference = values["vnp_TransactionNo"] if paid else ""
    except (KeyError, ValueError) as fault:
        raise Forged from fault
    if rest or amount <= 0 or not order or (paid and not reference):
        raise Forged
    return Told(order, reference, amount, paid, at)


def paid_at(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)


def canonical(values: Mapping[str, str]) -> str:
    """What is signed: the values that are not empty, by name, written as in a query string."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value)}" for name, value in sorted(values.items()) if value
    )


def barred(values: Mapping[str, str], names: Iterable[str]) -> str:
    return "|".join(values.get(name, "") for name in names)


def sign(secret: bytes, text: str) -> str:
    """HMAC-SHA512 in hexadecimal."""
    return hmac.new(secret, text.encode(), hashlib.sha512).hexdigest()


def proves(secret: bytes, text: str, given: str) -> bool:
    return hmac.compare_digest(sign(secret, text).encode(), given.lower().encode())


def stamp(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%Y%m%d%H%M%S")
