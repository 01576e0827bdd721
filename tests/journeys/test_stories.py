"""The stories anyone can have played by `motcua journey`: each holds in a running country."""

import subprocess
import sys

import pytest

from motcua.demo.journeys.stories import STORIES
from tests.country.land import ENVIRONMENT

# The merger comes last: it changes the country for good.
PLAYED = [
    *sorted(name for name, plot in STORIES.items() if not plot.needs_own and name != "birth"),
    "merger",
]


@pytest.fixture(scope="module")
def told(land):
    """What the command says when it plays them one after the other."""
    return subprocess.run(
        [sys.executable, "-m", "motcua", "journey", "--here", *PLAYED],
        cwd=land.base,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", PLAYED)
def test_a_story_is_told_to_its_end(told, name):
    assert STORIES[name].title in told.stdout, told.stdout + told.stderr


def test_everything_in_them_holds(told):
    last = told.stdout.strip().splitlines()[-1]
    assert (told.returncode, last) == (0, "Everything holds."), told.stdout + told.stderr
