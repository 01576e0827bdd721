"""Signatures of notices, in the manner of Standard Webhooks: whoever has the secret can prove that we said it, just now."""

import base64
import hashlib
import hmac
import json
from typing import Any

PREFIX = "whsec_"
# What is older or newer by more than this is not believed by whoever follows the manner.
TOLERANCE = 300


def shown(secret: bytes) -> str:
    """The secret as machines are given it."""
    return PREFIX + base64.b64encode(secret).decode()


def text(content: dict[str, Any]) -> bytes:
    """The bytes that are sent and signed."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def headers(secret: bytes, *, id_: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of a notice; `at` counts seconds since 1970."""
    signature = sign(secret, id_=id_, at=at, body=body)
    return {"webhook-id": id_, "webhook-timestamp": str(at), "webhook-signature": signature}


def sign(secret: bytes, *, id_: str, at: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over id, time and body, joined by dots."""
    signed = hmac.new(secret, f"{id_}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()
