"""What we told another agency and it did not take: whoever held the dossier hears of it, and it can be sent again."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.documents.models import Document
from motcua.dossiers.actions.forwarding import bring
from motcua.dossiers.actions.telling import answer_below, recall, steps_above, told
from motcua.dossiers.events import AnswerNotTaken, AnswerSentAgain
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import holder_of_a_step, independent
from motcua.dossiers.states import State
from motcua.journal.actions import record
from motcua.lib.actions import NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.models import Agency
from motcua.procedures.runs import deciding

DECIDED, BROUGHT, RECALLED = "dossier.decided", "dossier.brought", "dossier.recalled"
ANSWERS = frozenset({DECIDED, BROUGHT, RECALLED})
RESULTS = (
    Document.Kind.CERTIFICATE,
    Document.Kind.CERTIFIED,
    Document.Kind.BIRTH,
    Document.Kind.EXTRACT,
)
# Messages that have been sent again since: what becomes of them is no news.
SENT_AGAIN = "sent_again"
NOT_TAKEN = wording(
    "dossiers.untaken",
    urgent=True,
    subject=gettext_lazy("%(agency)s did not get what was sent of dossier %(code)s"),
    body=gettext_lazy(
        "%(agency)s did not take it, or it did not arrive, because: %(reason)s. Whoever is waiting there does not know. "
        "Open the dossier and send it again."
    ),
)


@action(who=system)
def note_untaken(dossier: Dossier, *, by: Actor, message: str, kind: str, to: str, reason: str) -> None:
    """Another agency did not take what it was told: whoever held the dossier last is told; each message once."""
    untaken = dossier.untaken
    known = {*(one["message"] for one in untaken), *dossier.filing.get(SENT_AGAIN, ())}
    if message in known or not dossier.has_ended:
        return
    one = {"message": message, "kind": kind, "to": to, "reason": reason}
    dossier.filing = {**dossier.filing, "untaken": [*untaken, one]}
    dossier.save()
    office = Agency.objects.filter(code=to).values_list("name_vi", flat=True).first() or to
    record(AnswerNotTaken(kind, to, office, reason), about=dossier, by=by)
    if dossier.held_by:
        notice = Notice(
            recipient=dossier.held_by,
            code=NOT_TAKEN,
            parameters={"agency": office, "code": dossier.number, "reason": reason.rstrip(" .")},
            about=dossier.urn,
            link=f"/desk/dossiers/{dossier.pk}/",
            key=f"{dossier.urn}:untaken:{message}",
        )
        notices.tell(notice, by=by)


@action(who=holder_of_a_step & independent)
def send_again(dossier: Dossier, *, by: Actor) -> None:
    """What other agencies did not take is sent to them again: each thing once to each, however often it did not arrive."""
    untaken, paper = dossier.untaken, result_told(dossier)
    sendings = {
        (one["kind"], one["to"]): sending
        for one in untaken
        if (sending := sending_of(dossier, one["kind"], one["to"], paper))
    }
    if not sendings:
        raise NotNow(_("There is nothing of this dossier to be sent again."))
    sent = [one for one in untaken if (one["kind"], one["to"]) in sendings]
    before = dossier.filing.get(SENT_AGAIN, [])
    dossier.filing = {
        **dossier.filing,
        "untaken": [one for one in untaken if one not in sent],
        SENT_AGAIN: [*before, *(one["message"] for one in sent)],
    }
    dossier.save()
    for (kind, to), send in sendings.items():
        record(AnswerSentAgain(kind, to), about=dossier, by=by)
        send()


def sending_of(
    dossier: Dossier, kind: str, to: str, paper: dict[str, Any] | None
) -> Callable[[], None] | None:
    """What sends it again to this agency; None if there is nothing (any more) to be sent."""
    if kind == RECALLED:
        steps = list(steps_above(dossier).filter(agency=to))
        return partial(recall, dossier, steps=steps) if steps else None
    if kind == DECIDED:
        has_answer = paper or dossier.state in {State.REFUSED, State.STOPPED}
        enclosed = [("result", paper)] if paper else ()
        return partial(answer_below, dossier, enclosed) if has_answer else None
    code = dossier.filing.get("result_code") or dossier.code or ""
    return partial(bring, dossier, code, paper) if paper else None


def result_told(dossier: Dossier) -> dict[str, Any] | None:
    """The result as it was told: signed here, decided above, or brought from where the dossier was sent on to."""
    if "result_paper" in dossier.filing:
        return dict(dossier.filing["result_paper"])
    results = Document.objects.about(dossier).filter(state=Document.State.SIGNED, kind__in=RESULTS)
    if signed := results.last():
        return told(dossier, "result", signed)
    last = deciding(dossier.definition.steps_for(dossier.case))
    return next((dossier.results[one.id].get("paper") for one in last if one.id in dossier.results), None)
