"""How soon and how much a peer is asked: more while it takes what it is given, less and later when it does not."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from motcua.exchange.parcel import MOST_MESSAGES

OPEN_AFTER = 5  # failures in a row; then a single message goes as a trial
MORE = 25  # messages a parcel grows by each time one was taken
LONGEST = 3600.0  # seconds a peer may ask to be left in peace


def pause(tries: int, cap: float) -> timedelta:
    """Full jitter: a random time up to a bound that doubles with each try."""
    bound = min(cap, 0.2 * 2.0 ** min(tries, 20))
    return timedelta(seconds=random.uniform(0.05, max(bound, 0.06)))  # noqa: S311 — no secret


def retry_after(headers: Mapping[str, str]) -> float:
    """The seconds a peer asks us to stay away (RFC 9110, section 10.2.3), 0 if it does not ask."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), LONGEST)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    left = (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(left, 0.0), LONGEST)


@dataclass
class Pace:
    """What we know of how a peer keeps up; `cap` bounds the pauses between tries, in seconds."""

    cap: float
    failures: int = 0
    _most: int = MOST_MESSAGES
    _in_peace_until: float = 0.0
    _shut_until: float = 0.0

    @property
    def most(self) -> int:
        """How many messages the next parcel may hold."""
        return 1 if self.failures >= OPEN_AFTER else self._most

    @property
    def left(self) -> float:
        """The seconds for which the peer asked to be left in peace."""
        return max(0.0, self._in_peace_until - time.monotonic())

    @property
    def shut_for(self) -> float:
        """The seconds for which it is not even tried: it did not answer so many times in a row."""
        return max(0.0, self._shut_until - time.monotonic()) if self.failures >= OPEN_AFTER else 0.0

    def succeeded(self) -> None:
        """It took what it was given: a little more next time."""
        self.failures = 0
        self._most = min(MOST_MESSAGES, self._most + MORE)

    def failed(self, stay_away: float = 0.0) -> timedelta:
        """It did not: half as much next time; returns how long to wait, at least as long as it asks."""
        self.failures += 1
        self._most = max(1, self._most // 2)
        wait = pause(self.failures, self.cap) + timedelta(seconds=stay_away)
        self._in_peace_until = time.monotonic() + stay_away
        self._shut_until = time.monotonic() + wait.total_seconds()
        return wait
