"""Versions approved in the browser go to every node with a desk, so that what is filed under them is known there, too."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from motcua.exchange import actions as exchange
from motcua.exchange.messages import Message, Unfit
from motcua.exchange.questions import one_a_node
from motcua.procedures.actions import digest_of
from motcua.procedures.models import Draft, Version
from motcua.procedures.schema import Definition

KIND = "procedure.version"
# How long what is filed under a version not known here yet waits for word of it.
PATIENCE = timedelta(hours=1)


class VersionNotKnownError(Exception):
    """A dossier names a version this node has not heard of yet; the message is tried again later."""


def share(pk: str) -> None:
    """Send an approved version to one agency of every other node that may be sent it."""
    draft = Draft.objects.select_related("version__procedure").get(pk=pk)
    sender = draft.owner or settings.NODE.national
    for code in sorted(set(one_a_node(KIND, sender=sender)) - set(settings.NODE.agencies)):
        exchange.send(
            KIND,
            written(draft),
            sender=sender,
            recipient=code,
            stream=f"procedure:{draft.code}",
            correlation=str(draft.pk),
        )


def written(draft: Draft) -> bytes:
    """The version a draft became, as its message carries it."""
    version = draft.version
    assert version is not None, "only an approved draft is told of"  # noqa: S101 — a mistake of ours
    body = {
        "code": draft.code,
        "owner": draft.owner,
        "digest": version.digest,
        "approved_by": version.approved_by,
        "content": version.content,
    }
    return json.dumps(body, ensure_ascii=False).encode()


def read(message: Message) -> tuple[Definition, dict[str, str]]:
    """The definition a message brings, who approved it and whose own it is; `Unfit` if the sender may not tell of it."""
    body: dict[str, Any] = message.json()
    if message.sender != (body["owner"] or settings.NODE.national):
        raise Unfit(_("Only the agency a procedure belongs to tells of its versions."))
    try:
        definition = Definition.from_content(body["content"])
    except ValidationError as fault:
        raise Unfit(_("This version cannot be read here: %(fault)s") % {"fault": str(fault)[:500]}) from fault
    if (definition.code, digest_of(definition)) != (body["code"], body["digest"]):
        raise Unfit(_("This version is not what its digest says."))
    return definition, {"approved_by": str(body["approved_by"]), "owner": str(body["owner"])}


def version_of(body: dict[str, Any], said_at: datetime) -> Version:
    """The version a message names, by its digest; one not heard of yet is waited for, and then the message is `Unfit`.

    Only who names no digest, as an older node does, means whichever begins on that day: what was filled in under one version
    is never handled under another of the same day.
    """
    versions = Version.objects.coded(body["procedure"]).filter(effective_from=body["effective_from"])
    meant = versions.filter(digest=body["digest"]) if body.get("digest") else versions.order_by("-pk")
    version = meant.first()
    if version is not None:
        return version
    words = _("This agency does not know procedure %(code)s in this version.") % {"code": body["procedure"]}
    if timezone.now() - said_at < PATIENCE:
        raise VersionNotKnownError(words)
    raise Unfit(words)
