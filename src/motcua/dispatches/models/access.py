"""Who may read a document besides those whose post or task it is, and who opened it, when and from where."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from motcua.lib.actors import Actor

# Whose post it is to see all documents of the agency; others see what is theirs to write or to do, and what they are named for.
ALL_SEEING = ("clerk", "chair", "deputy")


class Reader(models.Model):
    """Somebody who was named as a reader of a document that came or goes."""

    document = models.UUIDField()
    urn = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    named_by = models.CharField(
        max_length=120, blank=True, help_text="Empty: works on a document that this one changes."
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "urn"], name="a_reader_is_named_once")]
        indexes = [models.Index(fields=["urn"], name="documents_of_a_reader")]

    def __str__(self) -> str:
        return self.name


class Look(models.Model):
    """Somebody opened a document or a file of it: once a day from one place; in the journal for ever."""

    # It follows from document, what was opened, who looked, where and on which day.
    id = models.UUIDField(primary_key=True, editable=False)
    document = models.UUIDField()
    looker = models.CharField(max_length=120)
    who = models.CharField(max_length=120)
    # The name of a file; empty for the page of the document.
    what = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=45, blank=True, help_text="The address it was opened from.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["document", "-at"], name="looks_at_a_document")]

    def __str__(self) -> str:
        return f"{self.who} {self.at}"


def open_to(actor: Actor, roles: tuple[str, ...]) -> Q:
    """Documents of agencies where the actor's post sees all, or where they hold a post and were named."""
    whole = actor.answers_for(*(role for role in roles if role in ALL_SEEING))
    named = Reader.objects.filter(urn=actor.urn).values("document")
    return Q(agency__in=whole) | Q(agency__in=actor.answers_for(*roles), pk__in=named)
