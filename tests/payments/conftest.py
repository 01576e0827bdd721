"""Charges to be paid."""

import pytest

from motcua.payments import actions
from motcua.payments.models import Charge
from tests import given


@pytest.fixture
def owed(db):
    """A charge of Sa Pa for some subject."""

    def owed(amount=8000, subject="dossier:1", **about):
        return actions.raise_charge(
            Charge(
                subject=subject,
                payee=about.pop("payee", given.SA_PA),
                payer="Trần Hạ Mây",
                what="Cấp bản sao trích lục hộ tịch",
                amount=amount,
                **about,
            ),
            by=given.SYSTEM,
        )

    return owed


@pytest.fixture
def ways(settings, node_home):
    """A node where everything is open: transfers, the gateway, the counter."""
    from tests.payments.bank import SECRET, TERMINAL

    settings.NODE = settings.NODE.model_copy(
        update={
            "bank_account": "970436 0011001932418 UBND PHUONG SA PA",
            "gateway_url": TERMINAL.url,
            "gateway_api": TERMINAL.api,
            "gateway_code": TERMINAL.code,
        }
    )
    settings.KEYS.mkdir(exist_ok=True)
    (settings.KEYS / "gateway.key").write_bytes(SECRET)


@pytest.fixture
def holder(settings):
    """Sa Pa runs the node: transfers come into its account."""
    settings.NODE = settings.NODE.model_copy(update={"agency": given.SA_PA})
