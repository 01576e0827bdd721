"""What a check of a paper says: one verdict, four checks, and who signed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.documents.inquiries import Answer, Summary
from motcua.documents.verification import Fault, Signature
from motcua.ui import words

# The first of these that is found is what matters most to whoever holds the paper.
VERDICTS: dict[Fault, tuple[Promise, Promise]] = {
    Fault.NOT_PDF: (
        gettext_lazy("This is not a PDF"),
        gettext_lazy(
            "Only the PDF you were sent can be checked; a photo or a scan of it carries no signature."
        ),
    ),
    Fault.NO_MESSAGE: (
        gettext_lazy("The message cannot be read"),
        gettext_lazy("Below stands where and why. Ask its sender to send it again."),
    ),
    Fault.TOO_LARGE: (
        gettext_lazy("The file is too large to check"),
        gettext_lazy("Papers issued here are much smaller. Choose the PDF you were sent."),
    ),
    Fault.BROKEN: (
        gettext_lazy("The file cannot be read"),
        gettext_lazy("It may have been cut off on its way. Download it again and check the new copy."),
    ),
    Fault.ENCRYPTED: (
        gettext_lazy("The file is locked"),
        gettext_lazy("Save a copy without the password and check that one."),
    ),
    Fault.ALTERED: (
        gettext_lazy("The content was changed after signing"),
        gettext_lazy("Do not rely on this file. Ask whoever gave it to you for the original."),
    ),
    Fault.EXTENDED: (
        gettext_lazy("Something was added after signing"),
        gettext_lazy("Do not rely on this file. Ask whoever gave it to you for the original."),
    ),
    Fault.UNREADABLE: (
        gettext_lazy("A signature cannot be read"),
        gettext_lazy("Do not rely on this file. Ask whoever gave it to you for the original."),
    ),
    Fault.UNTRUSTED: (
        gettext_lazy("We do not know who signed"),
        gettext_lazy("The signature belongs to a certificate no authority recognised here has issued."),
    ),
    Fault.OUTSIDE_VALIDITY: (
        gettext_lazy("Signed with an expired certificate"),
        gettext_lazy(
            "The certificate was not valid at the time of signing, so the signature does not count."
        ),
    ),
    Fault.REVOKED: (
        gettext_lazy("Signed with a revoked certificate"),
        gettext_lazy("The certificate had been revoked before it signed, so the signature does not count."),
    ),
    Fault.UNDATED: (
        gettext_lazy("The signature does not say when it was made"),
        gettext_lazy("Without a date nobody can tell whether the certificate was valid."),
    ),
    Fault.UNSTAMPED: (
        gettext_lazy("The time stamp belongs to something else"),
        gettext_lazy("Do not rely on this file. Ask whoever gave it to you for the original."),
    ),
    Fault.UNSIGNED: (
        gettext_lazy("The file carries no digital signature"),
        gettext_lazy("It may be a draft or a copy. It proves nothing about who issued it."),
    ),
}


@dataclass(frozen=True)
class Check:
    """One line of `<c-signature>`."""

    title: str
    hint: str
    state: str = ""


@dataclass(frozen=True)
class Report:
    """What the page says of one paper."""

    state: str
    verdict: str
    title: str
    hint: str
    checks: list[Check]


def report(answer: Answer) -> Report:
    """The verdict in words, with the checks that led to it."""
    if answer.summary and answer.summary.is_revoked:
        title, hint = (
            _("This paper was recalled"),
            _("It was real, but it no longer holds. Do not accept it."),
        )
        return Report("late", _("Not valid"), title, hint, checks(answer))
    if answer.stands and answer.summary:
        hint = _("Compare the paper in your hand with what stands here.")
        return Report("ok", _("Valid"), _("A genuine paper"), hint, checks(answer))
    if answer.stands:
        hint = _("It was not issued here, so whether it was recalled only its issuer knows.")
        return Report(
            "ok", _("Signatures hold"), _("Every signature on this file holds"), hint, checks(answer)
        )
    if answer.is_on_record:
        hint = _(
            "It bears no digital signature; the register has it as it was made. Compare it with your copy."
        )
        return Report("ok", _("On record"), _("This paper was issued here"), hint, checks(answer))
    found = answer.verdict.every_fault
    title_of, hint_of = next(VERDICTS[fault] for fault in VERDICTS if fault in found)
    return Report("late", _("Not valid"), str(title_of), str(hint_of), checks(answer))


def checks(answer: Answer) -> list[Check]:
    """The four questions; without signatures there is nothing to ask, and a stranger's recall is not ours to know."""
    signatures = answer.signatures
    if not signatures:
        return []
    asked = [issuer(signatures), content(signatures), in_time(signatures)]
    return [*asked, recalled(answer.summary)] if answer.summary else asked


def issuer(signatures: Sequence[Signature]) -> Check:
    known = all(signature.trusted for signature in signatures)
    names = dict.fromkeys(
        name for signature in signatures for name in (signature.organisation or signature.who,) if name
    )
    hint = ", ".join(names) if known else str(Fault.UNTRUSTED.words)
    return Check(_("Issued by whom it says"), hint, "" if known else "bad")


def content(signatures: Sequence[Signature]) -> Check:
    if not all(signature.intact for signature in signatures):
        return Check(_("Content untouched"), str(Fault.ALTERED.words), "bad")
    if not all(signature.whole for signature in signatures):
        return Check(_("Content untouched"), str(Fault.EXTENDED.words), "bad")
    return Check(_("Content untouched"), _("Not one character was changed since it was signed"))


def in_time(signatures: Sequence[Signature]) -> Check:
    title = _("Signed while the certificate was valid")
    dates = [signature.at for signature in signatures if signature.at]
    if not dates or not all(signature.in_time for signature in signatures):
        return Check(title, str(Fault.OUTSIDE_VALIDITY.words), "bad")
    return Check(title, _("Signed %(moment)s") % {"moment": words.moment(max(dates))})


def recalled(summary: Summary) -> Check:
    if summary.is_revoked:
        day = words.day(summary.revoked_at) if summary.revoked_at else ""
        return Check(_("Not recalled"), _("Recalled on %(day)s") % {"day": day}, "bad")
    return Check(_("Not recalled"), _("Compared with the register just now"))
