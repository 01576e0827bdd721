"""Rows for lists: whatever a table asks for, and what is said of it."""

from itertools import count
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

NUMBERS = count(1)


def filled(field, number):
    """Something for a field that must have something."""
    if field.choices:
        return field.choices[0][0]
    kinds = {
        models.BooleanField: bool,
        models.UUIDField: uuid4,
        models.DateTimeField: timezone.now,
        models.DateField: timezone.localdate,
        models.JSONField: dict,
        ArrayField: list,
        models.IntegerField: lambda: number,
    }
    return next(
        (make() for kind, make in kinds.items() if isinstance(field, kind)),
        f"{number:012d}"[-(field.max_length or 12) :],
    )


def unsaved(model, **said):
    """A row that holds as far as the database asks, and says what is told here."""
    number = next(NUMBERS)
    needed = [
        field
        for field in model._meta.concrete_fields
        if not (field.has_default() or field.null or field.blank or field.remote_field or field.name in said)
        and field.db_default is models.NOT_PROVIDED
    ]
    return model(**{field.name: filled(field, number) for field in needed}, **said)


def row(model, **said):
    """Such a row in its table."""
    made = unsaved(model, **said)
    made.save(force_insert=True)
    return made


def rows(model, many, **said):
    """So many of them with one statement; what is said by a function is asked anew for each."""
    made = [
        unsaved(model, **{name: one() if callable(one) else one for name, one in said.items()})
        for _n in range(many)
    ]
    return model.objects.bulk_create(made)
