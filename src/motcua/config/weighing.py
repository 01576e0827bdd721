"""How much memory a node takes, and how many bytes a page."""

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
