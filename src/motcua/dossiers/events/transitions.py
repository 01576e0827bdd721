"""What happened when running dossiers went over to a later version of their procedure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TransitionDrafted:
    """Someone drafted, or changed, how running dossiers go over to a later version."""

    procedure: str
    old: str
    new: str
    steps: str
    term: str


@dataclass(frozen=True)
class TransitionAgreed:
    """A second person agreed: running dossiers go over now."""

    procedure: str
    old: str
    new: str
    basis: str


@dataclass(frozen=True)
class TransitionDropped:
    """The transition was given up; nothing went over."""

    procedure: str


@dataclass(frozen=True)
class TransitionConcluded:
    """All running dossiers went over that could; `left` is how many stayed under their version."""

    procedure: str
    brought: int
    left: int


@dataclass(frozen=True)
class DossierBroughtOver:
    """The dossier follows a later version of its procedure from now on, by the provision that says so."""

    code: str
    old: str
    new: str
    was_at: str
    at: str
    was_due_at: str
    due_at: str
    basis: str
