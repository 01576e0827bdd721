"""What happened to procedures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProcedurePublished:
    """A new version of a procedure was published."""

    code: str
    effective_from: str
    digest: str
    source: str


@dataclass(frozen=True)
class ProceduresImported:
    """A batch of procedures of the national portal was taken over."""

    versions: dict[str, str]


@dataclass(frozen=True)
class ProcedureMarked:
    """Someone keeps a procedure at hand."""

    code: str


@dataclass(frozen=True)
class ProcedureUnmarked:
    """Someone no longer keeps a procedure at hand."""

    code: str


@dataclass(frozen=True)
class OverlaySet:
    """A place set a value of a procedure for itself, within what the law leaves to it."""

    overlay: str
    code: str
    agency: str


@dataclass(frozen=True)
class OverlayEnded:
    """A value a place had set for itself ends; what holds in the whole country holds there again."""

    overlay: str
    code: str
    agency: str
    on: str
