"""Merkle trees as RFC 9162 (section 2.1) hashes them: one root stands for any number of entries.

Leaves and nodes are 32 bytes of SHA-256. A leaf hash begins with the byte 0, an inner node with the byte 1,
so that no inner node can be passed off as an entry.
"""

from collections.abc import Sequence
from hashlib import sha256
from operator import add

EMPTY = sha256(b"").digest()


def leaf(entry: bytes) -> bytes:
    """The hash of one entry."""
    return sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two neighbouring subtrees."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in their order; of no leaves, the hash of nothing."""
    return levels(leaves)[-1][0] if leaves else EMPTY


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """All rows of the tree, leaves first; a last odd node rises to the next row as it is."""
    rows = [list(leaves)]
    while len(rows[-1]) > 1:
        rows.append(_row_above(rows[-1]))
    return rows


def _row_above(row: list[bytes]) -> list[bytes]:
    pairs = iter(row)
    above = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
    if len(row) % 2:
        above.append(row[-1])
    return above


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The neighbours, lowest first, that lead from leaf `index` to the root; or IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"There is no leaf {index} in a tree of {len(leaves)}.")
    return path(levels(leaves), index)


def path(rows: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """The same as `proof`, from the rows of a tree already built: cheap for many leaves of one tree."""
    neighbours = []
    for row in rows[:-1]:
        if index ^ 1 < len(row):
            neighbours.append(row[index ^ 1])
        index >>= 1
    return neighbours


def paths(rows: Sequence[Sequence[bytes]]) -> list[bytes]:
    """What `path` gives for each leaf, joined. Built from the root down: what two neighbours share is joined once."""
    proofs = [b""] * len(rows[-1])
    for row in reversed(rows[:-1]):
        paired, neighbours, above = len(row) // 2 * 2, [b""] * len(row), [b""] * (2 * len(proofs))
        neighbours[:paired:2], neighbours[1::2] = row[1::2], row[:paired:2]
        above[::2] = above[1::2] = proofs
        proofs = list(map(add, neighbours, above))
    return proofs


def verify(entry: bytes, index: int, size: int, neighbours: Sequence[bytes], top: bytes) -> bool:
    """Whether the leaf hash `entry` is number `index` of `size` leaves under `top` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, so_far = index, size - 1, entry
    for neighbour in neighbours:
        if last == 0:
            return False
        if here & 1 or here == last:
            so_far = node(neighbour, so_far)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            so_far = node(so_far, neighbour)
        here, last = here >> 1, last >> 1
    return last == 0 and so_far == top
