"""What is a state secret does not leave by network: asked by whatever sends a document, before it does anything."""

from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.dispatches.models import Incoming, Outgoing
from motcua.documents.models import store
from motcua.lib.actions import NotNow


def digests_of(document: Incoming | Outgoing) -> list[str]:
    """All files of a document, of its versions and of its copies; of one that came, the message that brought it as well."""
    found = [file["digest"] for file in document.files]
    if isinstance(document, Incoming) and document.message:
        found.append(document.message)
    if not document._state.adding:
        found += document.copies.values_list("file__digest", flat=True)
    if isinstance(document, Outgoing) and not document._state.adding:
        found += [
            file["digest"] for files in document.versions.values_list("files", flat=True) for file in files
        ]
    return found


def belongs_to_secret(digest: str) -> bool:
    """Whether a state secret is known that has this file, whatever other documents have it too."""
    named = Q(files__contains=[{"digest": digest}])
    came = Incoming.objects.filter(named | Q(message=digest), secrecy__gt=0)
    return came.exists() or Outgoing.objects.filter(named, secrecy__gt=0).exists()


def may_leave(document: Incoming | Outgoing) -> None:
    """Raises NotNow with what to do instead, where the document or one of its files is a state secret."""
    if document.secrecy or any(store().is_withheld(digest) for digest in digests_of(document)):
        raise NotNow(
            _(
                "This is a state secret and never leaves by this network. Send it on paper by the courier for secrets, or by the "
                "separate network for secrets; here only its number stands in the register."
            )
        )
