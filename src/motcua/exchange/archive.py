"""Reading the log: an entry with its place under a signed head, for receipts given again and messages sent."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg_pool import AsyncConnectionPool

from motcua.exchange import sql
from motcua.exchange.evidence import Place, SignedHead, joined
from motcua.exchange.group import Commit
from motcua.lib import merkle
from motcua.lib.keys import SigningKey

type Pool = AsyncConnectionPool[Any]

REMEMBERED = 64  # batches whose trees are kept in memory


@dataclass(frozen=True)
class Entry:
    """An entry as it was logged, its place and the head it stands under."""

    number: int
    text: bytes
    body: bytes | None
    place: Place
    head: SignedHead


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
    """The log as it can be read; trees of recent batches are remembered."""

    def __init__(self, pool: Pool, key: SigningKey) -> None:
        self.pool, self.key = pool, key
        self._trees: OrderedDict[int, Tree] = OrderedDict()

    def remember(self, commit: Commit) -> None:
        """A batch was just written: its tree need not be built from the database."""
        if commit.levels and commit.number not in self._trees:
            self._keep(Tree(commit.head, commit.first, commit.levels))

    async def entries(self, numbers: Iterable[int]) -> Mapping[int, Entry]:
        """These entries of the log, by number."""
        wanted = list(numbers)
        if not wanted:
            return {}
        async with self.pool.connection() as connection:
            found = await (await connection.execute(sql.ENTRIES, [wanted], binary=True)).fetchall()
        entries = {}
        for number, batch, text, body in found:
            tree = self._trees.get(batch) or await self._tree(batch)
            entries[number] = Entry(number, text, body, tree.place(number), tree.head)
        return entries

    async def _tree(self, batch: int) -> Tree:
        async with self.pool.connection() as connection:
            text, signature = (await (await connection.execute(sql.HEAD, [batch], binary=True)).fetchall())[0]
            # What is sent from the days of an earlier key would otherwise be believed by nobody.
            signed = SignedHead(text, signature).renewed(self.key)
            first, last = signed.head.first, signed.head.first + signed.head.size - 1
            texts = await (await connection.execute(sql.TREE, [first, last], binary=True)).fetchall()
        tree = Tree(signed, first, merkle.levels([merkle.leaf(row[0]) for row in texts]))
        self._keep(tree)
        return tree

    def _keep(self, tree: Tree) -> None:
        self._trees[tree.head.head.number] = tree
        if len(self._trees) > REMEMBERED:
            self._trees.popitem(last=False)
