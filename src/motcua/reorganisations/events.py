"""What happened to plans of reorganisations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlanWritten:
    """Someone wrote a plan, or changed one."""

    title: str
    on: str
    digest: str


@dataclass(frozen=True)
class PlanApproved:
    """A second person approved the plan, as it then stood."""

    title: str
    on: str
    digest: str


@dataclass(frozen=True)
class PlanReopened:
    """An approved plan is written again; it needs another approval."""

    title: str
    reason: str


@dataclass(frozen=True)
class PlanAbandoned:
    """The plan was given up."""

    title: str


@dataclass(frozen=True)
class PlanHindered:
    """The plan's day has come, and something keeps it from being carried out."""

    title: str
    trouble: str


@dataclass(frozen=True)
class PlanBegun:
    """The day has come: agencies ended, their heirs began; posts, officers, queues and local values went with them."""

    title: str
    decision: str
    ended: str
    heirs: str


@dataclass(frozen=True)
class PlanCarriedOut:
    """All that was to move has moved."""

    title: str
    dossiers: int
    officers: int


@dataclass(frozen=True)
class ReorganisationLearned:
    """Another node told of a reorganisation; this one knows the agencies as they are now."""

    sender: str
    decision: str
    ended: str
    heirs: str
