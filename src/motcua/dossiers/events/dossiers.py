"""What happened to a dossier."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DossierArrived:
    """A dossier reached the agency it was sent to."""

    procedure: str
    agency: str
    channel: int
    state: int


@dataclass(frozen=True)
class DossierFiled:
    """An officer took a dossier down at the counter."""

    procedure: str
    agency: str
    channel: int
    way: str


@dataclass(frozen=True)
class DossierForwarded:
    """A dossier that belongs elsewhere went to the agency it belongs to (decree 61/2018, art. 18)."""

    agency: str
    to: str
    to_name: str
    on_time: bool
    state: int


@dataclass(frozen=True)
class DossierCameBack:
    """The agency a dossier was sent on to would not take it; it lies where it was filed again."""

    to: str
    reason: str
    state: int


@dataclass(frozen=True)
class ResultBrought:
    """The result of a dossier that was sent on came to where it was filed (decree 61/2018, art. 19.7)."""

    code: str
    agency_name: str


@dataclass(frozen=True)
class DossierDecidedAtOnce:
    """The result was decided and given while the applicant waited (decree 61/2018, art. 17.4)."""

    code: str
    result: str
    state: int
    on_time: bool


@dataclass(frozen=True)
class PaperFiled:
    """An officer added a paper to a dossier."""

    paper: str
    digest: str
    copy: str


@dataclass(frozen=True)
class NoteAdded:
    """An officer left a note for colleagues; what it says stays out of the journal."""

    note: int


@dataclass(frozen=True)
class DossierAccepted:
    """The desk found the dossier complete; it has its legal code and the clock runs."""

    code: str
    agency: str
    procedure: str
    channel: int
    state: int
    due_at: str


@dataclass(frozen=True)
class DossierRefused:
    """The desk refused the dossier and said why (form 03)."""

    agency: str
    reason: str
    state: int


@dataclass(frozen=True)
class SupplementRequested:
    """The agency asked, once, for all that is missing (form 02); the clock stands still.

    `is_late`: after the three working days from receipt in which what the appraisal found goes back (decree 61/2018, art. 19.4).
    """

    code: str
    reason: str
    state: int
    is_late: bool = False


@dataclass(frozen=True)
class DossierSupplied:
    """What was missing came in; the time limit starts again from zero (decree 61/2018, art. 19.4)."""

    code: str
    state: int
    due_at: str


@dataclass(frozen=True)
class AnswersPutRight:
    """Answers that were asked for again took the place of those declared before; the dossier keeps both."""

    code: str
    fields: list[str]


@dataclass(frozen=True)
class DossierProposed:
    """The examining officer proposed a result."""

    code: str
    opinion: str
    state: int


@dataclass(frozen=True)
class TermExtended:
    """The head of the agency apologised and named the one new date (form 04; decree 61/2018, art. 19.9)."""

    code: str
    number: str
    reason: str
    was_due_at: str
    due_at: str
    in_time: bool


@dataclass(frozen=True)
class ReceptionMoved:
    """The calendar changed before it was received, and the time to receive it moved."""

    was_due_at: str
    due_at: str


@dataclass(frozen=True)
class DueDateMoved:
    """The calendar changed under the running clock, and the due date moved with it."""

    code: str
    was_due_at: str
    due_at: str


@dataclass(frozen=True)
class DossierPassedOn:
    """A reorganisation gave the dossier to another agency; its code, its steps and its clock go on."""

    code: str
    was_agency: str
    was_name: str
    agency: str
    name: str
    plan: str
    decision: str


@dataclass(frozen=True)
class DossierAllotted:
    """It was sent to an agency that was divided; an officer said which of those that follow handles it."""

    divided: str
    was_name: str
    agency: str
    name: str


@dataclass(frozen=True)
class SlipNumbered:
    """The control slip of the dossier (form 06) got its number."""

    code: str
    number: str


@dataclass(frozen=True)
class OfficersWarned:
    """Those who hold a dossier were told that its time is up within a working day."""

    code: str
    due_at: str


@dataclass(frozen=True)
class StepStarted:
    """A step of the procedure began, with its own clock."""

    step: str
    holder: str
    due_at: str


@dataclass(frozen=True)
class StepCompleted:
    """A step of the procedure is done."""

    step: str
    holder: str
    on_time: bool


@dataclass(frozen=True)
class StepReported:
    """The holder of a step wrote down what was found, or what a body that was asked answered."""

    step: str
    note: str


@dataclass(frozen=True)
class StepReturned:
    """Who held a step sent the dossier back to an earlier one, and said why."""

    step: str
    back_to: str
    reason: str


@dataclass(frozen=True)
class StepRefused:
    """The agency that held a step said no, and why."""

    step: str
    holder: str
    reason: str


@dataclass(frozen=True)
class StepRetried:
    """An officer sent a refused step off again."""

    step: str


@dataclass(frozen=True)
class DossierStopped:
    """The agency ended the work without a result and said why."""

    code: str
    reason: str
    state: int


@dataclass(frozen=True)
class DossierRestarted:
    """Work that had been stopped goes on; what was left of the term then is left from now on."""

    code: str
    reason: str
    state: int
    due_at: str


@dataclass(frozen=True)
class ResultPosted:
    """The result was handed to the public post under this number."""

    code: str
    waybill: str


@dataclass(frozen=True)
class ResultSigned:
    """The chair signed the result, and the agency's seal stands beside the name."""

    code: str
    document: str
    state: int
    on_time: bool


@dataclass(frozen=True)
class ResultNotSigned:
    """The chair asked for the result to be signed with others, and it could not be; it waits as before."""

    code: str
    reason: str


@dataclass(frozen=True)
class ResultDelivered:
    """The applicant has the result."""

    code: str
    state: int


@dataclass(frozen=True)
class DossierWithdrawn:
    """The applicant took the dossier back."""

    code: str
    state: int


@dataclass(frozen=True)
class DossierRated:
    """The applicant's rating reached the agency."""

    code: str
    overall: int
    convenience: int
    timeliness: int
    attitude: int


@dataclass(frozen=True)
class DossierAssigned:
    """One colleague is to do the step the dossier stands at; `was` is who had it before, if anyone."""

    step: str
    to: str
    was: str
    reason: str


@dataclass(frozen=True)
class FilterSaved:
    """An officer keeps a question to the work list; under which name stays out of the journal."""

    filter: int


@dataclass(frozen=True)
class FilterDropped:
    """An officer needs a saved filter no longer."""

    filter: int


@dataclass(frozen=True)
class ResultDrafted:
    """An officer worded the result; what it says stays out of the journal."""

    draft: int
    number: int


@dataclass(frozen=True)
class ResultInitialled:
    """A colleague read the draft of a result and initialled it."""

    draft: int
    number: int
