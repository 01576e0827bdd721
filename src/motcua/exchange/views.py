"""Where the exchange process of this node brings calls of other agencies, for the contexts to answer."""

import json
import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from motcua.exchange.calling import is_ours
from motcua.exchange.calls import Broken, Call, Denied, Failed, SaidNo, answer
from motcua.exchange.problems import MEDIA_TYPE, NO, Problem

logger = logging.getLogger(__name__)

LOOPBACK = {"127.0.0.1", "::1"}


@csrf_exempt  # no browser comes here: the secret of the node is asked for instead
@require_POST
def calls(request: HttpRequest) -> HttpResponse:
    """Answer one call; refusals are problem details."""
    headers = {"authorization": request.headers.get("Authorization", "")}
    if request.META.get("REMOTE_ADDR") not in LOOPBACK or not is_ours(headers, settings.NODE.secret):
        return _told(404, "There is nothing here.")
    try:
        head = json.loads(request.headers["Motcua-Call"])
        asked = Call(head["id"], head["kind"], head["sender"], head["recipient"], request.body)
    except (KeyError, TypeError, ValueError) as error:
        return _told(422, f"Motcua-Call: {error}")
    return _answered(asked)


def _answered(asked: Call) -> HttpResponse:
    try:
        return HttpResponse(answer(asked), content_type="application/json")
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
