"""All that can be done with an application and with a dossier."""

from motcua.dossiers.actions.applying import (
    attach,
    begin,
    detach,
    discard,
    fill,
    learn,
    rate,
    reuse,
    send,
    supply,
    withdraw,
)
from motcua.dossiers.actions.assigning import assign, drop_filter, save_filter
from motcua.dossiers.actions.batches import enter_rows, open_batch, send_batch
from motcua.dossiers.actions.consulting import consult
from motcua.dossiers.actions.counter import (
    decide_at_once,
    file_paper,
    forward,
    hand_over,
    note,
    open_paper,
    receive,
)
from motcua.dossiers.actions.drafting import draft_result, initial_result
from motcua.dossiers.actions.fees import ask_fee, take_cash, take_fee, tell_fee, waive_fee
from motcua.dossiers.actions.moving import extend, follow_calendar, tell_moved
from motcua.dossiers.actions.passing_on import PassingOn, pass_on, tell_passed_on
from motcua.dossiers.actions.posting import consign
from motcua.dossiers.actions.receiving import accept, arrive, give_back, refuse, request_supplement, resume
from motcua.dossiers.actions.register import print_register
from motcua.dossiers.actions.telling import issue
from motcua.dossiers.actions.transitions import (
    agree,
    bring_over,
    carry_over,
    conclude_transition,
    draft_transition,
    drop_transition,
    map_steps,
)
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
    "PassingOn",
    "accept",
    "agree",
    "arrive",
    "ask_fee",
    "assign",
    "attach",
    "begin",
    "bring_over",
    "carry_over",
    "complete",
    "complete_step",
    "conclude_transition",
    "consign",
    "consult",
    "decide_at_once",
    "deliver",
    "detach",
    "discard",
    "draft_result",
    "draft_transition",
    "drop_filter",
    "drop_transition",
    "enter_rows",
    "extend",
    "file_paper",
    "fill",
    "follow_calendar",
    "forward",
    "give_back",
    "hand_over",
    "initial_result",
    "issue",
    "learn",
    "map_steps",
    "note",
    "note_unsigned",
    "open_batch",
    "open_paper",
    "pass_on",
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
    "reuse",
    "save_filter",
    "send",
    "send_batch",
    "sign",
    "stop",
    "supply",
    "take_cash",
    "take_fee",
    "take_rating",
    "tell_fee",
    "tell_moved",
    "tell_passed_on",
    "waive_fee",
    "warn",
    "warn_all",
    "withdraw",
]
