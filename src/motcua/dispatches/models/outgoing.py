"""What an agency sends, from the first draft to what its receivers made of it."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.dispatches.kinds import Kind, Urgency
from motcua.dispatches.models.access import open_to
from motcua.dispatches.models.wording import answering
from motcua.dispatches.standing import Told
from motcua.documents.edxml.message import Purpose, State
from motcua.documents.secrecy import Degree
from motcua.lib.actors import Actor
from motcua.lib.named_files import names_files


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    def saying(self, query: str) -> Self:
        """Those whose words answer the query of `wording.query_of`."""
        return self.filter(answering(query, "outgoing"))

    def visible_to(self, actor: Actor, *roles: str) -> Self:
        """Clerk and head of an agency see all of it; others what they drafted, are asked about, keep, and are named for."""
        if actor.is_system:
            return self
        asked = Outgoing.objects.filter(reviews__officer=actor.urn, reviews__asked_at__isnull=False).values(
            "pk"
        )
        kept = Outgoing.objects.filter(filings__folder__keeper=actor.urn).values("pk")
        theirs = Q(drafted_by=actor.urn) | Q(pk__in=asked) | Q(pk__in=kept)
        return self.filter(open_to(actor, roles) | (Q(agency__in=actor.answers_for(*roles)) & theirs))

    def register(self, agency: str, year: int) -> Self:
        """The register of a year: all that has a number, also what was never issued, in its order."""
        return self.filter(agency=agency, year=year, serial__isnull=False).order_by("series", "serial")


@names_files("files")
class Outgoing(models.Model):
    """A document an agency issues: drafted, signed by its head and numbered, sealed and sent by its clerk."""

    class State(models.TextChoices):
        """Where it is at the agency that issues it."""

        NEW = "new", _("New")
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("To be signed")
        SIGNED = "signed", _("Signed, to be issued")
        ISSUED = "issued", _("Issued")
        VOIDED = "voided", _("Not issued")
        ASKED_BACK = "asked_back", _("Being asked back")
        RECALLED = "recalled", _("Recalled")
        ON_PAPER = "on_paper", _("Issued on paper")

    OUT = ("issued", "asked_back")
    MOVES = {
        "draft": ({State.NEW}, State.DRAFT),
        "relay": ({State.NEW}, State.ISSUED),
        "redraft": ({State.DRAFT}, State.DRAFT),
        "enclose": ({State.DRAFT}, State.DRAFT),
        "take_out": ({State.DRAFT}, State.DRAFT),
        "route": ({State.DRAFT}, None),
        "opine": ({State.DRAFT}, None),
        "initial": ({State.DRAFT}, None),
        "send_back": ({State.DRAFT}, None),
        "call_off": ({State.DRAFT}, None),
        "file_in": ({State.SIGNED, State.ISSUED, State.ASKED_BACK, State.RECALLED}, None),
        "remark": ({State.DRAFT, State.SUBMITTED}, None),
        "settle": ({State.DRAFT, State.SUBMITTED}, None),
        "submit": ({State.DRAFT}, State.SUBMITTED),
        "hand_back": ({State.SUBMITTED}, State.DRAFT),
        "sign": ({State.SUBMITTED}, State.SIGNED),
        "issue": ({State.SIGNED}, State.ISSUED),
        "issue_on_paper": ({State.DRAFT}, State.ON_PAPER),
        "remind": ({State.ISSUED}, None),
        "void": ({State.SIGNED}, State.VOIDED),
        "copy": ({State.ISSUED}, None),
        "recall": ({State.ISSUED}, State.ASKED_BACK),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=35)
    kind = models.CharField(max_length=20, choices=Kind)
    unit = models.CharField(max_length=20, blank=True, help_text="Letters of the unit that wrote it: TTĐT.")
    subject = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.NONE)
    secrecy = models.PositiveSmallIntegerField(choices=Degree, default=Degree.NONE)
    answer_by = models.DateField(null=True, blank=True)
    # Codes of the agencies it goes to, and names of places that only stand on it.
    receivers = models.JSONField(default=list)
    places = models.JSONField(default=list, blank=True)
    # Each {"name", "media", "size", "digest"}: the document itself first, then what is appended; in a draft "is_paper" marks
    # the document itself, if it was made in a word processor.
    files = models.JSONField(default=list)
    version = models.PositiveSmallIntegerField(
        default=0, help_text="Which version of the draft this is; of what is signed, the one that was signed."
    )
    purpose = models.PositiveSmallIntegerField(default=Purpose.NEW)
    earlier = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="later",
        help_text="What it changes or replaces.",
    )
    responds_to = models.ForeignKey(
        "dispatches.Incoming", on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    # Empty where all kinds share one series.
    series = models.CharField(max_length=20, blank=True)
    serial = models.PositiveIntegerField(null=True, blank=True)
    notation = models.CharField(max_length=30, blank=True)
    # Its name for all other systems: agency, day, number.
    document_id = models.CharField(max_length=200, unique=True, null=True, blank=True)
    signer = models.JSONField(
        default=dict, blank=True, help_text="Name, position and power (TM., KT.) of who signed."
    )
    drafted_by = models.CharField(max_length=120)
    drafted_at = models.DateTimeField(default=timezone.now)
    signed_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(
        max_length=500, blank=True, help_text="Why it was handed back, not issued, or recalled."
    )

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "outgoing"
        constraints = [
            # Decree 30/2020, art. 15: a series a year, and no number twice.
            models.UniqueConstraint(
                fields=["agency", "year", "series", "serial"], name="a_dispatch_has_its_number_alone"
            ),
            models.UniqueConstraint(
                fields=["earlier"],
                condition=Q(state__in=["issued", "asked_back"]),
                name="one_takes_the_place_of_a_dispatch",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"], serial=None)
                | Q(
                    state__in=["signed", "issued", "voided", "asked_back", "recalled", "on_paper"],
                    serial__isnull=False,
                    signed_at__isnull=False,
                ),
                name="what_is_signed_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["issued", "asked_back", "recalled", "on_paper"], issued_at__isnull=False
                )
                | Q(issued_at=None),
                name="what_is_issued_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "drafted_at"]),
            models.Index(fields=["-drafted_at"], name="outgoing_newest"),
            models.Index(
                fields=["agency", "-issued_at", "id"],
                condition=Q(issued_at__isnull=False),
                name="outgoing_by_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}".strip()

    @property
    def urn(self) -> str:
        return f"outgoing:{self.pk}"

    @property
    def takes_the_place_of(self) -> str:
        """What it does to the one before it, in words; empty for a new one."""
        words = {Purpose.UPDATE: now_("Update of"), Purpose.REPLACEMENT: now_("Replacement of")}
        return words.get(Purpose(self.purpose), "")

    @property
    def successor(self) -> "Outgoing | None":
        """What was issued in its place, if anything was."""
        return Outgoing.objects.filter(earlier=self, state__in=self.OUT).first()

    @property
    def before(self) -> "list[Outgoing]":
        """All it changes or replaces, each by the one behind it; the latest first."""
        return [self.earlier, *self.earlier.before] if self.earlier else []

    @property
    def first(self) -> "Outgoing":
        """The first of those that took one another's place: all of them follow one another in its stream."""
        return [self, *self.before][-1]

    @property
    def after_recall(self) -> str:
        """Its state by what those answered who were asked for it back: asked back as long as one has not answered."""
        answers = set(self.deliveries.exclude(recall_asked_at=None).values_list("recall_answer", flat=True))
        if "" in answers:
            return self.State.ASKED_BACK
        return self.State.RECALLED if answers == {State.CHANGE_AGREED.value} else self.State.ISSUED

    @property
    def number(self) -> str:
        """As it stands on the document: 15/QĐ-UBND; empty as long as it has none."""
        return f"{self.serial:02}/{self.notation}" if self.serial else ""


