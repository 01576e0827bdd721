"""What lies in a dossier: the papers of the applicant, and the notes of officers."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.models.dossiers import Dossier
from motcua.dossiers.states import Reuse
from motcua.lib.named_files import names_files
from motcua.people.models import Account


@names_files("digest")
class Paper(models.Model):
    """A paper of a dossier, as it came from the applicant; without a digest it lies in the file on paper only."""

    class Copy(models.TextChoices):
        """What kind of copy was handed in."""

        ORIGINAL = "original", _("Original")
        CERTIFIED = "certified", _("Certified copy")
        COPY = "copy", _("Plain copy")
        ELECTRONIC = "electronic", _("Electronic")
        REGISTER = "register", _("Read from a register")

    # Found by its dossier through the constraint below.
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="papers", db_index=False)
    paper = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    copy = models.CharField(max_length=10, choices=Copy, default=Copy.ELECTRONIC)
    reuse = models.PositiveSmallIntegerField(choices=Reuse, default=Reuse.NONE)
    # What its signatures were worth when it came, as `documents.inquiries.weigh` found; None for a file without any.
    verdict = models.JSONField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "paper", "digest"], name="a_paper_is_filed_once")
        ]

    def __str__(self) -> str:
        return self.name


class Note(models.Model):
    """What officers tell each other about a dossier; it never leaves the agency."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-added_at", "-id"]

    def __str__(self) -> str:
        return self.text
