"""Appointments where people book them; the agency's desk holds the time itself."""

import uuid
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.mandates.models import Mandate, account_id
from motcua.organisations.models import in_language
from motcua.people.models import Account


class Reason(models.TextChoices):
    """Why a time was not given, or is not kept; of the agency's reasons it sends the word, whoever reads it gets the sentence."""

    FULL = "full", _("Someone else has just taken the last place at this time.")
    CLOSED = "closed", _("The one-stop desk takes no appointments at present.")
    NOT_OFFERED = "not_offered", _("The one-stop desk does not offer this time.")
    TWICE = "twice", _("You have an appointment there for this procedure already.")
    MANY = "many", _("You have five appointments there already. Cancel one you do not need.")
    CALENDAR = "calendar", _("The agency does not work at this time any more.")
    ENDED = "ended", _("The agency has ended; another one answers for it now.")
    UNHEARD = "unheard", _("Your wish could not be brought to the agency.")
    MANDATE = "mandate", _("What you were to come by in another's stead has ended.")
    PRINCIPAL = "principal", _("Whom it was for has cancelled it.")


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those others have booked to come in one's stead or for a business one represents."""
        if not actor.urn.startswith("person:"):
            return self.none()
        return self.of_person(account_id(actor), timezone.localdate())

    def of_person(self, account: uuid.UUID, on: date) -> Self:
        """The same for the person of an account, on a day."""
        own = Booking.objects.filter(account=account)
        theirs = Booking.objects.filter(mandate__in=Mandate.objects.about_person(account, on).values("pk"))
        # Each part has its index; asked with OR, neither would be used.
        return self.filter(pk__in=own.values("pk").union(theirs.values("pk")))

    def open(self) -> Self:
        """Those asked for or held."""
        return self.filter(state__in=(Booking.State.ASKED, Booking.State.BOOKED))

    def ahead(self, now: datetime) -> Self:
        """What one has still to do with: held or asked for and not over, or lost and not yet past; the next first."""
        waits = (Booking.State.ASKED, Booking.State.BOOKED, Booking.State.LOST, Booking.State.DECLINED)
        return self.filter(state__in=waits, ends_at__gt=now).order_by("begins_at", "pk")


class Booking(models.Model):
    """An appointment a person asked for; the agency's desk holds the place under the same id."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for the agency to confirm")
        BOOKED = "booked", _("Confirmed")
        DECLINED = "declined", _("Not confirmed")
        CANCELLED = "cancelled", _("Cancelled by you")
        LOST = "lost", _("The agency cannot keep it")
        CAME = "come", _("You came")
        UNUSED = "unused", _("You did not come")
        OVER = "over", _("Past")

    MOVES = {
        "change_time": ({State.BOOKED}, None),
        "cancel": ({State.ASKED, State.BOOKED}, State.CANCELLED),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="bookings")
    # By which one comes for somebody else; without, it is one's own matter.
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agency = models.CharField(max_length=35)
    agency_name = models.CharField(max_length=200)
    procedure = models.CharField(max_length=40)
    name_vi = models.TextField()
    name_en = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # The other time that was asked for, until the agency has answered.
    wanted_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=6, blank=True)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)

    objects = BookingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["account", "begins_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "mandate", "agency", "procedure"],
                condition=Q(state__in=["asked", "booked"]),
                nulls_distinct=False,
                name="one_open_booking_a_person_agency_and_procedure",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def urn(self) -> str:
        return f"booking:{self.pk}"

    @property
    def name(self) -> str:
        """What one comes for."""
        return in_language(self.name_vi, self.name_en)

    @property
    def whose(self) -> str:
        """For whom one comes; nothing in one's own matter."""
        return self.mandate.principal_name if self.mandate else ""

    def is_of(self, actor: Actor) -> bool:
        """Whether this person booked it, and comes."""
        return actor.urn == f"person:{self.account_id}"

    @property
    def is_asked(self) -> bool:
        """Whether the agency has still to answer."""
        return self.state == self.State.ASKED or self.wanted_at is not None

    @property
    def is_booked(self) -> bool:
        return self.state == self.State.BOOKED

    @property
    def is_off(self) -> bool:
        """Whether the agency could not give or keep the time: another may be chosen."""
        return self.state in {self.State.DECLINED, self.State.LOST}

    @property
    def has_begun(self) -> bool:
        return self.begins_at <= timezone.now()
