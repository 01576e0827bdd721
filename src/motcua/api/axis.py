"""How a document system signs its calls on the national axis: headers under a shared key (HMAC-SHA256), the file by its digest."""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils.translation import gettext as _

from motcua.api.problems import Problem

PREFIX = "XroadVnpt-"
# What must be among the headers that are signed, whatever else is.
NEEDED = ("systemid", "timestamp", "from", "messagetype")
# What changes what a call does must be signed wherever it is said.
READ = ("docId", "status")
CLOCKS = timedelta(minutes=5)


def signature(key: str, names: Sequence[str], headers: Mapping[str, str]) -> str:
    """HMAC-SHA256, hexadecimal, of the named headers as one JSON object in that order, without spaces."""
    signed = {name: headers.get(PREFIX + name, "") for name in names}
    text = json.dumps(signed, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key.encode(), text.encode(), sha256).hexdigest()


def signed(key: str, said: Mapping[str, str], body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a call of our own: what is said, when, the digest of what is sent, all under the key."""
    file = {"hash-file": sha256(body).hexdigest()} if body else {}
    whole = {**said, "timestamp": f"{now:%d%m%YT%H%M%S%z}", "servicetype": "eDoc", **file}
    headers = {PREFIX + name: value for name, value in whole.items()}
    marks = {"hash-header": ";".join(whole), "sign-header": signature(key, list(whole), headers)}
    return headers | {PREFIX + name: value for name, value in marks.items()}


def check(key: str, headers: Mapping[str, str], now: datetime) -> None:
    """Raises Problem with why a call is not believed; what is sent with it need not be read for that."""
    names = [name for name in headers.get(PREFIX + "hash-header", "").split(";") if name]
    signed = {name.lower() for name in names}
    said_too = [name for name in READ if headers.get(PREFIX + name, "").strip()]
    if missing := [name for name in (*NEEDED, *said_too) if name.lower() not in signed]:
        raise Problem(
            401, _("These headers must be signed (hash-header): %(names)s.") % {"names": ", ".join(missing)}
        )
    said = headers.get(PREFIX + "sign-header", "")
    if not hmac.compare_digest(signature(key, names, headers).encode(), said.lower().encode()):
        raise Problem(401, _("The signature of the headers does not hold (sign-header)."))
    at = moment(headers.get(PREFIX + "timestamp", ""))
    if at is None or abs(now - at) > CLOCKS:
        raise Problem(
            401, _("The time of the call is missing, or more than five minutes from ours (timestamp).")
        )


def check_file(headers: Mapping[str, str], body: bytes) -> None:
    """Raises Problem where what is sent is not what the headers, already believed, say."""
    names = headers.get(PREFIX + "hash-header", "").split(";")
    if body and (
        "hash-file" not in names or headers.get(PREFIX + "hash-file", "").lower() != sha256(body).hexdigest()
    ):
        raise Problem(401, _("The digest of what is sent is missing, not signed, or another (hash-file)."))


def moment(said: str) -> datetime | None:
    """`ddMMyyyy'T'HHmmss+0700`; None for what is none."""
    try:
        return datetime.strptime(said, "%d%m%YT%H%M%S%z")
    except ValueError:
        return None
