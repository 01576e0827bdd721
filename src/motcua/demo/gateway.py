"""The demo's bank gateway: it takes invented money, keeps a ledger of what it truly took, and misbehaves when told to.

It stands at the other end of the same published agreement as `payments.gateway`; its ledger is a file in the node's home.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.utils import timezone

from motcua.payments.gateway import (
    ANSWER,
    GOOD,
    HUNDREDTHS,
    SIGNATURE,
    Terminal,
    barred,
    canonical,
    proves,
    sign,
    stamp,
)

PATIENCE = 10.0
CANCELLED = "24"
SHORT_BY = 1000


class Manner(StrEnum):
    """How the gateway behaves with one order."""

    GOOD = "good"
    LATE = "late"
    TWICE = "twice"
    PAID_TWICE = "paid_twice"
    WRONG_AMOUNT = "wrong_amount"
    FORGED = "forged"
    NEVER = "never"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Taken:
    """One line of the ledger: what was truly taken."""

    reference: str
    order: str
    amount: int
    at: str


def ledger() -> Path:
    return Path(settings.HOME) / "gateway.jsonl"


def taken() -> list[Taken]:
    """All that was taken, oldest first."""
    try:
        return [Taken(**json.loads(line)) for line in ledger().read_text("utf-8").splitlines()]
    except FileNotFoundError:
        return []


def take(order: str, amount: int) -> Taken:
    """Take the money: one line more."""
    at = timezone.now().isoformat(timespec="seconds")
    line = Taken(str(10**9 + secrets.randbelow(9 * 10**9)), order, amount, at)
    enter(line)
    return line


def enter(line: Taken) -> None:
    """One line more in the ledger."""
    with ledger().open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(line)) + "\n")


def is_ours(terminal: Terminal, values: Mapping[str, str]) -> bool:
    """Whether the payer was sent here by the node, nothing changed on the way."""
    signed = {name: value for name, value in values.items() if name != SIGNATURE}
    return proves(terminal.secret, canonical(signed), values.get(SIGNATURE, ""))


def behave(terminal: Terminal, order: str, amount: int, manner: Manner) -> dict[str, str]:
    """Take the money in this manner and tell of it; return what the payer's browser brings back."""
    if manner is Manner.CANCELLED:
        answer = notice(terminal, Taken("0", order, amount, ""), code=CANCELLED)
        deliver(answer)
        return answer
    if manner is Manner.FORGED:
        forged = notice(terminal, Taken("999", order, amount, ""))
        deliver(forged | {SIGNATURE: sign(b"not the secret", "")})
        return forged | {SIGNATURE: ""}
    line = take(order, amount - SHORT_BY if manner is Manner.WRONG_AMOUNT else amount)
    answer = notice(terminal, line)
    if manner not in {Manner.LATE, Manner.NEVER}:
        deliver(answer)
    if manner is Manner.TWICE:
        deliver(answer)
    if manner is Manner.PAID_TWICE:
        deliver(notice(terminal, take(order, amount)))
    return answer


def notice(terminal: Terminal, line: Taken, *, code: str = GOOD) -> dict[str, str]:
    """The signed values of a notice and of a return."""
    values = {
        "vnp_Amount": str(line.amount * HUNDREDTHS),
        "vnp_BankCode": "NCB",
        "vnp_CardType": "ATM",
        "vnp_OrderInfo": "Nop phi le phi",
        "vnp_PayDate": stamp(timezone.now()),
        "vnp_ResponseCode": code,
        "vnp_TmnCode": terminal.code,
        "vnp_TransactionNo": line.reference,
        "vnp_TransactionStatus": code,
        "vnp_TxnRef": line.order,
    }
    return values | {SIGNATURE: sign(terminal.secret, canonical(values))}


def deliver(values: Mapping[str, str]) -> str:
    """Give the node notice, as the gateway's own server; return the code it answers, or nothing if it does not."""
    try:
        answer = httpx.get(
            f"{settings.NODE.web_url}/pay/notices/gateway/", params=dict(values), timeout=PATIENCE
        )
        return str(answer.raise_for_status().json()["RspCode"])
    except (httpx.HTTPError, ValueError, KeyError):
        return ""


def answer(terminal: Terminal, asked: Mapping[str, Any]) -> dict[str, str]:
    """What became of an order, signed."""
    order = str(asked.get("vnp_TxnRef", ""))
    line = next((one for one in taken() if one.order == order), None)
    values = {
        "vnp_ResponseId": secrets.token_hex(8),
        "vnp_Command": "querydr",
        "vnp_ResponseCode": GOOD if line else "91",
        "vnp_Message": "Success" if line else "Transaction not found",
        "vnp_TmnCode": terminal.code,
        "vnp_TxnRef": order,
        "vnp_Amount": str(line.amount * HUNDREDTHS) if line else "",
        "vnp_PayDate": stamp(timezone.now()),
        "vnp_TransactionNo": line.reference if line else "",
        "vnp_TransactionStatus": GOOD if line else "",
    }
    return values | {SIGNATURE: sign(terminal.secret, barred(values, ANSWER))}
