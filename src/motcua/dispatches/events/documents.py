"""What happened to a document on its way: at its sender, at each receiver, and what each heard of the other."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DispatchDrafted:
    """An officer has begun a document."""

    kind: str
    agency: str


@dataclass(frozen=True)
class DraftChanged:
    """A draft has a new version; so many initials given for the one before count no longer."""

    agency: str
    version: int
    note: str
    fallen: int


@dataclass(frozen=True)
class DraftRouted:
    """A draft was sent to colleagues: for an opinion, or to be initialled."""

    agency: str
    wanted: str
    asked: int
    version: int


@dataclass(frozen=True)
class OpinionGiven:
    """A colleague gave an opinion on a draft."""

    agency: str
    version: int


@dataclass(frozen=True)
class DraftInitialled:
    """A colleague initialled a version of a draft, for its content or its form."""

    agency: str
    wanted: str
    version: int


@dataclass(frozen=True)
class DraftSentBack:
    """A colleague or the head sent a draft back to be changed."""

    agency: str
    reason: str
    version: int


@dataclass(frozen=True)
class ReviewCalledOff:
    """The drafter does not wait for somebody's answer any more."""

    agency: str
    officer: str
    version: int


@dataclass(frozen=True)
class DraftRemarked:
    """Somebody remarked on a version of a draft."""

    agency: str
    version: int


@dataclass(frozen=True)
class RemarkSettled:
    """The drafter has dealt with a remark."""

    agency: str
    version: int


@dataclass(frozen=True)
class DraftSubmitted:
    """A version of a draft was sent to be signed."""

    agency: str
    to: str
    version: int


@dataclass(frozen=True)
class DispatchSigned:
    """The head signed a version of the draft; it has its number and cannot be changed any more."""

    number: str
    agency: str
    digest: str
    version: int = 0


@dataclass(frozen=True)
class DispatchIssued:
    """The clerk sealed it and sent it to its receivers."""

    number: str
    agency: str
    receivers: int


@dataclass(frozen=True)
class DispatchVoided:
    """A signed document is not issued; its number stays with it in the register."""

    number: str
    reason: str


@dataclass(frozen=True)
class NumberingSet:
    """How an agency numbers its documents from a year on."""

    agency: str
    since: int
    by_kind: bool


@dataclass(frozen=True)
class RecallAsked:
    """The sender asks a document back."""

    reason: str
    receivers: int


@dataclass(frozen=True)
class StandingTold:
    """A receiver told where the document stands with it."""

    agency: str
    state: str
    at: str
    words: str


@dataclass(frozen=True)
class DispatchArrived:
    """A document came in and was checked: signed by a person, the agency's seal, both or nobody, with these faults of form."""

    agency: str
    sender: str
    document: str
    warnings: int
    signed: str = ""
    faults: str = ""


@dataclass(frozen=True)
class DispatchRegistered:
    """The clerk entered it in the register of incoming documents."""

    agency: str
    serial: int


@dataclass(frozen=True)
class DispatchRefused:
    """It is not taken in, for a reason its sender is told."""

    agency: str
    reason: str


@dataclass(frozen=True)
class DispatchAssigned:
    """The head gave it to somebody, with a sentence and a day."""

    agency: str
    to: str
    instruction: str
    due_at: str


@dataclass(frozen=True)
class DispatchForwarded:
    """It was sent on to others as it came, byte for byte."""

    agency: str
    number: str
    receivers: int


@dataclass(frozen=True)
class WorkBegun:
    """Whoever has it began to work on it."""

    agency: str


@dataclass(frozen=True)
class WorkFinished:
    """The work it asked for is done; an answer, if there is one, is named."""

    agency: str
    answer: str
    in_time: bool


@dataclass(frozen=True)
class RecallCame:
    """The sender asks back what came in."""

    agency: str
    reason: str


@dataclass(frozen=True)
class RecallAnswered:
    """The receiver agreed to give it back, or not."""

    agency: str
    agreed: bool
    reason: str


@dataclass(frozen=True)
class SuccessorCame:
    """The sender changes or replaces what came in by a later document, which stands beside it."""

    agency: str
    purpose: int
    by: str


@dataclass(frozen=True)
class DispatchSuperseded:
    """The later document was entered and has taken its place, with the work on it."""

    agency: str
    by: str


@dataclass(frozen=True)
class SuccessorRefused:
    """The later document was not taken in, or came too late; this one stays as it is, and its sender hears why."""

    agency: str
    by: str
    reason: str


@dataclass(frozen=True)
class FolderOpened:
    """The list of a year has one file of work more."""

    agency: str
    year: int
    notation: str


@dataclass(frozen=True)
class FolderAmended:
    """Title, heading, time of keeping or keeper of a file of work were put right."""

    agency: str
    notation: str


@dataclass(frozen=True)
class DispatchFiled:
    """A document was put into a file of work."""

    agency: str
    notation: str
    ordinal: int


@dataclass(frozen=True)
class DispatchUnfiled:
    """A document was taken out of a file of work."""

    agency: str
    notation: str


@dataclass(frozen=True)
class FolderClosed:
    """A file of work was closed with a list of so many documents."""

    agency: str
    notation: str
    documents: int


@dataclass(frozen=True)
class FolderArchived:
    """A file of work was handed over to the archive."""

    agency: str
    notation: str


@dataclass(frozen=True)
class TemplateKept:
    """A template of an agency's documents was written or changed."""

    agency: str
    kind: str
    name: str


@dataclass(frozen=True)
class TemplateDropped:
    """A template is not offered any more."""

    agency: str
    name: str


@dataclass(frozen=True)
class CopyMade:
    """A copy was made of a document: how (true, again, part), under which number, which file came of it."""

    agency: str
    manner: str
    number: str
    digest: str


@dataclass(frozen=True)
class PaperTaken:
    """A document that came on paper was scanned; the electronic copy has this number."""

    agency: str
    sender: str
    copy: str


@dataclass(frozen=True)
class CopySent:
    """A copy went out as a document of its own."""

    agency: str
    number: str
    receivers: int


@dataclass(frozen=True)
class DispatchClassified:
    """It was set how secret a document is."""

    agency: str
    degree: int


@dataclass(frozen=True)
class IssuedOnPaper:
    """A state secret got its number here and went to its receivers on paper or by a separate network."""

    number: str
    agency: str
    receivers: int


@dataclass(frozen=True)
class SecretCame:
    """A state secret came by network: it was refused, nothing of it was taken out, and clerk and head were alarmed."""

    agency: str
    sender: str
    document: str
    degree: int


@dataclass(frozen=True)
class DispatchOpened:
    """Somebody opened a document, or a file of it: the first time on a day from one place."""

    what: str


@dataclass(frozen=True)
class ReaderNamed:
    """Somebody may read a document by name."""

    agency: str
    who: str


@dataclass(frozen=True)
class ReaderTakenOff:
    """Somebody may read a document by name no longer."""

    agency: str
    who: str
