"""What was asked for, best first: named exactly so, beginning so, all words in the name, life event, keywords, agency, misspelt."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice, product
from operator import and_, or_

from motcua.procedures.folding import SMALL_WORDS, fold
from motcua.procedures.search.bitmaps import bitmap, first, most_shared, numbers
from motcua.procedures.search.index import Index
from motcua.procedures.search.spelling import READINGS

CODE = re.compile(r"\d\.\d{6}")
WORDS = 40
# In how many names with all the words we look whether they stand there in one piece.
LOOKED_AT = 400
# The first tiers hold names that say it in one piece. Where none does and few are found, a slip is looked for as well.
IN_ONE_PIECE, FEW = 3, 20

type Options = dict[str, list[str]]
type Holding = Callable[[str], int]


@dataclass(frozen=True)
class Tier:
    """A set of procedures, in the index's order or in one of its own."""

    bits: int
    order: Sequence[int] | None = None

    def among(self, bits: int) -> Iterable[int]:
        """Those of the tier that stand in `bits`, in order."""
        if self.order is None:
            return numbers(bits)
        octets = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
        return (one for one in self.order if one >> 3 < len(octets) and octets[one >> 3] >> (one & 7) & 1)


@dataclass(frozen=True)
class Ranked:
    """Tiers of procedures, best first, and how the words were read to find them."""

    tiers: tuple[Tier, ...]
    respelled: Options = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    is_partial: bool = False
    occasions: tuple[str, ...] = ()

    @property
    def everything(self) -> int:
        """All that was found, as a set."""
        return reduce(or_, (tier.bits for tier in self.tiers), 0)

    def read_as(self, text: str, name: str) -> str:
        """What was typed, with the misspelt words as the `name` found first spells them; nothing if none was misspelt."""
        said = [(fold(word), word) for word in name.split()]
        others = {word: known for word, known in self.respelled.items() if word not in dict(said)}
        words = [next(spelled(said, others.get(fold(word), ())), word) for word in text.split()]
        return "" if words == text.split() else " ".join(words)

    def left_out(self, text: str) -> list[str]:
        """The words that nobody knows, as they were typed."""
        return [word for word in text.split() if fold(word) in self.ignored]

    def page(self, start: int, stop: int, *, within: int) -> list[int]:
        """Numbers `start` to `stop` of what was found `within` a set."""
        found: list[int] = []
        seen, passed = 0, 0
        for tier in self.tiers:
            fresh = tier.bits & within & ~seen
            seen |= fresh
            here = fresh.bit_count()
            if passed + here > start and len(found) < stop - start:
                found += islice(tier.among(fresh), max(0, start - passed), stop - passed)
            passed += here
        return found[: stop - start]


def spelled(said: Sequence[tuple[str, str]], readings: Iterable[str]) -> Iterator[str]:
    """The words of a name that are one of the readings, with their diacritics."""
    for known in readings:
        length = known.count(" ") + 1
        for start in range(len(said) - length + 1):
            piece = said[start : start + length]
            if " ".join(folded for folded, _word in piece) == known:
                yield " ".join(word.strip(",;.()").lower() for _folded, word in piece)


def search(index: Index, text: str) -> Ranked:
    """What fits, with or without diacritics; a slip is forgiven only where the words as typed find nothing."""
    if CODE.fullmatch(text.strip()):
        number = index.by_code.get(text.strip())
        return Ranked((Tier(0 if number is None else 1 << number),))
    words = index.spelling.joined(fold(text).removeprefix("thu tuc ").split()[:WORDS])
    if not words:
        return Ranked((Tier(index.everything, index.in_order_of_names),))
    options = as_typed(index, words)
    ignored = tuple(word for word, known in options.items() if not known)
    respelled = {word: known for word, known in options.items() if known and known != [word]}
    found = complete(index, words, options)
    said_so = any(tier.bits for tier in found.tiers[:IN_ONE_PIECE])
    if said_so or found.everything.bit_count() > FEW or not any(options.values()):
        return Ranked(found.tiers, respelled, ignored, bool(ignored), found.occasions)
    # A slip may make another word of it, as when “thu hồi” loses its first letter: what is read so comes last.
    near = {word: index.spelling.near(word) for word in options}
    wide = {word: [*dict.fromkeys([*known, *near[word]])] for word, known in options.items()}
    loose = complete(index, words, wide)
    if loose.everything:
        other = {word: known for word, known in wide.items() if known != [word]}
        tiers = (*found.tiers, *one_slip(index, words, options, near), *loose.tiers)
        return Ranked(tiers, other, ignored, occasions=found.occasions)
    return Ranked(tuple(partly(index, options)), respelled, ignored, is_partial=True)


