"""The books of a period beside what the providers say: what was to come, what came, what went back, what nobody knows."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from motcua.payments.actions.receiving import Money
from motcua.payments.models import Charge, Payment, StatementLine

COLUMNS = ("reference", "at", "amount", "purpose", "order")
MOST_LINES = 10_000


class Unreadable(ValueError):
    """A statement cannot be read; the message names line and column."""


@dataclass(frozen=True)
class Row:
    """One provider in a period, in đồng: received, counted for charges, going or gone back, known by nobody, in doubt;
    and what its own statement says, with how many of our payments stand on it and how many differ.
    """

    provider: str
    count: int
    received: int
    counted: int
    returned: int
    free: int
    doubtful: int
    stated: int
    differing: int

    @property
    def missing(self) -> int:
        """What we have and the statement does not (or the other way round, below zero)."""
        return self.received - self.stated


@dataclass(frozen=True)
class Expected:
    """What became of the charges raised in a period."""

    raised: int
    paid: int
    open: int


def bounds(since: date, until: date) -> tuple[datetime, datetime]:
    """From the first moment of a day to the last of another, on Vietnam's clock."""
    zone = timezone.get_current_timezone()
    end = datetime.combine(until + timedelta(days=1), time.min, zone)
    return datetime.combine(since, time.min, zone), end


def rows(payments: QuerySet[Payment], *, since: date, until: date) -> list[Row]:
    """Each provider in one row, in a fixed number of queries."""
    begin, end = bounds(since, until)
    within = payments.filter(paid_at__gte=begin, paid_at__lt=end)
    confirmed, doubtful = Q(state=Payment.State.CONFIRMED), Q(state=Payment.State.DOUBTFUL)
    found = within.values("provider").annotate(
        count=Count("pk", filter=confirmed),
        received=total("amount", confirmed),
        counted=total("allotted"),
        returned=total("returned"),
        doubtful=total("amount", doubtful),
    )
    lines = StatementLine.objects.filter(paid_at__gte=begin, paid_at__lt=end, payment__in=payments)
    stated = {
        line["provider"]: line
        for line in lines.values("provider").annotate(
            stated=total("amount"), differing=Count("pk", filter=~Q(amount=F("payment__amount")))
        )
    }
    nothing: dict[str, Any] = {"stated": 0, "differing": 0}
    return [
        Row(
            **one,
            free=one["received"] - one["counted"] - one["returned"],
            stated=stated.get(one["provider"], nothing)["stated"],
            differing=stated.get(one["provider"], nothing)["differing"],
        )
        for one in found.order_by("provider")
    ]


def total(field: str, when: Q | None = None) -> Coalesce:
    return Coalesce(Sum(field, filter=when), 0)


def expected(charges: QuerySet[Charge], *, since: date, until: date) -> Expected:
    """What was to come in from the charges raised in a period."""
    begin, end = bounds(since, until)
    within = charges.filter(raised_at__gte=begin, raised_at__lt=end).exclude(state=Charge.State.CANCELLED)
    sums = within.aggregate(raised=total("amount"), paid=total("paid"))
    due = within.filter(state=Charge.State.DUE).aggregate(due=total("amount"), part=total("paid"))
    return Expected(sums["raised"], sums["paid"], due["due"] - due["part"])


def as_csv(payments: Iterable[Payment]) -> str:
    """Every payment of a period as a table for other programs; a cell a spreadsheet would reckon is quoted."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(
        ["provider", "reference", "paid_at", "amount", "counted", "returned", "state", "code", "payee"]
    )
    for payment in payments:
        table.writerow(
            [
                payment.provider,
                tame(payment.reference),
                payment.paid_at.isoformat(timespec="seconds"),
                payment.amount,
                payment.allotted,
                payment.returned,
                payment.state,
                payment.charge.code if payment.charge else "",
                payment.payee,
            ]
        )
    return out.getvalue()


def tame(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell


def read_csv(text: str, *, provider: str) -> Sequence[Money]:
    """A statement: reference, at (ISO), amount in đồng, purpose, and order for the gateway. Raises Unreadable."""
    table = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    if missing := [name for name in COLUMNS[:3] if name not in (table.fieldnames or ())]:
        raise Unreadable(f"1: {', '.join(missing)}")
    lines = []
    for number, cells in enumerate(table, start=2):
        if number > MOST_LINES:
            raise Unreadable(f"{number}: > {MOST_LINES}")
        lines.append(line_of(number, cells, provider))
    return lines


def line_of(number: int, cells: dict[str, Any], provider: str) -> Money:
    """One line, each of its cells held to its form."""
    reference = (cells["reference"] or "").strip()
    if not 0 < len(reference) <= 60:
        raise Unreadable(f"{number}: reference")
    try:
        at = datetime.fromisoformat((cells["at"] or "").strip())
    except ValueError as fault:
        raise Unreadable(f"{number}: at") from fault
    try:
        amount = int((cells["amount"] or "").strip())
    except ValueError as fault:
        raise Unreadable(f"{number}: amount") from fault
    if not 0 < amount < 10**15:
        raise Unreadable(f"{number}: amount")
    at = at if at.tzinfo else at.replace(tzinfo=timezone.get_current_timezone())
    purpose, order = cells.get("purpose") or "", cells.get("order") or ""
    return Money(
        provider, reference, amount, at, Payment.Source.STATEMENT, order.strip()[:40], purpose.strip()
    )
