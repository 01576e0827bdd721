"""Identifiers that sort by time: UUID version 7 (RFC 9562, section 5.7), so that indexes grow at one end."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """48 bits of milliseconds since 1970, then chance."""
    number = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10))
    return UUID(int=number & ~(0xF000 << 64) & ~(0xC << 60) | 0x7 << 76 | 0x8 << 60)
