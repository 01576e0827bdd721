"""Life events: what people say happened, the procedures it takes, and the questions that lead to the right one."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from motcua.procedures.advice import validated
from motcua.procedures.folding import fold
from motcua.procedures.loading import CATALOGUE
from motcua.procedures.reading import Document, Fault, Faulty, Place
from motcua.procedures.schema import Code, Id, Part, Text
from motcua.procedures.search.index import Occasion

FOLDER = Path(__file__).parent / "life_events"


class Option(Part):
    """An answer: to the next question, to a procedure and its case, or to a word of advice."""

    id: Id
    label: Text
    hint: Text | None = None
    next: Id | None = None
    procedure: Code | None = None
    case: Id | None = None
    advice: Text | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if sum(one is not None for one in (self.next, self.procedure, self.advice)) != 1:
            raise ValueError(_("an answer leads to one of: the `next` question, a `procedure`, an `advice`"))
        if self.case and not self.procedure:
            raise ValueError(_("`case` belongs to an answer with a `procedure`"))
        return self


class Question(Part):
    id: Id
    ask: Text
    hint: Text | None = None
    options: tuple[Option, ...] = Field(min_length=2)

    def option(self, id_: str) -> Option | None:
        return next((one for one in self.options if one.id == id_), None)


class LifeEvent(Part):
    """One file: what happened in plain words, its procedures in order, and the guide, whose questions lead forward only."""

    id: Id
    order: int
    who: Literal["person", "business"]
    icon: Id
    name: Text
    hint: Text
    words: tuple[str, ...] = Field(min_length=1)
    procedures: tuple[Code, ...] = Field(min_length=1)
    guide: tuple[Question, ...] = ()

    def question(self, id_: str) -> Question:
        """The question of this id; KeyError if there is none."""
        return {one.id: one for one in self.guide}[id_]

    @property
    def occasion(self) -> Occasion:
        """As search sees it."""
        said = (self.name.vi, self.name.en, *self.words)
        return Occasion(self.id, tuple(dict.fromkeys(map(fold, said))), self.procedures)


def files() -> list[Path]:
    """The life events as shipped."""
    return sorted(FOLDER.glob("*.yaml"))


@cache
def life_events() -> dict[str, LifeEvent]:
    """All of them by id, in the order in which they are shown."""
    found = sorted(map(load, files()), key=lambda one: (one.order, one.id))
    return {one.id: one for one in found}


def not_shipped() -> list[str]:
    """Codes that life events lead to and that are not in our catalogue: they are there only where they were imported."""
    named = {code for event in life_events().values() for code in event.procedures}
    return sorted(named - {path.stem for path in CATALOGUE.glob("*.yaml")})


def load(path: Path, *, shown_as: str = "") -> LifeEvent:
    """The life event a file describes, under the file's name; raises `Faulty` with every fault, each at its line."""
    document = Document.read(path, shown_as=shown_as)
    document.data.setdefault("id", path.stem)
    event = validated(document, LifeEvent, document.data)
    for place, message in faults(event):
        document.fault(place, message)
    if document.faults:
        raise Faulty(sorted(document.faults))
    return event


def faults_in(paths: Iterable[Path]) -> Iterator[Fault]:
    """Every fault in these files."""
    for path in paths:
        try:
            load(path)
        except Faulty as faulty:
            yield from faulty.faults


def faults(event: LifeEvent) -> Iterator[tuple[Place, str]]:
    """What its shape alone does not show: the guide comes to an end, and nothing in it stands idle."""
    ids = [question.id for question in event.guide]
    led_to = {option.next for question in event.guide for option in question.options}
    for number, question in enumerate(event.guide):
        if question.id in ids[:number]:
            yield ("guide", number, "id"), _("this question stands twice: keep one of them")
        if number and question.id not in led_to:
            yield ("guide", number, "id"), _("no answer leads to this question")
        for place, option in enumerate(question.options):
            for name, message in faults_of(option, question.options[:place], ids[number + 1 :]):
                yield ("guide", number, "options", place, name), message


def faults_of(option: Option, before: Sequence[Option], later: Sequence[str]) -> Iterator[tuple[str, str]]:
    if option.id in {one.id for one in before}:
        yield "id", _("this answer stands twice: keep one of them")
    if option.next and option.next not in later:
        yield "next", _("there is no such question further down")
    if option.case and option.procedure and option.case not in cases_of(option.procedure):
        yield "case", _("the procedure has no such case")


@cache
def cases_of(code: str) -> frozenset[str]:
    """The cases of one of our own procedures; a guide can name no case of another."""
    path = CATALOGUE / f"{code}.yaml"
    if not path.exists():
        return frozenset()
    return frozenset(case["id"] for case in Document.read(path).data.get("cases") or ())
