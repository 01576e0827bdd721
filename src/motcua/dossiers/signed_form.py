"""The form as a paper to be signed: what it says, whose signature it wants, and what a signature on it is worth."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.documents import press
from motcua.documents.comparing import keywords, only_signed
from motcua.documents.declaration import KEYWORD, Declaration, DeclaredPage
from motcua.documents.inquiries import weigh
from motcua.documents.models import keyring, store
from motcua.documents.papers import Check, Office
from motcua.documents.verification import Fault, Signature, verify
from motcua.dossiers.declaration import Fact, Facts, declared
from motcua.dossiers.models import Application, Batch, Dossier, FormSignature, Paper
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.lib.blobs import Damaged
from motcua.people.models import Account
from motcua.procedures.folding import fold
from motcua.procedures.vocabulary import Signing

SIGNED_FORM = "signed_form"
SLACK = timedelta(minutes=10)  # clocks of signers' machines differ


def fingerprint(
    *, procedure: str, effective_from: str, case: str, number: str, answers: Mapping[str, Any]
) -> str:
    """What a form says, as 64 hexadecimal digits; the same at the portal and at the agency it is sent to."""
    said = {name: answer for name, answer in answers.items() if answer not in (None, "")}
    whole = [procedure, effective_from, case, number, said]
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def fingerprint_of(filed: Application | Dossier) -> str:
    """The same of an application, or of the dossier it became."""
    number = filed.principal_number if isinstance(filed, Application) else filed.applicant_number
    return fingerprint(
        procedure=filed.version.code,
        effective_from=filed.version.effective_from.isoformat(),
        case=filed.case,
        number=number,
        answers=filed.answers,
    )


def standing(application: Application) -> FormSignature | None:
    """The signature that holds for what the form says now."""
    return standing_of([application]).get(application.pk)


def standing_of(applications: Sequence[Application]) -> dict[UUID, FormSignature]:
    """The same for many at once, by application, in one query; none where no procedure asks for one."""
    asked = {one.pk: one for one in applications if one.definition.signature is not Signing.NONE}
    found = FormSignature.objects.signed().filter(application__in=asked) if asked else ()
    return {
        one.application_id: one
        for one in found
        if one.application_id and one.fingerprint == fingerprint_of(asked[one.application_id])
    }


def printed(paper: Declaration, *, at: datetime) -> bytes:
    """The form as PDF/A with an empty place for the signature. Raises Invalid for a letter that cannot be printed."""
    try:
        return press.print_paper(paper, at=at)
    except press.Unprintable as fault:
        raise Invalid(
            _("The form holds a letter that cannot be printed. Check the names and addresses.")
        ) from fault


def paper_of(application: Application, *, at: datetime) -> Declaration:
    """What it says, in Vietnamese whatever language the screen speaks."""
    with override("vi"):
        pages = declared(application.definition, application.case, application.answers)
    pages_ = [page_of(page.title, page.facts) for page in pages]
    return laid_out(application, pages_, fingerprint_of(application), at=at)


def list_of(batch: Batch, rows: Sequence[Application], *, at: datetime) -> Declaration:
    """Many forms as one paper to be signed once: what all say, then of each what it alone says, and its fingerprint."""
    with override("vi"):
        said = [declared(batch.definition, batch.case, one.answers) for one in rows]
    alike = [{(fact.id, fact.value) for page in pages for fact in page.facts} for pages in said]
    shared = set.intersection(*alike)
    common = [
        page_of(page.title, facts)
        for page in said[0]
        if (facts := [fact for fact in page.facts if (fact.id, fact.value) in shared])
    ]
    marks = [fingerprint_of(one) for one in rows]
    own = [
        page_of(f"Tờ khai thứ {one.row} · mã {mark[:16]}", alone(pages, shared))
        for one, pages, mark in zip(rows, said, marks, strict=True)
    ]
    return laid_out(batch, [*common, *own], fingerprint_of_list(marks), marks, at=at)


def alone(pages: Sequence[Facts], shared: Collection[tuple[str, str]]) -> list[Fact]:
    """What a form says that others do not, off its pages: what is asked alike on two of them bears the page it is from."""
    own = [(page, fact) for page in pages for fact in page.facts if (fact.id, fact.value) not in shared]
    asked = Counter(fact.label for _page, fact in own)
    return [
        replace(fact, label=f"{page.title}: {fact.label}") if asked[fact.label] > 1 else fact
        for page, fact in own
    ]


def fingerprint_of_list(marks: Sequence[str]) -> str:
    """What a list says, by what its rows say, in their order."""
    return sha256(" ".join(marks).encode()).hexdigest()


def page_of(title: str, facts: Sequence[Fact]) -> DeclaredPage:
    return DeclaredPage(title, tuple((fact.label.rstrip("?"), fact.value) for fact in facts))


def laid_out(
    filed: Application | Batch,
    pages: Sequence[DeclaredPage],
    mark: str,
    rows: Sequence[str] = (),
    *,
    at: datetime,
) -> Declaration:
    """The paper of one form, or of a list of them."""
    definition, case = filed.definition, filed.case
    checked = f"{settings.NODE.web_url}/verify/"
    return Declaration(
        office=Office(agency=filed.agency_name),
        on=timezone.localdate(at),
        name=definition.name.vi,
        code=filed.version.code,
        case=next((one.name.vi for one in definition.cases if one.id == case), ""),
        pages=tuple(pages),
        applicant=filed.principal_name,
        filed_by=filed.account.name if filed.mandate else "",
        fingerprint=mark,
        rows=tuple(rows),
        check=Check(url=checked, shown=checked),
    )


def signatories(application: Application | Batch, *, by: Actor) -> dict[str, str]:
    """Whose signature counts, name by number: who acts now, who filed it, and the person or business it is for."""
    acting = Account.objects.get(pk=by.urn.removeprefix("person:"))
    return {
        acting.username: acting.name,
        application.account.username: application.account.name,
        application.principal_number: application.principal_name,
    }


def examined(signed: bytes, *, base: bytes, since: datetime, whose: Mapping[str, str]) -> Signature:
    """The signature on a form that came back, if all of it holds. Raises Invalid, saying what does not."""
    if not only_signed(base, signed):
        raise Invalid(
            _(
                "This is not the form you downloaded, or something besides a signature was added to it. "
                "Download it again, sign it without changing it, and send that file."
            ),
            field="file",
        )
    verdict = verify(signed, keyring().trusted())
    if not verdict.stands:
        raise Invalid(" ".join(str(words) for words in verdict.words), field="file")
    theirs = next((one for one in verdict.signatures if one.number in whose), None)
    if theirs is None:
        raise Invalid(
            _("The certificate belongs to %(name)s, not to you. Sign with your own.")
            % {"name": ", ".join(one.who for one in verdict.signatures)},
            field="file",
        )
    if fold(theirs.who) != fold(whose[theirs.number]):
        raise Invalid(
            _("The certificate says %(name)s, your account says %(other)s. Have one of them put right first.")
            % {"name": theirs.who, "other": whose[theirs.number]},
            field="file",
        )
    if theirs.at is None or not since - SLACK <= theirs.at <= timezone.now() + SLACK:
        raise Invalid(
            _("The time of the signature cannot be right. Set the clock of your computer and sign again."),
            field="file",
        )
    return theirs


def judged(dossier: Dossier, paper: Paper) -> dict[str, Any]:
    """What the agency finds when a signed form comes in: is it the applicant's, and does it say what was declared?"""
    found = weigh(paper.digest, paper.media) or {
        "stands": False,
        "is_recalled": False,
        "signers": [],
        "faults": [Fault.UNSIGNED.value],
    }
    filing = dossier.filing
    # Who signed for a business: the portal has seen that they represent it.
    whose = {dossier.applicant_number, filing.get("number", ""), filing.get("signer", "")} - {""}
    is_theirs = any(one["number"] in whose for one in found["signers"])
    is_same = fingerprint_of(dossier) in said_by(paper)
    return {
        **found,
        "stands": found["stands"] and is_theirs and is_same,
        "is_theirs": is_theirs,
        "is_same": is_same,
    }


def said_by(paper: Paper) -> set[str]:
    """The fingerprints a form or a list of forms bears, under its signature; none for a file that is none or is not here."""
    try:
        return keywords(store().read(paper.digest), KEYWORD)
    except (FileNotFoundError, Damaged):
        return set()
