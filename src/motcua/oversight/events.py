"""What those who watch have done: watching is recorded, too."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TimelineRead:
    """An auditor read what the journal says of a subject."""

    entries: int


@dataclass(frozen=True)
class JournalVerified:
    """The newest heads of the journal were verified; `what` names the first break and `place` where it is, if there is one."""

    heads: int
    entries: int
    place: int
    what: str
