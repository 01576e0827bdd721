"""What an inspection of a dossier came to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """From the best to the worst."""

    SOUND = "sound", _("Right in every point")
    LACKING = "lacking", _("Right, with small faults")
    WRONG = "wrong", _("Against the rules")
