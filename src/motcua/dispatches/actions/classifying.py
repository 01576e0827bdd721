"""How secret a document is; what is secret goes out on paper, with a number of a series of its own, and is not taken in."""

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.leaving import tell
from motcua.dispatches.actions.sending import in_order
from motcua.dispatches.events import DispatchClassified, IssuedOnPaper, SecretCame
from motcua.dispatches.kinds import notation
from motcua.dispatches.models import Incoming, Outgoing
from motcua.dispatches.rules import clerk, head
from motcua.dispatches.secrecy import belongs_to_secret, digests_of
from motcua.documents.edxml.message import State
from motcua.documents.models import store
from motcua.documents.secrecy import Degree
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, Refused, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number
from motcua.lib.rules import system
from motcua.organisations.models import Agency

SERIES = "secret"


@action(who=clerk | head)
def classify(document: Incoming | Outgoing, *, by: Actor, degree: int) -> None:
    """Clerk or head says how secret it is; from then on neither it nor a file of it leaves. Only the head lowers a degree."""
    if degree < document.secrecy and not head(by, document):
        raise Refused(_("Only %(who)s may do this.") % {"who": head.says})
    document.secrecy = Degree(degree)
    document.save(update_fields=["secrecy"])
    record(DispatchClassified(document.agency, degree), about=document, by=by)
    # Last of all: what breaks off before leaves no file free.
    for digest in digests_of(document):
        if degree:
            store().withhold(digest)
        elif not belongs_to_secret(digest):
            store().release(digest)


@action(who=clerk)
def issue_on_paper(document: Outgoing, *, by: Actor, signer: str, position: str) -> Outgoing:
    """A state secret that was signed on paper gets its number, of a series of its own, and goes without this network.

    Decree 30/2020, art. 15: secret documents are numbered apart.
    """
    if not document.secrecy:
        raise NotNow(_("Only a state secret is issued on paper."))
    if not signer.strip():
        raise Invalid(_("Say who signed it."), field="signer")
    now, agency = timezone.now(), Agency.objects.get(pk=document.agency)
    document.signed_at = document.issued_at = now
    document.series = SERIES
    document.year = timezone.localtime(now).year
    document.serial = next_number(f"dispatches {document.agency} {SERIES} {document.year}")
    document.notation = notation(document.kind, agency.abbreviation, document.unit)
    document.signer = {"name": signer.strip(), "position": position.strip(), "competence": ""}
    document.save()
    told = IssuedOnPaper(document.number, document.agency, len(in_order(document.receivers, document.agency)))
    record(told, about=document, by=by)
    return document


@action(who=system, locks=False)
def turn_away(document: Incoming, *, by: Actor, degree: int) -> None:
    """A message says that it carries a state secret: its sender is told why it is refused, and nothing of it is kept here."""
    tell(
        document,
        State.REFUSED,
        _(
            "State secrets are not taken in by this network. Send it on paper, or by the separate network for secrets."
        ),
        by=by,
    )
    told = SecretCame(document.agency, document.sender, document.document_id, degree)
    record(told, about=document, by=by)
