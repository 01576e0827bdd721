"""Who may change places, agencies and the calendar."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.organisations.decisions import codes_above


@rule(_("administrators of the national agency"))
def national_administrator(actor: Actor, subject: Any) -> bool:
    return actor.holds("administrator", at=settings.NODE.national)


@rule(_("administrators of the agency or of one above it"))
def administrator(actor: Actor, subject: Any) -> bool:
    """Asked of an agency, or of what belongs to one; what belongs to all is the national agency's."""
    agency = getattr(subject, "agency", subject)
    codes = codes_above(agency.code) if agency is not None else [settings.NODE.national]
    return any(actor.holds("administrator", at=code) for code in codes)
