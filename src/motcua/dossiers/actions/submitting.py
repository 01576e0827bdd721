"""How an application goes to its agency: who files it for whom, what it says, and its papers."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.dossiers.models import Application, Attachment, FormSignature, Paper
from motcua.dossiers.states import Reuse, Way
from motcua.exchange import actions as exchange
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.mandates.models import Mandate
from motcua.mandates.words import in_words
from motcua.procedures.models import Version


def submission(
    application: Application, papers: Sequence[dict[str, Any]], signature: FormSignature | None = None
) -> dict[str, Any]:
    """What the agency gets: whose matter it is, who files it, what is declared, and who signed that for somebody else."""
    sent_at = application.sent_at
    return {
        "procedure": application.version.code,
        "effective_from": application.version.effective_from.isoformat(),
        "digest": application.version.digest,
        "case": application.case,
        "channel": "online",
        "applicant": {
            "name": application.principal_name,
            "number": application.principal_number,
            **application.contact,
        },
        "filing": filing_of(application, signature),
        "page": f"{settings.NODE.web_url}/applications/{application.pk}/",
        "answers": application.answers,
        "papers": list(papers),
        "sent_at": sent_at.isoformat() if sent_at else "",
    }


def check_mandate(mandate: Mandate | None, version: Version, by: Actor) -> None:
    """Nothing to check for one's own matters. Raises Invalid, saying why the mandate does not allow it."""
    if mandate is None:
        return
    if by.urn != f"person:{mandate.agent_id}":
        raise Invalid(_("This mandate was given to someone else."), field="whom")
    if words := mandate.why_not(version):
        raise Invalid(words, field="whom")


def filing_of(application: Application, signature: FormSignature | None = None) -> dict[str, Any]:
    """Who files on whose behalf, as the agency's dossier and its papers say it; nothing where people apply for themselves."""
    mandate, agent = application.mandate, application.account
    if mandate is None:
        return {}
    return {
        "way": Way.PROXY,
        "name": agent.name,
        "number": agent.username,
        "phone": agent.phone,
        "authority": in_words(mandate),
        "mandate": mandate.as_authority(),
        **({"signer": signature.signer_number} if signature else {}),
    }


def tell(application: Application, kind: str, body: dict[str, Any]) -> None:
    """Send one message about the application to its agency, in the order things were done."""
    given = application.attachments.filter(kind__in=Attachment.SENT).values_list("digest", flat=True)
    exchange.send(kind, **parcel(application, body, given if "papers" in body else ()))


def parcel(application: Application, body: dict[str, Any], digests: Iterable[str]) -> dict[str, Any]:
    """The fields of one message about the application."""
    return {
        "body": json.dumps({"application": str(application.pk), **body}, ensure_ascii=False).encode(),
        "sender": settings.NODE.agency,
        "recipient": application.agency,
        "stream": f"dossier:{application.pk}",
        "correlation": str(application.pk),
        "attachments": sorted(set(digests)),
    }


def papers_of(application: Application) -> list[dict[str, Any]]:
    """The papers the citizen has given, as they go into a message; with the signed form, if there is one."""
    given = application.attachments.filter(kind__in=Attachment.SENT).order_by("added_at", "id")
    return [as_paper(one) for one in given]


def copy_of(one: Attachment) -> str:
    """What kind of copy it is at the agency."""
    if one.reuse == Reuse.REGISTER:
        return Paper.Copy.REGISTER.value
    return Paper.Copy.CERTIFIED.value if one.is_certified else Paper.Copy.ELECTRONIC.value


def as_paper(one: Attachment) -> dict[str, Any]:
    """One paper as a message carries it."""
    return {
        "paper": one.paper,
        "name": one.name,
        "media": one.media,
        "size": one.size,
        "digest": one.digest,
        "reuse": one.reuse,
        "copy": copy_of(one),
    }
