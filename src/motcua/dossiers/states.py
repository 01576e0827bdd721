"""The ten states of a dossier that the whole country knows, and the words for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.IntegerChoices):
    """State codes of the national portal's dossier synchronisation; 0 is a draft that no agency has seen."""

    DRAFT = 0, _("Draft")
    NEW = 1, _("Sent, waiting to be received")
    ACCEPTED = 2, _("Received")
    REFUSED = 3, _("Not received")
    PROCESSING = 4, _("Being handled")
    SUPPLEMENT = 5, _("Waiting for you to add papers")
    FEE = 6, _("Waiting for the fee")
    WITHDRAWN = 7, _("Withdrawn")
    STOPPED = 8, _("Stopped")
    DONE = 9, _("Finished")
    RETURNED = 10, _("Result delivered")


OPEN = frozenset({State.NEW, State.ACCEPTED, State.PROCESSING, State.SUPPLEMENT, State.FEE})
PAUSED = frozenset({State.SUPPLEMENT, State.FEE})
ENDED = frozenset({State.REFUSED, State.WITHDRAWN, State.STOPPED, State.DONE, State.RETURNED})


class Channel(models.IntegerChoices):
    """How a dossier was filed (decree 61/2018, art. 16)."""

    DIRECT = 1, _("At the counter")
    ONLINE = 2, _("Online")
    POST = 3, _("By post")

    @property
    def word(self) -> str:
        """As procedures name it: `direct`, `online` or `post`."""
        return self.name.lower()


class Reuse(models.IntegerChoices):
    """How a paper came to be electronic, as the national portal counts it (digitisation of dossiers)."""

    NONE = 1, _("Uploaded for this dossier")
    WALLET = 2, _("Used again from the wallet")
    RESULT = 3, _("Used again: an agency's result")
    REGISTER = 4, _("Read from a register")


class Way(models.TextChoices):
    """Who brings a dossier to the counter (decree 61/2018, art. 16)."""

    SELF = "self", _("The applicant, in person")
    PROXY = "proxy", _("Someone on the applicant's behalf")
    POST = "post", _("Public post")
    SERVICE = "service", _("A hired delivery service")

    @property
    def channel(self) -> Channel:
        """The national portal knows three ways of filing."""
        return Channel.DIRECT if self in {Way.SELF, Way.PROXY} else Channel.POST


class Satisfaction(models.IntegerChoices):
    """Answers of a rating (circular 32/2017/TT-BTTTT, art. 12)."""

    VERY = 3, _("Very satisfied")
    YES = 2, _("Satisfied")
    NO = 1, _("Not satisfied")
