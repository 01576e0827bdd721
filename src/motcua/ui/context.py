"""What every page is given: theme, language, whose node it is, where to sign in, the stylesheet's address."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language

from motcua.ui.addresses import address
from motcua.ui.styles import sheet

THEME_COOKIE = "theme"
THEMES = ("light", "dark", "contrast")


@dataclass(frozen=True)
class Link:
    """A place to go, for navigation, tabs, pills and crumbs."""

    label: str | Promise
    url: str
    current: bool = False
    count: int | None = None
    state: str = ""
    key: str = ""


@dataclass(frozen=True)
class Face:
    theme: str
    language: str
    title: str
    demo: bool
    stylesheet: str
    signin: str
    here: str
    back: str


def face(request: HttpRequest) -> dict[str, Any]:
    """Context processor; also asked by the page for a broken server, so it must touch no database."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    back = previous(request)
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "face": Face(
            theme=theme if theme in THEMES else "",
            language=language,
            title=settings.NODE.title_vi if language == "vi" else settings.NODE.title_en,
            demo=settings.DEMO,
            stylesheet=address("ui:stylesheet", sheet().digest),
            signin=address(settings.LOGIN_URL),
            here=request.get_full_path() if request.method == "GET" else back,
            back=back,
        )
    }


def previous(request: HttpRequest) -> str:
    """The path of ours one came from, or the front page."""
    came = urlsplit(request.headers.get("Referer", ""))
    ours = came.netloc == request.headers.get("Host", "") and came.path.startswith("/")
    return urlunsplit(("", "", came.path, came.query, "")) if ours and came.netloc else "/"


def marked(links: list[Link], path: str) -> list[Link]:
    """The same links, with the one that leads nearest to `path` marked as current."""
    leading = [link.url for link in links if path.startswith(link.url)]
    nearest = max(leading, key=len, default=None)
    return [replace(link, current=True) if link.url == nearest else link for link in links]
