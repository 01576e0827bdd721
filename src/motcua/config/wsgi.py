"""The pages of a node as a WSGI application."""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from motcua.api.handling import ROOT, ForMachines
from motcua.exchange.views import calls

type Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

INNER = "/internal/calls/"


class Inner(WSGIHandler):
    """The one view that asks for the node's secret: without sessions and all else that pages need, it costs a quarter less."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 — as Django declares it
        self._middleware_chain = convert_exception_to_response(in_default_language)


def in_default_language(request: HttpRequest) -> HttpResponse:
    """The thread may have spoken another language before. The other end reads as many bytes as it is told."""
    with translation.override(settings.LANGUAGE_CODE):
        answer = calls(request)
    answer.headers["Content-Length"] = str(len(answer.content))
    return answer


class Machines(ForMachines, WSGIHandler):
    """The API, where the node has one."""


def front(inner: Wsgi, machines: Wsgi, pages: Wsgi) -> Wsgi:
    """Calls of our own exchange process to `inner`, those over the API to `machines`, everything else to the `pages`."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        to = inner if path == INNER else machines if path.startswith(ROOT) else pages
        return to(environ, start)

    return answer


# A proxy on this machine says who really asks and how: limits on failed sign-ins are kept for each address.
pages = get_wsgi_application()
machines = Machines() if "api" in settings.NODE.contexts else pages
application = wrap_wsgi_with_proxy_headers(front(Inner(), machines, pages), trusted_hosts="127.0.0.1")

# What everybody may open, and most people open first.
FRONT = ("/", "/account/login/")


def open_front() -> None:
    """Ask for the front pages before anyone does, so that nobody waits for what a process does once: addresses, search, words.

    Whoever is forked from this process has it all; each opens a database connection of its own.
    """
    for path in FRONT:
        environ = {"PATH_INFO": path, "REMOTE_ADDR": "127.0.0.1", "QUERY_STRING": ""}
        setup_testing_defaults(environ)
        for _piece in application(environ, lambda *_head: None):
            pass
    connections.close_all()
