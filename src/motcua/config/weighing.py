"""How much memory a node takes, and how many bytes a page."""

import os
import re
from pathlib import Path

import httpx

from motcua.config.country import Country


def family(country: Country, node: str) -> list[int]:
    """Process ids of a node, with their children."""
    pids = [
        process.pid for process in country.supervisor.processes if process.home.name == node and process.pid
    ]
    for pid in list(pids):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            pids += [int(child) for child in task.read_text().split()]
    return pids


def pss(pid: int) -> float:
    """Proportional set size in MB."""
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found.group(1)) / 1024 if found else 0.0


def processor_time(pid: int) -> float:
    """Seconds a process and its children have worked until now, those that have ended included."""
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for child in task.read_text().split()
    ]
    return ticks(pid, ended=True) + sum(ticks(child) for child in children)


def ticks(pid: int, *, ended: bool = False) -> float:
    """Seconds in the program and in the system, of the process itself or with what its ended children took."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields[11 : 15 if ended else 13])) / os.sysconf("SC_CLK_TCK")


def wire_bytes(url: str) -> int:
    """Page, stylesheets, preloaded fonts and icon, as they cross the wire."""
    with httpx.Client(base_url=url, headers={"Accept-Encoding": "gzip"}) as client:
        page = client.get("/")
        links = set(re.findall(r'<link[^>]+href="([^"]+)"', page.text))
        return len(page.content) + sum(size_of(client, link) for link in links if link.startswith("/"))


def size_of(client: httpx.Client, link: str) -> int:
    """The body as it was sent."""
    with client.stream("GET", link) as answer:
        return sum(len(part) for part in answer.iter_raw())
