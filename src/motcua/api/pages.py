"""Pages of a list: a number of rows, and the address of the page after them."""

from typing import Any

from django.conf import settings
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
