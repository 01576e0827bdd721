"""Deeds done in a process of their own, which is killed with SIGKILL at one moment after another."""

import os
import signal
import warnings
from pathlib import Path

from django.db import connection, connections


class Killer:
    """Kills its own process at a moment: before a statement and, if files count too, after it and around what makes files durable."""

    def __init__(self, moment, *, files=False):
        self.left, self.files = moment, files

    def __call__(self, execute, sql, params, many, context):
        self.passes()
        found = execute(sql, params, many, context)
        if self.files:
            self.passes()
        return found

    def passes(self):
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, deed):
        def done(*given):
            self.passes()
            found = deed(*given)
            self.passes()
            return found

        return done


def killed_at(moment, deed, *, files=False):
    """Do a deed in a process of its own that is killed at its nth moment; whether it was, or came to its end before."""
    connections.close_all()
    with warnings.catch_warnings():
        # The child runs our one thread and nothing of the others.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        killer = Killer(moment, files=files)
        if files:
            os.fsync, Path.replace = killer.around(os.fsync), killer.around(Path.replace)
        try:
            with connection.execute_wrapper(killer):
                deed()
        except BaseException:  # the child must never run the tests that follow
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)
