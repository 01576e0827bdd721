"""What is logged of refusals: each thing once, and of each peer only so much, so that a flood from one hides nobody else's."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

A_SECOND = 20
AT_ONCE = 40
REMEMBERED = 10_000


@dataclass
class Bucket:
    """Tokens of one peer: `A_SECOND` come in each second, `AT_ONCE` at most lie in it."""

    tokens: float = AT_ONCE
    at: float = field(default_factory=time.monotonic)

    def takes(self, moment: float) -> bool:
        """Whether one is left; it is taken."""
        self.tokens = min(AT_ONCE, self.tokens + (moment - self.at) * A_SECOND)
        self.at = moment
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Refusals:
    """Which refusals were logged lately. In memory: after a restart the same one may be logged once more."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()

    def are_new(self, peer: str, digest: str) -> bool:
        """Whether this refusal is to be logged: not seen before, and the peer has not used up its share."""
        if (peer, digest) in self._seen:
            self._seen.move_to_end((peer, digest))
            return False
        if not self.has_room(peer):
            return False
        self._seen[peer, digest] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True

    def has_room(self, peer: str) -> bool:
        """Whether one more refusal of this peer fits into its share; it is counted. All who are no node share one name, ''."""
        return self._buckets.setdefault(peer, Bucket()).takes(time.monotonic())
