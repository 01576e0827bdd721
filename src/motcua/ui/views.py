"""What the face itself answers: the stylesheet, theme and language, every component on one page, error pages."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from motcua.ui import guides, samples
from motcua.ui.context import THEME_COOKIE, THEMES, Link, face
from motcua.ui.styles import sheet

YEAR = 365 * 24 * 3600


def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The stylesheet, kept by browsers for ever under its digest; an older address gets today's."""
    current = sheet()
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        current.packed if zipped else current.text, content_type="text/css; charset=utf-8"
    )
    if zipped:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    lasting = digest == current.digest
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if lasting else "no-cache"
    return response


# Exempt from the CSRF token, so that a page shown to everyone carries no cookie: nothing but its look is changed.
@csrf_exempt
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or high contrast; anything else goes back to what the device prefers."""
    response = back(request)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Vietnamese or English."""
    response = back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, httponly=True, samesite="Lax"
        )
    return response


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page one came from, if it is a path of ours; otherwise home."""
    path = request.POST.get("next", "")
    local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return HttpResponseRedirect(path if local else "/")


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in all its states."""
    messages.success(request, _("Saved at 10:20."))
    return render(request, "ui/gallery.html", samples.everything(request))


TITLES = {
    "citizen": gettext_lazy("For citizens"),
    "officer": gettext_lazy("For officers"),
    "administrator": gettext_lazy("For administrators"),
}


@require_GET
def guide(request: HttpRequest, name: str = "citizen") -> HttpResponse:
    """A guide, for anyone to read; the citizens' comes first."""
    return render(request, "ui/guide.html", guide_page(name, "ui:guide"))


def guide_page(name: str, address: str) -> dict[str, object]:
    """What the page of a guide shows; the three lead to each other by the address of that name."""
    if name not in guides.NAMES:
        raise Http404
    try:
        shown = guides.guide(name, get_language() or settings.LANGUAGE_CODE)
    except FileNotFoundError as missing:
        raise Http404 from missing
    tabs = [Link(title, reverse(address, args=[one]), one == name) for one, title in TITLES.items()]
    return {"guide": shown, "tabs": tabs}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400"""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, f"ui/{status}.html", status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403"""
    return render(request, "ui/403.html", {"why": str(exception)}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: nearly always a page left open too long."""
    return render(request, "ui/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404"""
    return render(request, "ui/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """handler500; drawn without the database, which may be what broke."""
    page = render_to_string("ui/500.html", {**face(request), "request": request, "now": timezone.now()})
    return HttpResponse(page, status=500)
