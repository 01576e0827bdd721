"""The words of documents, for full-text search; made anew from the documents at any time."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value

FEW = 5_000


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


def answering(query: str, of: str) -> Q | Subquery:
    """The condition that a document's words answer the query of `wording.query_of`; `of` names what it is, as `Wording` does.

    The newest are wanted, and the index knows no order: few are taken from it and put in order, of many the newest are looked
    at one after the other until there are enough. Which it is cannot be guessed from the words, so the index is asked first.
    """
    found = Wording.objects.filter(holding(query), **{f"{of}__isnull": False}).values_list(of, flat=True)
    if len(some := list(found[: FEW + 1])) <= FEW:
        return Q(pk__in=some)
    own = Wording.objects.filter(**{of: OuterRef("pk")}).values(holds=holding(query))
    return Subquery(own[:1], output_field=models.BooleanField())


def holding(query: str) -> Func:
    """Whether the words of a row answer the query."""
    asked = Func(Value(query), template="(%(expressions)s)::tsquery")
    return Func(
        F("words"),
        asked,
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=models.BooleanField(),
    )
