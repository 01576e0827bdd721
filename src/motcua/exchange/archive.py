"""Reading the log: an entry with its place under a signed head, for receipts given again and messages sent."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg_pool import AsyncConnectionPool

from motcua.exchange import blocks, sql
from motcua.exchange.blocks import Block, Lying
from motcua.exchange.evidence import Place, SignedHead, joined
from motcua.exchange.group import Commit
from motcua.lib import merkle
from motcua.lib.keys import SigningKey

type Pool = AsyncConnectionPool[Any]

REMEMBERED = 64  # batches whose trees are kept in memory


@dataclass(frozen=True)
class Entry:
    """An entry as it was logged, its place and the head it stands under; from the file of a month also the envelope it speaks of,
    and where that came from.
    """

    number: int
    text: bytes
    body: bytes | None
    place: Place
    head: SignedHead
    envelope: bytes | None = None
    came: Place | None = None


@dataclass(frozen=True)
class Tree:
    """A batch with all rows of its Merkle tree."""

    head: SignedHead
    first: int
    levels: list[list[bytes]]

    def place(self, number: int) -> Place:
        index = number - self.first
        return Place(self.head.head.number, index, joined(merkle.path(self.levels, index)))


class Archive:
    """The log as it can be read, in the database or in the files of months; trees of recent batches are remembered."""

    def __init__(self, pool: Pool, key: SigningKey, home: Path) -> None:
        self.pool, self.key, self.home = pool, key, home
        self._trees: OrderedDict[int, Tree] = OrderedDict()

    def remember(self, commit: Commit) -> None:
        """A batch was just written: its tree need not be built from the database."""
        if commit.levels and commit.number not in self._trees:
            self._keep(Tree(commit.head, commit.first, commit.levels))

    async def entries(self, numbers: Iterable[int]) -> Mapping[int, Entry]:
        """These entries of the log, by number; Unreadable if the file that holds one cannot be read."""
        wanted = list(numbers)
        if not wanted:
            return {}
        async with self.pool.connection() as connection:
            found = await (await connection.execute(sql.ENTRIES, [wanted], binary=True)).fetchall()
        entries, lying = {}, defaultdict(list)
        for number, batch, text, body in found:
            if text is None:
                lying[batch].append((number, body))
                continue
            tree = self._trees.get(batch) or await self._tree(batch)
            entries[number] = Entry(number, text, body, tree.place(number), tree.head)
        for batch, dropped in lying.items():  # one at a time: a batch can be large
            block = await self._block(batch)
            tree = self._trees.get(batch) or self._grown(block.signed, block.texts)
            for number, body in dropped:
                beside = block.envelope(number), block.came(number)
                entries[number] = Entry(
                    number, block.text(number), body, tree.place(number), tree.head, *beside
                )
        return entries

    async def _block(self, batch: int) -> Block:
        """A batch from the file of its month."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(sql.LYING, [batch], binary=True)).fetchone()
        if row is None:
            raise blocks.unknown(batch)
        *lying, text, signature = row
        return await asyncio.to_thread(blocks.read, self.home, Lying(*lying), SignedHead(text, signature))

    async def _tree(self, batch: int) -> Tree:
        async with self.pool.connection() as connection:
            text, signature = (await (await connection.execute(sql.HEAD, [batch], binary=True)).fetchall())[0]
            signed = SignedHead(text, signature)
            first, last = signed.head.first, signed.head.first + signed.head.size - 1
            rows = await (await connection.execute(sql.TREE, [first, last], binary=True)).fetchall()
        texts = [row[0] for row in rows]
        return self._grown(signed, (await self._block(batch)).texts if None in texts else texts)

    def _grown(self, signed: SignedHead, texts: Iterable[bytes]) -> Tree:
        """The tree over the entries of a batch."""
        # What is sent from the days of an earlier key would otherwise be believed by nobody.
        head, levels = signed.renewed(self.key), merkle.levels([merkle.leaf(text) for text in texts])
        tree = Tree(head, signed.head.first, levels)
        self._keep(tree)
        return tree

    def _keep(self, tree: Tree) -> None:
        self._trees[tree.head.head.number] = tree
        if len(self._trees) > REMEMBERED:
            self._trees.popitem(last=False)
