"""What the page of a dossier asks, each question worded once."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from motcua.documents.models import Document, DocumentQuerySet
from motcua.dossiers.models import Dossier, DossierQuerySet
from motcua.journal.models import Entry, EntryQuerySet
from motcua.lib.worded import worded_once
from motcua.organisations.models import Agency

MOST_OTHERS = 10
SHOWN_OF_OTHERS = (
    *("code", "state", "applicant_name", "arrived_at", "ended_at"),
    *("version__procedure", "version__name_vi", "version__name_en"),
)


@worded_once
def one(agencies: Collection[str], pk: UUID) -> DossierQuerySet:
    """One dossier of these agencies, with all its page draws."""
    found = Dossier.objects.at(agencies).with_procedures().filter(pk=pk)
    return found.select_related("extension", "posting", "assigned_to")


@worded_once
def entries(about: str) -> EntryQuerySet:
    """What happened, the oldest first."""
    return Entry.objects.filter(about=about).order_by("id")


@worded_once
def documents(about: str) -> DocumentQuerySet:
    """What was made out or brought, the oldest first."""
    return Document.objects.filter(about=about).order_by("made_at", "pk")


@worded_once
def related(agencies: Collection[str], pk: UUID, number: str, visit: UUID | None) -> DossierQuerySet:
    """Others at these agencies of the same applicant, or of the same visit; the newest first."""
    found = Dossier.objects.at(agencies).related(pk, number=number, visit=visit)
    return found.select_related("version").only(*SHOWN_OF_OTHERS)[:MOST_OTHERS]


@worded_once
def agencies(codes: Collection[str]) -> QuerySet[Agency]:
    """Agencies by their codes, in the order of these."""
    return Agency.objects.filter(code__in=codes).order_by("code")
