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
