"""The directory of a country: who is a node, which keys are its own, which agencies it hosts, who may send what to whom.

One JSON text, versioned, expiring, signed by the country's root keys (`exchange.root`). A node keeps the last good copy and
works with it until it expires; an older version is refused, so nobody can bring a removed key or right back.
"""

import json
import ssl
from collections.abc import Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from motcua.exchange.canonical import encode
from motcua.exchange.root import Root, Untrusted, anchor, latest, parts, signature
from motcua.lib import keys
from motcua.lib.keys import SigningKey


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class NodeKey(_Strict):
    """A public key of a node, the time in which it may sign, and since when it is not believed any more, if it was lost."""

    id: str
    pem: str
    from_: Annotated[AwareDatetime, Field(alias="from")]
    to: AwareDatetime
    revoked_at: AwareDatetime | None = None

    def is_valid(self, at: datetime) -> bool:
        """Whether what was provably signed at this moment is believed."""
        return self.from_ <= at < self.to and (self.revoked_at is None or at < self.revoked_at)


class Node(_Strict):
    """One installation: its name, its address for other nodes, its keys and the agencies it hosts."""

    name: str
    title: str = ""
    exchange_url: str
    keys: tuple[NodeKey, ...]
    agencies: tuple[str, ...]
    certificate: str | None = (
        None  # PEM: with which it comes, and which it shows, where nodes speak TLS themselves
    )
    carry_key: str | None = None  # PEM: for whom files are encrypted that are carried to it on a medium

    @property
    def is_carried(self) -> bool:
        """Whether it stands on a network of its own: only files on a medium reach it."""
        return self.exchange_url.startswith("carry:")

    @cached_property
    def public_keys(self) -> dict[str, str]:
        """All its keys ever listed, key id to PEM: whose a signature is, not whether it is still believed."""
        return {key.id: key.pem for key in self.keys}

    def keys_at(self, at: datetime) -> dict[str, str]:
        """The keys that may sign at a moment."""
        return {key.id: key.pem for key in self.keys if key.is_valid(at)}


class Right(_Strict):
    """Who may send messages of which kind to whom; `*` stands for any characters."""

    sender: str
    kind: str
    recipient: str

    def allows(self, sender: str, kind: str, recipient: str) -> bool:
        return (
            fnmatchcase(kind, self.kind)
            and fnmatchcase(sender, self.sender)
            and fnmatchcase(recipient, self.recipient)
        )


class Directory(_Strict):
    """All nodes of a country and what they may do."""

    instance: str
    version: Annotated[int, Field(ge=1)]
    root: Root | None = None  # under which it is signed, once the first one has been followed
    issued: AwareDatetime
    expires: AwareDatetime
    nodes: tuple[Node, ...]
    rights: tuple[Right, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Node]:
        return {node.name: node for node in self.nodes}

    @cached_property
    def hosts(self) -> dict[str, Node]:
        """Which node hosts an agency, by agency code."""
        return {agency: node for node in self.nodes for agency in node.agencies}

    @cached_property
    def owners(self) -> dict[str, Node]:
        """Which node a key belongs to, by key id."""
        return {key.id: node for node in self.nodes for key in node.keys}

    @cached_property
    def _decided(self) -> dict[tuple[str, str, str], bool]:
        return {}

    def may(self, sender: str, kind: str, recipient: str) -> bool:
        """Whether some right allows it; without one it is denied."""
        question = (sender, kind, recipient)
        if question not in self._decided:
            if len(self._decided) > 100_000:
                self._decided.clear()
            self._decided[question] = any(right.allows(*question) for right in self.rights)
        return self._decided[question]

    def pem_at(self, key_id: str, at: datetime) -> str | None:
        """The PEM of a key of some node, if it may sign at that moment."""
        node = self.owners.get(key_id)
        return node.keys_at(at).get(key_id) if node else None


def signed(directory: Directory, *keys: SigningKey, roots: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """The directory as it is published: its text, signatures over it, and the roots that followed the first (`root.stated`)."""
    text = encode(json.loads(directory.model_dump_json(by_alias=True, exclude_none=True)))
    signatures = [signature(text, key) for key in keys]
    return json.dumps({"directory": text, "roots": list(roots), "signatures": signatures}).encode()


def opened(published: bytes, root: str | Root) -> Directory:
    """The directory in a published text; `Untrusted` unless the root, or one that has followed it, signed it and it is coherent."""
    given = root if isinstance(root, Root) else anchor(root)
    try:
        outer = json.loads(published)
        text, signatures = parts(outer, "directory")
        last = latest(given, outer.get("roots", []))
        last.demand(text, signatures, "The directory")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Untrusted(f"This is no signed directory: {error}") from error
    try:
        directory = Directory.model_validate_json(text)
    except ValidationError as error:
        raise Untrusted(f"The directory cannot be read: {error}") from error
    if last.version > 1 and directory.root != last:
        raise Untrusted(f"The directory does not name root {last.version}, which has signed it.")
    coherent(directory)
    return directory


def replace(known: Directory | None, published: bytes, root: str, now: datetime) -> Directory:
    """The directory to use from now on; `Untrusted` if the new one is older, expired, or changes without a new number.

    A root that another has followed never signs again: what is known here decides, not what the node was given.
    """
    fresh = opened(published, (known and known.root) or root)
    if fresh.expires <= now:
        raise Untrusted(f"Version {fresh.version} of the directory expired on {fresh.expires:%Y-%m-%d}.")
    if known is None:
        return fresh
    if fresh.instance != known.instance:
        raise Untrusted(f"This directory is of the country {fresh.instance}, not {known.instance}.")
    if fresh.version < known.version:
        raise Untrusted(
            f"Version {fresh.version} is older than version {known.version}, which is known here."
        )
    if fresh.version == known.version and fresh != known:
        raise Untrusted(f"There are two different directories of version {fresh.version}.")
    return fresh


def coherent(directory: Directory) -> None:
    """No key and no agency belongs to two nodes, and every key is what its id says."""
    _once([agency for node in directory.nodes for agency in node.agencies], "agency")
    _once([key.id for node in directory.nodes for key in node.keys], "key")
    _once([node.name for node in directory.nodes], "node")
    for node in directory.nodes:
        if node.certificate is not None and not _is_certificate(node.certificate):
            raise Untrusted(f"The certificate of {node.name} cannot be read.")
        if node.carry_key is not None and not _is_key(node.carry_key):
            raise Untrusted(f"The key for carrying to {node.name} is no key on the curve P-256.")
        for key in node.keys:
            if keys.key_id(key.pem) != key.id:
                raise Untrusted(f"Key {key.id} of {node.name} is not the key it is called.")


def _is_certificate(pem: str) -> bool:
    """Whether it is one certificate, and one with which TLS can begin."""
    try:
        der = ssl.PEM_cert_to_DER_cert(pem)
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=der)
    except (OSError, ValueError):
        return False
    return pem.count("BEGIN CERTIFICATE") == 1


def _is_key(pem: str) -> bool:
    try:
        keys.public_key(pem)
    except (TypeError, ValueError):
        return False
    return True


def _once(names: list[str], what: str) -> None:
    twice = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    if twice:
        raise Untrusted(f"The {what} {min(twice)} stands twice in the directory.")
