"""Where the letters of a PDF stand: each row of a page from left to right, with their places, sizes and typefaces.

Only what signing has to know of a page that somebody else made: where room was left, and what stands beside a signature.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from motcua.documents.budget import Spent, budgeted, spend
from motcua.documents.operators import content_of, entry, operators
from motcua.documents.typefaces import Typeface, typeface

type Matrix = tuple[float, float, float, float, float, float]

UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)
MOST_PAGES, MOST_OPERATORS, DEEPEST = 100, 400_000, 5
APART = 3.0  # of a letter's size: a gap this wide ends what belongs together


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: where it begins and ends, on which line it stands, how large, in which typeface and colour."""

    sign: str
    left: float
    right: float
    foot: float
    size: float
    typeface: str = ""
    is_black: bool = True


@dataclass(frozen=True)
class Row:
    """Letters that stand side by side on one line; `words` has one sign for each letter, so places can be looked up."""

    page: int
    letters: tuple[Letter, ...]

    @cached_property
    def words(self) -> str:
        return "".join(letter.sign for letter in self.letters)

    @property
    def spaced(self) -> str:
        """The words as they are read, with a space where the eye sees one."""
        gaps = [
            "" if after.left - before.right < before.size * 0.15 else " "
            for before, after in pairwise(self.letters)
        ]
        return "".join(letter.sign + gap for letter, gap in zip(self.letters, [*gaps, ""], strict=True))

    @property
    def left(self) -> float:
        return self.letters[0].left

    @property
    def right(self) -> float:
        return max(letter.right for letter in self.letters)

    @property
    def foot(self) -> float:
        return self.letters[0].foot

    @property
    def size(self) -> float:
        return max(letter.size for letter in self.letters)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    def parts(self) -> Iterator["Row"]:
        """The row cut where a wide gap stands: columns side by side."""
        start = 0
        for place, (before, after) in enumerate(pairwise(self.letters), 1):
            if after.left - before.right > APART * before.size:
                yield Row(self.page, self.letters[start:place])
                start = place
        yield Row(self.page, self.letters[start:])


@dataclass
class State:
    """What the operators of a page have set so far (ISO 32000 § 8.4, 9.3)."""

    matrix: Matrix = UPRIGHT
    typeface: Typeface | None = None
    size: float = 0
    between: float = 0
    between_words: float = 0
    stretch: float = 1
    leading: float = 0
    rise: float = 0
    is_black: bool = True


@dataclass
class Hand:
    """Follows the operators of one page and notes each letter it would write."""

    resources: Any
    state: State = field(default_factory=State)
    depth: int = 0
    kept: list[State] = field(default_factory=list)
    line: Matrix = UPRIGHT
    at: Matrix = UPRIGHT
    letters: list[Letter] = field(default_factory=list)
    steps: int = 0

    def follow(self, content: bytes) -> list[Letter]:
        for name, operands in operators(content):
            self.steps += 1
            if self.steps > MOST_OPERATORS:
                break
            known = OPERATORS.get(name)
            if known:
                known(self, operands)
        return self.letters

    def keep(self, _operands: Sequence[Any]) -> None:
        self.kept.append(replace(self.state))

    def restore(self, _operands: Sequence[Any]) -> None:
        if self.kept:
            self.state = self.kept.pop()

    def transform(self, operands: Sequence[Any]) -> None:
        self.state.matrix = times(matrix(operands), self.state.matrix)

    def begin(self, _operands: Sequence[Any]) -> None:
        self.line = self.at = UPRIGHT

    def choose(self, operands: Sequence[Any]) -> None:
        name, size = operands[-2:]
        fonts = entry(self.resources, "/Font", {})
        self.state.typeface = typeface_in(fonts, name) if name in fonts else None
        self.state.size = float(size)

    def put(self, operands: Sequence[Any]) -> None:
        self.line = self.at = matrix(operands)

    def move(self, operands: Sequence[Any]) -> None:
        across, up = (float(one) for one in operands[-2:])
        self.line = self.at = times((1, 0, 0, 1, across, up), self.line)

    def move_leading(self, operands: Sequence[Any]) -> None:
        self.state.leading = -float(operands[-1])
        self.move(operands)

    def next_line(self, _operands: Sequence[Any] = ()) -> None:
        self.move((0, -self.state.leading))

    def show(self, operands: Sequence[Any]) -> None:
        one = operands[-1]
        for part in one if isinstance(one, list) else [one]:
            if isinstance(part, bytes):
                self.write(part)
            else:
                self.forward(-float(part) / 1000 * self.state.size * self.state.stretch)

    def show_next(self, operands: Sequence[Any]) -> None:
        self.next_line()
        self.show(operands)

    def show_spaced(self, operands: Sequence[Any]) -> None:
        self.state.between_words, self.state.between = (float(one) for one in operands[:2])
        self.show_next(operands)

    def write(self, raw: bytes) -> None:
        state = self.state
        if state.typeface is None:
            return
        for signs, width, is_space in state.typeface.read(raw):
            advance = (
                width * state.size + state.between + (state.between_words if is_space else 0)
            ) * state.stretch
            here = times(self.at, state.matrix)
            size = state.size * (here[2] ** 2 + here[3] ** 2) ** 0.5
            end = here[4] + width * state.size * state.stretch * here[0]
            if signs.strip():
                self.note(signs, here[4], end, here[5] + state.rise * here[3], abs(size))
            self.forward(advance)

    def note(self, signs: str, left: float, right: float, foot: float, size: float) -> None:
        """A ligature is noted sign by sign; a mark set upon a letter belongs to it."""
        face = self.state.typeface.name if self.state.typeface else ""
        spend(Spent.LETTERS, len(signs))
        for place, sign in enumerate(signs):
            last = self.letters[-1] if self.letters else None
            if unicodedata.combining(sign) and last:
                self.letters[-1] = replace(last, sign=unicodedata.normalize("NFC", last.sign + sign)[:1])
                continue
            step = (right - left) / len(signs)
            start = left + step * place
            self.letters.append(Letter(sign, start, start + step, foot, size, face, self.state.is_black))

    def forward(self, across: float) -> None:
        self.at = times((1, 0, 0, 1, across, 0), self.at)

    def grey(self, operands: Sequence[Any]) -> None:
        self.state.is_black = all(float(one) < 0.15 for one in operands if isinstance(one, float))

    def ink(self, operands: Sequence[Any]) -> None:
        self.state.is_black = len(operands) == 4 and float(operands[3]) > 0.85

    def draw(self, operands: Sequence[Any]) -> None:
        """A form within the page is followed as part of it."""
        form = entry(entry(self.resources, "/XObject", {}), operands[-1])
        if form is None or entry(form, "/Subtype") != "/Form" or self.depth >= DEEPEST:
            return
        inner = Hand(
            entry(form, "/Resources", self.resources),
            replace(self.state, matrix=times(matrix(entry(form, "/Matrix", UPRIGHT)), self.state.matrix)),
            self.depth + 1,
            steps=self.steps,
        )
        self.letters += inner.follow(content_of(form))
        self.steps = inner.steps


