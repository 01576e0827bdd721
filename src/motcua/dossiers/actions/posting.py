"""Results by post: an address is put down when the result is signed; the desk hands it over and notes its number."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.actions.counter import hand_over
from motcua.dossiers.actions.telling import announce
from motcua.dossiers.events import ResultPosted
from motcua.dossiers.models import Dossier
from motcua.dossiers.postings import Posting
from motcua.dossiers.rules import desk_officer
from motcua.dossiers.states import State
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor


@action(who=desk_officer)
def consign(posting: Posting, *, by: Actor, waybill: str) -> None:
    """The result is with the post; whoever waits for it learns the number under which to follow it."""
    posting.waybill = "".join(waybill.split()).upper()[:40]
    if not posting.waybill.isalnum():
        raise Invalid(_("Write the number on the post's receipt, letters and digits only."), field="waybill")
    posting.sent_at, posting.sent_by = timezone.now(), by.name
    try:
        with transaction.atomic():
            posting.save()
    except IntegrityError as fault:
        raise Invalid(
            _("Another result went under this number already. Compare the receipt."), field="waybill"
        ) from fault
    dossier: Dossier = posting.dossier
    record(ResultPosted(dossier.code or "", posting.waybill), about=dossier, by=by)
    if dossier.state == State.DONE and dossier.was_filed_here:
        hand_over(dossier, by=by, to=f"Bưu chính {posting.waybill}")
    announce(dossier, why="posted", explained=posting.waybill)
