"""The line to other nodes, answered within one process; the network itself is tested in tests/exchange."""

import json

from motcua.exchange import calls


class Line:
    """The line to other nodes, answered by this process; `cut` it and nobody answers, or let what it `fails` with come back."""

    def __init__(self):
        self.asked = []
        self.is_cut = False
        self.fails = None

    def call(self, kind, body, *, sender, recipient, timeout=5.0):
        self.asked.append((kind, sender, recipient, json.loads(body)))
        if self.is_cut:
            raise calls.Unreachable(f"{recipient} does not answer.")
        if self.fails:
            raise self.fails
        return calls.answer(calls.Call("1", kind, sender, recipient, body))
