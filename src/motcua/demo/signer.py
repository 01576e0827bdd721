"""The demo's remote signing service: it keeps a key for each of the demo's people, and misbehaves when told to.

It stands at the other end of the same agreement as `documents.remote`; its transactions are files in the node's home.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from motcua.documents.authority import Credential, Keyring
from motcua.documents.remote import Outcome, as_text

LIFE = timedelta(minutes=10)
PIN = "000000"  # everyone in the demo has it, and no one outside it


class Manner(StrEnum):
    """How the service behaves with one transaction."""

    GOOD = "good"
    REFUSED = "refused"
    NEVER = "never"
    WRONG = "wrong"
    OTHER = "other"


@dataclass(frozen=True)
class Asked:
    """A transaction: who is to sign which digest, for what, where they go back to, and what became of it."""

    id: str
    number: str
    digest: str
    words: str
    back: str
    expires_at: str
    outcome: str = Outcome.WAITING
    signature: str = ""
    signer: str = ""


def keys() -> Keyring:
    """The keys, by personal number."""
    return Keyring(settings.KEYS / "remote")


def answer(what: str, asked: Mapping[str, str]) -> dict[str, str]:
    """One of the three questions of the agreement. KeyError for what is none, or unknown."""
    match what:
        case "certificate":
            return certificate(asked["number"])
        case "start":
            return start(asked)
        case "fetch":
            return fetch(asked["transaction"])
    raise KeyError(what)


def certificate(number: str) -> dict[str, str]:
    """Whose certificate it is; nothing for someone who has none."""
    try:
        return {"certificate": der(keys().person(number))}
    except KeyError:
        return {}


def start(asked: Mapping[str, str]) -> dict[str, str]:
    """Begin a transaction; the person is asked on its page."""
    keys().person(asked["number"])
    begun = Asked(
        secrets.token_hex(16),
        asked["number"],
        asked["digest"],
        asked["words"],
        asked["back"],
        (timezone.now() + LIFE).isoformat(),
    )
    keep(begun)
    page = f"{settings.NODE.web_url}/demo/signing/{begun.id}/"
    return {"transaction": begun.id, "page": page, "expires_at": begun.expires_at}


def fetch(transaction: str) -> dict[str, str]:
    """What became of it."""
    found = read(transaction)
    if found.outcome == Outcome.SIGNED:
        signer = keys().person(found.signer)
        return {"outcome": found.outcome, "signature": found.signature, "certificate": der(signer)}
    is_late = timezone.now() > datetime.fromisoformat(found.expires_at)
    return {"outcome": Outcome.EXPIRED if is_late and found.outcome == Outcome.WAITING else found.outcome}


def confirm(transaction: str, manner: Manner) -> Asked:
    """The person has proven themselves with the second factor; the service does what it is told to do."""
    found = read(transaction)
    if found.outcome != Outcome.WAITING or manner is Manner.NEVER:
        return found
    if manner is Manner.REFUSED:
        return keep(replace(found, outcome=Outcome.REFUSED))
    signer = other_than(found.number) if manner is Manner.OTHER else found.number
    digest = bytes(32) if manner is Manner.WRONG else base64.b64decode(found.digest)
    signature = keys().person(signer).key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
    return keep(replace(found, outcome=Outcome.SIGNED, signature=as_text(signature), signer=signer))


def other_than(number: str) -> str:
    """Somebody else whose key is kept."""
    return next(file.stem for file in sorted((keys().root / "persons").glob("*.pem")) if file.stem != number)


def read(transaction: str) -> Asked:
    """A transaction that was begun. KeyError for one that was not."""
    try:
        return Asked(**json.loads(file_of(transaction).read_text("utf-8")))
    except FileNotFoundError as fault:
        raise KeyError(transaction) from fault


def keep(asked: Asked) -> Asked:
    file = file_of(asked.id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(asked)), "utf-8")
    return asked


def file_of(transaction: str) -> Path:
    if len(transaction) != 32 or not set(transaction) <= set("0123456789abcdef"):
        raise KeyError(transaction)
    return Path(settings.HOME) / "signing" / f"{transaction}.json"


def der(credential: Credential) -> str:
    return as_text(credential.certificate.public_bytes(Encoding.DER))
