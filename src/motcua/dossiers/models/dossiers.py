"""Dossiers on the agency's side, their papers and notes."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.extensions import Extension  # noqa: F401 — Django looks for models here
from motcua.dossiers.postings import Posting  # noqa: F401 — as above
from motcua.dossiers.slips import Slip  # noqa: F401 — the same
from motcua.dossiers.states import ENDED, OPEN, PAUSED, Channel, State
from motcua.lib.actors import Actor
from motcua.lib.worded import worded_once
from motcua.people.models import Account
from motcua.procedures.folding import Folded, fold
from motcua.procedures.models import Version
from motcua.procedures.runs import part_of
from motcua.procedures.schema import Definition


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the agencies where the actor holds a post."""
        return self.at(actor.places)

    def at(self, places: Collection[str]) -> Self:
        """Those of these agencies."""
        return self.filter(agency__in=places)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def alike(self, dossier: "Dossier", *, now: datetime) -> Self:
        """Others of the same procedure and applicant, open or ended in the last thirty days, the newest first."""
        recent = Q(state__in=OPEN) | Q(ended_at__gte=now - timedelta(days=30))
        same = self.filter(recent, version__procedure=dossier.version.procedure_id)
        return same.of_applicant(dossier).order_by("-arrived_at", "-id")

    def related(self, pk: uuid.UUID, *, number: str, visit: uuid.UUID | None) -> Self:
        """Others than this one of the same applicant, or brought in the same visit; the newest first."""
        same_visit = Q(visit=visit) if visit else Q(pk__in=[])
        others = self.exclude(pk=pk).exclude(agency="")
        return others.filter(Q(applicant_number=number) | same_visit).order_by("-arrived_at", "-id")

    def of_applicant(self, dossier: "Dossier") -> Self:
        return self.exclude(pk=dossier.pk).filter(applicant_number=dossier.applicant_number)

    def by_time_left(self) -> Self:
        """The most urgent first; what has no deadline yet by arrival, after what has one; what waits for others last."""
        return self.with_procedures().order_by("urgency", "deadline", "arrived_at", "id")

    def found(self, text: str) -> Self:
        """By part of the code, or by part of the applicant's name with or without diacritics; never by a personal number."""
        by_name = Q(folded_name__contains=fold(text)) if fold(text) else Q(pk__in=[])
        return self.filter(Q(code__icontains=text) | by_name)

    def with_procedures(self) -> Self:
        """Each with its procedure, whose long content is read only if it has not been read before."""
        return self.select_related("version__procedure").defer("version__content")

    def with_owners(self) -> Self:
        """Each with the accounts of the applicant and of who filed for them, so that no rule has to ask row by row."""
        whose = Q(username=OuterRef("applicant_number")) | Q(
            username=KeyTextTransform("number", OuterRef("filing"))
        )
        return self.annotate(known_owners=ArraySubquery(Account.objects.filter(whose).values("pk")))

    def to_hand_over(self) -> Self:
        """Those whose result waits at the counter for whoever comes for it, the oldest first; what the post takes does not."""
        return self.filter(state=State.DONE, posting=None).order_by("ended_at", "pk")

    def at_or_once_at(self, code: str) -> Self:
        """Those an agency handles, or handled before a reorganisation."""
        return self.filter(Q(agency=code) | Q(former_agencies__contains=[code]))

    def followed_as(self, application: uuid.UUID | str) -> Self:
        """Those that handle an application, the last to handle it first."""
        return self.filter(Q(pk=application) | Q(application=application)).order_by("-arrived_at")

    def overdue(self, now: datetime | None = None) -> Self:
        """Those whose legal term is over; what nobody has received has none yet."""
        return self.filter(state__in=sorted(OPEN - PAUSED), due_at__lt=now or timezone.now())

    def unanswered(self, now: datetime) -> Self:
        """Those whose supplement has not come by its last day."""
        return self.filter(state=State.SUPPLEMENT, answer_by__lte=now)

    def unreceived(self, now: datetime) -> Self:
        """Those the desk should have received by now, or said why not."""
        return self.filter(state=State.NEW, receive_by__lt=now)


