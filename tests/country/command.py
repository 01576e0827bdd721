"""The command line as people use it: `./motcua …`, in processes of its own."""

import os
import signal
import subprocess

from tests.country.land import ENVIRONMENT, ROOT

COMMAND = str(ROOT / "motcua")


def motcua(land, *words, node="", **options):
    """Run a command to its end."""
    at = ["--node", str(land.home / node)] if node else []
    environment = {**ENVIRONMENT, "COLUMNS": "200"}
    return subprocess.run(
        [COMMAND, *at, *words],
        cwd=land.base,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        **options,
    )


class Demo:
    """`./motcua demo` on a terminal of its own, until Ctrl-C."""

    def __init__(self, folder, *words, **options):
        self.output = (folder / "demo.txt").open("w+")
        environment = {**ENVIRONMENT, "HOME": str(folder), "COLUMNS": "200"}
        self.process = subprocess.Popen(
            [COMMAND, "demo", *words],
            cwd=folder,
            env=environment,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        )

    @property
    def said(self):
        self.output.seek(0)
        return self.output.read()

    def is_open(self):
        assert self.process.poll() is None, self.said
        return "Ctrl-C stops everything" in self.said

    def press_ctrl_c(self):
        """As a terminal does: to the whole group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(60)

    def close(self):
        with self.process:
            if self.process.poll() is None:
                self.press_ctrl_c()
        self.output.close()
