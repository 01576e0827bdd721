"""What an officer looks for in the work list again and again."""

from django.db import models
from django.utils import timezone

from motcua.people.models import Account


class SavedFilter(models.Model):
    """A question to the work list under a name of the officer's own; it stands there as a tab."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="filters")
    name = models.CharField(max_length=40)
    # What the address of the work list asks for, by the names it bears there; never a person's name or number.
    wanted = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="one_filter_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"filter:{self.pk}"
