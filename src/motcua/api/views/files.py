"""Papers a machine brings in, each under its own digest."""

import io
from hashlib import sha256 as hashed

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.api.door import Call, shown
from motcua.api.operations import operation
from motcua.api.problems import Problem
from motcua.api.scopes import Scope
from motcua.api.shapes.others import KeptFile
from motcua.documents import actions as documents
from motcua.documents.intake import LARGEST
from motcua.documents.models import Document, store
from motcua.lib.actions import Invalid
from motcua.lib.blobs import DIGEST

MEDIA = ("application/pdf", "image/jpeg", "image/png")


@operation(
    "PUT",
    "/files/{digest}",
    gettext_lazy("Bring in a paper under the SHA-256 of its bytes, to name it in dossiers by that"),
    about="dossiers",
    scope=Scope.FILE,
    gives=KeptFile,
    status=201,
    media=MEDIA,
)
def keep_file(call: Call, digest: str) -> HttpResponseBase:
    """PDF, JPEG or PNG of at most 10 MB; sent again it is there once."""
    content = whole(call.request)
    if not DIGEST.fullmatch(digest) or sha256(content) != digest:
        raise Invalid(
            _("The address must end in the SHA-256 of what is sent, in 64 small hexadecimal digits.")
        )
    known = Document.objects.filter(owner=call.client.urn, digest=digest).first()
    kept = (
        known
        if known and store().renew(digest)
        else documents.keep(
            Document(title=digest, about=call.client.urn, owner=call.client.urn, agency=call.client.agency),
            by=call.actor,
            file=io.BytesIO(content),
        )
    )
    told = KeptFile(digest=kept.digest, media=kept.media, size=kept.size, pages=kept.pages)
    return shown(told, 200 if known else 201)


def whole(request: HttpRequest) -> bytes:
    """The body, at most as long as a file may be."""
    content = request.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Problem(413, _("At most 1 MB of JSON is read, and files of at most 10 MB."))
    return bytes(content)


def sha256(content: bytes) -> str:
    return hashed(content).hexdigest()
