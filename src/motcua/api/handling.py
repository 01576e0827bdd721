"""How a call comes to its door: past none of what only pages need, and to no address but the API's own."""

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest
from django.urls import ResolverMatch, get_resolver
from django.utils.module_loading import import_string

ROOT = "/api/v1/"


class ForMachines(BaseHandler):
    """Of Django's handler, what machines need: no session, no account, no form, no message, no page that says why."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 — as Django declares it
        """Only what `MACHINE_MIDDLEWARE` names; none of it looks at views, templates or what they raise."""
        for asked in ("view", "template_response", "exception"):
            setattr(self, f"_{asked}_middleware", [])
        answer = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for name in reversed(settings.MACHINE_MIDDLEWARE):
            answer = convert_exception_to_response(import_string(name)(answer))
        self._middleware_chain = answer

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Addresses are looked for here alone; the links in an answer still lead to all of the node."""
        request.resolver_match = get_resolver("motcua.api.urls").resolve(request.path_info)
        return request.resolver_match
