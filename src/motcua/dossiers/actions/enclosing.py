"""Where a result goes: into the wallet of whoever it was given to, and by post if that was asked for."""

from datetime import date
from typing import Any

from django.utils import timezone

from motcua.dossiers.models import Attachment, Dossier
from motcua.dossiers.postings import Posting, postage
from motcua.lib.actors import Actor
from motcua.procedures.kinds import FEE_RECEIPT, OTHER
from motcua.procedures.places import commune_of
from motcua.wallets import actions as wallets
from motcua.wallets.models import Holding

WALLET = frozenset({Attachment.Kind.RESULT, Attachment.Kind.FEE})
DOSSIERS = Actor.system("dossiers")


def address_result(dossier: Dossier) -> None:
    """Put down where a result goes that was asked for by post; it waits there for the desk."""
    said = dossier.answers
    if said.get("receive_by") != "post":
        return
    province = str(said.get("receive_province") or "")
    today = timezone.localdate()
    commune = commune_of(str(said.get("receive_commune") or ""), province, today)
    Posting.objects.get_or_create(
        dossier=dossier,
        defaults={
            "agency": dossier.agency,
            "name": said.get("receive_name") or dossier.applicant_name,
            "phone": said.get("receive_phone") or dossier.contact.get("phone", ""),
            "address": str(said.get("receive_address") or "")[:300],
            "commune": str(commune or said.get("receive_commune") or ""),
            "province": province,
            "postage": postage(province, agency=dossier.agency, on=today),
        },
    )


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
