"""Pages of a list: a number of rows, and the address of the page after them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.http import urlencode

from motcua.api.door import Call


def cut(rows: list[Any], limit: int) -> tuple[list[Any], bool]:
    """Of limit + 1 rows that were read, those of this page, and whether there are more."""
    return rows[:limit], len(rows) > limit


def next_page(call: Call, *, after: Any) -> str:
    """The same question, after this row."""
    asked = call.query.model_dump(mode="json", exclude_none=True, exclude_defaults=True) | {
        "after": str(after)
    }
    return f"{settings.NODE.web_url}{call.request.path}?{urlencode(asked)}"


def paged[Row: models.Model](
    call: Call, rows: models.QuerySet[Row], *, by: str, among: models.QuerySet[Row] | None = None
) -> tuple[list[Row], str | None]:
    """A page of rows in the order of a field and the key, and the address of the one after it.

    `among` are the rows `after` may name, where what is asked for may have left them in the meantime.
    """
    asked, others = call.query, rows if among is None else among
    if asked.after is not None:
        last = others.filter(pk=asked.after).values_list(by, flat=True).first()
        if last is None:
            return [], None
        rows = rows.filter(Q(**{f"{by}__gt": last}) | Q(**{by: last, "pk__gt": asked.after}))
    found, more = cut(list(rows.order_by(by, "pk")[: asked.limit + 1]), asked.limit)
    return found, next_page(call, after=found[-1].pk) if more else None
