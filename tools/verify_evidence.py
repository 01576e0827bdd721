#!/usr/bin/env python3
"""Check the evidence of one message between agencies, with nothing but Python, the package `cryptography`, and openssl for time stamps.

    verify_evidence.py evidence.json root.pub [--directory FILE] [--tsa authority.pem] [--body FILE]

`root.pub` is the public root key of the country, `--directory` a newer edition of its directory than the one enclosed (any node shows
its own at /exchange/directory), `--tsa` certificates of time-stamping authorities you trust. Exit code 0 and what is proven, by which
edition; or 1 and why not. An enclosed edition does not know of keys lost since: ask for the newest. It shares no line with the program that wrote the evidence, so that neither has to be believed.
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

HALF = {"entry", "head", "index", "proof", "renewal", "signature", "stamp"}


class Broken(Exception):
    """The evidence does not hold; the message says where."""


def need(holds, what):
    if not holds:
        raise Broken(what)


def written(content):
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(text, what):
    content = json.loads(text)
    need(isinstance(content, dict) and written(content) == text, f"{what} is not in canonical form")
    return content


def raw(text, what):
    content = base64.b64decode(text, validate=True)
    need(base64.b64encode(content).decode() == text, f"{what}: loose bits in its base64")
    return content


def signed(pem, signature, text, what):
    given, key = raw(signature, what), serialization.load_pem_public_key(pem.encode())
    need(len(given) == 64 and isinstance(key, ec.EllipticCurvePublicKey), f"{what} has another form")
    der = utils.encode_dss_signature(int.from_bytes(given[:32]), int.from_bytes(given[32:]))
    try:
        key.verify(der, text.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Broken(f"{what} does not hold") from None


def key_id(pem):
    der = serialization.load_pem_public_key(pem.encode()).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)  # fmt: skip
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()[:16]).rstrip(b"=").decode()


def enough(root, signatures, text, what):
    """At least so many different keys of the root have signed the text."""
    pems, held = {key_id(pem): pem for pem in root["keys"]}, set()
    for one in signatures:
        if one["key"] in pems:
            signed(pems[one["key"]], one["signature"], text, what)
            held.add(one["key"])
    need(
        len(held) >= root["threshold"],
        f"{what} does not hold: {len(held)} of {root['threshold']} root keys signed",
    )


class Directory:
    """Node and key by key id, node by agency, as the country's root key says."""

    def __init__(self, published, root_pem):
        need(published.keys() == {"directory", "roots", "signatures"}, "the directory has another form")
        root = {"version": 1, "threshold": 1, "keys": [root_pem]}
        for one in published["roots"]:  # each root names the next, and the next agrees
            following = json.loads(one["root"])
            need(following["version"] == root["version"] + 1, "a root is missing")
            for asked in (root, following):
                enough(asked, one["signatures"], one["root"], f"root {following['version']}")
            root = following
        enough(root, published["signatures"], published["directory"], "the signature of the directory")
        said = json.loads(published["directory"])
        need(root["version"] == 1 or said.get("root") == root, "the directory names another root")
        nodes, self.country, self.version = said["nodes"], said["instance"], said["version"]
        self.issued, self.expires = (datetime.fromisoformat(said[name]) for name in ("issued", "expires"))
        self.keys = {key["id"]: (node["name"], key) for node in nodes for key in node["keys"]}
        self.hosts = {agency: node["name"] for node in nodes for agency in node["agencies"]}


def newest(enclosed, newer, now):
    """The later edition of the two, if it still holds: what it does not know or has revoked no older one brings back."""
    if newer:
        need(newer.country == enclosed.country, "the newer directory is of another country")
    found = newer if newer and newer.version > enclosed.version else enclosed
    need(
        now < found.expires,
        f"edition {found.version} of the directory, issued {found.issued:%Y-%m-%d}, has expired; give a newer one with --directory",
    )
    return found


def ran_out(key, at):
    """Whether the key merely ran out, and the head names a moment at which it might sign."""
    return not key.get("revoked_at") and may_sign(key, at)


