"""Applications on the citizen's side, and their papers."""

import uuid
from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.states import ENDED, OPEN, Reuse, State
from motcua.lib.actors import Actor
from motcua.lib.named_files import names_files
from motcua.mandates.models import Mandate, account_id, opening
from motcua.people.models import Account
from motcua.procedures.models import Version
from motcua.procedures.schema import Definition


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own; under a mandate, what its principal and, as long as it holds, its agent may see; nobody else's."""
        return self.filter(own_or_under(actor))

    def of_person(self, account: uuid.UUID, on: date) -> Self:
        """The same for the person of an account, on a day."""
        return self.filter(own_or_opened(account, on))

    def newest_first(self) -> Self:
        brief = self.select_related("version__procedure", "mandate", "account").defer("version__content")
        return brief.order_by("-changed_at", "-id")


class Application(models.Model):
    """What a citizen fills in, sends, and follows; the agency's dossier bears the same id."""

    State = State

    # The citizen's life cycle: action -> (from, to); where the agency decides, its news bring the new state.
    MOVES = {
        "fill": ({State.DRAFT, State.SUPPLEMENT}, None),
        "attach": ({State.DRAFT, State.SUPPLEMENT}, None),
        "reuse": ({State.DRAFT, State.SUPPLEMENT}, None),
        "prove": ({State.DRAFT, State.SUPPLEMENT}, None),
        "detach": ({State.DRAFT, State.SUPPLEMENT}, None),
        "print_form": ({State.DRAFT, State.SUPPLEMENT}, None),
        "begin_signing": ({State.DRAFT, State.SUPPLEMENT}, None),
        "take_signature": ({State.DRAFT, State.SUPPLEMENT}, None),
        "take_signed": ({State.DRAFT, State.SUPPLEMENT}, None),
        "discard": ({State.DRAFT}, None),
        "send": ({State.DRAFT}, State.NEW),
        "reopen": ({State.NEW}, State.DRAFT),
        "supply": ({State.SUPPLEMENT}, None),
        "return_supplement": ({State.SUPPLEMENT}, None),
        "withdraw": ({State.NEW, State.ACCEPTED, State.PROCESSING, State.SUPPLEMENT, State.FEE}, None),
        "rate": ({State.DONE, State.RETURNED}, None),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Who fills it in and sends it; under a mandate, for someone else.
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="applications")
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    # Of many filed from one form: which, and the line of the list.
    batch = models.ForeignKey(
        "dossiers.Batch", on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    row = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    # The overlays that held where and when it was begun, or last when it was sent.
    overlays = ArrayField(models.UUIDField(), default=list, blank=True)
    case = models.CharField(max_length=40)
    agency = models.CharField(max_length=35)
    agency_name = models.CharField(max_length=200)
    answers = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    state = models.PositiveSmallIntegerField(choices=State, default=State.DRAFT)
    code = models.CharField(max_length=60, blank=True)
    step = models.CharField(max_length=40, blank=True)
    holder = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    # The pages of the form the agency asked to have put right.
    asked_pages = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # What the agency asks for and where it is paid, as it last told.
    fee = models.JSONField(null=True, blank=True)
    waybill = models.CharField(max_length=40, blank=True, help_text="Under which the post has the result.")
    due_at = models.DateTimeField(null=True, blank=True)
    # By when what the agency asked for is to be added.
    answer_by = models.DateTimeField(null=True, blank=True)
    # The agency it was sent on to, as long as that one has not spoken.
    handed_to = models.CharField(max_length=35, blank=True, default="")
    # Until it is received: by when the agency will have received it, or said why not.
    receive_by = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    supplied_at = models.DateTimeField(null=True, blank=True)
    withdrawal_asked_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    rating = models.JSONField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["account", "-changed_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | Q(sent_at__isnull=False), name="sent_applications_know_when"
            )
        ]

    def __str__(self) -> str:
        return self.code or str(self.pk)

    @property
    def definition(self) -> Definition:
        """The procedure as it held where and when this was filed."""
        return self.version.with_overlays(self.overlays)

    @property
    def urn(self) -> str:
        return f"application:{self.pk}"

    @property
    def principal_name(self) -> str:
        """Whose matter it is."""
        return self.mandate.principal_name if self.mandate else self.account.name

    @property
    def principal_number(self) -> str:
        """Their personal number, or the code of their business."""
        return self.mandate.principal_number if self.mandate else self.account.username

    @property
    def given_contact(self) -> dict[str, str]:
        """The "email" and "phone" the form was given for this one dossier; empty where it was not asked or not answered."""
        return {name: str(self.answers.get(f"applicant_{name}") or "") for name in ("email", "phone")}

    @property
    def contact(self) -> dict[str, str]:
        """Where who files it is reached about it: as the form says, and where it says nothing, as the account does."""
        given = self.given_contact
        return {name: given[name] or getattr(self.account, name) for name in given}

    def facts(self) -> dict[str, Any]:
        """What a register may be asked about: the answers so far, and whose matter it is."""
        return {
            "form": self.answers,
            "dossier": {"case": self.case, "agency": self.agency},
            "applicant": {"number": self.principal_number, "name": self.principal_name},
        }

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """As Django's own, which looks up the words of all states to find those of one."""
        return str(State(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_waiting_for_citizen(self) -> bool:
        return self.state == State.SUPPLEMENT and self.supplied_at is None

    @property
    def is_mending(self) -> bool:
        """Whether answers may be put right: some were asked for again, and have not gone yet."""
        return self.is_waiting_for_citizen and bool(self.asked_pages)

    @property
    def is_waiting_for_fee(self) -> bool:
        return self.state == State.FEE

    @property
    def waits_at_desk(self) -> bool:
        """Whether its result lies at the one-stop desk, on paper, as it was asked for."""
        return self.state == State.DONE and self.answers.get("receive_by") == "counter"

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


@names_files("digest")
class Attachment(models.Model):
    """A paper of an application: given by the citizen, or sent by the agency (receipt, request, result)."""

    class Kind(models.TextChoices):
        GIVEN = "given", _("Given by the applicant")
        FORM = "form", _("Signed form")
        RECEIPT = "receipt", _("Receipt with appointment")
        REQUEST = "request", _("Request to supplement")
        REFUSAL = "refusal", _("Refusal")
        STOP = "stop", _("Notice that work has stopped")
        RESULT = "result", _("Result")
        APOLOGY = "apology", _("Apology with a new date")
        FEE = "fee", _("Fee receipt")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.GIVEN)
    paper = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    public_code = models.CharField(max_length=40, blank=True)
    reuse = models.PositiveSmallIntegerField(choices=Reuse, default=Reuse.NONE)
    is_certified = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=timezone.now)

    # What goes to the agency: what was given, and the signed form.
    SENT = (Kind.GIVEN, Kind.FORM)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "paper", "digest"], name="a_paper_is_attached_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


def is_person(actor: Actor) -> bool:
    """Whether a signed-in person acts."""
    return actor.urn.startswith("person:")


def own_or_under(actor: Actor) -> Q:
    """What someone filed for themselves, or what a mandate opens to them: its principal's, and its agent's while it holds."""
    if not is_person(actor):
        return Q(pk__in=[])
    return own_or_opened(account_id(actor), timezone.localdate())


def own_or_opened(account: uuid.UUID, on: date) -> Q:
    """The same for the person of an account, on a day."""
    # ANY of an array that is made once, and not IN: so both halves are found by index in the same query.
    opened = models.Func(
        opening.within(account, on), template="ANY(ARRAY%(expressions)s)", output_field=models.UUIDField()
    )
    under = models.Func(
        models.F("mandate_id"),
        opened,
        template="(%(expressions)s)",
        arg_joiner=" = ",
        output_field=models.BooleanField(),
    )
    own = Q(account_id=account, mandate=None)
    return own | Q(under)
