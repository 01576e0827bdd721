"""Small disks of their own, to be filled to the last byte: one in memory for a node's home, one in a file for PostgreSQL."""

import os
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

from motcua.config.faults.machine import done

IN_MEMORY, IN_FILE = "128m", "20G"  # the file has holes: it takes the room that is used
MARGIN = 8 * 1024 * 1024
WHY_NOT = "no disk may be mounted"


class Disk:
    """A disk at a place, which is empty."""

    def __init__(self, place: Path) -> None:
        self.place, self.ballast = place, place / "ballast"
        self.is_mounted = False

    def mount_in_memory(self, stack: ExitStack) -> None:
        """Until the stack is left."""
        self.place.mkdir(parents=True, exist_ok=True)
        self.is_mounted = done(
            "mount", "-t", "tmpfs", "-o", f"size={IN_MEMORY},mode=755", "motcua", str(self.place)
        )
        if self.is_mounted:
            stack.callback(self._unmount)
            stack.push(self._keep)

    def mount_in_file(self, file: Path, stack: ExitStack) -> None:
        """The same, with a file that holds it."""
        self.place.mkdir(parents=True, exist_ok=True)
        formatting = ("mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal", str(file), IN_FILE)
        self.is_mounted = done(*formatting) and done("mount", "-o", "loop", str(file), str(self.place))
        if self.is_mounted:
            stack.callback(self._unmount)
            (self.place / "lost+found").rmdir()  # PostgreSQL wants an empty folder

    def _unmount(self) -> None:
        done("umount", "-l", str(self.place))

    def _keep(
        self, failure: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """What lay in memory stays for whoever looks into a storm that did not end well."""
        if failure:
            self.free()
            shutil.copytree(self.place, self.place.with_name(f"{self.place.name}.kept"), symlinks=True)

    def fill(self) -> None:
        """Until nothing fits any more."""
        with suppress(OSError), self.ballast.open("wb", buffering=0) as file:
            found = os.statvfs(self.place)
            most = found.f_bavail * found.f_frsize - MARGIN
            if most > 0:
                os.posix_fallocate(file.fileno(), 0, most)
                file.seek(0, os.SEEK_END)
            while file.write(bytes(1 << 16)):
                pass

    def free(self) -> None:
        self.ballast.unlink(missing_ok=True)
