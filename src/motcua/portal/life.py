"""The moments of a life, and of a business, by which people look for what they need."""

from dataclasses import dataclass

from django.urls import reverse

from motcua.dossiers import facts
from motcua.procedures.life import LifeEvent, life_events
from motcua.procedures.search.index import BUSINESS, PERSON, Index


@dataclass(frozen=True)
class Moment:
    """One card: its picture, how people call it, what it covers, and whether questions lead through it."""

    id: str
    icon: str
    title: str
    hint: str
    is_guided: bool

    @property
    def url(self) -> str:
        return f"{reverse('portal:procedures')}?life={self.id}"

    @property
    def guide_url(self) -> str:
        return reverse("portal:guide", args=[self.id])


def moment(id_: str) -> Moment | None:
    """The card of a life event; None if there is no such event."""
    event = life_events().get(id_)
    return card(event) if event else None


def card(event: LifeEvent) -> Moment:
    return Moment(event.id, event.icon, facts.said(event.name), facts.said(event.hint), bool(event.guide))


def moments(index: Index) -> dict[str, list[Moment]]:
    """The cards of people and of businesses, without those for which the catalogue has no procedure."""
    return {
        who: [card(event) for event in life_events().values() if event.who == who and index.life[event.id]]
        for who in (PERSON, BUSINESS)
    }
