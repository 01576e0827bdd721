"""The journal as text that a stranger can verify with nothing but SHA-256, ECDSA and the public keys.

One JSON object a line, UTF-8, in the order of the journal:

1. `{"journal": 1, "keys": {KEY_ID: PEM, …}}`: the format's number and the public keys of the node.
2. For each batch first its entries, `{"place": N, "entry": TEXT}` (null where one has been removed), then its head,
   `{"head": N, "statement": TEXT, "signature": HEX}`.

To verify:

* The leaf of an entry is SHA-256(00 ‖ TEXT in UTF-8). TEXT is itself JSON: id, at, event, about, actor, facts.
* The statement is JSON: origin, number, first_place, size, root, previous, at, key_id. `size` entries precede it,
  their places run from `first_place`, and the Merkle tree over their leaves (RFC 9162, 2.1.1) has this `root`.
* `signature`, the two numbers r ‖ s of 32 bytes each, is ECDSA P-256 with SHA-256 over the statement's UTF-8 bytes
  by the key `key_id`.
* `previous` is SHA-256(00 ‖ statement of the head before ‖ its signature), of the first head 32 zero bytes; heads count from 1.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from motcua.journal.models import Entry, Head, Seal

FORMAT = 1


def lines(public_keys: Mapping[str, bytes]) -> Iterator[str]:
    """Every line of the export, without its end."""
    yield line({"journal": FORMAT, "keys": {name: pem.decode() for name, pem in public_keys.items()}})
    for head in Head.objects.order_by("number").iterator(chunk_size=200):
        places = list(Seal.objects.filter(head=head).order_by("place").values_list("place", "entry_id"))
        entries = Entry.objects.in_bulk([entry_id for _, entry_id in places])
        for place, entry_id in places:
            entry = entries.get(entry_id)
            yield line({"place": place, "entry": entry.canonical.decode() if entry else None})
        signature = bytes(head.signature).hex()
        yield line({"head": head.number, "statement": head.statement.decode(), "signature": signature})


def line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)
