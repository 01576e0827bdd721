"""Anyone checks whether a paper is genuine: by the code printed on it, or by its file."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.documents import inquiries
from motcua.documents.inquiries import Answer
from motcua.documents.models import read_code
from motcua.documents.verification import LARGEST
from motcua.portal.checking import report


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """Type a code, or choose a file; a good code leads to the paper's own address."""
    if request.method == "POST":
        return upload(request)
    typed = request.GET.get("code")
    if typed is None:
        return render(request, "portal/verify/ask.html")
    code = read_code(typed)
    if not code:
        # What cannot be a code may be anything: it is shown to who typed it and kept nowhere.
        fault = _("A code has 16 letters and digits, four by four. Compare it with the paper.")
        return render(request, "portal/verify/ask.html", {"code": typed, "code_fault": fault}, status=422)
    return redirect("portal:verify_code", code)


def upload(request: HttpRequest) -> HttpResponse:
    """The signatures of a file someone holds; it is looked at and kept nowhere."""
    file = request.FILES.get("file")
    if file is None:
        fault = _("Choose the PDF or the edXML message you were sent.")
        return render(request, "portal/verify/ask.html", {"file_fault": fault}, status=422)
    return answered(request, inquiries.verify_upload(file.read(LARGEST + 1)))


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponseBase:
    """The paper that bears a code; where the QR code on a certificate leads."""
    known = read_code(code)
    if known and known != code:
        return redirect("portal:verify_code", known)
    answer = inquiries.verify_code(code)
    if answer is None:
        return render(request, "portal/verify/unknown.html", {"code": code}, status=404)
    return answered(request, answer)


def answered(request: HttpRequest, answer: Answer) -> HttpResponse:
    page = {"answer": answer, "report": report(answer), "now": timezone.now()}
    return render(request, "portal/verify/answer.html", page)