# What a receiver told that ends what it was asked: refused, done, given back.
ENDING = ("02", "06", "15")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def owing(self) -> Self:
        """Those that `owe_answer`."""
        asked = self.filter(via="", outgoing__answer_by__isnull=False, answer=None)
        return asked.exclude(state__in=ENDING)

    def with_news(self, known: Collection[str]) -> Self:
        """Those of which something was told that the agency's own system has not taken in one of these ways."""
        others = " && ".join(f'@.fetched != "{one}"' for one in sorted(known))
        there = Func(
            F("told"),
            Value(f"$[*] ? (!exists(@.fetched) || ({others}))"),
            template="jsonb_path_exists(%(expressions)s::jsonpath)",
            output_field=models.BooleanField(),
        )
        return self.filter(there)


class Delivery(models.Model):
    """Where a document stands at one receiver, by what the receiver told."""

    # Of what was written here, or of what came in and was sent on.
    outgoing = models.ForeignKey(
        Outgoing, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    forwarded = models.ForeignKey(
        "dispatches.Incoming", on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    via = models.CharField(
        max_length=35, blank=True, help_text="The receiver who sent it on to this one and tells us of it."
    )
    agency = models.CharField(max_length=35)
    agency_name = models.CharField(max_length=200)
    state = models.CharField(max_length=2, blank=True, help_text="Empty: sent, nothing heard yet.")
    since = models.DateTimeField()
    # All that was told, {"at", "state", "words", "by"}: late and repeated news too.
    told = models.JSONField(default=list)
    recall_asked_at = models.DateTimeField(null=True, blank=True)
    recall_answer = models.CharField(max_length=2, blank=True)
    answer = models.ForeignKey(
        "dispatches.Incoming", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reminders = models.JSONField(
        default=list, blank=True, help_text="Each with at, words, by, and why it was refused if it was."
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["outgoing", "agency"], name="a_dispatch_goes_once_to_each"),
            models.UniqueConstraint(fields=["forwarded", "agency"], name="what_is_sent_on_goes_once_to_each"),
            models.CheckConstraint(
                condition=Q(outgoing=None, forwarded__isnull=False)
                | Q(outgoing__isnull=False, forwarded=None),
                name="a_delivery_is_of_one_document",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state"])]

    def __str__(self) -> str:
        return f"{self.agency} {self.state}"

    @property
    def news(self) -> list[Told]:
        """What was told, as values."""
        return [Told(datetime.fromisoformat(one["at"]), State(one["state"])) for one in self.told]

    @property
    def words(self) -> str:
        """Where it stands, in a few words."""
        return str(State(self.state).words).capitalize() if self.state else now_("Sent off")

    @property
    def owes_answer(self) -> bool:
        """Asked for an answer by us ourselves, and neither answered, done, refused nor given back."""
        return self.was_asked and self.answer_id is None and self.state not in ENDING

    @property
    def was_asked(self) -> bool:
        """Whether we ask this receiver for an answer by a day; of those it was sent on to, whoever sent it on asks."""
        return not self.via and self.outgoing is not None and self.outgoing.answer_by is not None

    @property
    def is_answer_late(self) -> bool:
        """Whether the answer came after its day, or has not come and the day is over."""
        last = self.outgoing.answer_by if self.outgoing else None
        if last is None or not (self.answer or self.owes_answer):
            return False
        return timezone.localdate(self.answer.arrived_at if self.answer else None) > last

    @property
    def answer_words(self) -> str:
        """How it stands with the answer; empty where none was asked for."""
        if self.answer:
            return now_("Answered late") if self.is_answer_late else now_("Answered in time")
        if self.was_asked and self.state == State.DONE.value:
            return now_("Done without an answer")
        if not self.owes_answer:
            return ""
        return now_("Answer overdue") if self.is_answer_late else now_("Answer still to come")

    @property
    def reminded(self) -> list[dict[str, Any]]:
        """What it was reminded of, the latest first, each with its moment."""
        return [one | {"at": datetime.fromisoformat(one["at"])} for one in reversed(self.reminders)]

    def was_reminded_on(self, day: date) -> bool:
        """Whether a reminder went on this day and was not refused."""
        return any(timezone.localdate(one["at"]) == day for one in self.reminded if "refused" not in one)

    @property
    def recall_words(self) -> str:
        """What came of asking it back from this receiver; empty where it was not asked."""
        if not self.recall_asked_at:
            return ""
        answers = {"": now_("Asked back, not answered yet"), "15": now_("Given back")}
        return answers.get(self.recall_answer, now_("Not given back"))

    @property
    def last_words(self) -> str:
        """What the receiver said last, where it is more than the state itself."""
        words = str(self.told[-1]["words"]) if self.told else ""
        return "" if words.casefold() == self.words.casefold() else words

    @property
    def standing(self) -> State | None:
        return State(self.state) if self.state else None
