"""Sets of small numbers as one long integer each: a set of 50,000 is six kilobytes, and meeting two takes a microsecond."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice


def bitmap(numbers: Iterable[int], size: int) -> int:
    """The set of these numbers, each below `size`."""
    octets = bytearray(size // 8 + 1)
    for number in numbers:
        octets[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(octets, "little")


def numbers(bits: int) -> Iterator[int]:
    """The numbers of a set, smallest first."""
    # One pass in C for each number found; taking the lowest bit off again and again would copy the set every time.
    digits = f"{bits:b}"[::-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def first(bits: int, count: int) -> list[int]:
    """The smallest `count` numbers."""
    return list(islice(numbers(bits), count))


def most_shared(sets: Sequence[int], *, least: int) -> int:
    """The numbers that stand in as many of the sets as any does; nothing where that is in fewer than `least`."""
    in_many = [0] * (len(sets) + 1)
    for done, bits in enumerate(sets, start=1):
        for count in range(done, 1, -1):
            in_many[count] |= in_many[count - 1] & bits
        in_many[1] |= bits
    best = next((count for count in range(len(sets), 0, -1) if in_many[count]), 0)
    return in_many[best] if best >= least else 0
