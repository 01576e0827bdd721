"""What a reorganisation is, typed and closed: the file an administrator writes, and what the plan keeps of it."""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Literal, NamedTuple, Self

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from motcua.procedures.advice import validated
from motcua.procedures.reading import Document, Faulty, Place
from motcua.procedures.schema import AgencyCode, Code, Id, Part
from motcua.procedures.vocabulary import Role


class Kind(StrEnum):
    """What happens to agencies; a level that is abolished is a number of them dissolved."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    DISSOLVE = "dissolve"
    TRANSFER = "transfer"


KINDS = {
    Kind.MERGE: gettext_lazy("Several become one"),
    Kind.SPLIT: gettext_lazy("One is divided"),
    Kind.RENAME: gettext_lazy("Another name"),
    Kind.DISSOLVE: gettext_lazy("Dissolved, its work goes to others"),
    Kind.TRANSFER: gettext_lazy("Under another agency, with another code"),
}


class Heir(Part):
    """An agency that takes over; of one that exists only what changes is written, of a new one at least its names."""

    code: AgencyCode
    name_vi: str = Field(default="", max_length=200)
    name_en: str = Field(default="", max_length=200)
    short_name: str = Field(default="", max_length=100)
    abbreviation: str = Field(default="UBND", max_length=20)
    unit_code: str = Field(default="", pattern=r"^([0-9]{2}|[0-9]{3}|[0-9]{5})?$")
    address: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=20)


class Allotment(Part):
    """Which open dossiers go elsewhere than to the main heir: by an answer of the form, by procedure, or with their officer."""

    to: AgencyCode | None = None
    field: Id | None = None
    contains: tuple[str, ...] = ()
    procedures: tuple[Code, ...] = ()
    with_officer: bool = False

    def as_share(self) -> dict[str, Any]:
        """What an heir's share says of it; an officer cannot be part of one, for nobody holds what has not come yet."""
        return {"procedures": list(self.procedures), "field": self.field, "contains": list(self.contains)}


class Posting(Part):
    """Which posts and officers go elsewhere than to the main heir, become something else, or end with the agency."""

    to: AgencyCode | None = None
    roles: tuple[Role, ...] = ()
    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    becomes: Role | None = None
    title: str = Field(default="", max_length=100)
    ends: bool = False


class Ending(Part):
    """An agency that ends on the eve of the day, and who follows it."""

    code: AgencyCode
    into: AgencyCode
    dossiers: tuple[Allotment, ...] = ()
    posts: tuple[Posting, ...] = ()
    values: Literal["take over", "end"] = "take over"
    numbers: Literal["fresh", "continue"] = "fresh"

    @property
    def heirs(self) -> list[str]:
        """Everyone who follows it, the main heir first."""
        named = [rule.to for rule in self.dossiers] + [rule.to for rule in self.posts]
        return list(dict.fromkeys([self.into, *(code for code in named if code)]))

    @property
    def shares(self) -> dict[str, list[dict[str, Any]]]:
        """Which part of what comes later goes to whom, by code: the rules for dossiers, each with its place among them."""
        found: dict[str, list[dict[str, Any]]] = {}
        for place, rule in enumerate(self.dossiers):
            if rule.to and not rule.with_officer:
                found.setdefault(rule.to, []).append({"place": place, **rule.as_share()})
        return found


