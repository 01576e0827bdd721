"""Earlier results that serve as papers of a procedure: named before anything begins, handed in with the one consent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils import timezone

from motcua.dossiers import actions, facts
from motcua.dossiers.models import Application
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.mandates.models import Mandate
from motcua.portal.holdings import Line, line
from motcua.procedures.schema import Definition, Paper
from motcua.procedures.vocabulary import Channel
from motcua.wallets.models import Holding

# What the journal calls the wallet where it says what was consented to.
SERVICE = "wallet.results"
MOST = 100


@dataclass(frozen=True)
class Earlier:
    """A result of someone's wallet and the paper it serves as; `whose` is empty for one's own."""

    paper: Paper
    line: Line
    whose: str

    @property
    def key(self) -> str:
        return str(self.line.holding.pk)

    @property
    def serves_as(self) -> str:
        return facts.said(self.paper.name)


def serving(definition: Definition, mandates: Sequence[Mandate], *, by: Actor) -> list[Earlier]:
    """The newest result for each paper that everybody must give, of each person one may apply for: one query for all.

    A paper that is only asked for where it applies stays a choice: nobody knows yet whether it does.
    """
    papers = [paper for paper in definition.papers if is_fetched(paper)]
    kinds = {kind for paper in papers for kind in paper.kinds}
    if not kinds:
        return []
    today = timezone.localdate()
    held = Holding.objects.visible_to(by).filter(source=Holding.Source.RESULT).of_kinds(kinds, today)
    names = {one.principal_number: one.principal_name for one in mandates}
    newest: dict[tuple[str, str], Earlier] = {}
    for holding in held.newest_first()[:MOST]:
        for paper in papers:
            if holding.kind in paper.kinds:
                found = Earlier(paper, line(holding, today), names.get(holding.owner, ""))
                newest.setdefault((holding.owner, paper.id), found)
    return list(newest.values())


def is_fetched(paper: Paper) -> bool:
    return (
        paper.required
        and paper.upload
        and bool(paper.kinds)
        and Channel.ONLINE in (paper.channels or Channel)
    )


def hand_in(
    application: Application, told: Collection[Earlier], *, by: Actor, may_read: bool
) -> list[Earlier]:
    """Note what the person said to what they were told, and hand in what they allow; returns what was handed in."""
    if not told:
        return []
    actions.consent(application, by=by, service=SERVICE, may_read=may_read)
    asked = {paper.id for paper in application.definition.papers_for(application.case, Channel.ONLINE)}
    given = set(application.attachments.values_list("paper", flat=True))
    return [
        one
        for one in told
        if may_read
        and one.paper.id in asked - given
        and one.line.holding.owner == application.principal_number
        and is_handed_in(application, one, by=by)
    ]


def is_handed_in(application: Application, one: Earlier, *, by: Actor) -> bool:
    """Whether it could be; what no longer serves since it was named is asked for as before."""
    try:
        actions.reuse(application, by=by, paper=one.paper.id, holding=one.line.holding)
    except Invalid:
        return False
    return True
