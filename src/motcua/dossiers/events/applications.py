"""What happened to an application."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ApplicationBegun:
    """A citizen began to apply; the draft is kept. Under a mandate, its number."""

    procedure: str
    agency: str
    mandate: str = ""


@dataclass(frozen=True)
class ReadingAllowed:
    """The person agreed that a register is read, or earlier results are handed in (`wallet.results`)."""

    service: str


@dataclass(frozen=True)
class ReadingWithheld:
    """The person did not want a register to be read or earlier results to be taken, and gives all by hand."""

    service: str


@dataclass(frozen=True)
class ApplicationFilled:
    """A group of questions was answered, or filled in from a register."""

    group: str
    source: str


@dataclass(frozen=True)
class PaperAttached:
    """A paper was added to an application."""

    paper: str
    digest: str
    media: str


@dataclass(frozen=True)
class PaperOpened:
    """An officer opened a paper of the dossier."""

    paper: str
    digest: str


@dataclass(frozen=True)
class DossierOpened:
    """An officer or a system opened the dossier, for the first time on that day."""


@dataclass(frozen=True)
class OpeningLearned:
    """The agency told the applicant's page that somebody there opened the dossier or a paper of it."""

    agency: str


@dataclass(frozen=True)
class PaperReused:
    """A paper of the applicant's wallet was handed in again; `reuse` says whether an agency had issued it (3) or not (2)."""

    paper: str
    digest: str
    reuse: int


@dataclass(frozen=True)
class PaperProven:
    """A register was read in place of a paper, with the applicant's consent, and its answer stands for it."""

    paper: str
    service: str
    digest: str


@dataclass(frozen=True)
class PaperRemoved:
    """A paper was taken out of an application."""

    paper: str
    digest: str


@dataclass(frozen=True)
class ApplicationDiscarded:
    """A citizen threw a draft away."""

    procedure: str


@dataclass(frozen=True)
class FormPrinted:
    """The form was laid out to be signed; `fingerprint` names what it says."""

    fingerprint: str


@dataclass(frozen=True)
class FormSigningBegun:
    """A remote signing service was asked for a signature on the form."""

    fingerprint: str


@dataclass(frozen=True)
class FormSigned:
    """The form was signed, by a remote service (`remote`) or with one's own token (`upload`); `digest` names the file."""

    road: str
    digest: str


@dataclass(frozen=True)
class FormNotSigned:
    """No signature came of it: it was refused or not confirmed in time, or what came did not hold (`why` names the fault)."""

    why: str


@dataclass(frozen=True)
class FormSignatureVoided:
    """An answer changed after the form was signed: the signature no longer holds."""

    digest: str


@dataclass(frozen=True)
class ApplicationSent:
    """A citizen sent an application to an agency. Under a mandate, its number."""

    procedure: str
    agency: str
    mandate: str = ""


@dataclass(frozen=True)
class ApplicationReopened:
    """The agency's node did not take an application: it is a draft again."""

    agency: str
    reason: str


@dataclass(frozen=True)
class BatchOpened:
    """Many dossiers are to be filed from one form."""

    procedure: str
    agency: str


@dataclass(frozen=True)
class BatchEntered:
    """A list was entered: so many drafts are new."""

    drafts: int


@dataclass(frozen=True)
class BatchSent:
    """So many dossiers of one form were sent together."""

    procedure: str
    agency: str
    dossiers: int


@dataclass(frozen=True)
class ApplicationSupplied:
    """A citizen sent what the agency had asked for."""

    agency: str


@dataclass(frozen=True)
class SupplementReturned:
    """What a citizen sent to add to a dossier did not reach the agency, and can be sent again."""

    agency: str
    reason: str


@dataclass(frozen=True)
class WithdrawalAsked:
    """A citizen asked to take a dossier back."""

    agency: str


@dataclass(frozen=True)
class RefundAccountGiven:
    """A citizen said to which account money that is owed back shall go."""

    agency: str


@dataclass(frozen=True)
class ApplicationRated:
    """A citizen rated the service (circular 32/2017, art. 12)."""

    overall: int
    convenience: int
    timeliness: int
    attitude: int


@dataclass(frozen=True)
class NewsLearned:
    """The agency told the citizen's side where the dossier stands."""

    code: str
    state: int
    step: str
    due_at: str
    reason: str
    # Why the due date is another, if it is: “extended” with the reason the agency gives, or “moved” with the calendar.
    why: str = ""
    explained: str = ""
    # The number of what goes back of a fee, if the news is about that.
    refund: int = 0
    # By when what is missing is to be added; it stays with what was ended for want of it.
    answer_by: str = ""
