"""Changes to the exemptions of a definition (who need not pay, and by which proof), and to the cut-off of the day.

As in `form_editing`: each function gives the definition anew, held to the same rules as a file.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from motcua.lib.letters import bare
from motcua.procedures.form_editing import Content, alter, fault, remade
from motcua.procedures.schema import Definition

LONGEST = 50


def put_exemption(definition: Definition, id_: str, changes: Mapping[str, Any]) -> Definition:
    """An exemption says something else; None takes a part away."""
    content = definition.as_content()
    those, place = exemption_at(content, id_)
    alter(those[place], changes)
    return remade(content)


def add_exemption(definition: Definition, said: Content) -> Definition:
    """An exemption more, at the end; what files call it comes from its name."""
    content = definition.as_content()
    those = content.setdefault("exemptions", [])
    those.append({"id": new_id(said["name"]["vi"], {one["id"] for one in those}), **said})
    return remade(content)


def move_exemption(definition: Definition, id_: str, *, by: int) -> Definition:
    """An exemption goes so many places down (up, where negative), no further than the end."""
    content = definition.as_content()
    those, place = exemption_at(content, id_)
    those.insert(min(max(place + by, 0), len(those) - 1), those.pop(place))
    return remade(content)


def remove_exemption(definition: Definition, id_: str) -> Definition:
    """Whoever it was for pays from now on."""
    content = definition.as_content()
    those, place = exemption_at(content, id_)
    those.pop(place)
    alter(content, {"exemptions": those or None})
    return remade(content)


def put_cut_off(definition: Definition, at: str) -> Definition:
    """What is received after this hour counts from the next working day."""
    content = definition.as_content()
    alter(content, {"cut_off": at})
    return remade(content)


def exemption_at(content: Content, id_: str) -> tuple[list[Content], int]:
    those: list[Content] = content.get("exemptions", [])
    for place, one in enumerate(those):
        if one["id"] == id_:
            return those, place
    raise fault("exemptions", _("This exemption is not there (any more)."))


def new_id(name: str, known: set[str]) -> str:
    """“Trẻ em” → `tre_em`; with a number where that is taken."""
    plain = re.sub(r"[^a-z0-9]+", "_", bare(name).lower()).strip("_")[:LONGEST].strip("_")
    plain = plain if plain[:1].isalpha() else f"e_{plain}".rstrip("_")
    tries = (plain, *(f"{plain}_{number}" for number in range(2, len(known) + 3)))
    return next(one for one in tries if one not in known)
