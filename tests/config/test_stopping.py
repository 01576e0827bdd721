"""Ctrl-C is never lost, whatever moment it comes at."""

import subprocess
import sys

# Sends itself Ctrl-C while it forks: what is raised then, Python forgets.
PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from motcua.config.demo import listen
from motcua.config.processes import Supervisor
supervisor = Supervisor()
listen(supervisor)
parent = os.getpid()
os.register_at_fork(after_in_parent=lambda: os.kill(parent, signal.SIGINT) or time.sleep(0.01))
try:
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
    supervisor.watch()
except KeyboardInterrupt:
    pass
print("stopped")
"""


def test_ctrl_c_in_the_middle_of_a_fork_is_heard():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.stdout, "Exception ignored" in done.stderr) == ("stopped\n", True)
