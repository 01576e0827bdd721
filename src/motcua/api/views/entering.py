"""How a machine gets in: its token. And what there is: the description, and the page that people read."""

import base64
import binascii
import json
from hashlib import sha256
from typing import Annotated, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pydantic import StringConstraints

from motcua.api import openapi, tokens
from motcua.api.door import Call
from motcua.api.models import Client
from motcua.api.operations import FORM, OPERATIONS, operation
from motcua.api.problems import KNOWN, Problem
from motcua.api.scopes import WORDS, Scope
from motcua.api.shapes.parts import Asked, Shown, Text

ABOUT = "entering"


class Credentials(Asked):
    grant_type: Literal["client_credentials"]
    scope: Annotated[str, StringConstraints(max_length=500, pattern=r"^[a-z: ]*$")] = ""
    client_id: Text = ""
    client_secret: Text = ""


class Entrance(Shown):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 — the name of a kind
    expires_in: int = tokens.LIFETIME
    scope: str


@operation(
    "POST",
    "/token",
    gettext_lazy("A token for an hour, for a machine's identifier and secret (RFC 6749, section 4.4)"),
    about=ABOUT,
    scope=None,
    body=Credentials,
    gives=Entrance,
    media=(FORM,),
)
def give_token(call: Call) -> Entrance:
    """Identifier and secret by HTTP Basic or in the form; without `scope`, for all the machine has."""
    client = proven(*credentials(call))
    wanted = set(call.body.scope.split()) or set(client.scopes)
    if strange := wanted - set(client.scopes):
        raise Problem(
            400,
            _("This machine has not: %(scopes)s. Who looks after the node grants it.")
            % {"scopes": ", ".join(sorted(strange))},
            extra={"error": "invalid_scope"},
        )
    scopes = sorted(Scope(one) for one in wanted)
    return Entrance(access_token=tokens.issue(client, scopes), scope=" ".join(scopes))


def credentials(call: Call) -> tuple[str, str]:
    """Identifier and secret, from the header if there is one."""
    scheme, _space, text = call.request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return call.body.client_id, call.body.client_secret
    try:
        name, _colon, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret


def proven(name: str, secret: str) -> Client:
    """The machine whose secret this is; whether the identifier exists is not told."""
    try:
        client = Client.objects.in_force().filter(pk=UUID(name)).first()
    except ValueError:
        client = None
    given = sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
    if not constant_time_compare(given, client.secret if client else "") or client is None:
        raise Problem(
            401,
            _("Identifier and secret do not belong together. Who looks after the node gives a new secret."),
            headers={"WWW-Authenticate": 'Basic realm="motcua"'},
            extra={"error": "invalid_client"},
        )
    return client


@operation(
    "GET",
    "/openapi.json",
    gettext_lazy("This description, in OpenAPI 3.1"),
    about=ABOUT,
    scope=None,
)
def describe(call: Call) -> HttpResponseBase:
    """In the language of the request."""
    described = openapi.document(get_language() or "vi")
    answer = HttpResponse(json.dumps(described, ensure_ascii=False), "application/json")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """The API for people: how to get in, every operation, every problem."""
    groups = {name: [one for one in OPERATIONS if one.about == name] for name in openapi.GROUPS}
    shown = {
        "groups": [
            (name, openapi.GROUPS[name], operations) for name, operations in groups.items() if operations
        ],
        "scopes": [(scope.value, words) for scope, words in WORDS.items()],
        "problems": [(status, name, title) for status, (name, title) in KNOWN.items()],
        "base": f"{settings.NODE.web_url}/api/v1",
    }
    return render(request, "api/page.html", shown)