def may_sign(key, at):
    ends = [datetime.fromisoformat(key[name]) for name in ("to", "revoked_at") if key.get(name)]
    return datetime.fromisoformat(key["from"]) <= at and all(at < end for end in ends)


def root_of(entry, index, size, proof):
    """The Merkle root above an entry (RFC 9162, 2.1.3.2)."""
    need(len(proof) % 32 == 0 and 0 <= index < size, "the place of an entry has another form")
    here, last, top = index, size - 1, hashlib.sha256(b"\0" + entry).digest()
    for step in [proof[at : at + 32] for at in range(0, len(proof), 32)]:
        need(last > 0, "the proof of an entry is too long")
        left = here & 1 or here == last
        top = hashlib.sha256(b"\1" + (step + top if left else top + step)).digest()
        while left and here and not here & 1:
            here, last = here >> 1, last >> 1
        here, last = here >> 1, last >> 1
    need(last == 0, "the proof of an entry is too short")
    return top.hex()


def stamped(half, authorities):
    """When an authority saw this head or one that follows it; None if nobody who is trusted here did."""
    stamp, digest = half["stamp"], hashlib.sha256(half["head"].encode()).hexdigest()
    if stamp is None:
        return None
    need(stamp.keys() == {"heads", "token"}, "the time stamp has another form")
    for text in stamp["heads"]:
        need(read(text, "a later head")["previous"] == digest, "a later head does not follow")
        digest = hashlib.sha256(text.encode()).hexdigest()
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(raw(stamp["token"], "the time stamp"))
        if not authorities:
            return None
        given = ["-in", file.name, "-token_in"]
        asked = ["openssl", "ts", "-verify", "-digest", digest, *given, "-CAfile", authorities]
        need(subprocess.run(asked, capture_output=True).returncode == 0, "the time stamp does not hold")
        said = subprocess.run(
            ["openssl", "ts", "-reply", *given, "-text"], capture_output=True, text=True
        ).stdout
    when = re.search(r"Time stamp: (\w+ +\d+ [\d:]{8})\S* (\d{4})", said)
    return datetime.strptime(" ".join(when.groups()), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)


def half(one, keys, now, authorities, side):
    """An entry under the head of a node: what it says, which node, and how it is known since when."""
    need(one.keys() == HALF, f"{side}: another form")
    head, when = read(one["head"], "a head"), stamped(one, authorities)
    need(head["key"] in keys and keys[head["key"]][0] == head["node"], f"{side}: a key of nobody")
    key = keys[head["key"]][1]
    signed(key["pem"], one["signature"], one["head"], f"{side}: the signature of the head")
    if again := one["renewal"]:
        need(
            again.keys() == {"key", "signature"} and keys[again["key"]][0] == head["node"],
            f"{side}: a key of nobody",
        )
        signed(keys[again["key"]][1]["pem"], again["signature"], one["head"], f"{side}: the second signature")
    certain = may_sign(key, when or now) or (again and may_sign(keys[again["key"]][1], now))
    need(
        certain or ran_out(key, datetime.fromisoformat(head["at"])),
        f"{side}: the key might not sign, and nothing proves it is older",
    )
    top = root_of(one["entry"].encode(), one["index"], head["size"], raw(one["proof"], "a proof"))
    need(top == head["root"], f"{side}: the entry does not stand under its head")
    said = (
        "" if certain else f"; its key ran out on {key['to'][:10]}, and that it signed before is its own word"
    )
    return read(one["entry"], "an entry"), head["node"], when, told(when) + said


