"""All that can be done with machines, with what they ask, and with those who want to be told."""

from motcua.api.actions.asking import admit, forget_old, made_before, note_made, remember
from motcua.api.actions.clients import change, end, pass_on, register, renew_secret
from motcua.api.actions.synchronising import note_axis_refused, note_refused, synchronise_later
from motcua.api.actions.telling import (
    disable,
    enable,
    forget_delivered,
    note_delivered,
    note_failed,
    send_again,
    subscribe,
    tell,
    unsubscribe,
)

__all__ = [
    "admit",
    "change",
    "disable",
    "enable",
    "end",
    "forget_delivered",
    "forget_old",
    "made_before",
    "note_axis_refused",
    "note_delivered",
    "note_failed",
    "note_made",
    "note_refused",
    "pass_on",
    "register",
    "remember",
    "renew_secret",
    "send_again",
    "subscribe",
    "synchronise_later",
    "tell",
    "unsubscribe",
]