class Scheme(Part):
    """One reorganisation: on which day, by which decision, who ends and who follows."""

    title: str = Field(min_length=1, max_length=200)
    decision: str = Field(min_length=1, max_length=200)
    on: dt.date
    kind: Kind
    new: tuple[Heir, ...] = ()
    old: tuple[Ending, ...] = ()

    @property
    def heirs(self) -> list[str]:
        """Codes of all who take over."""
        named = [one.code for one in self.new] + [code for one in self.old for code in one.heirs]
        return list(dict.fromkeys(named))

    @property
    def codes(self) -> list[str]:
        """Codes of all agencies the plan speaks of."""
        return list(dict.fromkeys([*(one.code for one in self.old), *self.heirs]))

    @property
    def eve(self) -> dt.date:
        """The last day of the agencies that end."""
        return self.on - dt.timedelta(days=1)

    def ending(self, code: str) -> Ending:
        """What is said of an agency that ends; KeyError if nothing is."""
        return {one.code: one for one in self.old}[code]

    def as_content(self) -> dict[str, Any]:
        """The same as plain JSON values; `Scheme.from_content` reads it back."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> Self:
        return cls.model_validate(content, strict=False)


def read(text: str, *, shown_as: str = "") -> Scheme:
    """The reorganisation a file describes; raises `Faulty` with every fault, each at its line."""
    document = Document.parsed(text, shown_as=shown_as)
    scheme = validated(document, Scheme, document.data)
    for one in faults(scheme):
        document.fault(one.place, one.message)
    if document.faults:
        raise Faulty(sorted(document.faults))
    return scheme


def written(scheme: Scheme) -> str:
    """The file of a reorganisation; it reads back as the same."""
    content = scheme.as_content() | {"on": scheme.on}
    text = str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110))
    return text.replace("'on':", "on:", 1)  # a quirk of YAML 1.1, which we do not share: “on” is no yes here


class Amiss(NamedTuple):
    """What cannot be: where in the file, how to mend it there, and the same for who sees a form and no file."""

    place: Place
    message: str
    plain: str


def faults(scheme: Scheme) -> Iterator[Amiss]:
    """What cannot be, whatever the agencies are like."""
    yield from shape_faults(scheme)
    yield from entry_faults(scheme)


def entry_faults(scheme: Scheme) -> Iterator[Amiss]:
    """What an entry says that cannot be, even while others are still to be written."""
    ending = [one.code for one in scheme.old]
    for number, one in enumerate(scheme.old):
        if ending.count(one.code) > 1:
            yield Amiss(
                ("old", number, "code"),
                _("this agency stands twice: keep one of them"),
                _("This agency ends by this plan already."),
            )
        for code in one.heirs:
            if code in ending:
                words = _("%(code)s ends on the same day and cannot follow") % {"code": code}
                yield Amiss(("old", number), words, f"{words}.")
        for place, rule in enumerate(one.dossiers):
            if not (rule.with_officer or rule.procedures or (rule.field and rule.contains)):
                yield Amiss(
                    ("old", number, "dossiers", place),
                    _("say which: `field` and `contains`, `procedures`, or `with_officer: true`"),
                    _("Say which dossiers: by procedure, by place, or with their officer."),
                )
            elif not rule.to and not rule.with_officer:
                yield Amiss(
                    ("old", number, "dossiers", place, "to"),
                    _("say to whom they go: add `to`"),
                    _("Say to whom they go."),
                )


def shape_faults(scheme: Scheme) -> Iterator[Amiss]:
    """What the kind of reorganisation says, and the plan does not."""
    old, heirs = scheme.old, {code for one in scheme.old for code in one.heirs}
    taken_over = {code for code in heirs if code not in {one.code for one in scheme.new}}
    match scheme.kind:
        case Kind.MERGE if len(heirs) != 1 or len(old) + len(heirs - new_codes(scheme)) < 2:
            yield Amiss(
                ("old",),
                _("a merger has at least two agencies and one heir; name all that end, with `into`"),
                _("A merger has at least two agencies and one that takes over. Add every agency that ends."),
            )
        case Kind.SPLIT if len(old) != 1 or len(heirs) < 2:
            yield Amiss(
                ("old",),
                _("a division has one agency that ends and several heirs; name them with `to`"),
                _(
                    "A division has one agency that ends and several that take over. Add what goes elsewhere than "
                    "to the main one."
                ),
            )
        case Kind.RENAME if (old and (len(old), len(heirs)) != (1, 1)) or len(scheme.new) != 1:
            yield Amiss(
                ("new",),
                _("another name is written in `new`, once; only with another code the old one ends in `old`"),
                _("One plan gives one agency another name; only with another code the old one ends."),
            )
        case Kind.DISSOLVE if not old:
            yield Amiss(
                ("old",),
                _("name the agencies that end, and with `into` who takes over their work"),
                _("Add the agencies that end, and who takes over their work."),
            )
        case Kind.TRANSFER if any(len(one.heirs) != 1 for one in old) or not old or taken_over:
            yield Amiss(
                ("old",),
                _("each agency that goes under another has one heir, written in `new`"),
                _(
                    "Each agency that goes under another begins anew under its new code, with one that follows."
                ),
            )


def new_codes(scheme: Scheme) -> set[str]:
    """Codes under which something is said in `new` as of an agency that begins."""
    return {one.code for one in scheme.new if one.name_vi and one.unit_code}
