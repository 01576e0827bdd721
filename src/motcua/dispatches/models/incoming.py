"""What an agency receives, from its arrival to the end of the work it asks for."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import Coalesce, Least, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.dispatches.kinds import Urgency
from motcua.dispatches.models.access import open_to
from motcua.dispatches.models.wording import answering
from motcua.documents.edxml.message import Purpose
from motcua.documents.edxml.warnings import Warned
from motcua.documents.secrecy import Degree
from motcua.lib.actors import Actor
from motcua.lib.named_files import names_files

# The day by which something is to be done or answered, the earlier of both; PostgreSQL leaves out what is NULL.
LAST = Least(Case(When(answered_at=None, then="answer_by")), TruncDate("due_at"))


def late(now: datetime) -> Q:
    """Whose time is up, or that of whose answer, which has not gone out."""
    return Q(due_at__lt=now) | Q(answered_at=None, answer_by__lt=timezone.localdate(now))


class IncomingQuerySet(models.QuerySet["Incoming"]):
    def saying(self, query: str) -> Self:
        """Those whose words answer the query of `wording.query_of`."""
        return self.filter(answering(query, "incoming"))

    def visible_to(self, actor: Actor, *roles: str) -> Self:
        """Clerk and head of an agency see all of it; others what was given to them, what they keep, and what they are named for."""
        if actor.is_system:
            return self
        kept = Incoming.objects.filter(filings__folder__keeper=actor.urn).values("pk")
        theirs = Q(agency__in=actor.answers_for(*roles), pk__in=kept)
        return self.filter(open_to(actor, roles) | theirs | Q(holder=actor.urn))

    def unended(self) -> Self:
        """Whatever is still to be done."""
        return self.filter(state__in=["arrived", "registered", "assigned", "begun"])

    def changing(self, document_id: str) -> Self:
        """Those that change or replace the document of this name."""
        return self.filter(purpose__in=[Purpose.UPDATE, Purpose.REPLACEMENT], changes__contains=[document_id])

    def tasks(self) -> Self:
        """Unended, with a day by which it is to be done, or still to be answered."""
        return self.unended().alias(last=LAST).filter(last__isnull=False)

    def overdue(self, today: date) -> Self:
        """Tasks whose last day is over."""
        return self.tasks().filter(last__lt=today)

    def due_on(self, days: Iterable[date]) -> Self:
        """Tasks whose last day is one of these."""
        return self.tasks().filter(last__in=list(days))

    def in_order_of_deadline(self) -> Self:
        """The nearest last day first."""
        return self.order_by(LAST, "-urgency", "arrived_at", "pk")

    def like(self, other: "Incoming") -> Self:
        """The same document, come before."""
        return self.filter(come_before(partial(getattr, other), other.replaced_by_id or other.pk))

    def twins(self, other: "Incoming") -> Self:
        """Other messages of the same document, by the same way: to their sender they are one."""
        if not other.document_id:
            return self.none()
        same = self.filter(agency=other.agency, document_id=other.document_id)
        return same.filter(sender=other.sender, via=other.via).exclude(pk=other.pk)

    def knowing_likes(self) -> Self:
        """Each with `has_like`: whether the same document has come before."""
        successor = Coalesce(OuterRef("replaced_by"), OuterRef("pk"))
        return self.annotate(has_like=Exists(Incoming.objects.filter(come_before(OuterRef, successor))))


def come_before(of: Callable[[str], Any], successor: Any) -> Q:
    """An earlier one that is the same document: by its name on the axis, or by sender, number and day.

    `of` gives the fields of the later one, `successor` what takes its place, or else itself. Numbers begin anew each year,
    so that without the day every letter would be last year's.
    """
    named = Q(document_id=of("document_id")) & ~Q(document_id="")
    numbered = Q(sender=of("sender"), number=of("number"), issued_on=of("issued_on"))
    numbered &= Q(issued_on__isnull=False) & ~Q(number="")
    kin = Q(pk=of("pk")) | Q(pk=successor) | Q(replaced_by=of("pk"), replaced_by__isnull=False)
    return Q(agency=of("agency"), arrived_at__lt=of("arrived_at")) & (named | numbered) & ~kin


@names_files("message", "recall_message", "files")
class Incoming(models.Model):
    """A document from another agency: entered by the clerk, given to somebody by the head, worked on, ended."""

    class State(models.TextChoices):
        """Where it is at the agency that received it."""

        NEW = "new", _("New")
        ARRIVED = "arrived", _("Arrived")
        REFUSED = "refused", _("Refused")
        REGISTERED = "registered", _("In the register of the year")
        ASSIGNED = "assigned", _("Assigned")
        BEGUN = "begun", _("Being worked on")
        DONE = "done", _("Done")
        GIVEN_BACK = "given_back", _("Given back to the sender")
        SUPERSEDED = "superseded", _("A later one has taken its place")

    OPEN = frozenset({State.ARRIVED, State.REGISTERED, State.ASSIGNED, State.BEGUN})
    # No longer here: its sender knows.
    GONE = frozenset({State.REFUSED, State.GIVEN_BACK, State.SUPERSEDED})
    MOVES = {
        "arrive": ({State.NEW}, State.ARRIVED),
        "take_paper": ({State.NEW}, State.REGISTERED),
        "register": ({State.ARRIVED}, State.REGISTERED),
        "refuse": ({State.ARRIVED}, State.REFUSED),
        "assign": ({State.REGISTERED, State.ASSIGNED, State.BEGUN}, State.ASSIGNED),
        "begin": ({State.ASSIGNED}, State.BEGUN),
        "copy": ({State.REGISTERED, State.ASSIGNED, State.BEGUN, State.DONE}, None),
        "forward": ({State.REGISTERED, State.ASSIGNED, State.BEGUN, State.DONE}, None),
        "finish": ({State.REGISTERED, State.ASSIGNED, State.BEGUN}, State.DONE),
        "file_in": ({State.REGISTERED, State.ASSIGNED, State.BEGUN, State.DONE}, None),
        "give_back": (OPEN, State.GIVEN_BACK),
        "keep_on": (OPEN | {State.DONE}, None),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=35)
    sender = models.CharField(max_length=35)
    sender_name = models.CharField(max_length=200)
    via = models.CharField(
        max_length=35, blank=True, help_text="Who sent it on to us as it came, where that was not its sender."
    )
    mail = models.EmailField(
        blank=True,
        help_text="The address it came from, of what came by e-mail: no system there reads states.",
    )
    document_id = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=60, blank=True)
    kind_name = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=500)
    issued_on = models.DateField(null=True, blank=True)
    signer = models.CharField(max_length=200, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.NONE)
    purpose = models.PositiveSmallIntegerField(default=Purpose.NEW)
    secrecy = models.PositiveSmallIntegerField(choices=Degree, default=Degree.NONE)
    answer_by = models.DateField(null=True, blank=True)
    # The message as it came, byte for byte, and its files, each {"name", "media", "size", "digest"} and, if one was found,
    # the "fault" for which it is not handed out.
    message = models.CharField(
        max_length=64, blank=True, help_text="Digest of the edXML file; empty for what came on paper."
    )
    files = models.JSONField(default=list, blank=True)
    signed_by = models.CharField(
        max_length=200, blank=True, help_text="Whose signature on the message holds."
    )
    warnings = models.JSONField(
        default=list, blank=True, help_text="Codes of faults, with what they are about."
    )
    responds_to = models.ForeignKey(
        "dispatches.Outgoing", on_delete=models.PROTECT, null=True, blank=True, related_name="responses"
    )
    changes = models.JSONField(
        default=list, blank=True, help_text="The identifiers of those its sender changes or replaces by it."
    )
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        help_text="The later one by which its sender changes or replaces it.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    serial = models.PositiveIntegerField(null=True, blank=True, help_text="Arrival number of the year.")
    holder = models.CharField(max_length=120, blank=True, help_text="Urn of whoever it was given to.")
    holder_name = models.CharField(max_length=120, blank=True)
    instruction = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reminders = models.JSONField(
        default=list, blank=True, help_text="What its sender reminded of, each with at, words and by."
    )
    recall_asked_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.CharField(max_length=500, blank=True)
    recall_message = models.CharField(
        max_length=64, blank=True, help_text="Digest of the edXML file by which it was asked back last."
    )
    fetched = models.CharField(
        max_length=10, blank=True, help_text="What the agency's own system said: processing, done, fail."
    )
    recall_fetched = models.CharField(max_length=10, blank=True, help_text="The same of the recall.")
    arrived_at = models.DateTimeField(default=timezone.now)
    registered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = IncomingQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "incoming"
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "serial"], name="one_arrival_number_a_year"),
            models.CheckConstraint(
                condition=Q(state__in=["arrived", "refused"], serial=None)
                | Q(state__in=["given_back", "superseded"])
                | Q(state__in=["registered", "assigned", "begun", "done"], serial__isnull=False),
                name="what_is_registered_has_its_arrival_number",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "arrived_at"]),
            models.Index(fields=["-arrived_at"], name="incoming_newest"),
            models.Index(fields=["agency", "document_id"]),
            models.Index(fields=["agency", "sender", "number"], name="incoming_by_number"),
            models.Index(
                fields=["agency", "sender"], condition=Q(purpose__in=[2, 3]), name="later_versions_from"
            ),
            models.Index(
                fields=["holder", "due_at"],
                condition=Q(state__in=["arrived", "registered", "assigned", "begun"]),
                name="incoming_in_hand",
            ),
            models.Index(
                fields=["-ended_at", "id"], condition=Q(ended_at__isnull=False), name="incoming_by_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}".strip()

    @property
    def urn(self) -> str:
        return f"incoming:{self.pk}"

    @property
    def takes_the_place_of(self) -> str:
        """What it does to the one before it, in words; empty for a new one."""
        words = {Purpose.UPDATE: _("Update of"), Purpose.REPLACEMENT: _("Replacement of")}
        return str(words.get(Purpose(self.purpose), ""))

    @property
    def successor(self) -> "Incoming | None":
        """The later one that takes its place, or will; none that was refused or given back."""
        later = self.replaced_by
        while later and later.state in {self.State.REFUSED, self.State.GIVEN_BACK}:
            later = later.replaced_by
        return later

    @property
    def signatures(self) -> str:
        """Whose signatures its PDFs bear, all taken together: `personal`, `seal`, `both`, or nothing."""
        roles = {role for file in self.files for role in file.get("check", {}).get("signed", [])}
        return "both" if {"personal", "seal"} <= roles else next(iter(sorted(roles)), "")

    @property
    def faults(self) -> list[str]:
        """What is wrong with the signatures of its PDFs and which rules of form they break, each code once."""
        checks = [file["check"] for file in self.files if "check" in file]
        return list(dict.fromkeys(code for one in checks for code in (*one["faults"], *one["breaches"])))

    @property
    def is_paper(self) -> bool:
        """Whether it came on paper and was scanned here: no message of the axis came with it, and nobody there waits for news."""
        return not self.message

    @property
    def told_to(self) -> str:
        """Who hears where it stands with us: whoever sent it to us."""
        return self.via or self.sender

    @property
    def warned(self) -> list[Warned]:
        """What was not as it should be when it came, to be worded for whoever reads it."""
        return [Warned.kept(row) for row in self.warnings]

    @property
    def reminded(self) -> list[dict[str, Any]]:
        """What its sender reminded of, the latest first, each with the moment it came."""
        return [one | {"at": datetime.fromisoformat(one["at"])} for one in reversed(self.reminders)]

    @property
    def last_day(self) -> date | None:
        """The day by which it is to be done or still to be answered, the earlier of both; None without one."""
        days = [self.answer_by] if self.answer_by and not self.answered_at else []
        if self.due_at:
            days.append(timezone.localdate(self.due_at))
        return min(days, default=None)

    def is_late(self, now: datetime | None = None) -> bool:
        """Whether its time is up, or was when it ended; or that of its answer, if that had not gone out."""
        at = self.ended_at or now or timezone.now()
        if self.answer_by and timezone.localdate(self.answered_at or at) > self.answer_by:
            return True
        return self.due_at is not None and at > self.due_at