class Dossier(models.Model):
    """What an agency handles; it has its legal code from the moment it is received."""

    State = State

    # The agency's life cycle: action -> (from, to). Drawn in docs/lifecycles.md.
    MOVES = {
        "accept": ({State.NEW}, State.ACCEPTED),
        "refuse": ({State.NEW, State.SUPPLEMENT}, State.REFUSED),
        "request_supplement": ({State.NEW, State.ACCEPTED, State.PROCESSING}, State.SUPPLEMENT),
        "enter_answers": ({State.SUPPLEMENT}, None),
        "resume": ({State.SUPPLEMENT}, None),
        "readmit": ({State.REFUSED, State.STOPPED}, State.SUPPLEMENT),
        "complete": ({State.ACCEPTED, State.PROCESSING}, State.PROCESSING),
        "propose": ({State.ACCEPTED, State.PROCESSING}, State.PROCESSING),
        "return_to_examiner": ({State.PROCESSING}, State.PROCESSING),
        "retry": ({State.PROCESSING}, State.PROCESSING),
        "extend": ({State.ACCEPTED, State.PROCESSING}, None),
        "ask_fee": ({State.ACCEPTED, State.PROCESSING}, State.FEE),
        "take_cash": ({State.FEE}, None),
        "take_fee": ({State.FEE}, State.PROCESSING),
        "waive_fee": ({State.FEE}, State.PROCESSING),
        "stop": ({State.ACCEPTED, State.PROCESSING, State.SUPPLEMENT, State.FEE}, State.STOPPED),
        "restart": ({State.STOPPED}, State.PROCESSING),
        "sign": ({State.PROCESSING}, State.DONE),
        "deliver": ({State.DONE}, State.RETURNED),
        "give_back": (set(OPEN), State.WITHDRAWN),
        "forward": ({State.NEW}, State.REFUSED),
        "come_back": ({State.REFUSED}, State.NEW),
        "allot": ({State.NEW}, None),
        "draft_result": ({State.ACCEPTED, State.PROCESSING}, None),
        "consult": ({State.ACCEPTED, State.PROCESSING}, None),
        "assign": ({State.NEW, State.ACCEPTED, State.PROCESSING}, None),
        "conclude": ({State.ACCEPTED, State.PROCESSING}, State.DONE),
        "decide_at_once": ({State.ACCEPTED, State.PROCESSING}, State.DONE),
        "hand_over": ({State.DONE}, State.RETURNED),
        "supply_by_receipt": ({State.SUPPLEMENT}, None),
        "withdraw_by_receipt": (set(OPEN), None),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Unique by the constraint below: `unique=True` brings a second index, for questions nobody asks.
    code = models.CharField(max_length=60, null=True, blank=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    # The overlays that held at the agency when it was filed; it keeps them, as it keeps its version.
    overlays = ArrayField(models.UUIDField(), default=list, blank=True)
    case = models.CharField(max_length=40)
    channel = models.PositiveSmallIntegerField(choices=Channel)
    agency = models.CharField(max_length=35)
    # Those that held it before a reorganisation, the last one last: what is sent to them still reaches it.
    former_agencies = ArrayField(models.CharField(max_length=35), default=list, blank=True)
    # The divided agency it was sent to, as long as nobody has said which of those that follow handles it.
    divided = models.CharField(max_length=35, blank=True, default="")
    origin = models.CharField(max_length=35)
    # Decided here for an agency below: its dossier, and the steps within which it stands there, from outside in.
    below = models.UUIDField(null=True, blank=True, editable=False)
    part = ArrayField(models.CharField(max_length=40), null=True, blank=True)
    # The application it follows, where that is not this id: another agency it was sent to first bears it.
    application = models.UUIDField(null=True, blank=True, editable=False)
    applicant_name = models.CharField(max_length=120)
    # Twelve digits of a person, or the code of a business.
    applicant_number = models.CharField(max_length=14)
    contact = models.JSONField(default=dict)
    # How it was handed in, if not by the applicant online: {"way", and of whoever did "name", "number", "phone", "authority",
    # "waybill"}; under a mandate also "mandate", as the portal wrote it down.
    filing = models.JSONField(default=dict, blank=True)
    visit = models.UUIDField(null=True, blank=True, help_text="Dossiers brought in one visit bear the same.")
    is_at_once = models.BooleanField(default=False)
    forward_to = models.CharField(max_length=35, blank=True)
    answers = models.JSONField(default=dict)
    results = models.JSONField(default=dict)
    state = models.PositiveSmallIntegerField(choices=State, default=State.NEW)
    opinion = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    supplements_asked = models.PositiveSmallIntegerField(default=0)
    # The pages of the form that are to be put right, and what each answer that was said before it.
    asked_pages = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    answers_before = models.JSONField(default=dict, blank=True)
    held_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Kept up by `actions.steps.stand`, so that a list of dossiers need not read their steps.
    standing = models.JSONField(default=list)
    turns = ArrayField(models.CharField(max_length=20), default=list)
    # The one colleague who is to do the step `assigned_for`; without one it lies with all who hold the step's post.
    assigned_to = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    assigned_for = models.CharField(max_length=40, blank=True)
    # When the clock last began to run: before receipt the desk's, from then on the legal one.
    began_at = models.DateTimeField(null=True, blank=True)
    # By when the desk receives it or says why not (decree 61/2018, art. 17 and 18); told to nobody as the legal term.
    receive_by = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField()
    arrived_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # The deadline of which the officers have been warned, once; another deadline is another warning.
    warned_of = models.DateTimeField(null=True, blank=True)
    # By when a supplement that was asked for is to be here, and the day of which the applicant has been reminded; it stays
    # with what was ended unanswered, so that it waits for an answer again if it is taken up again.
    answer_by = models.DateTimeField(null=True, blank=True)
    reminded_of = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    rating = models.JSONField(null=True, blank=True)
    urgency = models.GeneratedField(
        expression=models.Case(
            models.When(state__in=sorted(PAUSED), then=2),
            models.When(due_at__isnull=True, receive_by__isnull=True, then=1),
            default=0,
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    # By when something must be done here: until it is received, that; then the result.
    deadline = models.GeneratedField(
        expression=Coalesce("due_at", "receive_by"), output_field=models.DateTimeField(), db_persist=True
    )

    # What a search by name compares, so that it reads one index and no dossiers.
    folded_name = models.GeneratedField(
        expression=Folded("applicant_name"), output_field=models.TextField(), db_persist=True
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "urgency", "deadline", "arrived_at", "id"],
                condition=Q(state__in=sorted(OPEN)),
                name="dossier_work_list",
            ),
            models.Index(fields=["agency", "state"]),
            models.Index(  # what is overdue is published, the longest first
                fields=["due_at", "id"],
                condition=Q(state__in=sorted(OPEN - PAUSED)),
                name="dossiers_by_due_date",
            ),
            models.Index(
                fields=["application"], condition=Q(application__isnull=False), name="dossiers_of_another"
            ),
            models.Index(fields=["applicant_number", "-arrived_at"]),
            models.Index(  # the newest first, for systems; and found by name or code among them
                fields=["agency", "-arrived_at", "-id"],
                include=["folded_name", "code"],
                name="dossiers_found",
            ),
            models.Index(  # what was said of an agency, among all it has done
                fields=["agency", "arrived_at"], condition=Q(rating__isnull=False), name="dossiers_rated"
            ),
            models.Index(
                fields=["agency", "-ended_at", "-id"],
                condition=Q(state__in=sorted(ENDED)),
                name="dossiers_by_end",
            ),
            models.Index(fields=["agency", "accepted_at"], name="dossiers_accepted"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="a_code_names_one_dossier"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(code__isnull=False, due_at__isnull=False),
                name="accepted_dossiers_have_code_and_deadline",
            ),
            models.CheckConstraint(
                condition=Q(assigned_to__isnull=True, assigned_for="")
                | Q(assigned_to__isnull=False) & ~Q(assigned_for=""),
                name="a_dossier_is_assigned_for_a_step",
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(self.pk)

    @property
    def definition(self) -> Definition:
        """The procedure as it held here when this was filed; decided for an agency below, with the steps it goes by here."""
        return part_of(self.version.with_overlays(self.overlays), self.part or ())

    @property
    def is_part(self) -> bool:
        """Whether it is decided here for an agency below, which answers to the applicant."""
        return self.below is not None

    @property
    def urn(self) -> str:
        return f"dossier:{self.pk}"

    @property
    def followed_as(self) -> uuid.UUID:
        """The application it follows."""
        return self.application or self.pk

    @property
    def number(self) -> str:
        """What people call it by: the legal code, or until it has one, that it has none yet."""
        return self.code or str(_("not yet numbered"))

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """As Django's own, which looks up the words of all states to find those of one."""
        return str(State(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_paused(self) -> bool:
        return self.state in PAUSED

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def owner_numbers(self) -> list[str]:
        """The numbers of the applicant and of who filed for them."""
        return [number for number in (self.applicant_number, self.filing.get("number", "")) if number]

    @property
    def owners(self) -> list[uuid.UUID]:
        """The accounts of the applicant and of who filed for them; asked once for one dossier, for many see `with_owners`."""
        known, numbers = self.__dict__, self.owner_numbers
        if "known_owners" in known:
            return list(known["known_owners"])
        if known.get("asked_owners", ("",))[0] != numbers:
            found = Account.objects.filter(username__in=numbers).values_list("pk", flat=True)
            known["asked_owners"] = (numbers, list(found))
        return list(known["asked_owners"][1])

    @property
    def roles_in_turn(self) -> list[str]:
        """The posts whose turn it is; a dossier nobody has looked at waits to be received."""
        return ["receiver"] if self.state == State.NEW else self.turns

    @property
    def was_filed_here(self) -> bool:
        """Whether it was brought to the agency's own counter; who filed at the agency's own portal has a page to follow it."""
        return self.origin == self.agency and not self.contact.get("page")

    @property
    def is_collected(self) -> bool:
        """Whether who filed it online comes to the desk for the result on paper."""
        is_online = not (self.is_part or self.was_filed_here or "brought_as" in self.filing)
        return is_online and self.answers.get("receive_by") == "counter"

    @property
    def wants_receipt(self) -> bool:
        """What is decided at once needs form 01 only if it was asked for (decree 61/2018, art. 17.4)."""
        return not self.is_part and (not self.is_at_once or bool(self.filing.get("receipt")))

    @property
    def is_of_business(self) -> bool:
        """Whether the applicant is a business, known by its code and not by a personal number."""
        return len(self.applicant_number) != 12

    @property
    def was_forwarded(self) -> bool:
        """Whether it has left for the agency it belongs to."""
        return bool(self.forward_to) and self.state == State.REFUSED

    @property
    def was_sent_here(self) -> bool:
        """Whether it was filed at another agency first, which sent it on."""
        return self.application is not None or "brought_to" in self.filing

    @property
    def untaken(self) -> list[dict[str, str]]:
        """What other agencies were told when it ended and have not taken: "message", "kind", "to", "reason" of each."""
        untaken = self.filing.get("untaken", ()) if self.has_ended else ()
        # It was one alone, once.
        return [untaken] if isinstance(untaken, dict) else list(untaken)

    @property
    def was_on_time(self) -> bool:
        """Ended by the end of the day it was due, or never had a deadline (law of circular 01/2018: the due day counts)."""
        return self.due_at is None or self.ended_at is None or self.ended_at <= self.due_at

    def facts(self) -> dict[str, Any]:
        """What inputs of steps may refer to."""
        return {
            "form": self.answers,
            "dossier": {
                "code": self.code or "",
                "case": self.case,
                "agency": self.agency,
                "submitted_on": timezone.localdate(self.sent_at).isoformat(),
            },
            "applicant": {"number": self.applicant_number, "name": self.applicant_name},
            "results": self.results,
            "papers": {paper.paper: paper.digest for paper in self.papers.all()},
        }


@worded_once
def dossier_in_turn(places: Collection[str], pk: uuid.UUID) -> DossierQuerySet:
    """One dossier of these agencies, read for a deed: we wait for our turn on its row."""
    return Dossier.objects.at(places).with_procedures().filter(pk=pk).select_for_update(of=("self",))
