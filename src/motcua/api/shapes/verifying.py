"""A verdict on a signed file as machines are given it."""

from datetime import datetime
from typing import Literal

from motcua.api.shapes.parts import Shown


class Fault(Shown):
    """Why a file or a signature does not hold; `code` stays, words may change."""

    code: str
    words: str


class Breach(Shown):
    """A rule of the form of signing that is not kept: which, what is wrong, where it stands, by whose signature."""

    code: str
    words: str
    rule: str
    who: str


class Signature(Shown):
    """`level` says how long it can be checked: B-B, B-T with a time stamp, B-LT with the lists of revoked certificates too."""

    who: str
    title: str
    organisation: str
    code: str
    role: Literal["personal", "agency"]
    at: datetime | None
    timestamped: bool
    level: Literal["B-B", "B-T", "B-LT"]
    stands: bool
    faults: list[Fault]


class Enclosed(Shown):
    """A file in a message; without a verdict if it is no PDF."""

    name: str
    size: int
    verdict: "Verified | None"


class Message(Shown):
    """What an edXML message says of itself; `reason` is why it is refused, if it is."""

    sender: str
    number: str
    subject: str
    reason: str
    warnings: list[str]
    files: list[Enclosed]


class Copy(Shown):
    """What a file says it is a copy of: `manner` is SAO Y, SAO LỤC or TRÍCH SAO; of copies made elsewhere the rest may be empty."""

    manner: str
    number: str
    agency: str
    at: datetime | None
    of: str
    pages: str
    digest: str
    holds_original: bool


class Verified(Shown):
    """`stands`: signed, every signature holds, and not recalled as far as this node issued it."""

    stands: bool
    is_recalled: bool
    signatures: list[Signature]
    faults: list[Fault]
    breaches: list[Breach]
    message: Message | None
    copy_of: Copy | None


Enclosed.model_rebuild()
