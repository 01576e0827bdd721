"""Who signs the country's directory: root keys, how many of them it takes, and how they are changed by their own word.

The root role of The Update Framework (specification 1.0.33, sections 2.1.1, 5.3 and 6.1): a text counts when at least `threshold`
different keys have signed it; the next root is signed by enough keys of the one before and by enough of its own. A node
begins with the root it was given (`keys/root.pub`) and follows the chain that every directory carries with it.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from motcua.exchange.canonical import encode
from motcua.lib import keys
from motcua.lib.keys import SigningKey

MOST_KEYS, MOST_ROOTS = 32, 1000

# Key id and signature, each base64, as they stand beside a text.
type Signature = Mapping[str, str]


class Untrusted(Exception):
    """A directory or root that must not be used; the message says why."""


class Root(BaseModel):
    """Public root keys (PEM) and how many of them must have signed; `version` counts from 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Annotated[int, Field(ge=1)] = 1
    threshold: Annotated[int, Field(ge=1)] = 1
    keys: Annotated[tuple[str, ...], Field(min_length=1, max_length=MOST_KEYS)]

    @model_validator(mode="after")
    def can_be_met(self) -> Self:
        """Every key once, and enough of them. Raises ValueError."""
        try:
            ids = {keys.key_id(pem) for pem in self.keys}
        except ValueError as error:
            raise ValueError(f"A root key cannot be read: {error}") from error
        if len(ids) < len(self.keys):
            raise ValueError("A root key stands twice.")
        if self.threshold > len(ids):
            raise ValueError(f"{self.threshold} signatures are asked for, and there are {len(ids)} keys.")
        return self

    @property
    def by_id(self) -> dict[str, str]:
        return {keys.key_id(pem): pem for pem in self.keys}

    def signers(self, text: str, signatures: Iterable[Signature]) -> set[str]:
        """Ids of the keys whose signature over the text holds, each counted once."""
        mine, found = self.by_id, set()
        for one in signatures:
            pem = mine.get(one["key"])
            if pem and keys.verify(pem, b64decode(one["signature"], validate=True), text.encode()):
                found.add(one["key"])
        return found

    def demand(self, text: str, signatures: Sequence[Signature], what: str) -> None:
        """Raises Untrusted unless enough of its keys signed the text."""
        there = len(self.signers(text, signatures))
        if there < self.threshold:
            few = f" ({there} of {self.threshold} signatures)" if self.threshold > 1 else ""
            raise Untrusted(f"{what} is not signed by the root key of this country{few}.")


def signature(text: str, key: SigningKey) -> dict[str, str]:
    return {"key": key.key_id, "signature": b64encode(key.sign(text.encode())).decode()}


def stated(root: Root, *signers: SigningKey) -> dict[str, Any]:
    """A root as it stands in the chain: its text and signatures over it."""
    text = encode(json.loads(root.model_dump_json()))
    return {"root": text, "signatures": [signature(text, one) for one in signers]}


def anchor(known: str) -> Root:
    """The root a node was given: one public key as PEM, or a stated root (JSON). Raises Untrusted."""
    if not known.lstrip().startswith("{"):
        try:
            return Root(keys=(known,))
        except ValidationError as error:
            raise Untrusted(f"The root key cannot be read: {error.errors()[0]['msg']}") from error
    try:
        text, signatures = parts(json.loads(known), "root")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Untrusted(f"The root cannot be read: {error}") from error
    root = read(text)
    root.demand(text, signatures, f"Root {root.version}")
    return root


def latest(given: Root, chain: Sequence[Any]) -> Root:
    """The last root of the chain, each believed because the one before says so.

    Raises Untrusted; KeyError, TypeError or ValueError for what is no chain.
    """
    if len(chain) > MOST_ROOTS:
        raise Untrusted("There are too many roots.")
    for statement in chain:
        text, signatures = parts(statement, "root")
        following = read(text)
        if following.version <= given.version:
            continue  # what the node was given is newer
        if following.version != given.version + 1:
            raise Untrusted(f"Root {given.version + 1} is missing before root {following.version}.")
        given.demand(text, signatures, f"Root {following.version}")
        following.demand(text, signatures, f"Root {following.version}")
        given = following
    return given


def parts(statement: Any, name: str) -> tuple[str, list[Signature]]:
    """Text and signatures of what was signed. Raises KeyError, TypeError, AttributeError, ValueError for what is none."""
    text = statement[name]
    signatures = statement.get("signatures", [statement])
    if not isinstance(text, str) or not isinstance(signatures, list) or len(signatures) > MOST_KEYS:
        raise ValueError("signatures are missing, or too many")
    return text, [{"key": str(one["key"]), "signature": one["signature"]} for one in signatures]


def read(text: str) -> Root:
    try:
        return Root.model_validate_json(text)
    except ValidationError as error:
        raise Untrusted(f"A root cannot be read: {error.errors()[0]['msg']}") from error
