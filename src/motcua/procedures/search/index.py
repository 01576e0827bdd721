"""The index: for each word and each filter the set of procedures that have it, numbered in the order in which they are shown."""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Any, Self

from motcua.procedures.search.bitmaps import bitmap
from motcua.procedures.search.spelling import Spelling
from motcua.procedures.vocabulary import Audience, Level

# Sets unpacked and kept: the words people ask for are few.
UNPACKED = 1000
# A beginning shared by more procedures than this tells nothing.
BEGINNINGS = 2000
LAST = "\uffff"
CHOOSABLE = 6

PERSON, BUSINESS, ORGANISATION = "person", "business", "organisation"
# The national portal tells thirteen kinds of applicants apart; who looks for something is one of three.
WHO = {
    Audience.CITIZEN: PERSON,
    Audience.FOREIGNER: PERSON,
    Audience.RESIDENT_FOREIGNER: PERSON,
    Audience.OVERSEAS_VIETNAMESE: PERSON,
    Audience.CIVIL_SERVANT: PERSON,
    Audience.PARTY_MEMBER: PERSON,
    Audience.ENTERPRISE: BUSINESS,
    Audience.VIETNAMESE_ENTERPRISE: BUSINESS,
    Audience.FOREIGN_INVESTED_ENTERPRISE: BUSINESS,
    Audience.COOPERATIVE: BUSINESS,
    Audience.ORGANISATION: ORGANISATION,
    Audience.FOREIGN_ORGANISATION: ORGANISATION,
    Audience.PARTY_ORGANISATION: ORGANISATION,
}
LEVEL_WORDS = {
    Level.MINISTRY: "bo trung uong",
    Level.PROVINCE: "uy ban nhan dan ubnd cap tinh thanh pho so",
    Level.COMMUNE: "uy ban nhan dan ubnd cap xa phuong dac khu",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of one procedure; words are folded, the field stands in Vietnamese and English."""

    pk: int
    code: str
    heading: str
    subjects: str
    agency: str
    field: tuple[str, str]
    levels: tuple[str, ...]
    audience: tuple[str, ...]
    online: str
    is_offered: bool
    is_online: bool
    life_events: tuple[str, ...]
    # The agency that wrote it for itself and those below it; empty for what the nation wrote.
    owner: str = ""

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Self:
        """From a row of these columns: pk, code, heading, …, field in both languages, filters."""
        *words, field_vi, field_en, levels, audience, online, is_offered, is_online, life_events, owner = row
        pk, code, heading, subjects, agency = words
        filters = tuple(levels), tuple(audience), online, is_offered, is_online, tuple(life_events)
        return cls(pk, code, heading, subjects, agency, (field_vi, field_en), *filters, owner)


# For each filter the values a procedure has.
FACETS: dict[str, Callable[[Entry], Iterable[str]]] = {
    "field": lambda one: one.field[:1],
    "level": lambda one: one.levels,
    "who": lambda one: {WHO[Audience(kind)] for kind in one.audience},
    "online": lambda one: (one.online,),
    # What can be filed online here, whatever was decided of it for the country.
    "offered": lambda one: ("1",) if one.is_online else (),
    "owner": lambda one: (one.owner,),
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """A life event as search sees it: folded phrases that name it, and its procedures in order."""

    id: str
    phrases: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """An agency as people look for it: its name, and the folded words of all its names."""

    code: str
    name: str
    unit_code: str
    words: frozenset[str]


class Postings:
    """For each word the numbers of the procedures that have it: small until asked for."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.kept: dict[str, array[int]] = {}
        self.of = lru_cache(UNPACKED)(self.unpacked)

    def add(self, number: int, words: Iterable[str]) -> None:
        for word in words:
            if word not in self.kept:
                self.kept[word] = array("I")
            self.kept[word].append(number)

    def unpacked(self, word: str) -> int:
        found = self.kept.get(word)
        return bitmap(found, self.size) if found else 0


class Index:
    """The catalogue of one day, offered first, then short names before long ones."""

    def __init__(
        self, entries: Sequence[Entry], occasions: Sequence[Occasion] = (), offices: Sequence[Office] = ()
    ) -> None:
        ordered = sorted(
            entries, key=lambda one: (not one.is_offered, len(one.heading), one.heading, one.code)
        )
        self.size = len(ordered)
        self.everything = (1 << self.size) - 1
        self.pks = array("Q", (one.pk for one in ordered))
        self.by_code = {one.code: number for number, one in enumerate(ordered)}
        self.headings = [one.heading for one in ordered]
        self.in_order_of_names = array(
            "I",
            sorted(
                range(self.size), key=lambda number: (not ordered[number].is_offered, self.headings[number])
            ),
        )
        self.sorted_headings = sorted((heading, number) for number, heading in enumerate(self.headings))
        self.names, self.subjects, self.agencies = (Postings(self.size) for _ in range(3))
        self.read_words(ordered)
        self.facets = facets(ordered)
        self.fields = dict(one.field for one in ordered)
        self.occasions = tuple(occasions)
        self.offices = {one.code: one for one in offices}
        self.all_offices = tuple(self.offices.values())
        # For each word of their names the agencies that bear it, by their place in the list.
        self.bearing: dict[str, set[int]] = defaultdict(set)
        for place, one in enumerate(self.all_offices):
            for word in one.words:
                self.bearing[word].add(place)
        # A spelling of their own: names of places are no words of procedures.
        self.places = Spelling(self.bearing)
        self.life = self.procedures_of_occasions(ordered)
        self.spelling = Spelling(
            {
                *self.names.kept,
                *self.subjects.kept,
                *self.agencies.kept,
                *(word for one in occasions for phrase in one.phrases for word in phrase.split()),
            }
        )

    def read_words(self, ordered: Sequence[Entry]) -> None:
        for number, one in enumerate(ordered):
            self.names.add(number, set(one.heading.split()))
            self.subjects.add(number, set(one.subjects.split()))
            at_levels = " ".join(LEVEL_WORDS.get(Level(level), "") for level in one.levels)
            self.agencies.add(number, set(f"{one.agency} {at_levels}".split()))

    def procedures_of_occasions(self, ordered: Sequence[Entry]) -> dict[str, tuple[int, ...]]:
        """For each life event its procedures: those it lists, in its order, then those that name it themselves."""
        named: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(ordered):
            for event in one.life_events:
                named[event].append(number)
        found: dict[str, tuple[int, ...]] = {}
        for occasion in self.occasions:
            listed = [self.by_code[code] for code in occasion.codes if code in self.by_code]
            found[occasion.id] = tuple(dict.fromkeys([*listed, *named.pop(occasion.id, ())]))
        return found | {event: tuple(numbers) for event, numbers in named.items()}

    def field_in(self, field: str, language: str) -> str:
        """The name of a field in the reader's language, in Vietnamese where there is no other."""
        english = self.fields.get(field) if language.startswith("en") else ""
        return english or field

    def called(self, heading: str) -> int:
        """Procedures called exactly so."""
        return self.between((heading, -1), (heading, self.size))

    def beginning(self, start: str) -> int:
        """Procedures whose name begins so, as far as that tells anything."""
        return self.between((start, -1), (start + LAST, self.size)) if start else 0

    def between(self, low: tuple[str, int], high: tuple[str, int]) -> int:
        start, end = bisect_left(self.sorted_headings, low), bisect_right(self.sorted_headings, high)
        if end - start > BEGINNINGS:
            return 0
        return bitmap((number for _heading, number in self.sorted_headings[start:end]), self.size)

    def named_offices(self, words: set[str]) -> list[Office]:
        """Agencies whose names have all these words, each as typed or one slip away, if they are few enough to choose from.

        A word procedures have is no slip: “căn cước” does not mean Cần Đước.
        """
        known = self.places.words, self.spelling.words
        ways = [
            {word} if any(word in some for some in known) else {*self.places.near(word)} for word in words
        ]
        having = [
            set[int]().union(*(self.bearing[word] for word in way if word in self.bearing)) for way in ways
        ]
        found = set.intersection(*having) if having else set()
        return [self.all_offices[place] for place in sorted(found)] if len(found) <= CHOOSABLE else []

    def filed_at(self, codes: Iterable[str]) -> int:
        """What is filed at an agency, given its code and those above it: what the nation wrote, and what one of these did."""
        owned = self.facets["owner"]
        return reduce(or_, (owned.get(code, 0) for code in ("", *codes)))

    def occasion(self, event: str) -> int:
        """The procedures of a life event, as a set."""
        return bitmap(self.life.get(event, ()), self.size)


def facets(ordered: Sequence[Entry]) -> Mapping[str, Mapping[str, int]]:
    """For each filter and each of its values the set that fits: `facets["levels"]["commune"]`."""
    having: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in FACETS}
    for number, one in enumerate(ordered):
        for name, values in FACETS.items():
            for value in values(one):
                having[name][value].append(number)
    return {
        name: {value: bitmap(found, len(ordered)) for value, found in values.items()}
        for name, values in having.items()
    }
