"""A country for tests: started in a process of its own, with someone between its nodes, and hands at each of them."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

import psutil

from motcua.config.ports import free_ports
from motcua.demo.nodes import NODES
from motcua.lib import waiting
from tests.country.meddling import Meddler, once

ROOT = Path(__file__).resolve().parents[2]
NAMES = [node.name for node in NODES]
ENVIRONMENT = {
    **{
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MOTCUA_", "DJANGO_", "PYTEST_"))
    },
    "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
}
CHILDREN = (f"{first} {second}" for first, second in product(("An", "Bình", "Chi", "Dung"), ("Giang", "Hà", "Khánh", "Lam", "Mai", "Nga", "Oanh", "Phúc", "Quý", "Sơn", "Thảo", "Uyên")))  # fmt: skip


class NotSoonError(AssertionError):
    """What was waited for did not come in time."""


def until(question, patience=40.0, *, or_tell=lambda: ""):
    """Ask again and again until the answer is yes; return the answer."""
    return waiting.until(
        question,
        patience=patience,
        otherwise=lambda: NotSoonError(f"Not within {patience:g} s. {or_tell()}"),
    )


class ToldOtherwise(Exception):
    """A deed was not done; `error` is the name of what was raised at the node."""

    def __init__(self, error, says):
        super().__init__(f"{error}: {says}")
        self.error, self.says = error, says


class Hands:
    """The process of which a hand at any node is forked."""

    def __init__(self, home, address):
        self.address = str(address)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.country.hand", str(home), self.address],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout.readline() == "ready\n"

    def close(self):
        """All hands end with it."""
        with self.process:
            self.process.kill()


class Hand:
    """Does deeds (tests/country/deeds.py) at a node, in a process of that node."""

    def __init__(self, hands, home):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.connect(hands.address)
        self.answers = self.line.makefile("r", encoding="utf-8")
        self.say(str(home))

    def say(self, words):
        self.line.sendall(f"{words}\n".encode())

    def begin(self, deed, **details):
        """Tell it what to do, and do not wait for the answer."""
        self.say(json.dumps({"deed": deed, "details": details}))

    def end(self):
        """The answer to what it was told to do."""
        told = json.loads(self.answers.readline())
        if "error" in told:
            raise ToldOtherwise(told["error"], told["says"])
        return told["answer"]

    def do(self, deed, **details):
        self.begin(deed, **details)
        return self.end()

    def close(self):
        self.answers.close()
        self.line.close()


class Land:
    """The country; all its processes can be stopped, killed and started again."""

    def __init__(self):
        self.base = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
        self.base.chmod(0o755)
        self.home = self.base / ".motcua" / "country"  # where `motcua demo` looks for it, too
        self.port = free_ports(30)
        self.meddlers = {
            name: Meddler(name, self.port + 21 + place, self.port + 11 + place)
            for place, name in enumerate(NAMES)
        }
        self.hands = {}
        self.all_hands = None
        self.running = None

    # Life

    def start(self):
        urls = {name: meddler.url for name, meddler in self.meddlers.items()}
        self.running = subprocess.Popen(
            [sys.executable, "-m", "tests.country.running", str(self.home), str(self.port), json.dumps(urls)],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.running.stdout.readline() == "ready\n"

    def stop(self):
        with self.running:
            self.running.stdin.close()
        self.running = None

    def kill_supervisor(self):
        with self.running:
            self.running.kill()
        self.running = None

    def close(self):
        for hand in self.hands.values():
            hand.close()
        if self.all_hands:
            self.all_hands.close()
        if self.running:
            self.stop()
        for meddler in self.meddlers.values():
            meddler.close()
        shutil.rmtree(self.base, ignore_errors=True)

    # Parts of it

    def at(self, node, number=1):
        """A hand at a node; several of them can act at once."""
        if (node, number) not in self.hands:
            self.all_hands = self.all_hands or Hands(self.home / node, self.base / "hands")
            self.hands[node, number] = Hand(self.all_hands, self.home / node)
        return self.hands[node, number]

    def url(self, node):
        return f"http://127.0.0.1:{self.port + 1 + NAMES.index(node)}"

    def stop_node(self, node):
        self._tell("stop", node)

    def start_node(self, node):
        self._tell("start", node)

    def _tell(self, verb, node):
        self.running.stdin.write(f"{verb} {node}\n")
        self.running.stdin.flush()
        assert self.running.stdout.readline() == "done\n"

    def pid(self, node, name):
        """The process of a node: web, exchange, worker; of the whole country: `pid("", "database")`."""
        return int((self.home / node / "run" / f"{name}.pid").read_text())

    def kill(self, node, name):
        """kill -9, and wait until another is in its place."""
        killed = self.pid(node, name)
        os.kill(killed, signal.SIGKILL)
        until(
            lambda: self.pid(node, name) != killed, or_tell=lambda: f"{name} of {node} was not started again."
        )

    def kill_without_waiting(self, node, name):
        try:
            os.kill(self.pid(node, name), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    @property
    def postmaster(self):
        return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])

    def processes(self):
        """Whatever still runs that belongs to the country: of its homes, ports or database."""
        return [one for one in psutil.process_iter() if self._is_ours(one)]

    def _is_ours(self, process):
        try:
            words = " ".join(process.cmdline())
            home = process.environ().get("MOTCUA_HOME", "")
        except psutil.Error:
            return False
        if "tests.country.hand" in words:
            return False
        return str(self.home) in words or home.startswith(str(self.home)) or self._is_a_demo(process, words)

    def _is_a_demo(self, process, words):
        try:
            return "motcua demo" in words and Path(process.cwd()) == self.base
        except psutil.Error:
            return False

    def meddle(self, how=once, nodes=NAMES):
        """From now on, hand on what goes to these nodes in this way."""
        for name in nodes:
            self.meddlers[name].answers.clear()
            self.meddlers[name].handed_on.clear()
            self.meddlers[name].meddle = how

    # Its stories

    def story(self, *, at="sent"):
        """A birth that is registered: `sent`, `arrived`, `accepted` or `proposed`."""
        story = Story(self, next(CHILDREN))
        for stop in ("arrived", "accepted", "proposed")[
            : ("sent", "arrived", "accepted", "proposed").index(at)
        ]:
            getattr(story, {"arrived": "arrive", "accepted": "accept", "proposed": "propose"}[stop])()
        return story

    def tell(self):
        """For a test that fails: what waits where."""
        waiting = {name: self.at(name).do("backlog") for name in NAMES}
        logs = {f"{file.parents[1].name} {file.stem}": tail(file) for file in self.home.glob("**/log/*.log")}
        return f"{json.dumps(waiting, ensure_ascii=False)}\n{json.dumps(logs, ensure_ascii=False, indent=1)}"


def tail(file, lines=4):
    """What a process wrote last."""
    return file.read_text(errors="replace").splitlines()[-lines:]


class Story:
    """One birth from the application to the three results."""

    def __init__(self, land, child):
        self.land, self.child, self.code = land, child, ""
        self.id = land.at("vpcp").do("send", child=child)
        self.agency = land.at("laocai")

    def arrive(self):
        until(lambda: self.agency.do("has_arrived", dossier=self.id), or_tell=self.land.tell)

    def accept(self):
        self.code = self.agency.do("accept", dossier=self.id)

    def propose(self):
        self.agency.do("propose", dossier=self.id)

    @property
    def steps(self):
        return self.agency.do("steps", dossier=self.id)

    def is_ready_to_sign(self):
        return self.steps["sign"] == "running"

    def finish(self):
        """Wait for the other agencies, sign, and wait until the mother has her papers."""
        until(self.is_ready_to_sign, or_tell=self.land.tell)
        self.agency.do("sign", dossier=self.id)
        until(self.has_ended, or_tell=self.land.tell)

    def has_ended(self):
        portal = self.land.at("vpcp")
        here = portal.do("application", dossier=self.id)
        return (here["state"], here["papers"], portal.do("tracked", dossier=self.id)) == (10, PAPERS, 10)

    def effects(self):
        """All that one birth must have brought about, and nothing twice; see `ONCE`."""
        at, found = self.land.at, self.agency.do("dossier", dossier=self.id)
        number, code = found["child"]["personal_number"], found["code"]
        lives, address = at("congan").do("residences", number=number)
        return {
            "state": found["state"],
            "codes": len(self.agency.do("codes_given", dossier=self.id)),
            "births": at("tuphap").do("births", number=number),
            "births of the dossier": at("tuphap").do("births_of", code=code),
            "numbers": at("congan").do("numbers_of", code=code),
            "residences": lives,
            "lives at": address,
            "cards": at("bhxh").do("cards", number=number),
            "errands": {name: at(name).do("errands", code=code) for name in ("tuphap", "congan", "bhxh")},
            "certificates": self.agency.do("signed", dossier=self.id),
            "papers": at("vpcp").do("application", dossier=self.id)["papers"],
            "states": at("vpcp").do("states_tracked", dossier=self.id),
            "journals": {name: at(name).do("journal") for name in NAMES},
        }


PAPERS = ["given", "receipt", "result"]
ONCE = {
    "state": 10,
    "codes": 1,
    "births": ["registered"],
    "births of the dossier": 1,
    "numbers": 1,
    "residences": 1,
    "lives at": "Tổ 3, phường Sa Pa, tỉnh Lào Cai",
    "cards": 1,
    "errands": {
        "tuphap": [["civil.register_birth", "answered"]],
        "congan": [["population.issue_number", "answered"], ["population.register_residence", "answered"]],
        "bhxh": [["insurance.issue_child_card", "answered"]],
    },
    "certificates": ["signed"],
    "papers": PAPERS,
    "states": [1, 2, 4, 9, 10],
    "journals": dict.fromkeys(NAMES),
}
