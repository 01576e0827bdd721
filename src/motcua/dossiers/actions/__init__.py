"""All that can be done with an application and with a dossier."""

from motcua.dossiers.actions.applying import (
    attach,
    begin,
    detach,
    discard,
    fill,
    learn,
    rate,
    send,
    supply,
    withdraw,
)
from motcua.dossiers.actions.counter import (
    decide_at_once,
    file_paper,
    forward,
    hand_over,
    note,
    receive,
)
from motcua.dossiers.actions.fees import ask_fee, take_cash, take_fee, tell_fee, waive_fee
from motcua.dossiers.actions.moving import extend, follow_calendar, tell_moved
from motcua.dossiers.actions.receiving import accept, arrive, give_back, refuse, request_supplement, resume
from motcua.dossiers.actions.register import print_register
from motcua.dossiers.actions.telling import issue
from motcua.dossiers.actions.warning import warn, warn_all
from motcua.dossiers.actions.working import (
    complete,
    complete_step,
    deliver,
    note_unsigned,
    propose,
    refuse_step,
    retry,
    return_to_examiner,
    sign,
    stop,
    take_rating,
)

__all__ = [
    "accept",
    "arrive",
    "ask_fee",
    "attach",
    "begin",
    "complete",
    "complete_step",
    "decide_at_once",
    "deliver",
    "detach",
    "discard",
    "extend",
    "file_paper",
    "fill",
    "follow_calendar",
    "forward",
    "give_back",
    "hand_over",
    "issue",
    "learn",
    "note",
    "note_unsigned",
    "print_register",
    "propose",
    "rate",
    "receive",
    "refuse",
    "refuse_step",
    "request_supplement",
    "resume",
    "retry",
    "return_to_examiner",
    "send",
    "sign",
    "stop",
    "supply",
    "take_cash",
    "take_fee",
    "take_rating",
    "tell_fee",
    "tell_moved",
    "waive_fee",
    "warn",
    "warn_all",
    "withdraw",
]
