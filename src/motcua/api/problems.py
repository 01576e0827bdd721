"""Answers that are no success: problem details of RFC 9457, with what is wrong, where, and how to mend it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

MEDIA_TYPE = "application/problem+json"

# Status → name in the type's address, title. The addresses lead to the page that explains them.
KNOWN: dict[int, tuple[str, Promise]] = {
    400: ("unreadable", gettext_lazy("The request cannot be read")),
    401: ("unknown-machine", gettext_lazy("We do not know who is calling")),
    403: ("not-allowed", gettext_lazy("This machine may not do this")),
    404: ("nothing-here", gettext_lazy("There is nothing at this address")),
    405: ("wrong-method", gettext_lazy("This cannot be done at this address")),
    406: ("no-such-form", gettext_lazy("We cannot answer in the form asked for")),
    409: ("not-now", gettext_lazy("This cannot be done now")),
    413: ("too-large", gettext_lazy("The request is too large")),
    415: ("wrong-media", gettext_lazy("The body has another media type than is read here")),
    422: ("does-not-hold", gettext_lazy("What was sent does not hold")),
    429: ("too-many", gettext_lazy("Too many calls in this minute")),
    500: ("our-fault", gettext_lazy("Something broke on our side")),
}


@dataclass
class Problem(Exception):
    """An answer that is no success; `faults` names each place that must be mended (a JSON pointer, or what it is called)."""

    status: int
    detail: str
    faults: Sequence[Mapping[str, str]] = ()
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.detail

    def answer(self) -> HttpResponse:
        name, title = KNOWN[self.status]
        content: dict[str, Any] = {
            "type": f"/api/#{name}",
            "title": str(title),
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }
        if self.faults:
            content["errors"] = list(self.faults)
        answer = HttpResponse(json.dumps(content, ensure_ascii=False), MEDIA_TYPE, self.status)
        for header, value in self.headers.items():
            answer[header] = value
        return answer


def unreadable(fault: ValidationError, *, where: str) -> Problem:
    """Each place of a body (`where` = "#", or a pointer into it) or of the query ("?") that does not hold, and how to mend it."""
    faults = [{"where": pointer(where, one["loc"]), "what": said(one)} for one in fault.errors()[:50]]
    is_no_json = any(one["type"] in {"json_invalid", "json_type"} for one in fault.errors())
    if is_no_json:
        return Problem(400, _("The body is no JSON: %(what)s") % {"what": fault.errors()[0]["msg"]}, faults)
    detail = _("Mend what `errors` names and send it again; nothing of this request was kept.")
    return Problem(422, detail, faults)


def pointer(where: str, location: Sequence[int | str]) -> str:
    """Where in the request: `#/applicant/number` in a body, `?state` in the query."""
    if where == "?":
        return "?" + ".".join(map(str, location))
    return where + "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location)


# What our schemas can find wrong, in words that say how to mend it.
SAID: dict[str, Promise] = {
    "missing": gettext_lazy("This is missing."),
    "extra_forbidden": gettext_lazy("There is no such field here. Leave it out, or look at its spelling."),
    "string_type": gettext_lazy("Write a text."),
    "string_too_short": gettext_lazy("Write at least %(min_length)s characters."),
    "string_too_long": gettext_lazy("Shorten this to %(max_length)s characters."),
    "string_pattern_mismatch": gettext_lazy("This is not written as expected: %(pattern)s"),
    "int_type": gettext_lazy("Write a whole number."),
    "int_parsing": gettext_lazy("Write a whole number."),
    "bool_type": gettext_lazy("Write true or false."),
    "greater_than_equal": gettext_lazy("Write %(ge)s or more."),
    "less_than_equal": gettext_lazy("Write %(le)s or less."),
    "enum": gettext_lazy("Choose one of: %(expected)s."),
    "literal_error": gettext_lazy("Choose one of: %(expected)s."),
    "uuid_parsing": gettext_lazy("Write an identifier such as 0192f0c1-7a3e-4b1c-9d2f-5f1f3c1b2a90."),
    "list_type": gettext_lazy("Write a list."),
    "too_long": gettext_lazy("At most %(max_length)s may stand here."),
    "too_short": gettext_lazy("At least %(min_length)s must stand here."),
    "model_type": gettext_lazy("Write an object with named fields."),
    "model_attributes_type": gettext_lazy("Write an object with named fields."),
    "dict_type": gettext_lazy("Write an object with named fields."),
    "date_from_datetime_parsing": gettext_lazy("Write a day such as 2026-11-16."),
    "value_error": gettext_lazy("Write the moment as yyyyMMddHHmmss."),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_aware"),
        gettext_lazy("Write a moment with its offset, such as 2026-11-16T09:30:00+07:00."),
    ),
    "moment_far_away": gettext_lazy("Write a moment between 2000 and 2100."),
    "date_parsing": gettext_lazy("Write a day such as 2026-11-16."),
}


def said(error: Mapping[str, Any]) -> str:
    """One fault in the reader's language; what we have no words for, in the library's."""
    words = SAID.get(error["type"])
    return str(words) % error.get("ctx", {}) if words else str(error["msg"])
