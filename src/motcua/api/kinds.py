"""What a machine can be told of: the kinds of notices, and which events of the journal they come from."""

from typing import Any

ARRIVED = "dossier.arrived"

# Event of the journal → kind of notice. What is not here is nobody's business outside the agency.
KINDS: dict[str, str] = {
    "dossiers.DossierArrived": ARRIVED,
    "dossiers.DossierFiled": ARRIVED,
    "dossiers.DossierAccepted": "dossier.accepted",
    "dossiers.DossierRefused": "dossier.refused",
    "dossiers.DossierForwarded": "dossier.forwarded",
    "dossiers.SupplementRequested": "dossier.supplement_requested",
    "dossiers.DossierSupplied": "dossier.supplied",
    "dossiers.DossierProposed": "dossier.proposed",
    "dossiers.FeeAsked": "dossier.fee_asked",
    "dossiers.FeePaid": "dossier.fee_settled",
    "dossiers.FeeWaived": "dossier.fee_settled",
    "dossiers.TermExtended": "dossier.date_changed",
    "dossiers.DueDateMoved": "dossier.date_changed",
    "dossiers.DossierStopped": "dossier.stopped",
    "dossiers.DossierRestarted": "dossier.restarted",
    "dossiers.DossierReadmitted": "dossier.restarted",
    "dossiers.DossierWithdrawn": "dossier.withdrawn",
    "dossiers.ResultSigned": "dossier.finished",
    "dossiers.DossierDecidedAtOnce": "dossier.finished",
    "dossiers.ResultDelivered": "dossier.returned",
}
NAMES = tuple(dict.fromkeys(KINDS.values()))


def body(
    event: str, facts: dict[str, Any], *, at: str, sequence: int, dossier: dict[str, Any]
) -> dict[str, Any]:
    """What is sent: which dossier, and what happened. Nothing about a person; whoever may know more asks for the dossier."""
    return {
        "type": KINDS[event],
        "timestamp": at,
        "data": {
            "dossier": str(dossier["pk"]),
            "code": facts.get("code") or dossier["code"] or "",
            "agency": dossier["agency"],
            "state": facts.get("state", 1),
            "sequence": sequence,
        },
    }
