"""The stories anyone can have played by `motcua journey`: each holds in a running country."""

import subprocess
import sys

import pytest

from motcua.demo.journeys.stories import STORIES
from tests.country.land import ENVIRONMENT

PLAYED = sorted(name for name, plot in STORIES.items() if not plot.needs_own and name != "birth")


@pytest.mark.parametrize("name", PLAYED)
def test_a_story_holds(land, name):
    played = subprocess.run(
        [sys.executable, "-m", "motcua", "journey", name],
        cwd=land.base,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (played.returncode, "Everything holds." in played.stdout) == (0, True), (
        played.stdout + played.stderr
    )
