"""All that can be done with queues, tickets and appointments."""

from motcua.queues.actions.booking import book, cancel, change_time, follow_mandate, learn
from motcua.queues.actions.calling import call_next, draw, miss, open_queue, pass_on, serve
from motcua.queues.actions.holding import (
    check_in,
    close_days,
    follow_calendar,
    free,
    hold,
    pass_on_offer,
    set_offer,
    welcome,
)
from motcua.queues.actions.reserving import reserve, shift

__all__ = [
    "book",
    "call_next",
    "cancel",
    "change_time",
    "check_in",
    "close_days",
    "draw",
    "follow_calendar",
    "follow_mandate",
    "free",
    "hold",
    "learn",
    "miss",
    "open_queue",
    "pass_on",
    "pass_on_offer",
    "reserve",
    "serve",
    "set_offer",
    "shift",
    "welcome",
]
