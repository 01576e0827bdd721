"""Keeps a country running for tests until its input ends: `python -m tests.country.running HOME PORT EXCHANGE_URLS`.

A line `stop NODE` or `start NODE` stops and starts the three processes of a node, and is answered with `done`.
"""

import json
import os
import select
import sys
from pathlib import Path

from motcua.config.country import Country


def main(home, port, exchange_urls):
    country = Country(Path(home), port=int(port), durable=False, exchange_urls=json.loads(exchange_urls))
    with country.running(lambda _stage: None):
        say("ready")
        while True:
            country.supervisor.reap()
            if select.select([0], [], [], 0.05)[0]:
                told = os.read(0, 1000).decode().split()
                if not told:
                    return
                {"stop": stop, "start": start}[told[0]](country, told[1])
                say("done")


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def home(country, node):
    return country.home / node


def stop(country, node):
    country.supervisor.stop_those_of(home(country, node))


def start(country, node):
    for process in country.supervisor.processes:
        if process.home == home(country, node):
            country.supervisor.start(process)


if __name__ == "__main__":
    main(*sys.argv[1:])
