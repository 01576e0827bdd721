"""All that can be done to the catalogue of procedures."""

from motcua.procedures.actions.overlaying import keep_overlay, localise, restore
from motcua.procedures.actions.publishing import Taken, digest_of, mark, publish, take_over, unmark

__all__ = [
    "Taken",
    "digest_of",
    "keep_overlay",
    "localise",
    "mark",
    "publish",
    "restore",
    "take_over",
    "unmark",
]