def set_to(name: str, scale: float = 1) -> Any:
    def change(hand: Hand, operands: Sequence[Any]) -> None:
        setattr(hand.state, name, float(operands[-1]) * scale)

    return change


OPERATORS: dict[bytes, Any] = {
    b"q": Hand.keep,
    b"Q": Hand.restore,
    b"cm": Hand.transform,
    b"BT": Hand.begin,
    b"Tf": Hand.choose,
    b"Tm": Hand.put,
    b"Td": Hand.move,
    b"TD": Hand.move_leading,
    b"T*": Hand.next_line,
    b"Tj": Hand.show,
    b"TJ": Hand.show,
    b"'": Hand.show_next,
    b'"': Hand.show_spaced,
    b"Tc": set_to("between"),
    b"Tw": set_to("between_words"),
    b"Tz": set_to("stretch", 0.01),
    b"TL": set_to("leading"),
    b"Ts": set_to("rise"),
    b"g": Hand.grey,
    b"rg": Hand.grey,
    b"sc": Hand.grey,
    b"scn": Hand.grey,
    b"k": Hand.ink,
    b"Do": Hand.draw,
}


def matrix(operands: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in list(operands)[-6:])
    return a, b, c, d, e, f


def times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def typeface_in(fonts: Any, name: str) -> Typeface:
    """The typeface of this name, read once for each file however often it is chosen."""
    known = fonts.raw_get(name)
    with budgeted() as budget:
        key = (known.idnum, known.generation) if hasattr(known, "idnum") else id(known)
        if key not in budget.typefaces:
            # Kept with what it was read from, so that nothing else is ever found at that place.
            budget.typefaces[key] = known, typeface(fonts[name])
        found: Typeface = budget.typefaces[key][1]
        return found


def pages(reader: PdfFileReader) -> list[Any]:
    """The pages in their order, at most so many; each with the resources it inherits."""
    found: list[Any] = []
    waiting, seen = [(reader.root["/Pages"], None)], 0
    while waiting and len(found) < MOST_PAGES and seen < 10 * MOST_PAGES:
        node, above = waiting.pop(0)
        seen += 1
        resources = entry(node, "/Resources", above)
        if "/Kids" in node:
            waiting[:0] = [(kid.get_object(), resources) for kid in islice(node["/Kids"], 10 * MOST_PAGES)]
        else:
            found.append((node, resources if resources is not None else {}))
    return found


def letters_of(content: bytes, resources: Any) -> list[Letter]:
    """The letters a stream of operators writes."""
    return Hand(resources).follow(content)


def rows(reader: PdfFileReader) -> list[Row]:
    """Every row of the file from the top of the first page to the foot of the last. May raise whatever a broken file makes it."""
    found: list[Row] = []
    with budgeted():
        for number, (page, resources) in enumerate(pages(reader)):
            content = entry(page, "/Contents", ())
            streams = [content] if hasattr(content, "encoded_data") else [one.get_object() for one in content]
            whole = b"\n".join(content_of(stream) for stream in streams)
            found += in_rows(number, letters_of(whole, resources))
    return found


def in_rows(page: int, letters: Sequence[Letter]) -> Iterator[Row]:
    """Letters of one height side by side, from the top down."""
    lines: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: -one.foot):
        if lines and lines[-1][0].foot - letter.foot < 0.3 * max(letter.size, 1):
            lines[-1].append(letter)
        else:
            lines.append([letter])
    for line in lines:
        yield Row(page, tuple(sorted(line, key=lambda one: one.left)))
