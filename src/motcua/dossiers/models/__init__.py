"""Applications on the citizen's side; dossiers, their papers, steps and clock on the agency's side."""

from motcua.dossiers.models.applications import Application, ApplicationQuerySet, Attachment, is_person
from motcua.dossiers.models.batches import Batch, BatchQuerySet
from motcua.dossiers.models.brought import Brought
from motcua.dossiers.models.dossiers import Dossier, DossierQuerySet, dossier_in_turn
from motcua.dossiers.models.drafts import ResultDraft
from motcua.dossiers.models.filters import SavedFilter
from motcua.dossiers.models.looks import Look
from motcua.dossiers.models.openings import Opening
from motcua.dossiers.models.papers import Note, Paper
from motcua.dossiers.models.signatures import FormSignature
from motcua.dossiers.models.steps import BY_PEOPLE, Round, Segment, Step, steps_of
from motcua.dossiers.models.transitions import Transition

__all__ = [
    "BY_PEOPLE",
    "Application",
    "ApplicationQuerySet",
    "Attachment",
    "Batch",
    "BatchQuerySet",
    "Brought",
    "Dossier",
    "DossierQuerySet",
    "FormSignature",
    "Look",
    "Note",
    "Opening",
    "Paper",
    "ResultDraft",
    "Round",
    "SavedFilter",
    "Segment",
    "Step",
    "Transition",
    "dossier_in_turn",
    "is_person",
    "steps_of",
]
