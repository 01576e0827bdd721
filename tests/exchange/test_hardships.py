"""What no process does to itself: its clock jumps, its line goes nowhere, its disk is full. Nothing acknowledged is lost."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import pytest

from motcua.config.embedded import Embedded
from tests.exchange.nodes import Country, TestNode, beside, execute, tables
from tests.exchange.victims import Victim, check_chain, check_streams, sending, until

pytestmark = pytest.mark.country

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
INSIDE, OUTSIDE = "10.213.77.2", "10.213.77.1"


def kept_by(clock):
    """The surroundings of a process whose clock differs from ours by what is written in this file."""
    clock.write_text("+0")
    return {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


@pytest.mark.skipif(not FAKETIME.exists(), reason="needs Debian's faketime")
@pytest.mark.parametrize("which", ["sender", "receiver"])
def test_a_clock_that_jumps_loses_nothing(country, tmp_path, which):
    """Two hours forth and back, again and again; while both clocks differ each refuses what the other signs."""
    laocai, vpcp = country.nodes
    clocks = tmp_path / "one", tmp_path / "other"
    clock = clocks[0]
    one, other = (laocai, vpcp) if which == "sender" else (vpcp, laocai)
    with Victim(one, **kept_by(clocks[0])).alive(), Victim(other, **kept_by(clocks[1])).alive():
        with sending(laocai, "G22", 4) as sent:
            for step in ("+2h", "+0", "-2h", "+0", "+2h", "-2h"):
                sent.goes_on()
                clock.write_text(step)
            sent.goes_on()
            assert laocai.states().get("signed", 0) > 0
        # What was made ahead of time is not refused but waits: here until both clocks have come to a later hour.
        for each in clocks:
            each.write_text("+3h")
        until(lambda: set(laocai.states()) == {"received"}, 90)
    check_streams(laocai, vpcp)
    assert set(sent.acknowledged) <= {str(row[0]) for row in vpcp.received()}
    check_chain(laocai)
    check_chain(vpcp)


def as_root(*words):
    """Whether it was done."""
    return (
        which(words[0]) is not None
        and subprocess.run(words, capture_output=True, check=False).returncode == 0
    )


@pytest.fixture
def apart():
    """A network namespace beside ours, with one line between both; its name."""
    name = f"mc{os.getpid() % 100_000}"
    steps = (
        ["ip", "netns", "add", name],
        ["ip", "link", "add", name, "type", "veth", "peer", "name", "out", "netns", name],
        ["ip", "addr", "add", f"{OUTSIDE}/30", "dev", name],
        ["ip", "link", "set", name, "up"],
        ["ip", "-n", name, "addr", "add", f"{INSIDE}/30", "dev", "out"],
        ["ip", "-n", name, "link", "set", "out", "up"],
        ["ip", "-n", name, "link", "set", "lo", "up"],
        ["ip", "netns", "exec", name, "true"],
    )
    if not all(as_root(*words) for words in steps):
        as_root("ip", "link", "del", name)
        as_root("ip", "netns", "del", name)
        pytest.skip("needs a machine on which network namespaces may be made")
    yield name
    as_root("ip", "link", "del", name)
    as_root("ip", "netns", "del", name)


def test_a_node_on_a_network_that_falls_apart_and_comes_together_loses_nothing(country, apart):
    """Nobody is told that the line is gone: what is under way is neither answered nor refused."""
    laocai, vpcp = country.nodes
    laocai.listen, vpcp.listen = INSIDE, OUTSIDE
    country.publish()
    with beside(vpcp), Victim(laocai, ["ip", "netns", "exec", apart]).alive():
        with sending(vpcp, "H38", 4) as sent:
            for _ in range(3):
                sent.goes_on()
                until(lambda: vpcp.states().get("received", 0) > 0, 30)
                assert as_root("ip", "link", "set", apart, "down")
                sent.goes_on()
                assert vpcp.states().get("signed", 0) > 0
                assert as_root("ip", "link", "set", apart, "up")
        until(lambda: set(vpcp.states()) == {"received"}, 90)
    check_streams(vpcp, laocai)
    assert set(sent.acknowledged) <= {str(row[0]) for row in laocai.received()}
    check_chain(vpcp)
    check_chain(laocai)


@pytest.fixture
def small(tmp_path):
    """A disk of its own that is soon full."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not as_root("mount", "-t", "tmpfs", "-o", "size=260m,mode=755", "motcua-test", str(disk)):
        pytest.skip("needs a machine on which a disk may be mounted")
    yield disk
    as_root("umount", "-l", str(disk))


@contextmanager
def served(folder):
    """A PostgreSQL on that disk, started again when it has fallen."""
    server = Embedded(folder)
    server.create("node")
    execute(tables(), database=server.uri("node"))
    try:
        yield server
    finally:
        server.stop()


@pytest.mark.django_db
def test_a_full_disk_takes_nothing_more_and_loses_nothing(node, small):
    """Database and home lie on it: whatever does not fit is not acknowledged, and when there is room again it goes on."""
    vpcp = node("vpcp", "G22")
    with served(small / "pg") as server:
        laocai = TestNode("laocai", ("H38",), small / "laocai", server.uri("node"))
        Country([laocai, vpcp]).publish()
        ballast = small / "ballast"
        with Victim(laocai).alive(), beside(vpcp):
            with sending(laocai, "G22", 4) as sent:
                for _ in range(2):
                    sent.goes_on()
                    fill(ballast)
                    sent.is_refused(503)
                    ballast.unlink()
                    if not server.is_running:
                        server.server = server.start()
                    sent.goes_on(within=90)
            until(lambda: set(laocai.states()) == {"received"}, 60)
        check_streams(laocai, vpcp)
        assert set(sent.acknowledged) <= {str(row[0]) for row in vpcp.received()}
        check_chain(laocai)


def fill(path):
    """Until nothing fits any more."""
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1 << 16)):
                pass
        except OSError:
            pass
