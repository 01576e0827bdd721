"""The signature on the form, as the check page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from motcua.dossiers.models import Application, FormSignature
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
