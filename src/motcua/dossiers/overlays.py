"""What the nodes tell each other of local values, so that who reads before filing sees what will hold."""

import json
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.exchange import actions as exchange
from motcua.exchange.messages import Message, Unfit
from motcua.organisations.decisions import codes_above
from motcua.organisations.models import Agency
from motcua.procedures.models import Overlay, Procedure

KIND = "procedure.overlay"


def share(pk: str) -> None:
    """Send an overlay to the agency that tracks every dossier, unless it lives on this node."""
    overlay = Overlay.objects.select_related("procedure").get(pk=pk)
    national = settings.NODE.national
    if national not in settings.NODE.agencies:
        body, stream = written(overlay), f"overlay:{overlay.pk}"
        exchange.send(KIND, body, sender=overlay.agency_id, recipient=national, stream=stream, correlation=pk)


def written(overlay: Overlay) -> bytes:
    """The overlay as its message carries it."""
    body = {
        "id": str(overlay.pk),
        "procedure": overlay.procedure.code,
        "agency": overlay.agency_id,
        "key": overlay.key,
        "case": overlay.case,
        "channel": overlay.channel,
        "step": overlay.step,
        "value": overlay.value,
        "decision": overlay.decision,
        "effective_from": overlay.effective_from.isoformat(),
        "effective_until": overlay.effective_until.isoformat() if overlay.effective_until else "",
        "set_by": overlay.set_by,
        "set_at": overlay.set_at.isoformat(),
    }
    return json.dumps(body, ensure_ascii=False).encode()


def read(message: Message) -> Overlay:
    """The overlay a message brings; `Unfit` if the sender speaks for a place that is not its own."""
    body: dict[str, Any] = message.json()
    agency = Agency.objects.filter(code=body["agency"]).first()
    procedure = Procedure.objects.filter(code=body["procedure"]).first()
    if agency is None or procedure is None:
        raise Unfit(_("This place or this procedure is not known here."))
    if message.sender not in codes_above(agency.code):
        raise Unfit(_("Only a place itself, or the agency above it, tells of its values."))
    return Overlay(
        pk=body["id"],
        procedure=procedure,
        agency=agency,
        effective_from=date.fromisoformat(body["effective_from"]),
        effective_until=date.fromisoformat(body["effective_until"]) if body["effective_until"] else None,
        set_at=datetime.fromisoformat(body["set_at"]),
        **{name: body[name] for name in ("key", "case", "channel", "step", "value", "decision", "set_by")},
    )
