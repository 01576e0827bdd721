"""As an agency's node: knock at the portal, send what is to be sent, ask what is to be known, read what it answers."""

import base64
import json
from collections.abc import Container, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from pydantic import ValidationError

from motcua.api import posting
from motcua.api.national.rows import (
    GOOD,
    MOST_ROWS,
    NO_SESSION,
    TOO_MANY,
    UNKNOWN,
    Reply,
    Service,
    Taken,
)

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


class Busy(posting.Failed):
    """We asked too often in this minute; the next one is another."""


class Expired(posting.Failed):
    """The session is no longer known; a new one is needed."""


REFUSALS: dict[str, type[posting.Failed]] = {TOO_MANY: Busy, NO_SESSION: Expired}


def send(
    service: Service, rows: Sequence[dict[str, Any]], *, unit: str, within: str, is_new: bool = False
) -> list[Taken]:
    """Send rows, some hundred at a time, within a session; return those that were not taken. New are those never told before.

    Raises `posting.Failed` if the portal cannot be reached or takes nothing at all: then all may be sent again.
    """
    refused: list[Taken] = []
    for start in range(0, len(rows), MOST_ROWS):
        data = list(rows[start : start + MOST_ROWS])
        reply = knock(service, {GOOD}, unit=unit, within=within, isUpdating=str(not is_new), data=data)
        refused += [one for one in reply.result if one.error_code != GOOD]
    return refused


def send_dossiers(
    rows: Sequence[dict[str, Any]], *, new: Container[str], unit: str, within: str
) -> list[Taken]:
    """DongBoHoSoMC: those whose code is new as new ones, the others as changed; what the portal missed is told as new, too."""
    fresh = [row for row in rows if row["MaHoSo"] in new]
    known = [row for row in rows if row["MaHoSo"] not in new]
    refused = send("DongBoHoSoMC", known, unit=unit, within=within)
    missed = {(one.model_extra or {}).get("MaHoSo") for one in refused if one.error_code == UNKNOWN}
    fresh += [row for row in known if row["MaHoSo"] in missed]
    told = send("DongBoHoSoMC", fresh, unit=unit, within=within, is_new=True)
    return [one for one in refused if one.error_code != UNKNOWN] + told


def ask(service: Service, *, unit: str, within: str, **keys: str) -> list[dict[str, Any]]:
    """What the portal tells of what `keys` name, in its field names; nothing if there is none. Raises `posting.Failed`."""
    reply = knock(service, {GOOD, UNKNOWN}, unit=unit, within=within, **keys)
    return [one.model_extra or {} for one in reply.result]


def knock(service: Service, fit: AbstractSet[str], *, unit: str, within: str, **more: Any) -> Reply:
    """One request within a session, and the answer to it, under a code that is `fit`."""
    content = {"session": within, "madonvi": unit, "service": service, **more}
    body = json.dumps(content, ensure_ascii=False).encode()
    return read(posting.post(f"{settings.NODE.national_portal}/national", body, {}), fit)


def read(answer: bytes, fit: AbstractSet[str]) -> Reply:
    """The portal's answer, if it is one and its code is fit: that there is nothing answers a question, and takes no row."""
    try:
        reply = Reply.model_validate_json(answer)
    except ValidationError as fault:
        raise posting.Failed("The portal's answer cannot be read.") from fault
    if reply.error_code not in fit:
        kind = REFUSALS.get(reply.error_code, posting.Failed)
        raise kind(f"{reply.error_code} {reply.message}"[:300])
    return reply
