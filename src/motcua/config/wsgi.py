"""The pages of a node as a WSGI application."""

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

# A proxy on this machine says who really asks and how: limits on failed sign-ins are kept for each address.
application = wrap_wsgi_with_proxy_headers(get_wsgi_application(), trusted_hosts="127.0.0.1")
