"""Every address of a node: each context that has pages, if it is switched on."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

CONTEXTS = (
    "ui",
    "exchange",
    "people",
    "notices",
    "documents",
    "payments",
    "tracking",
    "indicators",
    "oversight",
    "desk",
    "api",
    "portal",
    "demo",
)
ALWAYS = {"ui", "exchange", "people", "notices", "documents", "payments", "oversight"}


def addresses() -> list[URLPattern | URLResolver]:
    """The urls of the contexts switched on in the node's settings; `demo` only where the node plays the demo."""
    on = ALWAYS | set(settings.NODE.contexts) | ({"demo"} if settings.DEMO else set())
    names = [
        name for name in reversed(CONTEXTS) if name in on and (settings.PACKAGE / name / "urls.py").exists()
    ]
    return [path("", include(f"motcua.{name}.urls")) for name in names]


urlpatterns: list[URLPattern | URLResolver] = addresses()

handler400 = "motcua.ui.views.bad_request"
handler403 = "motcua.ui.views.forbidden"
handler404 = "motcua.ui.views.not_found"
handler500 = "motcua.ui.views.broken"
