"""A dossier that belongs elsewhere: it goes there, what concerns it follows, and the result comes to where it was filed."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.actions.receiving import await_receipt, check_answers_to_applicant, give_back, keep
from motcua.dossiers.actions.telling import announce, post, tell_country
from motcua.dossiers.events import DossierCameBack, DossierForwarded, ResultBrought
from motcua.dossiers.handing import digests_of, whole
from motcua.dossiers.models import Dossier
from motcua.dossiers.reaching import reach_for
from motcua.dossiers.rules import desk_officer, independent
from motcua.dossiers.states import State
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import Agency

# Under which a dossier that was sent on keeps what its applicant sent after it.
SENT_AFTER = "sent_after"


@action(who=desk_officer & independent)
def forward(dossier: Dossier, *, by: Actor, to: str = "") -> None:
    """A dossier that belongs elsewhere goes there, the same working day (decree 61/2018, art. 18).

    `to` is the code of the agency, where it was not named when the dossier was taken at the counter. Who filed online is
    told who handles it now, and goes on following it.
    """
    check_answers_to_applicant(dossier)
    agency = belongs_to(dossier, to or dossier.forward_to)
    dossier.forward_to, dossier.ended_at = agency.code, timezone.now()
    on_time = dossier.receive_by is None or dossier.ended_at <= dossier.receive_by
    dossier.save()
    post(dossier, "dossier.forwarded", whole(dossier), recipient=agency.code, attachments=digests_of(dossier))
    gone = DossierForwarded(dossier.agency, agency.code, agency.name_vi, on_time, dossier.state)
    record(gone, about=dossier, by=by)
    if dossier.was_filed_here:  # whoever brought it knows
        tell_country(dossier, None, at=dossier.ended_at.isoformat())
    else:
        announce(dossier, why="forwarded", explained=agency.name_vi)


def belongs_to(dossier: Dossier, code: str) -> Agency:
    """The agency it goes to. Raises Invalid."""
    agency = Agency.objects.in_force().filter(code=code).first()
    if agency is None or code == dossier.agency:
        raise Invalid(_("Choose the agency it belongs to."), field="to")
    return agency


@action(who=system)
def come_back(dossier: Dossier, *, by: Actor, reason: str) -> None:
    """The agency it was sent to would not take it: it lies here again, and the desk reads why.

    What the applicant sent after it did not reach anyone there either, and counts here.
    """
    to, dossier.forward_to, dossier.ended_at = dossier.forward_to, "", None
    sent_after = dossier.filing.pop(SENT_AFTER, [])
    await_receipt(dossier, since=timezone.now())
    for body in sent_after:
        keep(dossier, body.get("papers", []))
    dossier.save()
    record(DossierCameBack(to, reason, dossier.state), about=dossier, by=by)
    announce(dossier)
    for body in sent_after:
        if "reason" in body and dossier.is_open:
            give_back(dossier, by=by, reason=body["reason"])


@action(who=system)
def send_after(dossier: Dossier, *, by: Actor, kind: str, body: dict[str, Any]) -> None:
    """What the applicant sent us about a dossier that has left goes after it; we keep it in case the dossier comes back."""
    dossier.filing = {**dossier.filing, SENT_AFTER: [*dossier.filing.get(SENT_AFTER, ()), body]}
    dossier.save()
    attachments = sorted({str(paper["digest"]) for paper in body.get("papers", ()) if paper["digest"]})
    post(dossier, kind, body, recipient=dossier.forward_to, attachments=attachments)


def bring(dossier: Dossier, code: str, paper: dict[str, Any]) -> None:
    """Send the result to the counter where the dossier was filed (decree 61/2018, art. 19.7)."""
    where, which = dossier.filing["brought_to"], dossier.filing["brought_as"]
    body = {"dossier": which, "formerly": dossier.former_agencies, "code": code, "paper": paper}
    post(dossier, "dossier.brought", body, recipient=where, attachments=[paper["digest"]])


@action(who=system)
def take_brought(dossier: Dossier, *, by: Actor, code: str, paper: dict[str, Any]) -> None:
    """The result of a dossier that was filed here and sent on is here; whoever filed it is told to come for it."""
    if dossier.papers.filter(digest=paper["digest"]).exists():
        return
    filed = {name: paper[name] for name in ("name", "media", "size", "digest")}
    keep(dossier, [{"paper": "result", **filed}])
    dossier.filing = {**dossier.filing, "result_code": code, "result_paper": paper}
    dossier.save()
    names = Agency.objects.filter(code=dossier.forward_to).values_list("name_vi", flat=True)
    record(ResultBrought(code, names.first() or dossier.forward_to), about=dossier, by=by)
    if "brought_as" in dossier.filing:
        bring(dossier, code, paper)  # it had been sent here from another counter
    else:
        reach_for(dossier, State.DONE, code=code)
