"""Answers of the form that are put right: which pages can be asked for again, what is entered at the counter, what stood before."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.declaration import Fact, said
from motcua.dossiers.forms import Block, as_text, blocks, field_for, shown
from motcua.dossiers.models import Dossier
from motcua.dossiers.questions import to_enter


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


def pages_of(dossier: Dossier) -> list[tuple[str, str]]:
    """The pages of the form that can be put right, each with its title."""
    pages = dossier.definition.groups_for(dossier.case, dossier.answers)
    return [(one.id, one.title.said_in(get_language() or "vi")) for one in pages]


def before(dossier: Dossier) -> list[Fact]:
    """What was declared before it was put right, each as its question is called."""
    known, was = dossier.definition.fields_by_id, dossier.answers_before
    return [
        said(known[name], value) or Fact(name, known[name].label.said_in(get_language() or "vi"), "–")
        for name, value in was.items()
        if name in known
    ]
