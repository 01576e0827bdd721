"""A country on one machine: makes it, starts it, stops it; its nodes talk over loopback exactly as over a network."""

import fcntl
import json
import secrets
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from django.core.management import call_command

from motcua.config import identities
from motcua.config.children import (
    CannotStartError,
    begin_in_child,
    in_child,
    in_child_heard,
    past,
    polls,
    seed,
    seed_common,
    upgrade,
    wait_for_child,
)
from motcua.config.embedded import Embedded
from motcua.config.loading import load
from motcua.config.node import as_toml
from motcua.config.ports import is_free
from motcua.config.processes import Supervisor
from motcua.config.roles import ROLES
from motcua.demo.nodes import NODES, DemoNode
from motcua.exchange.directory import signed
from motcua.lib.keys import FileKey
from motcua.lib.waiting import until

PORT = 8100
PROVINCE, NATION = "laocai", "vpcp"
TEMPLATE = "motcua_template"
PACKAGE = Path(__file__).resolve().parent.parent

type Tell = Callable[[str], None]


@dataclass(frozen=True)
class Address:
    """Where a node is reached and where it lives."""

    name: str
    title: str
    url: str
    exchange_url: str
    home: str


class Country:
    """The demo country kept in `home`, its ports from `port` on."""

    def __init__(
        self,
        home: Path,
        *,
        port: int = PORT,
        durable: bool = True,
        exchange_urls: Mapping[str, str] | None = None,
        history: int = 0,
        roles: Mapping[str, Callable[[], None]] = ROLES,
    ) -> None:
        """`exchange_urls` by node say where they reach each other, if not directly; `history` how many dossiers the past has;
        `roles` what the processes of each node do.
        """
        self.roles = roles
        self.home = home.resolve()
        self.port = port
        self.durable = durable
        self.history = history
        self.exchange_urls = {node.name: self.address(node).exchange_url for node in NODES} | dict(
            exchange_urls or {}
        )
        self.supervisor = Supervisor()
        self.postgres: Embedded | None = None

    # Where things are

    def node_home(self, node: DemoNode) -> Path:
        return self.home / node.name

    def web_port(self, node: DemoNode) -> int:
        return self.port + 1 + NODES.index(node)

    def exchange_port(self, node: DemoNode) -> int:
        return self.port + 11 + NODES.index(node)

    def address(self, node: DemoNode) -> Address:
        return Address(
            node.name,
            node.title_vi,
            f"http://127.0.0.1:{self.web_port(node)}",
            f"http://127.0.0.1:{self.exchange_port(node)}",
            str(self.node_home(node)),
        )

    @property
    def addresses(self) -> dict[str, Address]:
        return {node.name: self.address(node) for node in NODES}

    @property
    def has_past(self) -> bool:
        """Whether the province has lived through its three months."""
        return bool(self.made().get("history"))

    def made(self) -> dict[str, Any]:
        """What was made already, by part."""
        mark = self.home / "made.json"
        return json.loads(mark.read_text()) if mark.exists() else {}

    # Life

    @contextmanager
    def running(self, tell: Tell) -> Iterator["Country"]:
        """Prepare and start; on leaving, stop everything."""
        with self.alone():
            self.check_ports()
            try:
                self.start(tell)
                yield self
            finally:
                self.stop()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the country's lock, so that it runs once; says where the running one is."""
        self.home.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + 10
        with (self.home / "lock").open("a+") as lock:
            while not is_taken(lock):
                if self.answers() or time.monotonic() > deadline:
                    raise CannotStartError(already_running(self.home))
                time.sleep(0.1)  # what was killed a moment ago is still going
            yield

    def answers(self) -> bool:
        """Whether a country is running here, as far as it can be seen from outside."""
        running = read_running(self.home) or {}
        return any(not is_free(int(one.url.rpartition(":")[2])) for one in running.values())

    def check_ports(self) -> None:
        """Raise, naming the port, if one we need is taken."""
        for node in NODES:
            for port in (self.web_port(node), self.exchange_port(node)):
                if not is_free(port):
                    raise CannotStartError(
                        f"Port {port} on 127.0.0.1 is in use by another program. "
                        "Stop that program, or choose other ports: ./motcua demo --port 9100"
                    )

    def start(self, tell: Tell) -> None:
        """Bring the country up; returns when every node answers."""
        tell("postgres")
        self.postgres = Embedded(self.home / "postgres", durable=self.durable)
        self.supervisor.start(self.supervisor.add("database", self.home, self.postgres.keep))
        self.write_settings()
        load(self.node_home(NODES[0]))
        self.prepare(tell)
        tell("start")
        for node in NODES:
            for name, main in self.roles.items():
                self.supervisor.add(name, self.node_home(node), main)
        self.supervisor.start_all()
        for node in NODES:
            self.wait_for(self.web_port(node), node)
            self.wait_for(self.exchange_port(node), node)
        (self.home / "running.json").write_text(
            json.dumps({name: asdict(address) for name, address in self.addresses.items()})
        )

    def stop(self) -> None:
        """Stop all processes, then the database."""
        self.supervisor.is_stopping = True
        self.supervisor.stop_all()
        (self.home / "running.json").unlink(missing_ok=True)
        if self.postgres:
            self.postgres.stop()

    def wait_for(self, port: int, node: DemoNode, patience: float = 180.0) -> None:
        """Until the port answers; a process that fell is started again meanwhile."""
        until(
            lambda: not is_free(port),
            patience=patience,
            meanwhile=self.supervisor.reap,
            otherwise=lambda: CannotStartError(
                f"{node.title_vi} does not answer on port {port}; see {self.node_home(node) / 'log'}"
            ),
        )

    def erase(self) -> None:
        """Start over: remove all state of the country."""
        with self.alone():
            if (self.home / "postgres" / "postmaster.pid").exists():
                Embedded(self.home / "postgres").stop()
            for entry in self.home.iterdir():
                if entry.name != "lock":
                    shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    # Making it

    def prepare(self, tell: Tell) -> None:
        """Make what is not there yet: keys, directory, databases, people. Each part is marked when it is whole."""
        assert self.postgres is not None  # noqa: S101 — start() has just made it
        mark, made = self.home / "made.json", self.made()
        edition = migrations_digest()
        if made.get("keys") != self.exchange_urls:
            tell("keys")
            self.make_keys()
        identities.make_citizens(self.home)
        fresh = not made
        if fresh:
            self.postgres.drop([TEMPLATE, *(node.name for node in NODES)])
            self.postgres.create(TEMPLATE)
            tell("tables")
            in_child(self.template_home(), lambda: call_command("migrate", verbosity=0))
            tell("catalogue")
            in_child(self.template_home(), seed_common)
            self.populate(tell)
        elif made.get("edition") != edition:
            tell("tables")
            for node in NODES:
                in_child(self.node_home(node), upgrade)
        made |= {"keys": self.exchange_urls, "edition": edition}
        lacks_past = self.history and not made.get("history")
        # A past that is broken off stays as it is: what happened is not made to happen twice.
        mark.write_text(json.dumps(made | {"history": made.get("history") or self.history}))
        if lacks_past:
            self.make_past(tell)

    def populate(self, tell: Tell) -> None:
        """The nodes' databases, copies of the template, each filled with its own, all at once."""
        assert self.postgres is not None  # noqa: S101 — start() has made it
        children = {}
        for node in NODES:
            self.postgres.create(node.name, template=TEMPLATE)
            children[node.name] = begin_in_child(self.node_home(node), partial(seed, node.name))
        for node in NODES:
            tell(node.name)
            wait_for_child(children[node.name], self.node_home(node))

    def make_past(self, tell: Tell) -> None:
        """Three months of the province's work, before its node starts, and what the nation asked the users of services."""
        tell("history 0")
        in_child(self.home / NATION, polls)
        in_child_heard(
            self.home / PROVINCE,
            lambda say: past(self.history, say),
            lambda percent: tell(f"history {percent}"),
        )

    def write_settings(self) -> None:
        """One `node.toml` a node; a node keeps its secret."""
        for node in NODES:
            home = self.node_home(node)
            for part in ("files", "keys", "mail", "log", "run"):
                (home / part).mkdir(parents=True, exist_ok=True)
            write_toml(home / "node.toml", self.settings(node, kept_secret(home)))
            if node.bank_account and not (gateway := home / "keys" / "gateway.key").exists():
                gateway.touch(mode=0o600)
                gateway.write_text(secrets.token_hex(32))
        identities.share_secrets(self.home)

    def settings(self, node: DemoNode, secret: str) -> dict[str, object]:
        address = self.address(node)
        return {
            "name": node.name,
            "title_vi": node.title_vi,
            "title_en": node.title_en,
            "database": self.postgres.uri(node.name) if self.postgres else "",
            "secret": secret,
            "web_url": address.url,
            "web_port": self.web_port(node),
            "exchange_port": self.exchange_port(node),
            "agency": node.agency,
            "agencies": list(node.agencies),
            "contexts": list(node.contexts),
            "tracking_url": self.address(NODES[0]).url,
            "demo": True,
            "sms": "folder",
            "letters_address": f"van-thu.{node.name}@motcua.invalid",
            **self.identity(node),
            **({"bank_account": node.bank_account, **gateway_at(address.url)} if node.bank_account else {}),
        }

    def identity(self, node: DemoNode) -> dict[str, object]:
        """The national portal keeps electronic identities, and people sign there; all others ask it who someone is."""
        if node is NODES[0]:
            asking = [identities.client(one, self.address(one).url) for one in NODES[1:]]
            return {
                "identity": "provider",
                "identity_clients": asking,
                "signing_url": f"{self.address(node).url}/demo/signing/api/",
                "signing_client": node.name,
            }
        return {"identity_issuer": self.address(NODES[0]).url, "identity_client": node.name}

    def template_home(self) -> Path:
        """A home for the database from which all others are copied."""
        home = self.home / "template"
        home.mkdir(exist_ok=True)
        settings = self.settings(NODES[0], kept_secret(home))
        settings["database"] = self.postgres.uri(TEMPLATE) if self.postgres else ""
        write_toml(home / "node.toml", settings)
        return home

    def make_keys(self) -> None:
        """The country's root key, each node's key, the signed directory; the authority, its seals and signatures."""
        root = FileKey.load_or_generate(self.home / "root.pem")
        keys = {
            node.name: FileKey.load_or_generate(self.node_home(node) / "keys" / "node.pem") for node in NODES
        }
        text = signed(identities.directory(keys, self.exchange_urls), root)
        for node in NODES:
            (self.node_home(node) / "keys" / "root.pub").write_text(root.public_pem)
            (self.node_home(node) / "directory.json").write_bytes(text)
        if not (self.home / "authority.pem").exists():
            identities.make_certificates(self.home)


