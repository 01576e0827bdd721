"""Results go into the wallet of whoever they were given to, with what the agency tells of them."""

from datetime import date
from typing import Any

from motcua.dossiers.models import Attachment
from motcua.lib.actors import Actor
from motcua.procedures.kinds import FEE_RECEIPT, OTHER
from motcua.wallets import actions as wallets
from motcua.wallets.models import Holding

WALLET = frozenset({Attachment.Kind.RESULT, Attachment.Kind.FEE})
DOSSIERS = Actor.system("dossiers")


def receive(owner: str, paper: dict[str, Any], *, about: str, issuer: str) -> Holding:
    """Put a paper an agency sent into the wallet of the person of this number.

    `paper` is a document as news carry it (`actions.telling.told`); what an older node does not tell stays empty.
    """
    issued_on, valid_until = (paper.get(name) or "" for name in ("issued_on", "valid_until"))
    return wallets.receive(
        Holding(
            owner=owner,
            kind=FEE_RECEIPT if paper["kind"] == Attachment.Kind.FEE else paper.get("wallet_kind") or OTHER,
            source=Holding.Source.CERTIFIED if paper["paper"] == "certified" else Holding.Source.RESULT,
            name=paper["name"],
            number=paper.get("number", ""),
            issuer=paper.get("issuer") or issuer,
            issued_on=date.fromisoformat(issued_on) if issued_on else None,
            valid_until=date.fromisoformat(valid_until) if valid_until else None,
            media=paper["media"],
            size=paper["size"],
            digest=paper["digest"],
            public_code=paper["public_code"],
            about=about,
        ),
        by=DOSSIERS,
    )
