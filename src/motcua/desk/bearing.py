"""What the receipt opens: how a dossier filed at the counter stands, what is asked for, and what its holder can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.desk.process import name_of
from motcua.dossiers.bearing import bearer_of
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Channel, State
from motcua.lib.actions import may
from motcua.organisations.models import Agency
from motcua.payments.models import Charge, Refund
from motcua.petitions.models import DAYS, Kind, Received
from motcua.petitions.models import State as Answering
from motcua.tracking.words import LEADS, VERDICTS

LEADS_HERE = {
    State.SUPPLEMENT: gettext_lazy(
        "Add below what is missing, or bring it to the counter. The clock stands still until you have."
    ),
    State.FEE: gettext_lazy("The clock stands still until the fee is paid, here or at the counter."),
    State.DONE: gettext_lazy(
        "Come to the counter with the receipt or your identity card and take the result."
    ),
    State.RETURNED: gettext_lazy("You have the result. How was it? Say so below."),
}


@dataclass(frozen=True)
class Wanted:
    """One paper that can be added: the files that lie ready for it, each with its place, and what is wrong with the last."""

    id: str
    name: str
    files: list[tuple[int, dict[str, Any]]]
    fault: str


def can(dossier: Dossier) -> dict[str, bool]:
    """What whoever holds the receipt may do now."""
    by, owed = bearer_of(dossier.pk), Refund.objects.about(dossier.urn).filter(state=Refund.State.OWED)
    return {
        "supply": not dossier.asked_pages and may(by, "dossiers.supply_by_receipt", dossier),
        "withdraw": may(by, "dossiers.withdraw_by_receipt", dossier),
        "refund": "refund_account" not in dossier.contact and owed.exists(),
        "complain": not Received.objects.by_receipt_of(dossier.pk).filter(state=Answering.WAITING).exists(),
    }


def papers_of(dossier: Dossier) -> list[tuple[str, str]]:
    """The papers of the procedure that can be sent as files, and any other."""
    language, channel = get_language() or "vi", Channel(dossier.channel).word
    asked = dossier.definition.papers_for(dossier.case, channel)
    return [
        *((one.id, one.name.said_in(language)) for one in asked if one.upload),
        ("other", _("Another paper")),
    ]


def page_of(
    dossier: Dossier, ready: Sequence[dict[str, Any]], faults: dict[str, str], *, now: datetime
) -> dict[str, Any]:
    """All the page shows; of persons it names nobody."""
    possible, state = can(dossier), State(dossier.state)
    charge = (
        Charge.objects.about(dossier).filter(state=Charge.State.DUE).first() if state == State.FEE else None
    )
    agency = Agency.objects.filter(code=dossier.agency).first()
    rate = f"{reverse('desk:rate')}?code={dossier.code}" if is_to_be_rated(dossier) else ""
    # A lead that calls for what is not on the page is left out.
    is_there = {State.SUPPLEMENT: possible["supply"], State.RETURNED: bool(rate)}.get(state, True)
    return {
        "dossier": dossier,
        "name": name_of(dossier),
        "agency": agency.name if agency else dossier.agency,
        "verdict": VERDICTS[state],
        "lead": (LEADS_HERE.get(state) if is_there else None) or LEADS.get(state, ""),
        "is_late": is_late(dossier, now),
        "can": possible,
        "asked": wanted(dossier, ready, faults) if possible["supply"] else [],
        "charge": charge,
        "returns": list(Refund.objects.about(dossier.urn)),
        "complaints": list(Received.objects.by_receipt_of(dossier.pk)),
        "days": DAYS[Kind.COMPLAINT],
        "tracking": tracking(dossier),
        "rate": rate,
    }


def is_late(dossier: Dossier, now: datetime) -> bool:
    """Whether it is past its promise while nothing stands still."""
    runs = dossier.is_open and not dossier.is_paused
    return runs and dossier.due_at is not None and now > dossier.due_at


def is_to_be_rated(dossier: Dossier) -> bool:
    return dossier.state in {State.DONE, State.RETURNED} and dossier.rating is None


def wanted(dossier: Dossier, ready: Sequence[dict[str, Any]], faults: dict[str, str]) -> list[Wanted]:
    """Each paper with the files that lie ready for it."""
    return [
        Wanted(
            id=paper,
            name=name,
            files=[(place, file) for place, file in enumerate(ready) if file["paper"] == paper],
            fault=faults.get(paper, ""),
        )
        for paper, name in papers_of(dossier)
    ]


def tracking(dossier: Dossier) -> str:
    """The page anyone may see who knows the code: the way so far."""
    root = settings.NODE.tracking_url or settings.NODE.web_url
    return f"{root}/tracking/{dossier.code}/" if dossier.code else ""
