"""Signatures on HTTP requests between nodes: RFC 9421 over method, address, content type and digest (RFC 9530).

One profile, written and read by hand because every request passes here; the tests compare it with a full library.
"""

import re
import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from motcua.exchange.canonical import Malformed, digest_field, hash_of
from motcua.lib import keys
from motcua.lib.keys import ALGORITHM, SigningKey

TAG = "motcua-exchange"
LIFETIME = timedelta(seconds=300)
SKEW = timedelta(seconds=60)
WITH_BODY = '("@method" "@target-uri" "content-type" "content-digest")'
WITHOUT_BODY = '("@method" "@target-uri")'

INPUT = re.compile(
    r'motcua=(?P<all>(?P<components>\("@method" "@target-uri"(?: "content-type" "content-digest")?\))'
    r'(?P<parameters>(?:;[a-z]+=(?:\d{1,12}|"[A-Za-z0-9_-]{1,64}"))+))'
)
PARAMETER = re.compile(r';([a-z]+)="?([A-Za-z0-9_-]+)"?')
NAMES = {"created", "expires", "nonce", "keyid", "alg", "tag"}
SIGNATURE = re.compile(r"motcua=:([A-Za-z0-9+/=]+):")


class Unsigned(Exception):
    """The request is not signed as agreed, or the signature does not hold; the message says what and how to mend it."""


@dataclass(frozen=True)
class Request:
    """What is signed of a request; `target` is the whole public address; no body means no content type."""

    method: str
    target: str
    content_type: str = ""
    body_digest: bytes = b""

    @property
    def components(self) -> str:
        return WITH_BODY if self.body_digest else WITHOUT_BODY

    def base(self, parameters: str) -> bytes:
        """The signature base of RFC 9421, section 2.5."""
        lines = [f'"@method": {self.method}', f'"@target-uri": {self.target}']
        if self.body_digest:
            lines += [
                f'"content-type": {self.content_type}',
                f'"content-digest": {digest_field(self.body_digest)}',
            ]
        return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def sign(request: Request, key: SigningKey, now: datetime) -> dict[str, str]:
    """The headers to send with the request."""
    created = int(now.timestamp())
    parameters = (
        f"{request.components};created={created};expires={created + int(LIFETIME.total_seconds())}"
        f';nonce="{secrets.token_urlsafe(16)}";keyid="{key.key_id}";alg="{ALGORITHM}";tag="{TAG}"'
    )
    signature = b64encode(key.sign(request.base(parameters))).decode()
    headers = {"signature-input": f"motcua={parameters}", "signature": f"motcua=:{signature}:"}
    if request.body_digest:
        headers |= {"content-type": request.content_type, "content-digest": digest_field(request.body_digest)}
    return headers


def request_from(method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Request:
    """The request as it arrived; `Unsigned` if the body is not the one the digest names."""
    if body is None:
        return Request(method, target)
    digest = hash_of(body)
    if headers.get("content-digest") != digest_field(digest):
        raise Unsigned(
            "Content-Digest does not fit the body; write sha-256=:…: over the body as sent (RFC 9530)."
        )
    return Request(method, target, headers.get("content-type", ""), digest)


def signer(
    request: Request, headers: Mapping[str, str], pem_of: Callable[[str], str | None], now: datetime
) -> str:
    """The id of the key that signed the request; `Unsigned` unless the signature holds now."""
    found = INPUT.fullmatch(headers.get("signature-input", ""))
    given = SIGNATURE.fullmatch(headers.get("signature", ""))
    parameters = PARAMETER.findall(found["parameters"]) if found else []
    values: dict[str, str] = dict(parameters)
    if found is None or given is None or len(parameters) != len(NAMES) or values.keys() != NAMES:
        raise Unsigned(
            f"Signature-Input or Signature is missing or of another form; sign {request.components} under the label"
            " motcua, with created, expires, nonce, keyid, alg and tag (RFC 9421)."
        )
    if (found["components"], values["alg"], values["tag"]) != (request.components, ALGORITHM, TAG):
        raise Unsigned(
            f'The signature is for something else; sign {request.components}, alg="{ALGORITHM}", tag="{TAG}".'
        )
    _in_time(values["created"], values["expires"], now)
    pem = pem_of(values["keyid"])
    if pem is None:
        raise Unsigned(
            f"The key {values['keyid']} is in no directory valid now; sign with a key of your node."
        )
    if not keys.verify(pem, _decoded(given[1]), request.base(found["all"])):
        raise Unsigned(
            "The signature does not hold; sign exactly the request that is sent, address included."
        )
    return values["keyid"]


def _decoded(text: str) -> bytes:
    try:
        signature = b64decode(text, validate=True)
    except NotBase64 as error:
        raise Malformed("Signature", "it is not base64", "write motcua=:…:") from error
    if b64encode(signature).decode() != text:  # the last character has bits that mean nothing
        raise Malformed("Signature", "its base64 has loose bits at the end", "set them to zero")
    return signature


def _in_time(created: str, expires: str, now: datetime) -> None:
    if not created.isdecimal() or not expires.isdecimal():
        raise Unsigned("created and expires are whole numbers of seconds since 1970.")
    made, ends, moment = int(created), int(expires), now.timestamp()
    if made > moment + SKEW.total_seconds():
        raise Unsigned("The signature was made in the future; set the clock of your node.")
    if ends < moment or ends > made + LIFETIME.total_seconds():
        raise Unsigned("The signature has expired or lives longer than 300 s; sign again and set the clock.")
