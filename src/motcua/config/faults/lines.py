"""The lines to the nodes: a proxy stands before each, and some lead through a network of their own that can be taken down."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from motcua.config.faults.helper import Helper
from motcua.config.faults.machine import done

LOOPBACK = "127.0.0.1"
WHY_NOT = "no network namespaces may be made"


class Apart:
    """A network namespace and the one line that leads there: when it is down nobody is told, nobody is refused."""

    def __init__(self, number: int) -> None:
        place = os.getpid() % 16_000 * 4 + number
        self.name = f"mcs{place}"
        self.near, self.far = (f"10.214.{place // 64 % 256}.{place % 64 * 4 + end}" for end in (1, 2))

    def make(self, stack: ExitStack) -> bool:
        """Whether the machine allowed it; it is there until the stack is left."""
        stack.callback(self._remove)
        return all(
            done(*step)
            for step in (
                ["ip", "netns", "add", self.name],
                ["ip", "link", "add", self.name, "type", "veth", "peer", "name", "out", "netns", self.name],
                ["ip", "addr", "add", f"{self.near}/30", "dev", self.name],
                ["ip", "link", "set", self.name, "up"],
                ["ip", "-n", self.name, "addr", "add", f"{self.far}/30", "dev", "out"],
                ["ip", "-n", self.name, "link", "set", "out", "up"],
                ["ip", "-n", self.name, "link", "set", "lo", "up"],
                [*self.within, "true"],
            )
        )

    def _remove(self) -> None:
        done("ip", "link", "del", self.name)
        done("ip", "netns", "del", self.name)

    @property
    def within(self) -> Sequence[str]:
        """The command behind which a program runs there."""
        return ("ip", "netns", "exec", self.name)

    def turn(self, how: str) -> None:
        """`up` or `down`: at its far end, so that the near one keeps its route, and nothing goes elsewhere."""
        done("ip", "-n", self.name, "link", "set", "out", how)


class Lines:
    """A line to each node; those of `apart` through a network of their own, if the machine allows it."""

    def __init__(self, targets: Mapping[str, int], first: int, *, apart: Sequence[str], seed: int) -> None:
        """`targets` are the ports at which the nodes listen; the lines begin at ports from `first` on."""
        self.targets, self.seed = targets, seed
        self.ports = {name: first + place for place, name in enumerate(targets)}
        self._wanted = apart
        self.apart: dict[str, Apart] = {}
        self.helpers: list[Helper] = []

    def open(self, stack: ExitStack) -> None:
        """Everything stands until the stack is left."""
        for number, name in enumerate(self._wanted):
            network = Apart(number)
            if network.make(stack):
                self.apart[name] = network
        ways = [
            f"{self._near(name)}:{port}={LOOPBACK}:{self.targets[name]}" for name, port in self.ports.items()
        ]
        self._start(stack, ways)
        for name, network in self.apart.items():
            port = self.ports[name]
            self._start(stack, [f"{network.far}:{port}={network.near}:{port}"], within=network.within)

    def _near(self, name: str) -> str:
        return self.apart[name].near if name in self.apart else LOOPBACK

    def _start(self, stack: ExitStack, ways: Sequence[str], within: Sequence[str] = ()) -> None:
        helper = Helper.start("proxy", self.seed, *ways, within=within)
        stack.callback(helper.process.kill)
        helper.hear()
        self.helpers.append(helper)

    @property
    def urls(self) -> dict[str, str]:
        """Where each node is reached."""
        hosts = {name: self.apart[name].far if name in self.apart else LOOPBACK for name in self.ports}
        return {name: f"http://{hosts[name]}:{port}" for name, port in self.ports.items()}

    def say(self, name: str, manner: str) -> None:
        """From now on connections to this node fare so."""
        self.helpers[0].say(f"{self.ports[name]} {manner}")

    def end(self) -> Counter[str]:
        """What happened how often. What lies behind in the other networks carried everything as it came."""
        before_the_nodes, *_beyond = [helper.end() for helper in self.helpers]
        return before_the_nodes
