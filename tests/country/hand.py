"""Hands at the nodes: `python -m tests.country.hand HOME SOCKET` loads Django once, and becomes a hand for whoever calls.

A caller first names the home of its node; then a deed and its details go in and its answer comes out, one JSON line each.
"""

import json
import os
import signal
import socket
import sys
from pathlib import Path

from motcua.config.loading import be, load
from motcua.config.processes import die_with_parent


def main(home, address):
    load(Path(home))
    from tests.country import deeds  # needs what has just been loaded

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a hand has ended
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        parent = os.getpid()
        while True:
            caller, _address = door.accept()
            if os.fork() == 0:
                die_with_parent(parent)
                door.close()
                serve(caller, deeds)
                os._exit(0)
            caller.close()


def serve(caller, deeds):
    from django.db import close_old_connections
    from django.utils import translation

    with caller.makefile("r", encoding="utf-8") as told, caller.makefile("w", encoding="utf-8") as answers:
        be(Path(told.readline().strip()))
        translation.activate("en")
        for line in told:
            asked = json.loads(line)
            close_old_connections()
            try:
                answer = {"answer": getattr(deeds, asked["deed"])(**asked["details"])}
            except Exception as error:
                answer = {"error": type(error).__name__, "says": str(error)}
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
