"""The word of the node's own operator: write a file for a node, take one in."""

import json
from pathlib import Path

from motcua.exchange.dispatch import Dispatch
from motcua.exchange.loading import load
from motcua.exchange.problems import Problem
from motcua.exchange.station import Station
from motcua.exchange.unloading import unload


async def carry(station: Station, dispatch: Dispatch, way: str, asked: bytes) -> bytes:
    """Do what is asked, one line of JSON with `file` and, on the way out, `node`; a Problem says why not."""
    try:
        wanted = json.loads(asked)
        path, name = Path(wanted["file"]), str(wanted.get("node", ""))
        everything = wanted.get("everything") is True
    except (ValueError, KeyError, TypeError) as error:
        raise Problem(422, f"Write file, node, everything as JSON ({error}).") from error
    if way == "in":
        async with station.carrying:
            return json.dumps([vars(one) for one in await unload(station, dispatch, path)]).encode()
    peer = station.directory.by_name.get(name)
    if way != "out" or peer is None or name == station.name:
        raise Problem(404, f"The directory names no other node {name}.")
    async with station.carrying:
        told = await load(station, dispatch.courier(name), peer, path, everything=everything)
        return json.dumps([vars(told)]).encode()
