"""What the node signs about a batch of its journal: one way to write it, for the sealer and for whoever shows it to neighbours."""

import json
from datetime import UTC, datetime


def statement(  # noqa: PLR0913 — the fields of a head
    *,
    origin: str,
    number: int,
    first_place: int,
    size: int,
    root: bytes,
    previous: bytes,
    at: datetime,
    key_id: str,
) -> bytes:
    """The bytes that are signed: JSON, keys sorted, no spaces, UTF-8, digests in hexadecimal, time in UTC with microseconds."""
    content = {
        "origin": origin,
        "number": number,
        "first_place": first_place,
        "size": size,
        "root": root.hex(),
        "previous": previous.hex(),
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "key_id": key_id,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
