"""Dossiers one brought to a counter or sent by post, beside those filed online: where each stands, as the country knows it."""

from motcua.dossiers.models import Brought
from motcua.dossiers.states import State
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.portal.context import tracking_address
from motcua.portal.standing import TAGS, Row
from motcua.tracking.models import Tracked
from motcua.tracking.overdue import procedures

SHOWN = 20


def brought(actor: Actor) -> list[Row]:
    """The newest first, each in one line that leads to the public page of its code; as many queries for one as for all."""
    known = list(Brought.objects.visible_to(actor).received().order_by("-at", "pk")[:SHOWN])
    if not known:
        return []
    stands = Tracked.objects.in_bulk([one.dossier for one in known])
    names = procedures({one.procedure for one in known})
    offices = {one.code: one.name for one in Agency.objects.filter(code__in={one.agency for one in known})}
    states = {pk: State(one.state) for pk, one in stands.items()}
    tags = [TAGS[states.get(one.dossier, State.ACCEPTED)] for one in known]
    return [
        Row(
            id=one.dossier,
            title=names.get(one.procedure, one.procedure),
            url=f"{tracking_address()}?code={one.code}",
            hint=offices.get(one.agency, one.agency),
            code=one.code,
            tag=(state, str(words)),
            left=None,
        )
        for one, (state, words) in zip(known, tags, strict=True)
    ]
