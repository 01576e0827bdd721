"""Questions that lead to a procedure: which one comes after these answers, and what can be answered here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property

from motcua.dossiers import facts
from motcua.procedures.life import LifeEvent, Option, Question
from motcua.procedures.search.index import Index
from motcua.ui.context import Link


class Lost(Exception):
    """These answers lead nowhere."""


@dataclass(frozen=True)
class Given:
    """A question, its answer, and where to change it."""

    ask: str
    answer: str
    url: str


class Way:
    """The way through a life event's questions that these answers take; raises `Lost` where there is none."""

    def __init__(self, event: LifeEvent, answers: Sequence[str], index: Index) -> None:
        self.event, self.index = event, index
        self.chosen: list[tuple[Question, Option]] = []
        question: Question | None = event.guide[0] if event.guide else None
        for answer in answers:
            question = self.answered(question, answer)
        self.question = question
        if not self.chosen and not (question and self.options):
            raise Lost

    def answered(self, question: Question | None, answer: str) -> Question | None:
        option = question.option(answer) if question else None
        if not question or not option or not self.leads(option):
            raise Lost
        self.chosen.append((question, option))
        return self.event.question(option.next) if option.next else None

    def leads(self, option: Option) -> bool:
        """Whether the answer leads to advice, or to a procedure that the catalogue has."""
        if option.next:
            return any(map(self.leads, self.event.question(option.next).options))
        return option.procedure is None or option.procedure in self.index.by_code

    @property
    def end(self) -> Option | None:
        """The last answer, if it is the end of the way."""
        return self.chosen[-1][1] if self.chosen and self.question is None else None

    @cached_property
    def options(self) -> list[Link]:
        """The answers one can give, as links."""
        if self.question is None:
            return []
        here = self.path(len(self.chosen))
        open_ = [option for option in self.question.options if self.leads(option)]
        return [Link(facts.said(option.label), f"{here}{option.id}/") for option in open_]

    @property
    def given(self) -> list[Given]:
        return [
            Given(facts.said(question.ask), facts.said(option.label), self.path(number))
            for number, (question, option) in enumerate(self.chosen)
        ]

    @property
    def back(self) -> str:
        """Where the question before stands; the life event's own page before the first."""
        if self.chosen:
            return self.path(len(self.chosen) - 1)
        return f"{reverse('portal:procedures')}?life={self.event.id}"

    def path(self, length: int) -> str:
        """The address of the question after so many answers."""
        answers = "".join(f"{option.id}/" for _question, option in self.chosen[:length])
        return reverse("portal:guide", args=[self.event.id]) + answers
