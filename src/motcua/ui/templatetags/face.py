"""Filters that write as the state writes, and the attributes of our components."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from html import escape
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from motcua.ui import words

register = template.Library()


def _filter(name: str, write: Callable[[Any], str]) -> None:
    """A filter that writes nothing for nothing."""
    register.filter(name, lambda value: "" if value is None or value == "" else write(value))


for _style, _write in words.STYLES.items():
    _filter(_style, _write)
for _words in (
    words.term,
    words.left,
    words.urgency,
    words.money,
    words.size,
    words.personal_number,
    words.masked_number,
    words.masked_name,
    words.called,
    words.initials,
):
    _filter(_words.__name__, _words)


@register.filter
def number(value: float | None, places: int = 0) -> str:
    """19.300, or with places 97,8."""
    return "" if value is None else words.number(value, places)


@register.simple_tag
def time(value: date | None, style: str = "short_moment") -> SafeString | str:
    """A moment in words inside <time>, so that machines read it too: {% time dossier.due_at "until" %}."""
    if value is None:
        return ""
    exact = words.local(value)
    stamp = exact.isoformat(timespec="minutes") if isinstance(exact, datetime) else exact.isoformat()
    said = escape(words.STYLES[style](value))  # type: ignore[arg-type]
    return SafeString(f'<time datetime="{stamp}">{said}</time>')


@register.simple_tag
@cache
def drawing(name: str) -> SafeString:
    """The lines of an icon; each is read once."""
    return render_to_string(f"ui/icons.html#{name}")


@register.filter
def share(value: float | str) -> str:
    """A percentage for an SVG attribute: between 0 and 100, with a point whatever the language."""
    return f"{min(100.0, max(0.0, float(str(value).replace(',', '.')))):.4g}"


@register.filter
def near(page: Any) -> range:
    """The numbers of the pages up to two before and after this one: a list of thousands is not walked through."""
    last = page.pages if hasattr(page, "pages") else page.paginator.num_pages
    return range(max(1, page.number - 2), min(last, page.number + 2) + 1)


@register.filter
def attributes(attrs: Mapping[str, Any]) -> SafeString | str:
    """What a component passes on to its element, each value escaped; None and False leave the attribute out."""
    said = {name: value for name, value in attrs.items() if value is not None and value != ""}
    return flatatt(said) if said else ""


@register.simple_tag
def described(control: str, hint: str, error: str, source: str) -> SafeString:
    """The attributes that tie a control to its hint, error and source."""
    said = [
        f"{control}_{name}"
        for name, text in (("helptext", hint), ("error", error), ("source", source))
        if text
    ]
    return flatatt({"aria-describedby": " ".join(said) or None, "aria-invalid": "true" if error else None})
