"""The list of what lies in a file of work, as it is printed when the file is closed (decree 30/2020, annex V)."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils import timezone

from motcua.dispatches.kinds import BARE, kind_name, place_of
from motcua.dispatches.models import Filing, Folder
from motcua.documents import press
from motcua.documents.folder import ContentsLine, FolderContents
from motcua.documents.papers import Check, Office
from motcua.documents.words import figures
from motcua.lib.actions import Invalid
from motcua.organisations.models import Agency


def listed(folder: Folder, filings: Iterable[Filing]) -> bytes:
    """The PDF of the list. Raises Invalid for a letter that cannot be printed."""
    agency = Agency.objects.get(pk=folder.agency)
    above = agency.parent
    paper = FolderContents(
        office=Office(agency=agency.name_vi, above=above.name_vi if above else "", place=place_of(agency)),
        on=folder.closed_on or timezone.localdate(),
        notation=folder.notation,
        title=folder.title,
        year=str(folder.year),
        kept="Vĩnh viễn" if folder.retention_years is None else f"{folder.retention_years} năm",
        keeper=folder.keeper_name,
        lines=tuple(lines(filings, agency)),
        check=Check(url=f"{settings.NODE.web_url}/verify/", shown="", code=""),
    )
    try:
        return press.print_paper(paper, at=timezone.now())
    except press.Unprintable as fault:
        raise Invalid(str(fault)) from fault


def lines(filings: Iterable[Filing], agency: Agency) -> Iterator[ContentsLine]:
    """One line for each document; sheets are counted on from the one before, as if they lay on each other."""
    sheet = 1
    for filing in filings:
        number, on, what, author = said(filing, agency)
        until = sheet + filing.pages - 1
        sheets = "" if not filing.pages else str(sheet) if until == sheet else f"{sheet} - {until}"
        sheet += filing.pages
        yield ContentsLine(str(filing.ordinal), number, on, what, author, sheets)


def said(filing: Filing, agency: Agency) -> tuple[str, str, str, str]:
    """Number and notation, day, kind and subject, and author of a document."""
    came, went = filing.incoming, filing.outgoing
    if came is not None:
        day = figures(came.issued_on) if came.issued_on else ""
        return came.number, day, f"{came.kind_name} {came.subject}".strip(), came.sender_name
    if went is None or went.signed_at is None:  # pragma: no cover — the database sees to it that there is one
        return "", "", "", ""
    kind = "" if went.kind in BARE else f"{kind_name(went.kind)} "
    day = figures(timezone.localtime(went.signed_at).date())
    return went.number, day, f"{kind}{went.subject}", agency.name_vi
