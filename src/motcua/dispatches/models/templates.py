"""What documents of a kind begin with at an agency: its administrators keep it, officers write from it."""

import uuid

from django.db import models
from django.utils import timezone

from motcua.dispatches.kinds import Kind


class Template(models.Model):
    """A document of an agency with gaps: `{agency}`, `{day}` and the like are filled in when a draft is begun from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=35)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=120)
    subject = models.CharField(max_length=500, blank=True)
    grounds = models.TextField(blank=True, help_text="Legal grounds, one on each line.")
    text = models.TextField(blank=True)
    # As in `Outgoing`: codes of agencies, and names of places that only stand on the document.
    receivers = models.JSONField(default=list, blank=True)
    places = models.JSONField(default=list, blank=True)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="a_template_has_its_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"template:{self.pk}"
