"""Evidence: signed tree heads, receipts, and the proof that one entry stands under a head.

A node signs nothing but heads. A head names a batch of entries by the Merkle root over them and the head before it,
so whoever holds one head holds the node to everything it logged so far.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any, Literal, Self
from uuid import UUID

from motcua.exchange.canonical import (
    HEX_DIGEST,
    Malformed,
    canonical,
    hash_of,
    instant,
    parse,
    text_field,
    whole,
    written,
)
from motcua.lib import keys, merkle
from motcua.lib.keys import SigningKey

NOTHING = "0" * 64
HEAD_NAMES = frozenset(["node", "number", "first", "size", "root", "previous", "at", "key"])
RECEIPT_NAMES = frozenset(["node", "id", "digest", "sender", "recipient", "state", "reason", "at"])

type State = Literal["received", "refused", "conflict"]


@dataclass(frozen=True)
class Head:
    """What a node says of one batch: `size` entries from number `first` on, under `root`; both digests in hexadecimal."""

    node: str
    number: int
    first: int
    size: int
    root: str
    previous: str
    at: datetime
    key: str

    @cached_property
    def text(self) -> bytes:
        """The canonical bytes, which are signed."""
        return canonical(
            {
                "type": "head",
                "v": 1,
                **{name: getattr(self, name) for name in HEAD_NAMES},
                "at": written(self.at),
            }
        )

    @property
    def digest(self) -> str:
        """What the next head carries as `previous`."""
        return hash_of(self.text).hex()


@dataclass(frozen=True)
class SignedHead:
    """A head as it travels: its bytes, the signature over them, and a second one by the key its node uses now, if that is
    another: by it the node stands by what it signed with a key that may sign no longer.
    """

    text: bytes
    signature: bytes
    renewal: tuple[str, bytes] | None = None

    @cached_property
    def head(self) -> Head:
        """What it says; `Malformed` if it says it wrongly."""
        content = parse(self.text, "head", HEAD_NAMES)
        return Head(
            node=text_field(content, "head", "node", most=60),
            number=whole(content, "head", "number"),
            first=whole(content, "head", "first"),
            size=whole(content, "head", "size"),
            root=text_field(content, "head", "root", most=64, pattern=HEX_DIGEST),
            previous=text_field(content, "head", "previous", most=64, pattern=HEX_DIGEST),
            at=instant(content, "head", "at"),
            key=text_field(content, "head", "key", most=60),
        )

    @classmethod
    def sign(cls, head: Head, key: SigningKey) -> Self:
        return cls(head.text, key.sign(head.text))

    def is_signed_by(self, public_keys: Mapping[str, str]) -> bool:
        """Whether the key it names is one of these (key id to PEM) and made the signature."""
        pem = public_keys.get(self.head.key)
        return pem is not None and _holds(pem, self.signature, self.text)

    def is_renewed_by(self, public_keys: Mapping[str, str]) -> bool:
        """Whether one of these keys (key id to PEM) signed it again."""
        name, signature = self.renewal or ("", b"")
        pem = public_keys.get(name)
        return pem is not None and _holds(pem, signature, self.text)

    def renewed(self, key: SigningKey) -> Self:
        """The same, signed again if another key than this one signed it."""
        return (
            self if self.head.key == key.key_id else replace(self, renewal=(key.key_id, key.sign(self.text)))
        )

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"head": self.text.decode(), "signature": b64encode(self.signature).decode()}
        if self.renewal:
            said["renewal"] = {"key": self.renewal[0], "signature": b64encode(self.renewal[1]).decode()}
        return said

    @cached_property
    def json(self) -> str:
        """The same as text, written once for all who stand under this head."""
        return json.dumps(self.as_json())

    @classmethod
    def from_json(cls, content: Any) -> Self:
        try:
            again = content.get("renewal")
            renewal = (str(again["key"]), b64decode(again["signature"], validate=True)) if again else None
            return cls(content["head"].encode(), b64decode(content["signature"], validate=True), renewal)
        except (TypeError, KeyError, AttributeError, NotBase64) as error:
            raise Malformed("head", "it is no signed head", "write head and signature (base64)") from error


# Many messages and receipts come under one head.
@lru_cache(maxsize=4096)
def _holds(pem: str, signature: bytes, text: bytes) -> bool:
    return keys.verify(pem, signature, text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: the number of its batch's head, its index in the batch, and the way up to the root."""

    head: int
    index: int
    proof: bytes

    def holds(self, entry: bytes, head: Head) -> bool:
        """Whether the entry stands at this place under the head."""
        steps = [self.proof[at : at + 32] for at in range(0, len(self.proof), 32)]
        leaf, root = merkle.leaf(entry), bytes.fromhex(head.root)
        return head.number == self.head and merkle.verify(leaf, self.index, head.size, steps, root)

    @property
    def json(self) -> str:
        return f'{{"head":{self.head},"index":{self.index},"proof":"{b64encode(self.proof).decode()}"}}'

    def as_json(self) -> dict[str, Any]:
        return {"head": self.head, "index": self.index, "proof": b64encode(self.proof).decode()}

    @classmethod
    def from_json(cls, content: Any, where: str) -> Self:
        try:
            head, index, proof = (
                whole(content, where, "head"),
                whole(content, where, "index"),
                content["proof"],
            )
            steps = b64decode(proof, validate=True)
        except (TypeError, KeyError, NotBase64) as error:
            raise Malformed(
                where, "it is no place in a tree", "write head, index and proof (base64)"
            ) from error
        if len(steps) % 32 or len(steps) > 32 * 64:
            raise Malformed(f"{where}.proof", "it is no way up a tree", "write the neighbours, 32 bytes each")
        return cls(head, index, steps)


@dataclass(frozen=True)
class Receipt:
    """What a node says it did with a message; an entry of its log, and so under its signature."""

    node: str
    id: UUID
    digest: str
    sender: str
    recipient: str
    state: State
    at: datetime
    reason: str = ""

    @cached_property
    def text(self) -> bytes:
        """The canonical bytes, written by hand like those of an envelope: each message received costs one."""
        return (
            f'{{"at":"{written(self.at)}","digest":"{self.digest}","id":"{self.id}","node":"{self.node}"'
            f',"reason":{quoted(self.reason)},"recipient":"{self.recipient}","sender":"{self.sender}"'
            f',"state":"{self.state}","type":"receipt","v":1}}'
        ).encode()


def read_receipt(text: bytes) -> Receipt:
    """The receipt written in these bytes; `Malformed` unless they are its canonical form."""
    content = parse(text, "receipt", RECEIPT_NAMES)
    state = content["state"]
    if state not in {"received", "refused", "conflict"}:
        raise Malformed("receipt.state", "there is no such state", "write received, refused or conflict")
    try:
        number = UUID(text_field(content, "receipt", "id", most=36))
    except ValueError as error:
        raise Malformed("receipt.id", "it is no UUID", "write the identifier of the message") from error
    return Receipt(
        node=text_field(content, "receipt", "node", most=60),
        id=number,
        digest=text_field(content, "receipt", "digest", most=64, pattern=HEX_DIGEST),
        sender=text_field(content, "receipt", "sender", most=60),
        recipient=text_field(content, "receipt", "recipient", most=60),
        state=state,
        at=instant(content, "receipt", "at"),
        reason=text_field(content, "receipt", "reason", most=1000),
    )


def joined(steps: Sequence[bytes]) -> bytes:
    """A proof as it is kept and sent."""
    return b"".join(steps)
