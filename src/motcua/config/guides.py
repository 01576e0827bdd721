"""`motcua guides`: play the stories the guides tell, in a country of their own, and keep their pictures."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from motcua.config.children import CannotStartError
from motcua.config.journey import camera_at, closed, short_lived, told
from motcua.demo.browser import LostError
from motcua.demo.journeys.stories import STORIES
from motcua.demo.journeys.story import Camera, World

PICTURES = Path(__file__).resolve().parents[3] / "docs" / "guide" / "pictures"
# In this order: after the merger one commune is gone.
TOLD = (
    "birth",
    "supplement",
    "counter",
    "payment",
    "signing",
    "appointment",
    "levels",
    "mandate",
    "business",
    "office",
    "writing",
    "dispatch",
    "phone",
    "morning",
    "merger",
)
PAST = 60  # dossiers the province has handled before, so that no desk is bare


def guides(arguments: Sequence[str]) -> int:
    """Exit code 0 only if every story holds. A picture no story takes any more is found by the tests."""
    parser = argparse.ArgumentParser("motcua guides", description="Take the pictures of the guides.")
    parser.add_argument("--pictures", type=Path, metavar="DIR", default=PICTURES)
    parser.add_argument("stories", nargs="*", default=TOLD, metavar="STORY", help="only these")
    given = parser.parse_args(arguments[1:])
    console = Console(highlight=False)
    try:
        with camera_at(given.pictures) as camera, short_lived(console, past=PAST) as world:
            fallen = [name for name in given.stories if not held(console, name, world, camera)]
    except (CannotStartError, LostError) as reason:
        console.print(str(reason), style="bold red", markup=False)
        return 1
    return closed(console, fallen)


def held(console: Console, name: str, world: World, camera: Camera | None) -> bool:
    """Whether the story came to its end and all of it held; one that is lost does not keep the others from being played."""
    try:
        return told(console, STORIES[name], world, camera)
    except LostError as reason:
        console.print(str(reason), style="bold red", markup=False)
        return False
