"""Addresses of the door for machines: one for each path of the operations, and a problem for all others."""

from collections.abc import Sequence

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from motcua.api.door import Door, told
from motcua.api.operations import OPERATIONS, Operation
from motcua.api.views import (  # — some only declare their operations
    appointments,  # noqa: F401
    axis,
    books,  # noqa: F401
    catalogue,  # noqa: F401
    desk,  # noqa: F401
    dispatched,  # noqa: F401
    dossiers,  # noqa: F401
    entering,
    files,  # noqa: F401
    moving,  # noqa: F401
    national,  # noqa: F401
    others,  # noqa: F401
    people,  # noqa: F401
    published,  # noqa: F401
    queues,  # noqa: F401
    rules,  # noqa: F401
    systems,
    verifying,  # noqa: F401
)

app_name = "api"


def doors() -> list[URLPattern]:
    """One view for each path, whatever methods it has."""
    paths: dict[str, list[Operation]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, []).append(one)
    return [path(route(where), Door(operations)) for where, operations in paths.items()]


def route(where: str) -> str:
    return where.removeprefix("/").replace("{", "<str:").replace("}", ">")


@csrf_exempt
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """No operation has this address."""
    return told(Http404()).answer()


# The pages stand among those of the desk, and only where there is one.
DESK = (
    [
        path("desk/systems/", systems.index, name="systems"),
        path("desk/systems/<uuid:pk>/", systems.show, name="system"),
        path("desk/systems/<uuid:pk>/rights/", systems.change, name="change_system"),
        path("desk/systems/<uuid:pk>/secret/", systems.renew, name="renew_secret"),
        path("desk/systems/<uuid:pk>/stop/", systems.stop, name="stop_system"),
        path("desk/systems/<uuid:pk>/subscriptions/", systems.subscribe, name="subscribe"),
        path("desk/subscriptions/<uuid:pk>/end/", systems.decide, {"verb": "end"}, name="end_subscription"),
        path(
            "desk/subscriptions/<uuid:pk>/enable/",
            systems.decide,
            {"verb": "enable"},
            name="enable_subscription",
        ),
        path("desk/deliveries/<uuid:pk>/again/", systems.again, name="send_again"),
    ]
    if "desk" in settings.NODE.contexts
    else []
)

urlpatterns: Sequence[URLPattern | URLResolver] = [
    path("api/v1/", include(doors())),
    path("api/", entering.page, name="page"),
    path("axis/<str:service>", axis.serve, name="axis"),
    *DESK,
    re_path(r"^api/(?P<rest>.*)$", nothing),
]
