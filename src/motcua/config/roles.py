"""What each process of a node does once it runs, with the settings of its node."""

import os
import signal
from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from motcua.config import node as nodes
from motcua.config.loading import be, load
from motcua.config.processes import Supervisor, die_with_parent
from motcua.exchange import process as exchange_process


def web() -> None:
    """Serve the node's pages."""
    be(nodes.home())
    node = nodes.current()
    # Loaded after set-up: the application reads the settings of this node.
    from motcua.config.wsgi import application, open_front  # noqa: PLC0415

    open_front()
    parent = os.getpid()

    def load(_target: str) -> Any:
        die_with_parent(parent)
        return application

    Server(
        "motcua",
        address=node.listen,
        port=node.web_port,
        interface=Interfaces.WSGI,
        workers=node.web_workers,
        blocking_threads=4,
        blocking_threads_idle_timeout=600,  # each keeps a connection to the database
        log_level=LogLevels.warning,
        log_access=False,  # the QR code on a receipt brings its opening code along in an address
    ).serve(target_loader=load)


def exchange() -> None:
    """Answer other nodes and deliver to them."""
    exchange_process.main(nodes.current(), nodes.home())


def worker() -> None:
    """Run jobs, seal the journal, bring followers up to date."""
    be(nodes.home())
    from motcua.config.work import run  # noqa: PLC0415 — as above

    run()


ROLES: dict[str, Callable[[], None]] = {"exchange": exchange, "web": web, "worker": worker}


def supervise_one() -> int:
    """`motcua run`: this node's three processes until SIGTERM or Ctrl-C."""
    supervisor = Supervisor()
    home = nodes.home()
    nodes.read(home)
    load(home)
    for name, main in ROLES.items():
        supervisor.add(name, home, main)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, supervisor.stop)
    supervisor.start_all()
    supervisor.watch()
    return 0
