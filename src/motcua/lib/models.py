"""The counters from which all numbers are given."""

from django.db import models


class Counter(models.Model):
    """The last number given under a key, such as an agency code and a day."""

    key = models.CharField(max_length=120, primary_key=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"
