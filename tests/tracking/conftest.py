"""A few dossiers' states, as agencies tell them."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from motcua.exchange.messages import Message
from motcua.tracking.actions import Told

FIRST = datetime(2026, 11, 16, 2, 12, tzinfo=UTC)
DOSSIER = uuid.UUID(int=1)
CODE = "H38.02683-261116-0042"


def told(state, minutes=0, *, step="", dossier=DOSSIER, **changes):
    facts = {
        "dossier": dossier,
        "code": CODE if state > 1 else "",
        "procedure": "2.000986",
        "agency": "H38.02683",
        "channel": 2,
        "state": state,
        "step": step,
        "at": FIRST + timedelta(minutes=minutes),
        "due_at": FIRST + timedelta(days=7) if state > 1 else None,
        "on_time": True,
    }
    return Told(**(facts | changes))


def message(body, sender="H38.02683"):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Message(
        id=uuid.uuid4(),
        kind="dossier.state",
        sender=sender,
        recipient="G22",
        stream="dossier:1",
        seq=1,
        correlation="",
        created=FIRST,
        content_type="application/json",
        attachments=(),
        body=content,
    )


@pytest.fixture
def english():
    from django.utils import translation

    with translation.override("en"):
        yield
