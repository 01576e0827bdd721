"""The words of notices: each context declares its own, and they are put together in the reader's language when read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

# What Vietnamese papers write, and both languages of the pages use.
DAY = "%d/%m/%Y"
MOMENT = "%H:%M, %d/%m/%Y"


@dataclass(frozen=True)
class Wording:
    """Subject and body, lazily translated, with `%(name)s` where a parameter goes."""

    subject: str | Promise
    body: str | Promise
    is_urgent: bool = False


WORDINGS: dict[str, Wording] = {}


def wording(code: str, *, subject: str | Promise, body: str | Promise, urgent: bool = False) -> str:
    """Declare the words of notices of this code, `context.what`; return the code. Urgent ones also go out as text messages."""
    WORDINGS[code] = Wording(subject, body, urgent)
    return code


def worded(text: str | Promise, parameters: Mapping[str, Any]) -> str:
    """Return the text with its parameters; those named `…_on` and `…_at` are ISO dates and moments, amounts whole numbers."""
    return str(text) % {name: _shown(name, value) for name, value in parameters.items()}


def _shown(name: str, value: object) -> object:
    if isinstance(value, str) and name.endswith("_on"):
        return date.fromisoformat(value).strftime(DAY)
    if isinstance(value, str) and name.endswith("_at"):
        return timezone.localtime(datetime.fromisoformat(value)).strftime(MOMENT)
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    return value
