"""The words of documents, for full-text search; made anew from the documents at any time."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value


class Wording(models.Model):
    """All words of one document, of its register and of its files."""

    incoming = models.OneToOneField(
        "dispatches.Incoming", on_delete=models.CASCADE, null=True, blank=True, related_name="wording"
    )
    outgoing = models.OneToOneField(
        "dispatches.Outgoing", on_delete=models.CASCADE, null=True, blank=True, related_name="wording"
    )
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="words_of_dispatches")]
        constraints = [
            models.CheckConstraint(
                condition=Q(incoming=None, outgoing__isnull=False) | Q(incoming__isnull=False, outgoing=None),
                name="a_wording_is_of_one_document",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


def holding(query: str) -> Func:
    """The condition that a document's words answer the query of `wording.query_of`."""
    asked = Func(Value(query), template="(%(expressions)s)::tsquery")
    return Func(
        F("wording__words"),
        asked,
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=models.BooleanField(),
    )
