"""What happened to documents; they are named by their id, as their code opens a public page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentKept:
    """A file from outside was taken in."""

    document: str
    media: str
    digest: str
    size: int


@dataclass(frozen=True)
class DocumentMade:
    """A paper was made by an agency."""

    document: str
    kind: str
    digest: str
    agency: str


@dataclass(frozen=True)
class DocumentSigned:
    """A paper was signed in an agency's name; `digest` is that of the signed file, `sealed` says whether it got the seal."""

    document: str
    kind: str
    digest: str
    agency: str
    sealed: bool


@dataclass(frozen=True)
class FilesNoted:
    """Old files of the store that nobody names were noted; `dropped` uploads nobody made use of went with them."""

    files: int
    dropped: int


@dataclass(frozen=True)
class FilesDiscarded:
    """Files nobody had named for a night and a day were deleted; `size` counts bytes."""

    files: int
    size: int


@dataclass(frozen=True)
class DocumentRevoked:
    """A paper was recalled and no longer holds."""

    document: str
    kind: str
    agency: str
    reason: str


@dataclass(frozen=True)
class SignatureBasic:
    """A file was signed without time stamp or lists of revoked certificates, though this node wants them; why."""

    digest: str
    why: str


@dataclass(frozen=True)
class SignatureCompleted:
    """A signed file got its time stamp and lists; not one byte of it changed."""

    digest: str
    completed: str
