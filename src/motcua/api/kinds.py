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
    "queues.PlaceHeld": "appointment.booked",
    "queues.PlaceMoved": "appointment.moved",
    "queues.PlaceFreed": "appointment.cancelled",
    "queues.PlaceLost": "appointment.lost",
    "queues.PlaceTaken": "appointment.come",
    "queues.PlaceUnused": "appointment.unused",
}
NAMES = tuple(dict.fromkeys(KINDS.values()))


def body(
    event: str, facts: dict[str, Any], *, at: str, sequence: int, subject: dict[str, Any]
) -> dict[str, Any]:
    """What is sent: which dossier or appointment, and what happened. Nothing about a person; who may know more asks for it."""
    told = of_appointment if "appointment" in subject else of_dossier
    return {
        "type": KINDS[event],
        "timestamp": at,
        "data": {**told(facts, subject), "agency": subject["agency"], "sequence": sequence},
    }


def of_dossier(facts: dict[str, Any], dossier: dict[str, Any]) -> dict[str, Any]:
    return {
        "dossier": str(dossier["pk"]),
        "code": facts.get("code") or dossier["code"] or "",
        "state": facts.get("state", 1),
    }


def of_appointment(facts: dict[str, Any], place: dict[str, Any]) -> dict[str, Any]:
    """Its code is shown at the door: who is told only that it was made does not get it."""
    return {"appointment": place["appointment"], "begins_at": facts["begins_at"]}
