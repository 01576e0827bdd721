"""The form of an application as a paper, laid out to be signed, and the signature on it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.models.applications import Application
from motcua.dossiers.models.batches import Batch
from motcua.lib.named_files import names_files


class FormSignatureQuerySet(models.QuerySet["FormSignature"]):
    def live(self) -> Self:
        """Those that are not void; an application has one at most."""
        return self.exclude(state=FormSignature.State.VOID)

    def signed(self) -> Self:
        return self.filter(state=FormSignature.State.SIGNED)


@names_files("base", "file", "prepared")
class FormSignature(models.Model):
    """One printing of a form, named by what it says (`fingerprint`): signed once, void as soon as an answer changes."""

    class State(models.TextChoices):
        """Where the signature is in its life; from each, an answer that changes makes it void."""

        MADE = "made", _("Ready to be signed")
        WAITING = "waiting", _("Waiting for the signer")
        SIGNED = "signed", _("Signed")
        VOID = "void", _("No longer holds")

    class Road(models.TextChoices):
        """Where the key is."""

        REMOTE = "remote", _("Remote signing service")
        UPLOAD = "upload", _("One's own token")

    # Of one form; or of a list of many that are signed at once, with what each says: {application: fingerprint}.
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, blank=True, related_name="signatures"
    )
    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, null=True, blank=True, related_name="signatures"
    )
    rows = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.MADE)
    fingerprint = models.CharField(max_length=64)
    # Digests of the file to be signed, and of the signed one.
    base = models.CharField(max_length=64)
    file = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    road = models.CharField(max_length=10, choices=Road, blank=True)
    # With a remote service: its number of the transaction, its page, until when, and what waits for the signature:
    # {"pdf" (digest), "attributes", "certificate" (base 64), "start", "end"}.
    transaction = models.CharField(max_length=100, blank=True)
    page = models.CharField(max_length=500, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    prepared = models.JSONField(default=dict, blank=True)
    signer = models.CharField(max_length=200, blank=True)
    signer_number = models.CharField(max_length=20, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = FormSignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=~Q(state="void"), name="one_form_is_signed_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["batch"], condition=~Q(state="void"), name="one_list_is_signed_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=False, batch__isnull=True)
                | Q(application__isnull=True, batch__isnull=False),
                name="a_signature_is_of_a_form_or_of_a_list",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(signed_at__isnull=False) & ~Q(file="") & ~Q(signer="") & ~Q(road=""),
                name="a_signed_form_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | ~Q(transaction=""), name="a_form_that_waits_has_a_transaction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.state}"

    @property
    def subject(self) -> Application | Batch:
        """The form, or the list of forms."""
        found = self.application or self.batch
        assert found is not None, "the database sees to it"  # noqa: S101
        return found

    @property
    def is_signed(self) -> bool:
        return self.state == self.State.SIGNED

    def is_waiting(self, now: datetime) -> bool:
        """Whether the signer can still confirm."""
        return self.state == self.State.WAITING and self.expires_at is not None and now < self.expires_at