def verify(content, root_pem, now, authorities=None, body=None, newer=None):
    """What the bytes of an evidence prove, line by line; `Broken` or another exception if they prove nothing."""
    bundle = read(content.decode(), "the evidence")
    need(
        bundle.keys() == {"body", "directory", "handled", "received", "sent", "type", "v"},
        "this is no evidence",
    )
    need((bundle["type"], bundle["v"]) == ("evidence", 1), "this is no evidence of version 1")
    enclosed = Directory(bundle["directory"], root_pem)
    used = newest(enclosed, newer and Directory(json.loads(newer), root_pem), now)
    message, sender, when, certainty = half(bundle["sent"], used.keys, now, authorities, "sent")
    need(
        message["type"] == "message" and hosts(enclosed, used, when).get(message["sender"]) == sender,
        "the sender is not of this node",
    )
    lines = [f"{message['sender']} sent {message['kind']} {message['id']} to {message['recipient']}",
             f"signed by {sender}, created {message['created']}, {certainty}"]  # fmt: skip
    body = raw(bundle["body"], "the body") if bundle["body"] is not None else body
    if body is not None:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        need(message["content_digest"] == f"sha-256=:{digest}:", "the body is not the one that was sent")
    lines.append(f"with the body, {len(body)} bytes" if body is not None else "without the body")
    edition = f"by edition {used.version} of the directory, issued {used.issued:%Y-%m-%d %H:%M:%S} UTC"
    if bundle["received"] is None:
        need(bundle["handled"] is None, "handled, and never received")
        return [*lines, "no receipt", edition]
    receipt, node, when, certainty = half(bundle["received"], used.keys, now, authorities, "received")
    of = receipt["type"], receipt["id"], receipt["digest"], receipt["node"], receipt["recipient"]
    envelope = hashlib.sha256(bundle["sent"]["entry"].encode()).hexdigest()
    need(
        of == ("receipt", message["id"], envelope, node, message["recipient"]),
        "the receipt is of another message",
    )
    need(
        hosts(enclosed, used, when).get(message["recipient"]) == node,
        "the recipient is not of the node that gave the receipt",
    )
    lines.append(f"{receipt['state']} by {node} at {receipt['at']}, {certainty}")
    if bundle["handled"]:
        lines.append(handled(bundle, message, (enclosed, used), now, authorities))
    return [*lines, edition]


def handled(bundle, message, editions, now, authorities):
    """What the recipient said became of it, in a message of its own, which may say so of several."""
    body = raw(bundle["handled"].pop("body"), "the word of the recipient")
    word, node, when, certainty = half(bundle["handled"], editions[1].keys, now, authorities, "handled")
    of = word["type"], word["kind"], word["sender"], word["recipient"]
    need(
        of == ("message", "exchange.handled", message["recipient"], message["sender"]),
        "the word is of another",
    )
    need(hosts(*editions, when).get(word["sender"]) == node, "the word is of another node")
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    need(word["content_digest"] == f"sha-256=:{digest}:", "the word is not the one that was sent")
    envelope = hashlib.sha256(bundle["sent"]["entry"].encode()).hexdigest()
    told = [
        one
        for one in json.loads(body)["handled"]
        if (one["message"], one["digest"]) == (message["id"], envelope)
    ]
    need(told, "the word is of other messages")
    outcome = f"refused by {node}: {told[-1]['refused']}" if told[-1]["refused"] else f"handled by {node}"
    return f"{outcome}, told {word['created']}, {certainty}"


def hosts(enclosed, used, when):
    """Where the agencies were: as the newest edition says, unless a stamp proves the head older than that."""
    return (enclosed if when and when < used.issued else used).hosts


def told(when):
    return (
        f"seen by a time-stamping authority at {when:%Y-%m-%d %H:%M:%S} UTC"
        if when
        else "no time stamp checked"
    )


def main():
    ask = argparse.ArgumentParser(description="Check the evidence of a message.")
    ask.add_argument("evidence", type=Path)
    ask.add_argument("root", type=Path, help="public root key of the country (PEM)")
    ask.add_argument("--directory", type=Path, help="newer edition of the directory, as a node publishes it")
    ask.add_argument("--tsa", help="certificates of trusted time-stamping authorities (PEM)")
    ask.add_argument("--body", type=Path, help="the body, if the evidence does not hold it")
    given = ask.parse_args()
    try:
        body, newer = (file.read_bytes() if file else None for file in (given.body, given.directory))
        content, root, now = given.evidence.read_bytes(), given.root.read_text(), datetime.now(UTC)
        lines = verify(content, root, now, given.tsa, body, newer)
    except Exception as error:
        sys.exit(f"It does not hold: {error or type(error).__name__}.")
    sys.stdout.write("\n".join(["It holds.", *lines, ""]))


if __name__ == "__main__":
    main()
