"""Whether a signed file holds, for machines: the verdict anyone gets at `/verify/`, with codes that can be counted."""

from django.utils.translation import gettext_lazy

from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.shapes import verifying as shapes
from motcua.api.views.files import whole
from motcua.documents.inquiries import Answer, verify_upload

ABOUT = "verifying"


@operation(
    "POST",
    "/verifications",
    gettext_lazy(
        "What the signatures on a PDF or an edXML message are worth, and which rules of form they break; nothing is kept"
    ),
    about=ABOUT,
    scope=None,
    gives=shapes.Verified,
    media=("application/pdf", "application/xml"),
)
def verify_file(call: Call) -> shapes.Verified:
    """For anyone, as the page is; whatever is sent, the answer is a verdict."""
    return verified(verify_upload(whole(call.request)))


def verified(answer: Answer) -> shapes.Verified:
    return shapes.Verified(
        stands=answer.stands,
        is_recalled=bool(answer.summary and answer.summary.is_revoked),
        signatures=[
            shapes.Signature(
                who=one.who,
                title=one.title,
                organisation=one.organisation,
                code=one.code,
                role="agency" if one.is_seal else "personal",
                at=one.at,
                timestamped=one.timestamped,
                level=one.level.value,
                stands=one.stands,
                faults=[shapes.Fault(code=fault.value, words=str(fault.words)) for fault in one.faults],
            )
            for one in answer.signatures
        ],
        faults=[shapes.Fault(code=one.value, words=str(one.words)) for one in answer.verdict.faults],
        breaches=[
            shapes.Breach(
                code=one.breach.value, words=str(one.breach.words), rule=str(one.breach.rule), who=one.who
            )
            for one in answer.breaches
        ],
        message=sent(answer),
        copy_of=copied(answer),
    )


def copied(answer: Answer) -> shapes.Copy | None:
    found = answer.copy
    if found is None:
        return None
    return shapes.Copy(
        manner=found.manner.head,
        number=found.number,
        agency=found.agency,
        at=found.at,
        of=found.of,
        pages=found.pages,
        digest=found.digest,
        holds_original=found.holds_original,
    )


def sent(answer: Answer) -> shapes.Message | None:
    found = answer.message
    if found is None:
        return None
    return shapes.Message(
        sender=found.sender,
        number=found.number,
        subject=found.subject,
        reason=found.reason,
        warnings=list(found.warnings),
        files=[
            shapes.Enclosed(
                name=one.name, size=one.size, verdict=verified(one.answer) if one.answer else None
            )
            for one in found.files
        ],
    )
