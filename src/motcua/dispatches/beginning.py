"""What a draft begins with when it is begun from a template: its gaps filled in for the agency, the day and who writes."""

import re
from datetime import date
from typing import Any

from motcua.dispatches.kinds import place_of
from motcua.dispatches.models import Outgoing, Template
from motcua.dispatches.models.mails import names_of
from motcua.documents.words import figures
from motcua.organisations.models import Agency
from motcua.people.models import acting_at

GAP = re.compile(r"{(\w+)}")
GAPS = ("agency", "place", "day", "year", "receivers", "signer", "drafter")


def unknown_gaps(text: str) -> list[str]:
    """Gaps nothing is known for."""
    return [name for name in GAP.findall(text) if name not in GAPS]


def begun_from(template: Template, agency: Agency, *, drafter: str, on: date) -> dict[str, Any]:
    """The values a draft begins with; the legal grounds stand before the text."""
    known = {
        "agency": agency.name_vi,
        "place": place_of(agency),
        "day": figures(on),
        "year": str(on.year),
        "receivers": ", ".join(names_of(template.receivers).values()),
        "signer": signer_of(agency),
        "drafter": drafter,
    }

    def filled(text: str) -> str:
        return GAP.sub(lambda gap: known.get(gap[1], gap[0]), text)

    return {
        "kind": template.kind,
        "subject": filled(template.subject),
        "text": filled("\n".join(part for part in (template.grounds.strip(), template.text.strip()) if part)),
        "receivers": list(template.receivers),
        "places": list(template.places),
    }


def signer_of(agency: Agency) -> str:
    """Who heads the agency today; empty where nobody does."""
    chairs = acting_at([agency.code]).get((agency.code, "chair"), [])
    return chairs[0].name if chairs else ""


def as_document(values: dict[str, Any], agency: Agency) -> Outgoing:
    """A document of these values that is not kept, to be looked at in print."""
    return Outgoing(
        agency=agency.code, signer={"competence": "", "position": "", "name": signer_of(agency)}, **values
    )
