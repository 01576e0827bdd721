"""Answers of the form that are put right: which pages can be asked for again, what is entered at the counter, what stood before."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.desk.process import title_of
from motcua.dossiers.declaration import Fact, said
from motcua.dossiers.events import AnswersPutRight
from motcua.dossiers.forms import Block, as_text, blocks, field_for, shown
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.questions import to_enter
from motcua.journal.actions import name_of
from motcua.journal.models import Entry
from motcua.procedures.vocabulary import StepKind

PUT_RIGHT = name_of(AnswersPutRight)


class Mended(forms.Form):
    """The pages that were to be put right, as the applicant brings them; our own field bears a hyphen, as no question does."""

    use_required_attribute = False

    def __init__(self, dossier: Dossier, typed: Any = None) -> None:
        super().__init__(typed)
        self.groups = to_enter(dossier)
        for question in (one for group in self.groups for one in group.fields):
            self.fields[question.id] = field_for(question)
            self.initial[question.id] = shown(question, dossier.answers.get(question.id))
        self.fields["all-here"] = forms.BooleanField(
            label=_("All that was missing is here now"),
            help_text=_("The clock starts again from zero."),
            required=False,
        )

    def pages(self) -> list[tuple[str, list[Block]]]:
        """Each page with its heading."""
        return [(group.title.said_in(get_language() or "vi"), blocks(self, group)) for group in self.groups]

    def typed(self) -> dict[str, str]:
        """The answers as text."""
        return {name: as_text(value) for name, value in self.cleaned_data.items() if name != "all-here"}

    def blame(self, faults: dict[str, str]) -> None:
        """Show at each field what is wrong with it."""
        for name, words in faults.items():
            self.add_error(name if name in self.fields else None, words)


def asked(dossier: Dossier) -> dict[str, Any]:
    """What form 02 can ask to be put right, and who will change it."""
    return {"pages": pages_of(dossier), "at_counter": dossier.was_filed_here}


def pages_of(dossier: Dossier) -> tuple[tuple[str, str], ...]:
    """The pages of the form that can be put right, each with its title."""
    pages = dossier.definition.groups_for(dossier.case, dossier.answers)
    return tuple((one.id, one.title.said_in(get_language() or "vi")) for one in pages)


def before_and_after(dossier: Dossier, steps: Iterable[Step], entries: Iterable[Entry]) -> dict[str, Any]:
    """What the dossier's page says of answers that were put right."""
    return {"before": before(dossier), "asked_before": asked_before(dossier, steps, entries)}


def asked_before(dossier: Dossier, steps: Iterable[Step], entries: Iterable[Entry]) -> list[str]:
    """The steps for which other agencies were asked with answers put right since: what they do, or have done, stays so."""
    at = max((entry.at for entry in entries if entry.event == PUT_RIGHT), default=None)
    if at is None:
        return []
    changed = {f"form.{name}" for name in dossier.answers_before}
    return [
        title_of(dossier, step.key)
        for step in steps
        if step.started_at and step.started_at < at and changed & told_to(dossier, step)
    ]


def told_to(dossier: Dossier, step: Step) -> set[str]:
    """Which answers a step hands to another agency: one that was decided above, all of them; who decides yet was told anew."""
    if step.kind == StepKind.ABOVE:
        return set() if step.state == Step.State.RUNNING else {f"form.{name}" for name in dossier.answers}
    known = {one.id: one for one in dossier.definition.steps}
    return set(map(str, known[step.key].inputs.values())) if step.key in known else set()


def before(dossier: Dossier) -> list[Fact]:
    """What was declared before it was put right, each as its question is called."""
    known, was = dossier.definition.fields_by_id, dossier.answers_before
    return [
        said(known[name], value) or Fact(name, known[name].label.said_in(get_language() or "vi"), "–")
        for name, value in was.items()
        if name in known
    ]
