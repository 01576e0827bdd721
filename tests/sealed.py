"""Seal all there is, whoever else is at work on the same server."""

import time

from motcua.journal import sealing
from motcua.journal.models import Entry, Seal
from motcua.lib.keys import MemoryKey

KEY = MemoryKey()
PATIENCE = 120


def seal_all(key=KEY):
    """Entries are sealed when no open transaction of the server can precede them: those of tests beside us end soon."""
    until = time.monotonic() + PATIENCE
    while Entry.objects.count() > Seal.objects.count():
        sealing.seal(key, origin="test")
        assert time.monotonic() < until, "A transaction on this server stays open."
