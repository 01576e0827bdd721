"""As an agency's node: knock at the portal, send what is to be sent, read what became of it."""

import base64
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from pydantic import ValidationError

from motcua.api import posting
from motcua.api.national.rows import GOOD, MOST_ROWS, Reply, Service, Taken

SECRET = "national-portal.key"  # noqa: S105 — the name of a file
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def is_set() -> bool:
    """Whether this node synchronises with a portal."""
    return bool(settings.NODE.national_portal)


def session() -> str:
    """A session for an hour. Raises `posting.Failed`."""
    secret = (settings.KEYS / SECRET).read_text("ascii").strip()
    known = base64.b64encode(f"{settings.NODE.national_portal_client}:{secret}".encode()).decode()
    form = urlencode({"grant_type": "client_credentials", "scope": "national:sync"}).encode()
    answer = posting.post(
        f"{settings.NODE.national_portal}/token", form, FORM | {"Authorization": f"Basic {known}"}
    )
    return str(json.loads(answer)["access_token"])


def send(service: Service, rows: Sequence[dict[str, Any]], *, unit: str, within: str) -> list[Taken]:
    """Send rows, some hundred at a time, within a session; return those that were not taken.

    Raises `posting.Failed` if the portal cannot be reached or takes nothing at all: then all may be sent again.
    """
    refused: list[Taken] = []
    for start in range(0, len(rows), MOST_ROWS):
        content = {
            "session": within,
            "madonvi": unit,
            "service": service,
            "isUpdating": "True",
            "data": list(rows[start : start + MOST_ROWS]),
        }
        body = json.dumps(content, ensure_ascii=False).encode()
        reply = read(posting.post(f"{settings.NODE.national_portal}/national", body, {}))
        refused += [one for one in reply.result if one.error_code != GOOD]
    return refused


def read(answer: bytes) -> Reply:
    """The portal's answer, if it is one and good."""
    try:
        reply = Reply.model_validate_json(answer)
    except ValidationError as fault:
        raise posting.Failed("The portal's answer cannot be read.") from fault
    if reply.error_code != GOOD:
        raise posting.Failed(f"{reply.error_code} {reply.message}"[:300])
    return reply
