"""Several questions, or their answers, between the processes of one node: a first line of JSON that names each, then all bodies."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

MEDIA_TYPE = "application/vnd.motcua.bundle"

type Part = tuple[Mapping[str, Any], bytes]  # what is said of a body, and the body


def bundled(parts: Sequence[Part]) -> bytes:
    """The bytes of a bundle."""
    line = json.dumps([{**said, "length": len(body)} for said, body in parts], ensure_ascii=False)
    return b"".join([line.encode(), b"\n", *[body for _, body in parts]])


def unbundled(content: bytes) -> list[Part]:
    """The parts, in their order; ValueError, KeyError or TypeError if it is none. Only this node's own processes write bundles."""
    line, _, rest = content.partition(b"\n")
    parts, at = list[Part](), 0
    for said in json.loads(line):
        end = at + said["length"]
        parts.append((said, rest[at:end]))
        at = end
    if at != len(rest):
        raise ValueError("The lengths of a bundle are not those of its bodies.")
    return parts
