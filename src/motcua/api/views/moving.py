"""What a machine does with a dossier: each is one action of the desk, under the same rules."""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.api import showing
from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.shapes import dossiers as shapes
from motcua.api.shapes.parts import Given
from motcua.api.views.dossiers import papers_of
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, dossier_in_turn
from motcua.lib.actions import Invalid, taken
from motcua.organisations.models import Agency
from motcua.people.models import Account

type Act = Callable[[Call, Dossier], None]


def deed(name: str, summary: Promise, body: type[Given] = shapes.Nothing) -> Callable[[Act], Act]:
    """Declare `POST /dossiers/{dossier}/NAME`; the decorated function only does it."""

    def declare(act: Act) -> Act:
        def do(call: Call, dossier: UUID) -> shapes.DossierLine:
            with call.once() as is_first:
                subject = taken(dossier_in_turn.get(call.actor.places, dossier))
                if is_first:
                    act(call, subject)
            return showing.brief(subject)

        do.__name__ = f"{act.__name__}_dossier"
        do.__doc__ = act.__doc__
        operation(
            "POST",
            f"/dossiers/{{dossier}}/{name}",
            summary,
            about="deeds",
            scope=showing.DEEDS[name][1],
            body=body,
            gives=shapes.DossierLine,
            is_deed=True,
        )(do)
        return act

    return declare


@deed("accept", _("Receive it: it gets its code, and the clock starts"))
def accept(call: Call, dossier: Dossier) -> None:
    """Form 01 is made out and, where there is one, the fee asked for."""
    actions.accept(dossier, by=call.actor)


@deed("refuse", _("Do not receive it, and say why (form 03)"), shapes.Because)
def refuse(call: Call, dossier: Dossier) -> None:
    """Ends the dossier."""
    actions.refuse(dossier, by=call.actor, reason=call.body.reason)


@deed(
    "request-supplement",
    _("Ask for all that is missing, once (form 02); the clock stands still"),
    shapes.Missing,
)
def request_supplement(call: Call, dossier: Dossier) -> None:
    """The law allows one request."""
    actions.request_supplement(dossier, by=call.actor, reason=call.body.reason, days=call.body.days)


@deed("supply", _("What was missing is here; the time limit starts again from zero"), shapes.Supplement)
def supply(call: Call, dossier: Dossier) -> None:
    """Only of dossiers brought to this agency itself; what citizens file online they supply online."""
    papers = papers_of(call, dossier)
    actions.resume(dossier, by=call.actor, papers=papers, note=call.body.note, sent_at=timezone.now())


@deed("withdraw", _("The applicant takes it back"), shapes.Because)
def withdraw(call: Call, dossier: Dossier) -> None:
    """Only of dossiers brought to this agency itself."""
    actions.give_back(dossier, by=call.actor, reason=call.body.reason)


@deed("forward", _("It belongs to another agency: send it there, the same working day"), shapes.Belongs)
def forward(call: Call, dossier: Dossier) -> None:
    """Before it is received; who filed online is told who handles it now."""
    actions.forward(dossier, by=call.actor, to=call.body.to)


@deed("add-papers", _("Papers the applicant brought later"), shapes.Added)
def add_papers(call: Call, dossier: Dossier) -> None:
    """The same file under the same paper is added once."""
    for paper in papers_of(call, dossier):
        actions.file_paper(dossier, by=call.actor, paper=paper)


@deed(
    "decide-at-once",
    _("The result was decided and given while the applicant waited"),
    shapes.Decided,
)
def decide_at_once(call: Call, dossier: Dossier) -> None:
    """Only what the procedure lets be done on the day, by this agency alone, and brought to it."""
    actions.decide_at_once(dossier, by=call.actor, result=call.body.result)


@deed("take-cash", _("The fee was paid in cash"), shapes.Cash)
def take_cash(call: Call, dossier: Dossier) -> None:
    """The receipt follows at once, and the clock goes on."""
    actions.take_cash(dossier, by=call.actor, amount=call.body.amount)


@deed("waive-fee", _("Nothing is to be paid, by this rule and proof"), shapes.Because)
def waive_fee(call: Call, dossier: Dossier) -> None:
    """The clock goes on where it stopped."""
    actions.waive_fee(dossier, by=call.actor, reason=call.body.reason)


@deed("hand-over", _("The result was handed to whoever came for it, or to the post"), shapes.Receiver)
def hand_over(call: Call, dossier: Dossier) -> None:
    """Without a name, to the applicant."""
    actions.hand_over(dossier, by=call.actor, to=call.body.to)


@deed("assign", _("Give it to one colleague, for the step it stands at"), shapes.Colleague)
def assign(call: Call, dossier: Dossier) -> None:
    """An officer of the agency who holds the step's post."""
    to = Account.objects.filter(pk=call.body.to).first()
    if to is None:
        raise Invalid(now_("There is no such officer."), field="to")
    actions.assign(dossier, by=call.actor, to=to, reason=call.body.reason)


@deed("consult", _("Ask other agencies for their opinions; the step waits for them"), shapes.Consulted)
def consult(call: Call, dossier: Dossier) -> None:
    """Each within its own working days; the answers stand in the dossier."""
    given: shapes.Consulted = call.body
    asked = list(Agency.objects.in_force().filter(code__in=given.agencies).order_by("code"))
    if strange := sorted(set(given.agencies) - {one.code for one in asked}):
        raise Invalid(
            now_("There is no agency %(code)s today.") % {"code": ", ".join(strange)}, field="agencies"
        )
    papers = dict(dossier.papers.filter(digest__in=given.papers).values_list("digest", "pk"))
    if missing := sorted(set(given.papers) - set(papers)):
        raise Invalid(
            now_("There is no such paper in the dossier: %(digests)s") % {"digests": ", ".join(missing)},
            field="papers",
        )
    actions.consult(
        dossier,
        by=call.actor,
        agencies=asked,
        question=given.question,
        papers=list(papers.values()),
        days=given.days,
        one_is_enough=given.one_is_enough,
    )


@deed("complete", _("A step is done, and what was found"), shapes.Found)
def complete(call: Call, dossier: Dossier) -> None:
    """The next steps begin."""
    actions.complete(dossier, by=call.actor, key=call.body.step, note=call.body.note)


@deed("propose", _("The conditions are met: propose the result to who signs"), shapes.Opinion)
def propose(call: Call, dossier: Dossier) -> None:
    """A person signs; no machine does."""
    actions.propose(dossier, by=call.actor, opinion=call.body.opinion)


@deed("retry", _("Ask another agency again for a step it refused"), shapes.StepNamed)
def retry(call: Call, dossier: Dossier) -> None:
    """After what was wrong has been put right."""
    actions.retry(dossier, by=call.actor, key=call.body.step)


@deed("stop", _("The work ends without a result, and why"), shapes.Because)
def stop(call: Call, dossier: Dossier) -> None:
    """Form 05 goes to the applicant."""
    actions.stop(dossier, by=call.actor, reason=call.body.reason)


@deed(
    "restart",
    _("What was stopped turns out to be possible: the work goes on, and so does the clock"),
    shapes.Because,
)
def restart(call: Call, dossier: Dossier) -> None:
    """With the time that was left."""
    actions.restart(dossier, by=call.actor, reason=call.body.reason)
