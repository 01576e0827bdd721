"""The description of the API in OpenAPI 3.1, made of the operations and shapes themselves."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from motcua.api.door import IDENTIFIERS, SERIALS
from motcua.api.operations import JSON, OPERATIONS, Operation
from motcua.api.problems import KNOWN, MEDIA_TYPE
from motcua.api.scopes import WORDS

VERSION = "1.0.0"
REFERENCE = "#/components/schemas/{model}"
BINARY = ("application/pdf", "image/jpeg", "image/png")

GROUPS: dict[str, Promise] = {
    "entering": gettext_lazy("Getting in"),
    "catalogue": gettext_lazy("Procedures and agencies"),
    "dossiers": gettext_lazy("Dossiers and papers"),
    "deeds": gettext_lazy("Moving a dossier on"),
    "desk": gettext_lazy("At the desk"),
    "queues": gettext_lazy("Queues"),
    "appointments": gettext_lazy("Appointments of the desk"),
    "people": gettext_lazy("Petitions and mandates"),
    "books": gettext_lazy("The books of fees"),
    "drafts": gettext_lazy("Drafts of procedures"),
    "tracking": gettext_lazy("Following by code"),
    "verifying": gettext_lazy("Checking signed files"),
    "indicators": gettext_lazy("Numbers"),
    "webhooks": gettext_lazy("Being told"),
    "national": gettext_lazy("The national portal's own interface"),
}

# Values in addresses; each operation says nothing of its own about them.
PARAMETERS: dict[str, dict[str, Any]] = {
    **{name: {"type": "string", "format": "uuid"} for name in IDENTIFIERS},
    **{name: {"type": "integer", "minimum": 1, "maximum": 999_999_999} for name in SERIALS},
    "procedure": {"type": "string", "pattern": "^[0-9]\\.[0-9]{6}$"},
    "agency": {"type": "string", "pattern": "^[A-Y][0-9]{2}(\\.[A-Z0-9]+)*$", "maxLength": 35},
    "code": {"type": "string", "pattern": "^[A-Z0-9.]+-[0-9]{6,8}-[0-9]{4,}$", "maxLength": 60},
    "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"},
}
FILE = {"type": "string", "format": "binary"}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "error": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "what"],
                "properties": {"where": {"type": "string"}, "what": {"type": "string"}},
            },
        },
    },
}


@cache
def document(language: str) -> dict[str, Any]:
    """The whole description, its words in one language."""
    with override(language):
        shapes, components = schemas()
        paths: dict[str, dict[str, Any]] = {}
        for one in OPERATIONS:
            paths.setdefault(f"/api/v1{one.path}", {})[one.method.lower()] = described(one, shapes)
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "Một Cửa",
                "version": VERSION,
                "description": _("Dossiers, procedures and notices of an agency, for its other systems."),
                "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            },
            "servers": [{"url": settings.NODE.web_url}],
            "tags": [{"name": name, "description": str(words)} for name, words in GROUPS.items()],
            "paths": paths,
            "components": {
                "schemas": {**components, "Problem": PROBLEM},
                "responses": {f"Problem{status}": problem(title) for status, (_name, title) in KNOWN.items()},
                "securitySchemes": {"machine": scheme()},
            },
        }


def schemas() -> tuple[dict[type[BaseModel], Any], dict[str, Any]]:
    """A reference for each shape, and what it refers to."""
    given = [(one.body, "validation") for one in OPERATIONS if one.body]
    answered = [(one.gives, "serialization") for one in OPERATIONS if one.gives]
    wanted = list(dict.fromkeys([*given, *answered]))
    references, found = models_json_schema(wanted, by_alias=True, ref_template=REFERENCE)  # type: ignore[arg-type]
    return {model: schema for (model, _mode), schema in references.items()}, found.get("$defs", {})  # type: ignore[misc]


def described(one: Operation, shapes: dict[type[BaseModel], Any]) -> dict[str, Any]:
    """One operation."""
    found: dict[str, Any] = {
        "operationId": one.name,
        "tags": [one.about],
        "summary": str(one.summary),
        "parameters": [*path_parameters(one), *query_parameters(one), *([KEY] if one.is_deed else [])],
        "responses": {str(one.status): success(one, shapes), **problems(one)},
        "security": [{"machine": [one.scope.value]}] if one.scope else [],
    }
    if one.body:
        found["requestBody"] = {
            "required": True,
            "content": {media: {"schema": shapes[one.body]} for media in one.media},
        }
    elif one.takes_file:
        found["requestBody"] = {"required": True, "content": {media: {"schema": FILE} for media in one.media}}
        found["responses"]["200"] = success(one, shapes)
    return found


def success(one: Operation, shapes: dict[type[BaseModel], Any]) -> dict[str, Any]:
    if one.gives:
        return {"description": str(one.summary), "content": {JSON: {"schema": shapes[one.gives]}}}
    if one.status == 204:
        return {"description": str(one.summary)}
    media = (JSON,) if one.path.endswith(".json") else BINARY
    return {"description": str(one.summary), "content": {kind: {"schema": {}} for kind in media}}


def problems(one: Operation) -> dict[str, Any]:
    """Every problem this operation may answer with."""
    statuses = {400, 405, 413, 422, 500}
    statuses |= {401, 403, 429} if one.scope else {401}
    statuses |= {404} if one.parameters else set()
    statuses |= {409} if one.is_deed else set()
    statuses |= {415} if one.body or one.takes_file else set()
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(statuses)}


def problem(title: Promise) -> dict[str, Any]:
    schema = {"$ref": REFERENCE.format(model="Problem")}
    return {"description": str(title), "content": {MEDIA_TYPE: {"schema": schema}}}


def path_parameters(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": PARAMETERS[name]} for name in one.parameters
    ]


def query_parameters(one: Operation) -> list[dict[str, Any]]:
    """The query's names; what may be left out is not written as null."""
    if one.query is None:
        return []
    schema = one.query.model_json_schema()
    needed = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": without_null(about)}
        for name, about in schema["properties"].items()
    ]


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    kept = choices[0] if choices else schema
    return {name: value for name, value in kept.items() if name != "title" and value is not None}


def scheme() -> dict[str, Any]:
    """How a machine shows who it is."""
    return {
        "type": "oauth2",
        "flows": {
            "clientCredentials": {
                "tokenUrl": f"{settings.NODE.web_url}/api/v1/token",
                "scopes": {scope.value: str(words) for scope, words in WORDS.items()},
            }
        },
    }
