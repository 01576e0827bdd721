"""What the one-stop forms and the results say, taken from the dossier."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.documents import papers
from motcua.documents.models import Document
from motcua.documents.papers import Check
from motcua.dossiers.bearing import opening_url, word_of, written
from motcua.dossiers.declaration import of_the_matter
from motcua.dossiers.extensions import Extension
from motcua.dossiers.filing import address, collected, handed_in, office_of, proxy, to_put_right, unpaid
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Channel
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number
from motcua.people.models import Appointment
from motcua.procedures.schema import Result
from motcua.procedures.words import term_in_words

VIETNAMESE = {"male": "Nam", "female": "Nữ"}
NOTHING = papers.Parent()
# A page of paper holds no more.
PRINTED, BASES = 24, 4

# Number and notation of each form (circular 03/2025, annex I): the serial of the year, then what the form is called.
NOTATIONS = {
    "receipt": "{serial}/{year}-BPTNTKQ",
    "supplement": "{serial}/PBS-BPTNTKQ",
    "refusal": "{serial}/PTC-BPTNTKQ",
    "apology": "{serial}/PXL",
    "stop": "{serial}/TBD-BPTNTKQ",
    "register": "{serial}/STD-BPTNTKQ",
    "fee": "{serial}/{year}-BLTP",
    "extract": "{serial}/TLKS-BS",
}


def number_form(document: Document, form: str) -> str:
    """Give a form its number: each form of each agency counts through the year without gaps (decree 30/2020, art. 15).

    Call it last before the form is printed: a form that is not kept gives its number back.
    """
    document.year = timezone.localdate().year
    document.serial = next_number(f"form {form} {document.agency} {document.year}")
    document.number = NOTATIONS[form].format(serial=document.serial, year=document.year)
    return document.number


def form_of(dossier: Dossier, form: str, *, number: str) -> papers.Paper:
    """One of the one-stop forms: `receipt` (01), `supplement` (02), `refusal` (03) or `stop` (05)."""
    return FORMS[form](dossier, number)


def receipt(dossier: Dossier, number: str) -> papers.Receipt:
    """Form 01, with a QR code that leads to the public tracking page."""
    return papers.Receipt(
        office=office(dossier),
        number=number,
        on=timezone.localdate(dossier.accepted_at),
        dossier=named(dossier),
        applicant=applicant(dossier),
        papers=handed_in(dossier),
        term=term(dossier),
        received=local(dossier.accepted_at),
        due=local(dossier.due_at),
        collect=collected(dossier),
        officer=dossier.held_by.name if dossier.held_by else "",
        check=tracking(dossier),
        proxy=proxy(dossier),
        own=opening_url(dossier),
        word=written(word_of(dossier)),
        **unpaid(dossier),
    )


def supplement(dossier: Dossier, number: str) -> papers.SupplementRequest:
    """Form 02."""
    return papers.SupplementRequest(
        office=office(dossier),
        number=number,
        on=timezone.localdate(),
        dossier=named(dossier),
        applicant=applicant(dossier),
        wanted=(*lines(dossier.reason), *to_put_right(dossier)),
        reason="Hồ sơ chưa đủ căn cứ để giải quyết.",
        contact=dossier.held_by.name if dossier.held_by else office(dossier).agency,
        officer=dossier.held_by.name if dossier.held_by else "",
        check=by_receipt(dossier) or tracking(dossier),
        until=timezone.localdate(dossier.answer_by) if dossier.answer_by else None,
        word=written(word_of(dossier)),
    )


def refusal(dossier: Dossier, number: str) -> papers.Refusal:
    """Form 03."""
    return papers.Refusal(
        office=office(dossier),
        number=number,
        on=timezone.localdate(),
        dossier=named(dossier),
        applicant=applicant(dossier),
        reasons=lines(dossier.reason),
        officer=dossier.held_by.name if dossier.held_by else "",
        check=tracking(dossier),
    )


def stop(dossier: Dossier, number: str) -> papers.StopNotice:
    """Form 05."""
    return papers.StopNotice(
        office=office(dossier),
        number=number,
        on=timezone.localdate(),
        dossier=named(dossier),
        applicant=applicant(dossier),
        received=timezone.localdate(dossier.accepted_at) if dossier.accepted_at else None,
        reasons=lines(dossier.reason),
        officer=dossier.held_by.name if dossier.held_by else "",
        check=tracking(dossier),
    )


def apology_of(dossier: Dossier, extension: Extension, *, signer: Actor, check: Check) -> papers.Apology:
    """Form 04: the date that is not kept, why, and the one new date."""
    return papers.Apology(
        office=office(dossier),
        number=extension.notation,
        on=timezone.localdate(extension.given_at),
        dossier=named(dossier),
        applicant=applicant(dossier),
        received=local(dossier.accepted_at),
        promised=local(extension.was_due_at),
        reasons=lines(extension.reason),
        due=local(extension.due_at),
        signer=papers.Signatory(title=title_of(signer, dossier.agency), name=signer.name),
        check=check,
    )


FORMS: dict[str, Callable[[Dossier, str], papers.Paper]] = {
    "receipt": receipt,
    "supplement": supplement,
    "refusal": refusal,
    "stop": stop,
}


def result_of(dossier: Dossier, *, signer: Actor, check: Check) -> papers.Paper:
    """The result the chair signs, by the template the procedure names for it."""
    template = signed_result(dossier).template
    return RESULTS.get(template, certificate)(dossier, signer, check)


def signed_result(dossier: Dossier) -> Result:
    """What the step of signing issues in this case; raises `Invalid` where the procedure promises no result."""
    results = [one for one in dossier.definition.results if not one.cases or dossier.case in one.cases]
    if not results:
        raise Invalid(_("The procedure names no result for this case, so there is nothing to sign."))
    return next((one for one in results if one.issued_by == "sign"), results[0])


def certificate(dossier: Dossier, signer: Actor, check: Check) -> papers.Certificate:
    """A result without a form of its own: what is granted, to whom, on which declarations.

    It is shown to others: how to reach the applicant is not on it.
    """
    definition, whom = dossier.definition, replace(applicant(dossier), phone="", email="")
    said = of_the_matter(
        definition, dossier.case, dossier.answers, known={whom.name, whom.number, whom.address}
    )
    return papers.Certificate(
        office=office_of(dossier.agency),
        number=dossier.code or "",
        on=timezone.localdate(),
        name=signed_result(dossier).name.vi,
        dossier=named(dossier),
        applicant=whom,
        facts=tuple((fact.label, fact.value) for fact in said)[:PRINTED],
        basis=tuple(f"{one.title} ({one.number})" for one in definition.legal_basis)[:BASES],
        signer=papers.Signatory(title=title_of(signer, dossier.agency), name=signer.name),
        check=check,
    )


def birth_certificate(dossier: Dossier, signer: Actor, check: Check) -> papers.BirthCertificate:
    """The birth certificate: what the applicant declared, as the register at Justice entered it."""
    said, entered = dossier.answers, dossier.results["register"]
    place = office_of(dossier.agency)
    return papers.BirthCertificate(
        office=place,
        number=entered["certificate_number"],
        book=entered.get("book", ""),
        on=date.fromisoformat(entered["registered_on"]),
        child=papers.Child(
            name=entered["full_name"],
            born=date.fromisoformat(said["child_born_on"]),
            sex=VIETNAMESE[said["child_sex"]],
            ethnicity=said["child_ethnicity"],
            nationality=said["child_nationality"],
            birthplace=joined(said["child_born_at"], said["child_born_in"]),
            origin=str(said["child_home_town"]),
            number=entered["personal_number"],
        ),
        mother=parent(said, "mother"),
        father=parent(said, "father"),
        declarant=papers.Declarant(
            name=dossier.applicant_name, identification=f"Số định danh cá nhân {dossier.applicant_number}"
        ),
        registered_at=joined(place.agency, place.above),
        signer=papers.Signatory(title=title_of(signer, dossier.agency), name=signer.name),
        check=check,
    )


def birth_extract(dossier: Dossier, signer: Actor, check: Check) -> papers.BirthExtract:
    """The copy of a birth certificate: what the register at Justice answered."""
    if "look_up" not in dossier.results:
        raise Invalid(_("The register has not answered yet; without its entry there is nothing to copy."))
    entered, place, year = dossier.results["look_up"], office_of(dossier.agency), timezone.localdate().year
    serial = next_number(f"form extract {dossier.agency} {year}")
    return papers.BirthExtract(
        office=place,
        number=NOTATIONS["extract"].format(serial=serial, year=year),
        on=timezone.localdate(),
        child=papers.Child(
            name=entered["full_name"],
            born=date.fromisoformat(entered["born_on"]),
            sex=VIETNAMESE[entered["sex"]],
            ethnicity=entered["ethnicity"],
            nationality=entered["nationality"],
            birthplace=joined(entered["born_at"], entered["born_in"]),
            origin=entered["home_town"],
            number=entered["personal_number"],
        ),
        mother=entered_parent(entered["mother"]),
        father=entered_parent(entered["father"]),
        registered_on=date.fromisoformat(entered["registered_on"]),
        certificate=entered["certificate_number"],
        signer=papers.Signatory(title=title_of(signer, dossier.agency), name=signer.name),
        check=check,
    )


def entered_parent(known: dict[str, Any]) -> papers.Parent:
    """A parent as the register has them."""
    return papers.Parent(
        name=known["name"],
        born=str(known["birth_year"] or ""),
        ethnicity=known["ethnicity"],
        nationality=known["nationality"],
        residence=known["residence"],
    )


RESULTS: dict[str, Callable[[Dossier, Actor, Check], papers.Paper]] = {
    "birth_certificate": birth_certificate,
    "birth_extract": birth_extract,
}


def parent(said: dict[str, Any], who: str) -> papers.Parent:
    """A parent as declared; empty where not known."""
    if not said.get(f"{who}_known", True) or not said.get(f"{who}_name"):
        return NOTHING
    return papers.Parent(
        name=said[f"{who}_name"],
        born=str(said.get(f"{who}_birth_year") or ""),
        ethnicity=said.get(f"{who}_ethnicity") or "",
        nationality=said.get(f"{who}_nationality") or "",
        residence=said.get(f"{who}_residence") or "",
    )


def office(dossier: Dossier) -> papers.Office:
    """The agency as it stands at the head of a paper."""
    return replace(office_of(dossier.agency), desk="Bộ phận Một cửa")


def applicant(dossier: Dossier) -> papers.Applicant:
    """The applicant as forms name them."""
    return papers.Applicant(
        name=dossier.applicant_name,
        number=dossier.applicant_number,
        phone=dossier.contact.get("phone", ""),
        email=dossier.contact.get("email", ""),
        address=address(dossier),
        proxy=proxy(dossier),
    )


def named(dossier: Dossier) -> papers.Dossier:
    """Code and subject of the dossier."""
    return papers.Dossier(code=dossier.code or "", subject=dossier.definition.name.vi)


def tracking(dossier: Dossier) -> Check:
    """Where anyone follows the dossier by its code."""
    root = settings.NODE.tracking_url or settings.NODE.web_url
    code = dossier.code or ""
    return Check(url=f"{root}/tracking/{code}/" if code else f"{root}/tracking/", shown=root, code=code)


def by_receipt(dossier: Dossier) -> Check | None:
    """Where whoever filed it at the counter adds what is missing; None for who has a page of their own."""
    url = opening_url(dossier)
    return Check(url=url, shown=f"{settings.NODE.web_url}/receipt/", code=dossier.code or "") if url else None


def title_of(signer: Actor, agency: str) -> str:
    """The title printed above the signature: the head's, or under *KT.* and the head's that of a deputy who signs for them.

    Decree 30/2020, annex I, part I, item 7.
    """
    held = (
        Appointment.objects.in_force()
        .filter(post__agency=agency, post__role__in=("chair", "deputy"))
        .select_related("post")
    )
    own = {
        one.post.role: one.post.title_vi
        for one in held
        if str(one.account_id) == signer.urn.removeprefix("person:")
    }
    head = next((one.post.title_vi for one in held if one.post.role == "chair"), "Chủ tịch")
    if "chair" in own or "deputy" not in own:
        return own.get("chair", head).upper()
    return f"KT. {head}\n{own['deputy']}".upper()


def term(dossier: Dossier) -> str:
    """The time limit in words, as a Vietnamese paper says it."""
    found = dossier.definition.term_for(dossier.case, Channel(dossier.channel).word)
    with override("vi"):
        return term_in_words(found)


def lines(text: str) -> tuple[str, ...]:
    """A text as the lines of a numbered list."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def joined(*parts: object) -> str:
    """Places from small to large."""
    return ", ".join(str(part) for part in parts if part)


def local(at: datetime | None) -> datetime:
    """A moment as the clock on the wall shows it."""
    return timezone.localtime(at)
