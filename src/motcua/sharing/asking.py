"""Ask a register on the spot, through both nodes' exchange."""

import json
from typing import Any

from motcua.exchange.calls import Broken, Failed, SaidNo, Unreachable, call
from motcua.lib.actors import Actor


class NotKnown(Exception):
    """The register answered that it cannot say; the message says why, in its words."""


class SaysNo(NotKnown):
    """The register knows the question, and its answer is no. What rests on a yes may end by this, and by nothing else."""


def read(
    service: str, params: dict[str, Any], *, sender: str, to: str, purpose: str, dossier: str, by: Actor
) -> dict[str, Any]:
    """The register's answer. Raises `NotKnown` in the register's words; `exchange.calls.Unreachable` or `Denied`.

    Where those words are a no, it is `SaysNo`; anything else it refuses leaves open how it is. A register that answers with
    a fault has not answered: that is `Unreachable`, and no `NotKnown`.

    `by` is named in the reading log of the register, so that the person concerned sees who read.
    """
    body = {
        "service": service,
        "params": params,
        "purpose": purpose,
        "dossier": dossier,
        "by": by.as_json(),
    }
    try:
        answer = call(
            "sharing.read", json.dumps(body, ensure_ascii=False).encode(), sender=sender, recipient=to
        )
    except Broken as fault:
        raise Unreachable(str(fault)) from fault
    except SaidNo as refusal:
        raise SaysNo(str(refusal)) from refusal
    except Failed as refusal:
        raise NotKnown(str(refusal)) from refusal
    found: dict[str, Any] = json.loads(answer)
    return found
