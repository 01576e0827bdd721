"""What happened to money; amounts are whole đồng, and no one's name or account is written here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChargeRaised:
    """An amount is owed to an agency for a subject."""

    code: str
    payee: str
    amount: int


@dataclass(frozen=True)
class ChargesBundled:
    """A payer takes several charges of an agency together, to pay them in one go."""

    code: str
    payee: str
    amount: int
    charges: int


@dataclass(frozen=True)
class ChargePassedOn:
    """What is owed is owed to the agency that follows the one it was owed to."""

    code: str
    was_payee: str
    payee: str


@dataclass(frozen=True)
class ChargeAdjusted:
    """What had been paid is owed in another amount: the rest is to be paid or is waived, or what is too much goes back."""

    code: str
    was: int
    amount: int
    reason: str


@dataclass(frozen=True)
class ChargeCancelled:
    """An amount is no longer owed."""

    code: str
    reason: str


@dataclass(frozen=True)
class AttemptOpened:
    """The payer set out to pay with a provider."""

    code: str
    provider: str
    order: str
    amount: int


@dataclass(frozen=True)
class AttemptFailed:
    """The provider says that nothing was paid."""

    code: str
    provider: str
    order: str


@dataclass(frozen=True)
class GatewayAsked:
    """An officer, or the node itself, asked the gateway what became of an order; `answer` says what it said, in a word."""

    code: str
    order: str
    answer: str


@dataclass(frozen=True)
class PaymentReceived:
    """Money came in; `source` says by whom we know: a notice, a query, a statement, the counter."""

    code: str
    provider: str
    reference: str
    amount: int
    source: str


@dataclass(frozen=True)
class PaymentDoubted:
    """A provider told of another amount than was asked; it is not counted until its own statement says how much."""

    code: str
    provider: str
    reference: str
    amount: int


@dataclass(frozen=True)
class PaymentRefused:
    """A notice did not bear the provider's signature; nothing was believed."""

    code: str
    provider: str
    order: str


@dataclass(frozen=True)
class PaymentMatched:
    """An officer found out what a payment was for."""

    code: str
    provider: str
    reference: str


@dataclass(frozen=True)
class ChargeSettled:
    """All that was owed has come in; happens once to a charge."""

    code: str
    subject: str
    payee: str
    amount: int
    provider: str


@dataclass(frozen=True)
class ChargeGivenBack:
    """What had been paid is to be returned in full."""

    code: str
    reason: str


@dataclass(frozen=True)
class RefundOwed:
    """Money that came in is to go back; `refund` is the number of what is owed."""

    provider: str
    reference: str
    amount: int
    reason: str
    refund: int = 0


@dataclass(frozen=True)
class RefundDirected:
    """Who paid said to which account money that is owed back shall go."""

    provider: str
    reference: str
    refund: int = 0


@dataclass(frozen=True)
class RefundMade:
    """Money went back; `reference` is that of the payment it was part of."""

    provider: str
    reference: str
    amount: int
    refund: int = 0


@dataclass(frozen=True)
class StatementRead:
    """A provider's own list of what it took was compared with our books."""

    provider: str
    lines: int
    new: int
    differing: int
