"""A form tried out: what was typed on its pages so far, which questions that opens or closes, and what it would be blamed for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from motcua.desk.asking import in_words
from motcua.dossiers.facts import said
from motcua.dossiers.forms import Block, as_text, asked_after, blocks, field_for, shown
from motcua.procedures.answers import clean
from motcua.procedures.schema import Answer, Condition, Definition, FormField, Group

# Names of what a page sends beside the answers; an id of a question has no dash.
FROM, TO, ONWARD = "from-page", "to-page", "-onward"


class Page(forms.Form):
    """One page of the form with the questions that are asked after what was typed."""

    use_required_attribute = False

    def __init__(self, group: Group, asked: list[FormField], typed: Any, known: Mapping[str, Answer]) -> None:
        super().__init__(typed, initial={one.id: shown(one, known.get(one.id)) for one in asked})
        self.group = group
        for question in asked:
            self.fields[question.id] = field_for(question)

    def blocks(self) -> list[Block]:
        return blocks(self, self.group)


@dataclass(frozen=True)
class Line:
    """A question of the page beside it: when it is asked, and whether it is now."""

    id: str
    label: str
    when: str
    is_asked: bool


@dataclass(frozen=True)
class Part:
    """A page of the form: whether what was typed leads to it."""

    id: str
    title: str
    when: str
    is_asked: bool
    is_current: bool


class Trial:
    """The form of a definition in one case, with the answers tried; they travel with the page and are kept nowhere."""

    def __init__(self, definition: Definition, case: str | None) -> None:
        self.definition, self.case = definition, case
        self.groups = [one for one in definition.form if not one.cases or case in one.cases]
        self.group: Group | None = self.groups[0] if self.groups else None
        self.typed: dict[str, str] = {}
        self.answers: dict[str, Answer] = {}
        self.posted: Any = None
        self.faults: dict[str, str] = {}
        self.is_done = False

    @property
    def has_faults(self) -> bool:
        return bool(self.faults)

    def turn_to(self, page: str) -> None:
        """Another page of the form; the same where there is none of this name."""
        self.group = next((one for one in self.groups if one.id == page), self.group)

    def take(self, posted: Mapping[str, str]) -> None:
        """Read what was typed, on this page and on those before, and go where the pressed button leads."""
        self.turn_to(posted.get(FROM, ""))
        if self.group is None:
            return
        here = Page(self.group, list(self.group.fields), posted, {})
        here.is_valid()
        ids = self.definition.fields_by_id
        self.typed = {id_: posted[id_] for id_ in ids if id_ in posted and id_ not in here.fields}
        self.typed |= {name: as_text(here.cleaned_data.get(name)) for name in here.fields}
        faults = self.read()
        wanted = posted.get(TO, "")
        if wanted == ONWARD:
            self.faults = faults.get(self.group.id, {})
            self.posted = posted if self.faults else None
            if not self.faults:
                self.go_on()
        elif wanted:
            self.turn_to(wanted)
        else:
            self.posted = posted

    def read(self) -> dict[str, dict[str, str]]:
        """The answers as the citizen's own would be read, page after page; what would be blamed on each."""
        faults, today = {}, timezone.localdate()
        for group in self.groups:
            if group.is_asked(self.case, self.answers):
                read = clean(group, self.typed, earlier=self.answers, on=today)
                self.answers |= read.values
                faults[group.id] = read.faults
        return faults

    def go_on(self) -> None:
        """The next page that is asked; after the last one the form is done."""
        ahead = iter(self.groups)
        next((one for one in ahead if one is self.group), None)
        following = next((one for one in ahead if one.is_asked(self.case, self.answers)), None)
        self.is_done, self.group = following is None, following or self.group

    @property
    def form(self) -> Page | None:
        """The page to draw, with what it is blamed for."""
        if self.group is None or self.is_done:
            return None
        asked = self.asked
        page = Page(self.group, asked, self.posted, self.answers)
        for name, words in self.faults.items():
            page.add_error(name if name in page.fields else None, words)
        return page

    @property
    def asked(self) -> list[FormField]:
        """The questions of the page; those another on it decides stand there until that one is answered."""
        opened = asked_after(self.group, self.answers) if self.group else []
        return [one for one in opened if one.when is None or self.is_open(one.when)]

    def is_open(self, when: Condition) -> bool:
        return when.holds(self.answers) or self.answers.get(when.field) is None

    @property
    def title(self) -> str:
        return said(self.group.title) if self.group else ""

    @property
    def intro(self) -> str:
        return said(self.group.intro) if self.group else ""

    @property
    def parts(self) -> list[Part]:
        return [
            Part(
                one.id,
                said(one.title),
                in_words(one.when, self.definition),
                one.is_asked(self.case, self.answers),
                one is self.group and not self.is_done,
            )
            for one in self.groups
        ]

    @property
    def lines(self) -> list[Line]:
        """The questions of this page."""
        fields, asked = self.group.fields if self.group else (), self.asked
        return [
            Line(one.id, said(one.label), in_words(one.when, self.definition), one in asked) for one in fields
        ]

    @property
    def carried(self) -> Iterator[tuple[str, str]]:
        """What was typed on the other pages, and here on questions no longer asked: it goes with the page."""
        drawn = set() if self.is_done else {one.id for one in self.asked}
        return ((id_, text) for id_, text in self.typed.items() if text and id_ not in drawn)
