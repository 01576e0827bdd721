"""Requests we made of others' registers, and errands others gave to ours."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Request(models.Model):
    """A request to another agency's register, and its answer when it comes."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for the answer")
        ANSWERED = "answered", _("Answered")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.CharField(max_length=80)
    sender = models.CharField(max_length=35)
    to = models.CharField(max_length=35)
    purpose = models.CharField(max_length=200)
    dossier = models.CharField(max_length=80, blank=True)
    correlation = models.CharField(max_length=120, unique=True)
    params = models.JSONField()
    message = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    answer = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.service} at {self.to}"

    @property
    def urn(self) -> str:
        return f"request:{self.pk}"


class Errand(models.Model):
    """What another agency asked of one of our registers; done once, answered once."""

    class State(models.TextChoices):
        TAKEN = "taken", _("Taken")
        WAITING = "waiting", _("Waiting for another agency")
        ANSWERED = "answered", _("Answered")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, editable=False)
    service = models.CharField(max_length=80)
    asker = models.CharField(max_length=35)
    agency = models.CharField(max_length=35)
    purpose = models.CharField(max_length=200)
    dossier = models.CharField(max_length=80, blank=True)
    params = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.TAKEN)
    then = models.CharField(max_length=80, blank=True)
    onward = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    taken_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.service} for {self.asker}"

    @property
    def urn(self) -> str:
        return f"errand:{self.pk}"
