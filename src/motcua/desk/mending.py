"""Answers of the form that are put right: which pages can be asked for again, and what stood there before."""

from django.utils.translation import get_language

from motcua.dossiers.declaration import Fact, said
from motcua.dossiers.models import Dossier


def pages_of(dossier: Dossier) -> list[tuple[str, str]]:
    """The pages of the form its applicant can open again, each with its title; none where it was filed at the counter."""
    if dossier.was_filed_here:
        return []
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
