"""Files of work: listed for a year, filled with documents, closed with a list of contents, handed to the archive."""

import io
from datetime import date

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.contents import listed
from motcua.dispatches.events import (
    DispatchFiled,
    DispatchUnfiled,
    FolderAmended,
    FolderArchived,
    FolderClosed,
    FolderOpened,
)
from motcua.dispatches.models import Filing, Folder, Incoming, Outgoing
from motcua.dispatches.rules import clerk, folder_keeper, head, officer
from motcua.documents import intake
from motcua.documents.models import store
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.people.models import Account


@action(who=clerk | head)
def open_folder(folder: Folder, *, by: Actor, keeper: Account) -> Folder:
    """The list of a year has one file more, with whoever makes it up."""
    folder.keeper, folder.keeper_name = keeper.urn, keeper.name
    tidied(folder)
    folder.save(force_insert=True)
    record(FolderOpened(folder.agency, folder.year, folder.notation), about=folder, by=by)
    return folder


@action(who=clerk | head)
def amend_folder(
    folder: Folder, *, by: Actor, title: str, heading: str, retention_years: int | None, keeper: Account
) -> Folder:
    """Title, heading, retention or keeper are put right as long as it is being filled; its notation stays."""
    folder.title, folder.heading, folder.retention_years = title, heading, retention_years
    folder.keeper, folder.keeper_name = keeper.urn, keeper.name
    tidied(folder)
    folder.save()
    record(FolderAmended(folder.agency, folder.notation), about=folder, by=by)
    return folder


def tidied(folder: Folder) -> None:
    """A notation nobody else has in the year, and a title. Raises Invalid."""
    folder.notation, folder.title = " ".join(folder.notation.split()), " ".join(folder.title.split())
    folder.heading = " ".join(folder.heading.split())
    if not folder.notation or not folder.title:
        raise Invalid(_("A file needs its notation and a title."), field="title")
    same = Folder.objects.filter(agency=folder.agency, year=folder.year, notation=folder.notation)
    if same.exclude(pk=folder.pk).exists():
        raise Invalid(_("Another file of this year has this notation."), field="notation")


@action(who=officer)
def file_in(document: Incoming | Outgoing, *, by: Actor, folder: Folder) -> Filing:
    """A document is put into a file of the agency that is being filled, behind what lies there."""
    held = Folder.objects.select_for_update().filter(pk=folder.pk, agency=document.agency).open().first()
    if held is None:
        raise Invalid(_("This file is closed. Choose another."), field="folder")
    which = {"incoming" if isinstance(document, Incoming) else "outgoing": document}
    if held.filings.filter(**which).exists():
        raise Invalid(_("The document lies in this file already."), field="folder")
    last = held.filings.aggregate(last=Max("ordinal"))["last"] or 0
    filing = Filing.objects.create(
        folder=held,
        ordinal=last + 1,
        pages=pages_of(document),
        filed_by=by.urn,
        filed_by_name=by.name,
        **which,
    )
    record(DispatchFiled(held.agency, held.notation, filing.ordinal), about=document, by=by)
    return filing


def pages_of(document: Incoming | Outgoing) -> int:
    """How many pages the document itself has; 0 where that cannot be seen."""
    for file in document.files[:1]:
        try:
            return intake.examine(io.BytesIO(store().read(file["digest"])))[1]
        except (Invalid, FileNotFoundError):
            return 0
    return 0


@action(who=folder_keeper | clerk)
def take_from(folder: Folder, *, by: Actor, filing: int) -> Folder:
    """A document that was put into the wrong file is taken out; those behind it move up."""
    one = folder.filings.filter(pk=filing).select_related("incoming", "outgoing").first()
    if one is None:
        raise Invalid(_("This document does not lie here any more."), field="filing")
    behind = list(folder.filings.filter(ordinal__gt=one.ordinal).order_by("ordinal"))
    one.delete()
    for other in behind:
        other.ordinal -= 1
        other.save()
    record(DispatchUnfiled(folder.agency, folder.notation), about=one.incoming or one.outgoing, by=by)
    return folder


@action(who=folder_keeper | clerk)
def close_folder(folder: Folder, *, by: Actor, ended_on: date | None = None) -> Folder:
    """Nothing is added any more, its contents are listed, and its time of keeping runs from the year its matter ended.

    What ended in December is often closed in January: `ended_on` is the day, today unless it is said.
    """
    filings = list(folder.filings.select_related("incoming", "outgoing"))
    if not filings:
        raise Invalid(_("Nothing lies in this file. Put its documents into it first."))
    today = timezone.localdate()
    folder.closed_on = ended_on or today
    if not date(folder.year, 1, 1) <= folder.closed_on <= today:
        raise Invalid(_("Write a day from the year of the list up to today."), field="ended_on")
    folder.contents = store().put([listed(folder, filings)]).digest
    folder.save()
    record(FolderClosed(folder.agency, folder.notation, len(filings)), about=folder, by=by)
    return folder


@action(who=clerk)
def archive(folder: Folder, *, by: Actor) -> Folder:
    """The clerk hands it over to the agency's archive."""
    folder.archived_on = timezone.localdate()
    folder.save()
    record(FolderArchived(folder.agency, folder.notation), about=folder, by=by)
    return folder
