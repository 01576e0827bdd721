"""Addresses of the door for machines: one for each path of the operations, and a problem for all others."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from motcua.api.door import Door, told
from motcua.api.operations import OPERATIONS, Operation
from motcua.api.views import catalogue, dossiers, entering, files, moving, national, others  # noqa: F401 — they declare

app_name = "api"


def doors() -> list[URLPattern]:
    """One view for each path, whatever methods it has."""
    paths: dict[str, list[Operation]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, []).append(one)
    return [path(f"api/v1{route(where)}", Door(operations)) for where, operations in paths.items()]


def route(where: str) -> str:
    return where.replace("{", "<str:").replace("}", ">")


@csrf_exempt
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """No operation has this address."""
    return told(Http404()).answer()


urlpatterns: Sequence[URLPattern] = [
    path("api/", entering.page, name="page"),
    *doors(),
    re_path(r"^api/(?P<rest>.*)$", nothing),
]
