"""What the public may ask of a document: does it hold, who signed it; never what it says about a person."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from motcua.documents.copying import Copied, recognised
from motcua.documents.edxml.weighing import weigh as weigh_message
from motcua.documents.formalities import Breached, breaches
from motcua.documents.intake import PDF
from motcua.documents.models import FORMS, Document, keyring, read_code, store
from motcua.documents.verification import LARGEST, Fault, Signature, Verdict, verify
from motcua.lib.blobs import Damaged
from motcua.organisations.models import Agency

# A message says what it is within its first bytes, and carries at most so many files that are checked one by one.
STARTS, MOST_FILES = 4096, 20


@dataclass(frozen=True)
class Summary:
    """A document as strangers may see it: the holder's name is masked, the content stays away."""

    code: str
    kind: str
    agency: str
    made_at: datetime
    holder: str
    state: str
    state_words: str
    revoked_at: datetime | None
    # A form of the one-stop desk or fee receipt that bears no seal: the register vouches for it.
    is_form: bool = False

    @property
    def is_revoked(self) -> bool:
        return self.state == Document.State.REVOKED


@dataclass(frozen=True)
class Enclosed:
    """A file in a message: its name, its size, and what its own signatures are worth if it is a PDF."""

    name: str
    size: int
    answer: "Answer | None" = None


@dataclass(frozen=True)
class Sent:
    """What a message of the document axis says of itself, why it is refused, what is not as it should be, and its files."""

    sender: str
    number: str
    subject: str
    reason: str
    warnings: tuple[str, ...]
    files: tuple[Enclosed, ...]


@dataclass(frozen=True)
class Answer:
    """What is known of a paper: `summary` if this node issued it, and the verdict on its file's signatures.

    `breaches` are the rules of form those signatures break; a signature may hold all the same. Of a message, `message`; of a
    copy of a document, `copy`.
    """

    summary: Summary | None
    verdict: Verdict
    breaches: tuple[Breached, ...] = ()
    message: Sent | None = None
    copy: Copied | None = None

    @property
    def copied_by(self) -> Signature | None:
        """The signature of the agency that made the copy."""
        made = self.copy
        found = [one for one in self.signatures if made and one.is_seal and one.who == made.agency]
        return found[-1] if found else None

    @property
    def stands(self) -> bool:
        """Whether the paper may be relied on: all signatures stand, and if it is ours it was not recalled."""
        return self.verdict.stands and not (self.summary and self.summary.is_revoked)

    @property
    def is_on_record(self) -> bool:
        """Whether it is a form of ours, byte for byte as it was made: it bears no signature, and needs none to be looked up."""
        ours = self.summary and self.summary.is_form and not self.summary.is_revoked
        return bool(ours) and self.verdict.every_fault == (Fault.UNSIGNED,)

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return self.verdict.signatures

    @property
    def words(self) -> list[Promise]:
        return self.verdict.words


def verify_code(typed: str) -> Answer | None:
    """Answer for the code on a paper, its signatures checked anew; None if no paper of this node bears it."""
    code = read_code(typed)
    document = Document.objects.issued().filter(code=code).first() if code else None
    if document is None:
        return None
    return Answer(summary(document), _stored(document))


def verify_upload(content: bytes) -> Answer:
    """Answer for a file someone holds: by its signatures, and by its digest if it is one of ours."""
    if is_message(content):
        return verify_message(content)
    answer = verify_pdf(content)
    if any(one.is_seal for one in answer.signatures):
        return replace(answer, copy=recognised(content))
    return answer


def verify_pdf(content: bytes) -> Answer:
    """The same for a PDF, whether or not it says that it is a copy."""
    document = Document.objects.issued().filter(digest=sha256(content).hexdigest()).first()
    verdict = verify(content, keyring().trusted(), stampers=keyring().stampers())
    form = breaches(content) if verdict.signatures else ()
    return Answer(summary(document) if document else None, verdict, form)


def is_message(content: bytes) -> bool:
    """Whether this may be meant for a message of the document axis: it begins like one, perhaps with a little junk before."""
    start = content[:STARTS]
    return (
        not start.startswith(b"%PDF-") and b"<" in start and (b"edXML" in start or b"e\0d\0X\0M\0L" in start)
    )


def verify_message(content: bytes) -> Answer:
    """Answer for a message of the document axis: its own signature, and each PDF in it by its own."""
    if len(content) > LARGEST:
        return Answer(None, Verdict(faults=(Fault.TOO_LARGE,)))
    found = weigh_message(content, keyring().trusted())
    files = tuple(
        Enclosed(
            one.name,
            len(one.content),
            verify_upload(one.content) if place < MOST_FILES and one.content.startswith(b"%PDF-") else None,
        )
        for place, one in enumerate(found.files)
    )
    sent = Sent(found.sender, found.number, found.subject, found.reason, found.warnings, files)
    return Answer(None, found.verdict, message=sent)


def codes(content: bytes) -> dict[str, list[str]]:
    """What statistics count of a file: whose signatures it bears, and the code of each fault and of each rule they break."""
    answer = verify_pdf(content)
    return {
        "signed": sorted({one.role for one in answer.signatures if one.who}),
        "faults": [fault.value for fault in answer.verdict.every_fault],
        "breaches": list(dict.fromkeys(one.breach.value for one in answer.breaches)),
    }


def weigh(digest: str, media: str) -> dict[str, Any] | None:
    """What the signatures on a file of the store are worth, as short values to be kept beside it.

    `stands`, `is_recalled` (as far as this node issued it), `signers` (name, number, organisation, whether a seal, when) and the
    `faults` by name; None for a file that bears no signature at all, or is not here.
    """
    if media != PDF:
        return None
    try:
        answer = verify_pdf(store().read(digest))
    except (FileNotFoundError, Damaged):
        return None
    if not answer.signatures:
        return None
    return {
        "stands": answer.stands,
        "is_recalled": bool(answer.summary and answer.summary.is_revoked),
        "signers": [
            {
                "name": one.who,
                "number": one.number,
                "organisation": one.organisation,
                "is_seal": one.is_seal,
                "at": one.at.isoformat() if one.at else "",
            }
            for one in answer.signatures
        ],
        "faults": [fault.value for fault in answer.verdict.every_fault],
    }


def faults_in_words(verdict: dict[str, Any]) -> list[Promise]:
    """Why a weighed file is not to be relied on, each fault as a sentence."""
    return [Fault(name).words for name in verdict.get("faults", ()) if name in set(Fault)]


def summary(document: Document) -> Summary:
    agency = Agency.objects.filter(code=document.agency).first()
    is_form = document.kind in FORMS and document.state == Document.State.MADE
    return Summary(
        code=document.code,
        kind=document.get_kind_display(),
        agency=agency.name if agency else document.agency,
        made_at=document.made_at,
        holder=masked(document.holder),
        state=document.state,
        state_words=_("On record, not signed") if is_form else document.get_state_display(),
        revoked_at=document.revoked_at,
        is_form=is_form,
    )


def masked(name: str) -> str:
    """Mask a name but for first letters: "Lê An Nhiên" becomes "L• A• N••••"; enough to compare, not to learn."""
    return " ".join(word[0] + "•" * (len(word) - 1) for word in name.split())


def _stored(document: Document) -> Verdict:
    try:
        return verify(document.content(), keyring().trusted(), stampers=keyring().stampers())
    except (FileNotFoundError, Damaged):
        return Verdict(faults=(Fault.BROKEN,))
