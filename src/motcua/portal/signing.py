"""The signature on the form, as the check page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from motcua.dossiers.models import Application, Batch, FormSignature
from motcua.dossiers.signed_form import standing_of
from motcua.procedures.vocabulary import Signing


@dataclass(frozen=True)
class Card:
    """Whether the form must be signed, the latest printing of it, and which roads are open."""

    must: bool
    latest: FormSignature | None
    waits: bool
    has_service: bool

    @property
    def is_signed(self) -> bool:
        return self.latest is not None and self.latest.is_signed

    @property
    def is_wanting(self) -> bool:
        """Whether the dossier cannot be sent for want of a signature."""
        return self.must and not self.is_signed

    @property
    def is_void(self) -> bool:
        """An answer was changed after the form was signed."""
        return (
            self.latest is not None
            and self.latest.state == FormSignature.State.VOID
            and self.latest.file != ""
        )

    @property
    def is_printed(self) -> bool:
        """Whether the file to be signed with one's own token lies ready."""
        return self.latest is not None and self.latest.state in {
            FormSignature.State.MADE,
            FormSignature.State.WAITING,
        }


@dataclass(frozen=True)
class ListCard(Card):
    """The same of a list of many: which of its drafts are signed."""

    signed: frozenset[UUID] = frozenset()
    drafts: int = 0

    @property
    def lacking(self) -> int:
        """How many drafts are not signed."""
        return self.drafts - len(self.signed)


def of_list(batch: Batch, drafts: Sequence[Application], *, now: datetime) -> ListCard | None:
    """None where the form of the procedure is not signed, or no draft is left."""
    asked = batch.definition.signature
    if asked is Signing.NONE or not drafts:
        return None
    latest = batch.signatures.order_by("-pk").first()
    for one in drafts:
        one.account, one.mandate = batch.account, batch.mandate
    return ListCard(
        must=asked is Signing.REQUIRED,
        latest=latest,
        waits=latest is not None and latest.is_waiting(now),
        has_service=bool(settings.NODE.signing_url),
        signed=frozenset(standing_of(drafts)),
        drafts=len(drafts),
    )


def card(application: Application, *, now: datetime) -> Card | None:
    """None where the form of the procedure is not signed."""
    asked = application.definition.signature
    if asked is Signing.NONE:
        return None
    latest = application.signatures.order_by("-pk").first()
    return Card(
        must=asked is Signing.REQUIRED,
        latest=latest,
        waits=latest is not None and latest.is_waiting(now),
        has_service=bool(settings.NODE.signing_url),
    )
