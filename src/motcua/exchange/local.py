"""What a command asks of the running exchange process of this node: only it writes the log."""

import json
from http.client import HTTPConnection, HTTPException
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.exchange.problems import detail_of

PATIENCE = 6 * 3600.0  # a medium may be slow and full


class NotDone(Exception):
    """The exchange process said no, or does not run; the message says why."""


def asked(path: str, **wanted: Any) -> list[dict[str, Any]]:
    """POST to a `/local/` address; NotDone if it is not done."""
    headers = {"authorization": f"Bearer {settings.NODE.secret}", "content-type": "application/json"}
    connection = HTTPConnection("127.0.0.1", settings.NODE.exchange_port, timeout=PATIENCE)
    try:
        connection.request("POST", path, json.dumps(wanted).encode(), headers)
        response = connection.getresponse()
        status, content = response.status, response.read()
    except (OSError, HTTPException) as error:
        raise NotDone(_("The exchange of this node does not run; start it with “motcua run”.")) from error
    finally:
        connection.close()
    if status != 200:
        raise NotDone(detail_of(content, f"The exchange answered {status}."))
    told: list[dict[str, Any]] = json.loads(content)
    return told