def one_slip(index: Index, words: Sequence[str], options: Options, near: Options) -> list[Tier]:
    """Names that fit if a single one of the words is read as a slip of another."""
    in_name, in_text, _anywhere = holding(index)
    called = named = told = 0
    for word, others in near.items():
        read = options | {word: others}
        wanted = [known for known in read.values() if known]
        if others:
            called |= reduce(or_, map(index.beginning, spelled_out(words, read)))
            named |= all_of(wanted, in_name)
            told |= all_of(wanted, in_text)
    return [Tier(called), Tier(named), Tier(told)]


def of_occasion(index: Index, event: str) -> Ranked:
    """The procedures of a life event, in its order."""
    return Ranked((Tier(index.occasion(event), index.life.get(event, ())),))


def as_typed(index: Index, words: Sequence[str]) -> Options:
    """For each word that matters how to read it: as it is, or if nobody knows it, as what it may be a slip of."""
    matter = [word for word in words if word not in SMALL_WORDS] or words
    return {word: reading(index, word) for word in matter}


def reading(index: Index, word: str) -> list[str]:
    spelling = index.spelling
    if word in spelling.words:
        return [word]
    halves = [f"{one} {other}" for one, other in spelling.halves(word)]
    return [*halves[: READINGS // 2], *spelling.near(word)][:READINGS]


def complete(index: Index, words: Sequence[str], options: Options) -> Ranked:
    """Procedures that have every word that matters, in one of its readings."""
    phrases = spelled_out(words, options)
    wanted = [known for known in options.values() if known]
    if not wanted:
        return Ranked(())
    in_name, in_text, anywhere = holding(index)
    named = all_of(wanted, in_name)
    told = all_of(wanted, in_text)
    occasions = called_upon(index, phrases, wanted)
    return Ranked(
        (
            Tier(reduce(or_, map(index.called, phrases))),
            Tier(reduce(or_, map(index.beginning, phrases))),
            Tier(in_one_piece(index, named, phrases)),
            Tier(named),
            *(Tier(index.occasion(event), index.life[event]) for event in occasions),
            Tier(told & any_of(wanted, in_name)),
            Tier(told),
            Tier(all_of(wanted, anywhere)),
        ),
        occasions=occasions,
    )


def spelled_out(words: Sequence[str], options: Options) -> list[str]:
    """The whole phrase in each of its readings, as far as they are few."""
    ways = product(*(options.get(word) or [word] for word in words))
    return [" ".join(way) for way in islice(ways, READINGS)]


def holding(index: Index) -> tuple[Holding, Holding, Holding]:
    """Which procedures have a word, or two run together: in the name; or among the keywords; or for their agency."""

    def in_name(word: str) -> int:
        return reduce(and_, map(index.names.of, word.split()))

    def in_text(word: str) -> int:
        return in_name(word) | reduce(and_, map(index.subjects.of, word.split()))

    def anywhere(word: str) -> int:
        return in_text(word) | reduce(and_, map(index.agencies.of, word.split()))

    return in_name, in_text, anywhere


def all_of(wanted: Sequence[list[str]], holding: Holding) -> int:
    return reduce(and_, (reduce(or_, map(holding, known)) for known in wanted))


def any_of(wanted: Sequence[list[str]], holding: Holding) -> int:
    return reduce(or_, (reduce(or_, map(holding, known)) for known in wanted))


def in_one_piece(index: Index, named: int, phrases: Sequence[str]) -> int:
    """Of those with all the words in the name, the ones that say them one after the other."""
    found = (
        number
        for number in first(named, LOOKED_AT)
        if any(phrase in index.headings[number] for phrase in phrases)
    )
    return bitmap(found, index.size)


def called_upon(index: Index, phrases: Sequence[str], wanted: Sequence[list[str]]) -> tuple[str, ...]:
    """Life events someone speaks of: a phrase of theirs stands in what was typed, or is that and one word more."""
    return tuple(
        one.id for one in index.occasions if any(is_meant(phrase, phrases, wanted) for phrase in one.phrases)
    )


def is_meant(phrase: str, phrases: Sequence[str], wanted: Sequence[list[str]]) -> bool:
    if any(f" {phrase} " in f" {typed} " for typed in phrases):
        return True
    words = set(phrase.split())
    return len(words) <= len(wanted) + 1 and all(words.intersection(known) for known in wanted)


def partly(index: Index, options: Options) -> list[Tier]:
    """Those that have most of the words, at least half, a word in the name counting twice; first the rarest word."""
    known = [[word] for word, readings in options.items() if readings == [word]]
    wanted = known or [readings for readings in options.values() if readings]
    in_name, in_text, _anywhere = holding(index)
    told = [any_of([readings], in_text) for readings in wanted]
    named = [any_of([readings], in_name) for readings in wanted]
    best = most_shared([*told, *named], least=max(1, len(wanted)))
    rarest = min((bits for bits in told if bits & best), key=int.bit_count, default=0)
    return [Tier(best & rarest), Tier(best)]
