"""The register of dossiers (form 07), printed with its number: what an agency received in a time; numbers of control slips."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.documents import actions as documents
from motcua.documents import papers
from motcua.documents.models import Document
from motcua.dossiers.events import SlipNumbered
from motcua.dossiers.filing import address
from motcua.dossiers.models import Dossier
from motcua.dossiers.papers import number_form, office
from motcua.dossiers.rules import colleague, reader
from motcua.dossiers.slips import Slip
from motcua.dossiers.states import State
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number

MOST = 2000
COLLECTED = {"post": "Bưu chính", "counter": "Trực tiếp", "electronic": "Trực tuyến"}


@dataclass(frozen=True)
class Span:
    """The days a register is about, both counted in."""

    agency: str
    since: date
    until: date

    @property
    def urn(self) -> str:
        return f"register:{self.agency}:{self.since.isoformat()}:{self.until.isoformat()}"


@action(who=reader)
def number_slip(dossier: Dossier, *, by: Actor) -> Slip:
    """The control slip of a dossier gets the next number of the agency's year; one that has it keeps it."""
    if known := Slip.objects.filter(dossier=dossier).first():
        return known
    year = timezone.localdate().year
    serial = next_number(f"form control {dossier.agency} {year}")
    slip = Slip.objects.create(dossier=dossier, agency=dossier.agency, year=year, number=serial)
    record(SlipNumbered(dossier.code or "", slip.notation), about=dossier, by=by)
    return slip


@action(who=colleague, locks=False)
def print_register(span: Span, *, by: Actor) -> Document:
    """The register of a period is printed; each printing bears a number of its own."""
    if span.since > span.until:
        raise Invalid(_("The last day cannot come before the first."), field="until")
    dossiers = list(received_in(span))
    if len(dossiers) > MOST:
        raise Invalid(_("More than %(most)s dossiers: choose fewer days.") % {"most": MOST}, field="until")
    document = Document(
        agency=span.agency,
        about=span.urn,
        title=f"Sổ theo dõi hồ sơ {span.since:%d/%m/%Y} – {span.until:%d/%m/%Y}",
    )
    place = office(Dossier(agency=span.agency))
    lines = tuple(line(number, one, place.agency) for number, one in enumerate(dossiers, start=1))
    return documents.make(
        document,
        by=by,
        paper=papers.Register(
            office=place,
            number=number_form(document, "register"),
            on=timezone.localdate(),
            since=span.since,
            until=span.until,
            lines=lines,
            officer=by.name,
            check=document.verification,
        ),
    )


def received_in(span: Span) -> list[Dossier]:
    """The dossiers received in these days, in the order of their codes; one more than can be printed at most."""
    found = Dossier.objects.filter(
        agency=span.agency, accepted_at__date__gte=span.since, accepted_at__date__lte=span.until
    )
    return list(found.select_related("version__procedure").order_by("accepted_at", "code")[: MOST + 1])


def line(number: int, dossier: Dossier, agency: str) -> papers.RegisterLine:
    """One dossier as the register writes it."""
    contact = ", ".join(filter(None, (address(dossier), str(dossier.contact.get("phone") or ""))))
    returned = dossier.ended_at if dossier.state == State.RETURNED else None
    way = "counter" if dossier.was_filed_here else "electronic"
    return papers.RegisterLine(
        place=str(number),
        code=dossier.code or "",
        procedure=dossier.version.name_vi,
        applicant=dossier.applicant_name,
        contact=contact,
        handled_by=agency,
        received=day(dossier.accepted_at),
        due=day(dossier.due_at),
        returned=day(returned),
        collect=COLLECTED.get(str(dossier.answers.get("receive_by") or way), ""),
    )


def day(at: datetime | None) -> str:
    """20/11/2026, or nothing."""
    return f"{timezone.localtime(at):%d/%m/%Y}" if at else ""
