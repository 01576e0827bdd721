"""What a person holds: results they were given, certified copies, papers uploaded once."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.named_files import names_files
from motcua.mandates.models import PROVEN, Mandate
from motcua.people.models import Account

SOON = timedelta(days=30)


class HoldingQuerySet(models.QuerySet["Holding"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own and those of children and businesses one represents by law; nobody else's.

        Officers see papers only in the dossiers they were handed in with.
        """
        if not actor.urn.startswith("person:"):
            return self.none()
        account = Account.objects.filter(pk=actor.urn.removeprefix("person:"), is_active=True)
        represented = Mandate.objects.in_force().held_by(actor).filter(kind__in=sorted(PROVEN))
        return self.filter(
            Q(owner__in=account.values("username")) | Q(owner__in=represented.values("principal_number"))
        )

    def of_kinds(self, kinds: Iterable[str], on: date) -> Self:
        """Those that can be handed in as one of these kinds on a day."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), kind__in=set(kinds))

    def newest_first(self) -> Self:
        return self.order_by("-added_at", "-id")


@names_files("digest")
class Holding(models.Model):
    """A paper in a person's wallet, with what is known of it; the bytes lie in the store under their digest."""

    class Source(models.TextChoices):
        """How it came into the wallet; the first two bear signatures of the state."""

        RESULT = "result", _("Issued by an agency")
        CERTIFIED = "certified", _("Certified copy")
        UPLOAD = "upload", _("Uploaded by you")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The personal number, not the account: a result waits here for a person who has never signed in. Or a business's code.
    owner = models.CharField(max_length=14)
    kind = models.CharField(max_length=60)
    source = models.CharField(max_length=10, choices=Source)
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    media = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    public_code = models.CharField(max_length=40, blank=True)
    # What the signatures on an uploaded file are worth, as `documents.inquiries.weigh` found; None for a file without any.
    verdict = models.JSONField(null=True, blank=True)
    about = models.CharField(max_length=120, blank=True, help_text="Urn of the application it came from.")
    added_at = models.DateTimeField(default=timezone.now)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-added_at", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["owner", "digest"], name="a_wallet_holds_a_file_once"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="holding_digest_is_sha_256"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(issued_on__isnull=True)
                | Q(valid_until__gte=models.F("issued_on")),
                name="a_paper_ends_after_it_was_issued",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"holding:{self.pk}"

    @property
    def is_upload(self) -> bool:
        return self.source == self.Source.UPLOAD

    @property
    def is_vouched_for(self) -> bool:
        """Whether an agency's signature stands on it: issued or certified, or uploaded and found to be sound."""
        verdict: dict[str, Any] = self.verdict or {}
        return not self.is_upload or bool(verdict.get("stands"))

    def standing(self, on: date) -> str:
        """How long it may still be used: `late` when it has expired, `soon` within thirty days of it, else `ok`."""
        if self.valid_until is None or self.valid_until > on + SOON:
            return "ok"
        return "soon" if self.valid_until >= on else "late"
