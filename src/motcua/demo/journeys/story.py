"""How a story is played: who does what at which node, how long it took, and what was checked."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from motcua.demo.browser import Browser, LostError, Page
from motcua.demo.people import BY_KEY
from motcua.lib.waiting import until

PATIENCE = 60.0
PAUSE = 0.2


class World(Protocol):
    """A running country as a story sees it: where its nodes are, and hands to stop and start one."""

    def url(self, node: str) -> str:
        """The address of a node's pages."""

    def inspect(self, node: str, code: str) -> dict[str, Any]:
        """What a node knows of a dossier; see `motcua.demo.inspection`."""

    def broken(self, node: str) -> str:
        """Where a node's journal is broken; empty if it is whole. All of it is read: not for asking again and again."""

    def send(self, node: str, letters: Sequence[dict[str, Any]]) -> list[str]:
        """Documents written, signed and sent at a node, each by the fields of `motcua.demo.overnight.Letter`; their numbers."""

    def pump(self) -> None:
        """Called while waiting, so that whoever keeps the country running can do so."""

    def repeated(self) -> int:
        """How many requests between nodes were handed on twice."""

    def stop_node(self, node: str) -> None:
        """End all processes of a node at once, as a power failure would."""

    def start_node(self, node: str) -> None:
        """Start them again."""


class Camera(Protocol):
    """Keeps pictures of what people are shown."""

    def take(self, page: Page, name: str, *, at: str = "") -> None:
        """One picture under a name, of the page's beginning or of what the selector `at` finds."""


@dataclass(frozen=True)
class Done:
    """One step of a story, as the closing table shows it."""

    step: str
    who: str
    node: str
    at: float
    seconds: float


@dataclass(frozen=True)
class Checked:
    """One thing that had to be true at the end."""

    what: str
    holds: bool
    seen: str = ""


@dataclass
class Story:
    """A story being played."""

    world: World
    tell: Callable[[str], None]
    camera: Camera | None = None
    steps: list[Done] = field(default_factory=list)
    checks: list[Checked] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @contextmanager
    def step(self, words: str, *, who: str, node: str) -> Iterator[None]:
        """Time one step."""
        self.tell(words)
        start = time.monotonic()
        yield
        self.steps.append(Done(words, who, node, start - self.began, time.monotonic() - start))

    def enter(self, key: str) -> Browser:
        """Sign in as one of the demo's people, by one click on the sign-in page."""
        person = BY_KEY[key]
        browser = Browser(self.world.url(person.node))
        browser.open("/account/login/")
        browser.submit({"person": key}, has="person")
        return browser

    def visit(self, node: str) -> Browser:
        """Look at a node's pages without signing in."""
        return Browser(self.world.url(node))

    def show(self, browser: Browser, name: str, *, of: str = "", at: str = "") -> None:
        """A picture for the guides, if somebody wants pictures: of what is open, or of another address `of` in passing."""
        if self.camera is None:
            return
        before = browser.page
        self.camera.take(browser.open(of) if of else before, name, at=at)
        browser.page = before

    def until[T](self, question: Callable[[], T], words: str, *, patience: float = PATIENCE) -> T:
        """Ask again and again until the answer is yes."""
        return until(
            question,
            patience=patience,
            pause=PAUSE,
            meanwhile=self.world.pump,
            otherwise=lambda: LostError(f"Waited {patience:.0f} seconds in vain: {words}"),
        )

    def inspect(self, node: str, code: str) -> dict[str, Any]:
        """What a node knows of a dossier."""
        return self.world.inspect(node, code)

    def check_journals(self, nodes: Iterable[str]) -> None:
        """No journal of these nodes may be broken."""
        for node in nodes:
            self.check(f"the journal of {node} is whole", "", self.world.broken(node))

    def check(self, what: str, expected: object, seen: object) -> None:
        """Something that must be so; all are checked, and the story fails if one is not."""
        self.checks.append(
            Checked(what, expected == seen, "" if expected == seen else f"{seen!r}, not {expected!r}")
        )

    @property
    def holds(self) -> bool:
        return bool(self.checks) and all(check.holds for check in self.checks)
