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
class ProceduresJudged:
    """What the node itself can do has changed; these procedures are judged again how far they can be done online."""

    verdicts: dict[str, str]


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


@dataclass(frozen=True)
class DraftBegun:
    """Someone began to draft the next version of a procedure."""

    code: str
    base: str


@dataclass(frozen=True)
class DraftEdited:
    """The draft of a version says something else."""

    code: str
    digest: str


@dataclass(frozen=True)
class DraftProposed:
    """The draft of a version was proposed for approval."""

    code: str
    digest: str
    note: str


@dataclass(frozen=True)
class DraftSentBack:
    """Who was to approve a draft sent it back, and said why."""

    code: str
    reason: str


@dataclass(frozen=True)
class DraftApproved:
    """A second person approved a draft: it holds from its day on."""

    code: str
    digest: str
    effective_from: str


@dataclass(frozen=True)
class DraftDiscarded:
    """A draft of a version was given up."""

    code: str


@dataclass(frozen=True)
class ValueCompared:
    """A value that stands in our lists was compared with the text of law it comes from."""

    key: str
    source: str
    digest: str


@dataclass(frozen=True)
class PollOpened:
    """Those who will use a service are asked before it goes online."""

    code: str
    asked: int
    begins_on: str
    ends_on: str


@dataclass(frozen=True)
class PollCounted:
    """What the users of a service answered was counted."""

    code: str
    asked: int
    answered: int
    assented: int
    document: str
