"""What only a machine allows, or does not: to make networks, to mount disks."""

import subprocess
from shutil import which


def done(*words: str) -> bool:
    """Whether it was done; where the program is not there, or the right, it is not."""
    return (
        which(words[0]) is not None and not subprocess.run(words, capture_output=True, check=False).returncode
    )
