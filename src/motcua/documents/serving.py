"""Handing out a stored file so that nothing in it can run, whatever it holds."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from motcua.documents import actions
from motcua.documents.models import Document, store

# What a browser may show in its own window; anything else, and PDF, whose viewer no sandbox lets in, is saved.
SHOWN = ("image/jpeg", "image/png")
KNOWN = (*SHOWN, "application/pdf")


def handed_out(document: Document) -> HttpResponse:
    """A document as an answer, Http404 if the store does not hold it; a form that awaits its seal is sealed first."""
    try:
        actions.outgoing(document)
    except FileNotFoundError as fault:
        raise Http404 from fault
    return served(document.digest, document.media, document.file_name)


def served(digest: str, media: str, name: str) -> HttpResponse:
    """The bytes, compared with their digest, as an answer; Http404 if the store does not hold them."""
    try:
        content = store().read(digest)
    except FileNotFoundError as fault:
        raise Http404 from fault
    kind = media if media in KNOWN else "application/octet-stream"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(kind not in SHOWN, name) or "attachment"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
