"""The supervisor is killed or asked to stop: nothing stays behind, and what was begun goes on at the next start."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from motcua.config.ports import free_ports
from tests.country.command import Demo, motcua
from tests.country.land import NAMES, ONCE, until


def test_a_killed_supervisor_leaves_no_process_and_the_work_goes_on_at_the_next_start(land):
    story = land.story(at="proposed")
    assert len(land.processes()) > 3 * len(NAMES)
    land.kill_supervisor()
    until(lambda: not land.processes(), 15, or_tell=lambda: str(land.processes()))
    land.start()
    story.finish()
    assert story.effects() == ONCE


@pytest.fixture
def closed(country):
    """The country, stopped, so that others can start it."""
    if country.running:
        country.stop()
    return country


def test_the_demo_runs_once_stops_with_ctrl_c_and_starts_over_with_fresh(closed):
    assert closed.processes() == []
    with closing(Demo(closed.base, "--fresh", "--port", str(closed.port))) as demo:
        until(demo.is_open, 240, or_tell=lambda: demo.said)
        second = motcua(closed, "demo", "--port", str(closed.port))
        assert second.returncode == 1
        assert f"The country is already running:\n  {closed.url('vpcp')}" in second.stdout
        assert closed.at("vpcp").do("applications") == 0
        assert demo.press_ctrl_c() == 0
    until(lambda: not closed.processes(), 5, or_tell=lambda: str(closed.processes()))


def test_a_port_in_use_is_named(closed):
    with closing(socket.create_server(("127.0.0.1", closed.port + 3))):
        told = motcua(closed, "demo", "--port", str(closed.port))
    assert told.returncode == 1
    assert f"Port {closed.port + 3} on 127.0.0.1 is in use by another program." in told.stdout
    assert closed.processes() == []


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp(prefix="motcua-user-"))
    yield path
    shutil.rmtree(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="already an ordinary user; all the other tests have shown it")
def test_an_ordinary_user_starts_the_demo(folder):
    user = pwd.getpwnam("nobody")
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    try:
        subprocess.run([sys.executable, "-c", ""], check=True, capture_output=True, **as_user)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"{user.pw_name} may not run {sys.executable}")
    os.chown(folder, user.pw_uid, user.pw_gid)
    with closing(Demo(folder, "--port", str(free_ports()), **as_user)) as demo:
        until(demo.is_open, 240, or_tell=lambda: demo.said)
        assert demo.press_ctrl_c() == 0
    until(lambda: not of_folder(folder), 5)


def of_folder(folder):
    """Processes that work in the folder."""
    found = psutil.process_iter(["cwd", "cmdline"])
    return [one for one in found if str(folder) in f"{one.info['cwd']} {one.info['cmdline']}"]
