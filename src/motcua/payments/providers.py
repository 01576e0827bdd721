"""How one can pay: each way behind the same few questions; the node's settings say which are open."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.payments import gateway, vietqr
from motcua.payments.models import Attempt, Bundle, Charge

type Owed = Charge | Bundle


class Misconfigured(Exception):
    """A way of paying is half described in the node's settings; the message says what is missing."""


@dataclass(frozen=True)
class Offer:
    """What the payer is shown: `payload` for a QR code, or nothing but the way itself."""

    key: str
    payload: str = ""
    account: vietqr.BankAccount | None = None


class Provider(Protocol):
    """A way to pay a charge."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> Promise: ...

    def offer(self, charge: Owed) -> Offer: ...


@dataclass(frozen=True)
class Counter:
    """Cash at the one-stop desk; the officer gives the receipt."""

    key: ClassVar[str] = "counter"
    name: ClassVar[Promise] = _("Cash at the counter")

    def offer(self, charge: Owed) -> Offer:
        return Offer(self.key)


@dataclass(frozen=True)
class Transfer:
    """A bank transfer by VietQR; it is known by the charge's code in its purpose when the bank's statement comes."""

    account: vietqr.BankAccount
    key: ClassVar[str] = "vietqr"
    name: ClassVar[Promise] = _("Bank transfer (VietQR)")

    def offer(self, charge: Owed) -> Offer:
        said = vietqr.payload(self.account, amount=charge.open, purpose=charge.code)
        return Offer(self.key, said, self.account)


@dataclass(frozen=True)
class Gateway:
    """A bank gateway: the payer is sent there, and only what it signs to us itself is believed."""

    address: str
    api: str
    code: str
    key: ClassVar[str] = "gateway"
    name: ClassVar[Promise] = _("Bank gateway")

    def offer(self, charge: Owed) -> Offer:
        return Offer(self.key)

    @cached_property
    def terminal(self) -> gateway.Terminal:
        """With the secret from the node's home; it is read when it is needed and stands in no settings file."""
        file = settings.KEYS / "gateway.key"
        try:
            secret = file.read_bytes().strip()
        except FileNotFoundError as fault:
            raise Misconfigured(
                f"The gateway's secret is missing: put it into {file}, readable by the node only."
            ) from fault
        return gateway.Terminal(self.address, self.api, self.code, secret)

    def redirect(self, attempt: Attempt, *, back: str, address: str) -> str:
        """Where the payer goes."""
        language = get_language() or "vi"
        return gateway.redirect(
            self.terminal, order_of(attempt), back=back, address=address, language=language
        )


def order_of(attempt: Attempt) -> gateway.Order:
    """The attempt as the gateway knows it."""
    words = vietqr.plain(f"Nop phi le phi {attempt.subject.code}")
    return gateway.Order(attempt.order, attempt.amount, words, attempt.opened_at)


def providers() -> dict[str, Provider]:
    """The ways that are open at this node."""
    return {provider.key: provider for provider in described()}


def described() -> Iterator[Provider]:
    node = settings.NODE
    if node.bank_account:
        yield Transfer(vietqr.BankAccount.read(node.bank_account))
    if node.gateway_url:
        yield Gateway(node.gateway_url, node.gateway_api, node.gateway_code)
    yield Counter()


def the_gateway() -> Gateway | None:
    """The bank gateway, where one is described."""
    found = providers().get("gateway")
    return found if isinstance(found, Gateway) else None


def transfer(charge: Owed) -> dict[str, Any] | None:
    """What is typed into a bank's app, and `payload` for the QR code; None where the node takes no transfers."""
    provider = providers().get("vietqr")
    offer = provider.offer(charge) if provider else None
    if offer is None or offer.account is None:
        return None
    return {**asdict(offer.account), "amount": charge.open, "code": charge.code, "payload": offer.payload}
