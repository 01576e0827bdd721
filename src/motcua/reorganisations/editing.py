"""A plan changed one entry at a time: each function gives the scheme anew and leaves alone what was not changed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.procedures.reading import Place
from motcua.reorganisations.scheme import Scheme

type Content = dict[str, Any]


def put(scheme: Scheme, place: Place, changes: Mapping[str, Any]) -> Scheme:
    """An entry says something else, or one more at the end; what is empty is left out, as in a file.

    A place is that of the file: () the plan itself, ("old", 0), ("new", 1), ("old", 0, "dossiers", 2), ("old", 0, "posts", 0).
    """
    content = scheme.as_content()
    entry = content
    if place:
        entries, number = around(content, place)
        if number == len(entries):
            entries.append({})
        entry = entries[number]
    for key, value in changes.items():
        if value in (None, "", [], False):
            entry.pop(key, None)
        else:
            entry[key] = value
    return Scheme.from_content(content)


def take_out(scheme: Scheme, place: Place) -> Scheme:
    """An entry goes; raises `Invalid` where nothing would be left."""
    content = scheme.as_content()
    entries, number = around(content, place)
    del entries[number]
    left = Scheme.from_content(content)
    if not left.codes:
        raise Invalid(_("The plan would say nothing any more. Give it up instead."))
    return left


def around(content: Content, place: Place) -> tuple[list[Content], int]:
    """The entries among which this one stands, and which it is; KeyError or IndexError if there is no such place."""
    *above, name, number = place
    for step in above:
        content = content[step]  # type: ignore[index]
    entries = content.setdefault(str(name), [])
    if not 0 <= int(number) <= len(entries):
        raise IndexError(number)
    return entries, int(number)
