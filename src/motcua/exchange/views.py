"""Where the exchange process of this node brings calls of other agencies, for the contexts to answer."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from motcua.exchange.bundle import MEDIA_TYPE as BUNDLE
from motcua.exchange.bundle import bundled, unbundled
from motcua.exchange.calling import is_ours
from motcua.exchange.calls import Broken, Call, Denied, Failed, SaidNo, answer, answer_together
from motcua.exchange.problems import MEDIA_TYPE, NO, Problem

logger = logging.getLogger(__name__)

LOOPBACK = {"127.0.0.1", "::1"}


@csrf_exempt  # no browser comes here: the secret of the node is asked for instead
@require_POST
def calls(request: HttpRequest) -> HttpResponse:
    """Answer a call, or a bundle of them; refusals are problem details."""
    headers = {"authorization": request.headers.get("Authorization", "")}
    if request.META.get("REMOTE_ADDR") not in LOOPBACK or not is_ours(headers, settings.NODE.secret):
        return _told(404, "There is nothing here.")
    try:
        if request.content_type == BUNDLE:
            several = [_call(said, body) for said, body in unbundled(request.body)]
            return HttpResponse(_bundle(_answered_all(several)), content_type=BUNDLE)
        asked = _call(json.loads(request.headers["Motcua-Call"]), request.body)
    except (KeyError, TypeError, ValueError) as error:
        return _told(422, f"Motcua-Call: {error}")
    return _answered(asked)


def _call(head: Mapping[str, Any], body: bytes) -> Call:
    return Call(head["id"], head["kind"], head["sender"], head["recipient"], body)


def _answered_all(asked: Sequence[Call]) -> list[HttpResponse]:
    """Those of one kind together if their service can; in the order they were asked."""
    answered: dict[int, HttpResponse] = {}
    for kind in {one.kind for one in asked}:
        which = [number for number, one in enumerate(asked) if one.kind == kind]
        found = answer_together([asked[number] for number in which])
        answered |= {number: _given(content) for number, content in zip(which, found, strict=False)}
    return [answered.get(number) or _answered(one) for number, one in enumerate(asked)]


def _bundle(answered: Iterable[HttpResponse]) -> bytes:
    return bundled(
        [({"status": one.status_code, "type": one["content-type"]}, one.content) for one in answered]
    )


def _given(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/json")


def _answered(asked: Call) -> HttpResponse:
    try:
        return _given(answer(asked))
    except Denied as error:
        return _told(403, str(error))
    except SaidNo as error:
        return _told(422, str(error), **NO)
    except Failed as error:
        return _told(404 if isinstance(error, Broken) else 422, str(error))
    except Exception:
        logger.exception("A call could not be answered")
        return _told(500, "The service failed; the fault was logged there.")


def _told(status: int, detail: str, **extra: str) -> HttpResponse:
    return HttpResponse(Problem(status, detail, extra=extra).body, status=status, content_type=MEDIA_TYPE)
