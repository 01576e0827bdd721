"""Changes to the questions of a definition, one at a time; all that is not changed stays as it was, to the letter.

Each function gives the definition anew, held to the same rules as a file: what does not fit raises `Faulty`.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from motcua.procedures.advice import validated
from motcua.procedures.loading import QUESTIONS
from motcua.procedures.reading import Document, Fault, Faulty
from motcua.procedures.schema import Choice, Definition
from motcua.procedures.vocabulary import Signing

type Content = dict[str, Any]

# In the order in which they are offered; the last one comes at the end of a form, the others at its beginning.
SHARED = ("applicant", "organisation", "receiving")
LAST = "receiving"


def put_group(definition: Definition, group: str, changes: Mapping[str, Any]) -> Definition:
    """A page of questions says something else; None takes a part away."""
    content = definition.as_content()
    alter(page(content, group), changes)
    return remade(content)


def add_group(definition: Definition, group: Content) -> Definition:
    """A page more, at the end; its first question comes with it."""
    content = definition.as_content()
    pages = content.setdefault("form", [])
    if group["id"] in {one["id"] for one in pages}:
        raise fault("form", _("There is a page “%(id)s” already.") % {"id": group["id"]})
    for field in group["fields"]:
        refuse_known(definition, field["id"])
    pages.append(group)
    return remade(content)


def shared_pages() -> dict[str, Content]:
    """The pages of questions many procedures share, by name; what their questions are called means something to the program."""
    return {name: Document.read(QUESTIONS / f"{name}.yaml").data for name in SHARED}


def take_in(definition: Definition, name: str) -> Definition:
    """A shared page is asked as well: how the result is received at the end, who applies at the beginning."""
    if name not in SHARED:
        raise fault("form", _("There is no such page to be taken in."))
    content, shared = definition.as_content(), shared_pages()[name]
    pages = content.setdefault("form", [])
    asked = {field["id"]: one for one in pages for field in one["fields"]}
    if twice := [asked[field["id"]]["title"]["vi"] for field in shared["fields"] if field["id"] in asked]:
        raise fault(
            "form",
            _("The page “%(page)s” asks some of this already: take it out first.") % {"page": twice[0]},
        )
    if any(one["id"] == name for one in pages):
        raise fault("form", _("There is a page “%(id)s” already.") % {"id": name})
    pages.insert(len(pages) if name == LAST else 0, shared)
    return remade(content)


def put_field(definition: Definition, field: str, changes: Mapping[str, Any]) -> Definition:
    """A question says something else; None takes a part away."""
    content = definition.as_content()
    fields, place = question(content, field)
    alter(fields[place], changes)
    return remade(content)


def add_field(definition: Definition, group: str, field: Content) -> Definition:
    """A question more, at the end of its page."""
    refuse_known(definition, field["id"])
    content = definition.as_content()
    page(content, group)["fields"].append(field)
    return remade(content)


def move(definition: Definition, id_: str, *, by: int) -> Definition:
    """A page or a question goes so many places down (up, where negative), within the form or its page; no further than its end."""
    content = definition.as_content()
    things, place = found(content, id_)
    things.insert(min(max(place + by, 0), len(things) - 1), things.pop(place))
    return remade(content)


def remove(definition: Definition, id_: str) -> Definition:
    """A page or a question is left out."""
    content = definition.as_content()
    things, place = found(content, id_)
    if len(things) == 1 and "fields" not in things[place]:
        raise fault(id_, _("A page has at least one question: take out the page instead."))
    things.pop(place)
    return remade(content)


def put_signature(definition: Definition, signature: Signing) -> Definition:
    """Whether the applicant signs the form."""
    content = definition.as_content()
    alter(content, {"signature": None if signature is Signing.NONE else signature.value})
    return remade(content)


def found(content: Content, id_: str) -> tuple[list[Content], int]:
    """The list in which a page (`page.ID`) or a question (`ID`) stands, and its place there."""
    pages = content.get("form", [])
    if id_.startswith("page."):
        return pages, [one["id"] for one in pages].index(page(content, id_.removeprefix("page."))["id"])
    return question(content, id_)


def page(content: Content, id_: str) -> Content:
    for one in content.get("form", []):
        if one["id"] == id_:
            answer: Content = one
            return answer
    raise fault("form", _("There is no page “%(id)s” (any more).") % {"id": id_})


def question(content: Content, id_: str) -> tuple[list[Content], int]:
    for one in content.get("form", []):
        for place, field in enumerate(one["fields"]):
            if field["id"] == id_:
                return one["fields"], place
    raise fault("form", _("There is no question “%(id)s” (any more).") % {"id": id_})


def refuse_known(definition: Definition, id_: str) -> None:
    if id_ in definition.fields_by_id:
        raise fault(id_, _("There is a question “%(id)s” already.") % {"id": id_})


def alter(part: Content, changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if value is None:
            part.pop(key, None)
        else:
            part[key] = value


def remade(content: Content) -> Definition:
    return validated(Document("", content), Definition, content)


def fault(field: str, says: str) -> Faulty:
    return Faulty([Fault("", 1, field, says)])


# Choices as people type them: one a line, `value | Vietnamese | English`.


def choices_as_text(choices: tuple[Choice, ...]) -> str:
    """One choice a line, as `choices_of_text` reads it."""
    return "\n".join(" | ".join(filter(None, [one.value, one.label.vi, one.label.en])) for one in choices)


def choices_of_text(text: str) -> list[Content]:
    """The choices of such lines."""
    return [{"value": value, "label": label} for value, label in two_parts(text)]


def two_parts(text: str) -> list[tuple[str, Content]]:
    """What stands before the first bar of each line, and the text behind it; a line without a bar is both at once."""
    read = []
    for line in text.splitlines():
        value, _bar, rest = (part.strip() for part in line.partition("|"))
        vietnamese, _bar, english = (part.strip() for part in rest.partition("|"))
        if value:
            read.append((value, {"vi": vietnamese or value} | ({"en": english} if english else {})))
    return read