def gateway_at(url: str) -> dict[str, str]:
    """The demo's own bank gateway stands at the node itself."""
    return {
        "gateway_url": f"{url}/demo/gateway/",
        "gateway_api": f"{url}/demo/gateway/api/",
        "gateway_code": "MOTCUA01",
    }


def read_running(home: Path) -> dict[str, Address] | None:
    """The addresses of the country running in `home`, if one is."""
    try:
        found = json.loads((home / "running.json").read_text())
    except FileNotFoundError:
        return None
    return {name: Address(**address) for name, address in found.items()}


def already_running(home: Path) -> str:
    """What a second start is told."""
    running = read_running(home)
    if running is None:
        return "The country is already being started by another command; wait for it, or stop it with Ctrl-C there."
    return "The country is already running:\n" + "\n".join(
        f"  {one.url}  {one.title}" for one in running.values()
    )


def is_taken(lock: TextIO) -> bool:
    """Take the lock, if no one has it; the processes of a country hold it together with their supervisor."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def kept_secret(home: Path) -> str:
    """The node's secret: the one it has, or a new one."""
    file = home / "node.toml"
    if file.exists():
        return str(tomllib.loads(file.read_text("utf-8"))["secret"])
    return secrets.token_urlsafe(48)


def write_toml(path: Path, values: dict[str, object]) -> None:
    """Write settings, readable by their owner alone."""
    text = "".join(f"{key} = {as_toml(value)}\n" for key, value in values.items())
    path.write_text(text, "utf-8")
    path.chmod(0o600)


def migrations_digest() -> str:
    """Changes when there is a new migration or another edition of a procedure."""
    names = sorted(str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("migrations/*.py"))
    procedures = sorted(path.read_bytes() for path in (PACKAGE / "procedures").rglob("*.yaml"))
    return sha256("\n".join(names).encode() + b"".join(procedures)).hexdigest()
