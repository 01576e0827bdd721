"""Electronic certified copies: what the officer scanned from the original, with the attestation and its number of the book."""

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.documents import papers as forms
from motcua.documents.intake import JPEG, PDF
from motcua.documents.models import store
from motcua.documents.papers import Check
from motcua.dossiers import papers
from motcua.dossiers.filing import office_of
from motcua.dossiers.models import Dossier, Paper
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number

ENDINGS = {PDF: "pdf", JPEG: "jpg"}


def scans(dossier: Dossier) -> list[Paper]:
    """What an officer scanned with the original in hand; raises Invalid while there is nothing.

    A file the applicant sent does not count: nobody has compared it with anything.
    """
    found = dossier.papers.filter(paper="original", copy=Paper.Copy.ORIGINAL).exclude(digest="")
    if not found:
        raise Invalid(
            _("Scan the original first: “Add a paper”, the original, with its file. Then compare both.")
        )
    return list(found.order_by("added_at", "id"))


def files_of(dossier: Dossier) -> dict[str, bytes]:
    """The scans under the names the paper calls them by."""
    return {
        f"scan-{place}.{ENDINGS.get(scan.media, 'png')}": store().read(scan.digest)
        for place, scan in enumerate(scans(dossier), start=1)
    }


def certified_copy(
    dossier: Dossier, *, signer: Actor, check: Check, pages: dict[str, int]
) -> forms.CertifiedCopy:
    """The attestation, with the next number of the year's book (decree 23/2015, art. 14; circular 01/2020/TT-BTP)."""
    year = timezone.localdate().year
    serial = next_number(f"book certified copies {dossier.agency} {year}")
    examined = dossier.steps.filter(key="examine").values_list("by_name", flat=True).first()
    return forms.CertifiedCopy(
        office=office_of(dossier.agency),
        number=f"{serial}",
        book=f"01/{year} - SCT/BS",
        on=timezone.localdate(),
        original=str(dossier.answers.get("paper_name") or ""),
        issuer=str(dossier.answers.get("paper_issuer") or ""),
        applicant=papers.applicant(dossier),
        compared=examined or "",
        scans=tuple(forms.Scan(name, count) for name, count in pages.items()),
        signer=forms.Signatory(title=papers.title_of(signer, dossier.agency), name=signer.name),
        check=check,
    )
