"""The books of fees as accounting systems read and fill them; amounts are whole đồng."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from motcua.api.shapes.parts import Amount, Day, Given, Instant, Limit, Serial, Shown, Somewhere, Text

Reference = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[!-~]+$")]
ChargeCode = Annotated[str, StringConstraints(pattern=r"^MC[0-9A-Z]{8}$")]


class Charges(Somewhere):
    state: Literal["due", "paid", "cancelled", "returned"] | None = None
    raised_from: Day | None = None
    raised_until: Day | None = None
    after: UUID | None = None
    limit: Limit = 50


class Charge(Shown):
    id: UUID
    agency: str
    code: str
    subject: str
    what: str
    amount: int
    paid: int
    state: str
    raised_at: datetime
    settled_at: datetime | None


class ChargePage(Shown):
    items: list[Charge]
    next: str | None


class Payments(Somewhere):
    """`unsettled`: only those an officer must look at."""

    unsettled: Literal["true"] | None = None
    paid_from: Day | None = None
    paid_until: Day | None = None
    after: UUID | None = None
    limit: Limit = 50


class Payment(Shown):
    """`agency` is whose money it is; null while nobody knows."""

    id: UUID
    agency: str | None
    charge: str | None
    provider: str
    reference: str
    purpose: str
    amount: int
    allotted: int
    returned: int
    state: str
    source: str
    paid_at: datetime


class PaymentPage(Shown):
    items: list[Payment]
    next: str | None


class Refunds(Somewhere):
    state: Literal["owed", "made"] | None = None
    after: Serial | None = None
    limit: Limit = 50


class Refund(Shown):
    id: int
    agency: str | None
    payment: UUID
    charge: str | None
    amount: int
    reason: str
    state: str
    reference: str
    owed_at: datetime
    made_at: datetime | None


class RefundPage(Shown):
    items: list[Refund]
    next: str | None


class StatementLine(Given):
    reference: Reference
    amount: Amount
    at: Instant
    purpose: Text = ""
    order: Annotated[str, StringConstraints(max_length=40, pattern=r"^[!-~]*$")] = ""


class Statement(Given):
    """A provider's own list of what it took."""

    provider: Literal["vietqr", "gateway"]
    lines: Annotated[list[StatementLine], Field(min_length=1, max_length=1000)]


class StatementRead(Shown):
    """Lines in it, those new to the books, those of another amount than ours, those left to the agency they are for."""

    lines: int
    new: int
    differing: int
    elsewhere: int


class For(Given):
    """The code of the charge a payment was for."""

    code: ChargeCode


class Made(Given):
    """The number of the transfer or of the slip."""

    reference: Reference
