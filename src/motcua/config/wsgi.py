"""The pages of a node as a WSGI application."""

from wsgiref.util import setup_testing_defaults

from django.core.wsgi import get_wsgi_application
from django.db import connections
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

# A proxy on this machine says who really asks and how: limits on failed sign-ins are kept for each address.
application = wrap_wsgi_with_proxy_headers(get_wsgi_application(), trusted_hosts="127.0.0.1")

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
