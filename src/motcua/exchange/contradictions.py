"""What neighbours were caught at: heads that contradict each other, each signed, as anyone can check them."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from motcua.exchange.models import Batch, Fork, PeerHead, PeerJournal


def found() -> list[dict[str, Any]]:
    """For each head that contradicts others: of which log and node it is, itself, and those it contradicts or may."""
    return [
        {
            "log": fork.log,
            "node": fork.node,
            "number": fork.number,
            "at": fork.at.isoformat(),
            "head": _signed(fork),
            "beside": [_signed(one) for one in _beside(fork)],
        }
        for fork in Fork.objects.order_by("id")
    ]


def _beside(fork: Fork) -> Iterable[Any]:
    """Heads of the same log with its number, the one before and the one after, from whoever has them."""
    near = {"number__range": (fork.number - 1, fork.number + 1)}
    others = Fork.objects.filter(node=fork.node, log=fork.log, **near).exclude(pk=fork.pk)
    held = PeerJournal if fork.log == "journal" else PeerHead
    kept = [*held.objects.filter(node=fork.node, **near).order_by("number"), *others.order_by("number")]
    if fork.log == "exchange" and not kept:
        kept = list(Batch.objects.filter(**near).order_by("number"))
    return kept


def _signed(one: Any) -> dict[str, str]:
    return {"text": bytes(one.text).decode(), "signature": b64encode(bytes(one.signature)).decode()}
