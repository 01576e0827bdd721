"""Ctrl-C is never lost, whatever moment it comes at; what keeps processes up goes on without room on the disk."""

import os
import subprocess
import sys

from motcua.config.processes import Supervisor

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


def test_a_process_runs_whose_id_cannot_be_written_down(tmp_path):
    """As on a full disk: what keeps processes up must not fall itself."""
    (tmp_path / "run").touch()
    supervisor = Supervisor()
    process = supervisor.add("one", tmp_path, lambda: None)
    supervisor.start(process)
    os.waitpid(process.pid, 0)
    assert "Traceback" not in (tmp_path / "log" / "one.log").read_text()


def test_a_process_that_falls_while_the_disk_is_full_ends_and_does_not_go_on_as_its_supervisor(tmp_path):
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "one.log").symlink_to("/dev/full")
    supervisor, parent = Supervisor(), os.getpid()
    process = supervisor.add("one", tmp_path, lambda: 1 // 0)
    try:
        supervisor.start(process)
    finally:
        if os.getpid() != parent:
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(process.pid, 0)[1]) == 1
