"""The moments of a life by which people look for what they need."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.procedures.vocabulary import LifeEvent


@dataclass(frozen=True)
class Moment:
    """One card: its picture, how people call it, and what it covers."""

    event: LifeEvent
    icon: str
    title: Promise
    hint: Promise

    @property
    def url(self) -> str:
        return f"{reverse('portal:procedures')}?life={self.event}"


MOMENTS = (
    Moment(
        LifeEvent.BIRTH, "child", _("Having a child"), _("Birth, residence and health insurance in one go.")
    ),
    Moment(LifeEvent.MARRIAGE, "rings", _("Getting married"), _("Marital status, registering a marriage.")),
    Moment(LifeEvent.PAPERS, "card", _("Personal papers"), _("Identity card, copies, certification.")),
    Moment(LifeEvent.HOME, "house", _("House and land"), _("Building, owning, changing hands.")),
    Moment(LifeEvent.MOVING, "arrow", _("Moving"), _("Permanent and temporary residence.")),
    Moment(
        LifeEvent.BUSINESS, "shop", _("Starting a business"), _("Household business, permits, first taxes.")
    ),
    Moment(LifeEvent.CHILDHOOD, "book", _("Bringing up a child"), _("Adoption, school, papers of a child.")),
    Moment(LifeEvent.WORK, "shield", _("Work and practice"), _("Work permits, certificates, records.")),
    Moment(LifeEvent.TRAVEL, "send", _("Travelling abroad"), _("Passport and travel papers.")),
    Moment(LifeEvent.VEHICLE, "clock", _("Vehicles"), _("Driving licence, registration.")),
    Moment(LifeEvent.JUSTICE, "pen", _("Justice"), _("Records, notaries, lawyers.")),
    Moment(LifeEvent.DEATH, "lotus", _("A death in the family"), _("We take care of the papers.")),
)
BY_EVENT = {moment.event.value: moment for moment in MOMENTS}
