"""Ports of this machine: which are free."""

import os
import socket

from motcua.config.children import CannotStartError


def is_free(port: int) -> bool:
    """Whether nothing answers on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def free_ports(count: int = 20) -> int:
    """The first of `count` free ports in a row."""
    for start in range(20000 + os.getpid() % 200 * 40, 32000, count):
        if all(is_free(port) for port in range(start, start + count)):
            return start
    raise CannotStartError("There are not enough free ports on 127.0.0.1.")
