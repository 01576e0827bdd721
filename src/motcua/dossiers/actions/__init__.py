"""All that can be done with an application and with a dossier."""

from motcua.dossiers.actions.again import ANSWERS, note_untaken, send_again
from motcua.dossiers.actions.applying import (
    attach,
    begin,
    detach,
    discard,
    fill,
    learn,
    rate,
    reopen,
    return_supplement,
    reuse,
    send,
    supply,
    withdraw,
)
from motcua.dossiers.actions.asking import remind_to_ask
from motcua.dossiers.actions.assigning import assign, drop_filter, pass_on_filters, save_filter
from motcua.dossiers.actions.awaiting import lapse, remind, remind_all, tell_reminder
from motcua.dossiers.actions.batches import enter_rows, open_batch, send_batch
from motcua.dossiers.actions.bringing import learn_brought, tell_owner
from motcua.dossiers.actions.by_receipt import (
    direct_by_receipt,
    show_receipt,
    supply_by_receipt,
    withdraw_by_receipt,
)
from motcua.dossiers.actions.consenting import consent
from motcua.dossiers.actions.consulting import consult, open_letter
from motcua.dossiers.actions.counter import (
    decide_at_once,
    file_paper,
    hand_over,
    note,
    open_paper,
    receive,
)
from motcua.dossiers.actions.drafting import draft_result, initial_result
from motcua.dossiers.actions.fees import (
    ask_fee,
    reach_payer,
    take_cash,
    take_fee,
    tell_fee,
    tell_refund,
    waive_fee,
)
from motcua.dossiers.actions.forwarding import come_back, forward, send_after, take_brought
from motcua.dossiers.actions.inspecting import inspect
from motcua.dossiers.actions.levels import conclude, conclude_decided, take_decision, take_from_below
from motcua.dossiers.actions.mending import enter_answers
from motcua.dossiers.actions.moving import extend, follow_calendar, tell_moved, tell_reception_moved
from motcua.dossiers.actions.opening import (
    learn_openings,
    learn_openings_at_counter,
    open_dossier,
    pass_on_openings,
    tell_all_looks,
    tell_looks,
    tell_opening,
)
from motcua.dossiers.actions.passing_on import PassingOn, allot, pass_on, tell_passed_on
from motcua.dossiers.actions.posting import consign
from motcua.dossiers.actions.proving import prove
from motcua.dossiers.actions.rating import rate_by_receipt, take_rating
from motcua.dossiers.actions.receiving import accept, arrive, give_back, refuse, request_supplement, resume
from motcua.dossiers.actions.refunding import direct_refund, take_account
from motcua.dossiers.actions.register import number_slip, print_register
from motcua.dossiers.actions.signing import begin_signing, print_form, print_list, take_signature, take_signed
from motcua.dossiers.actions.supplying import readmit, take_supply
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
    restart,
    retry,
    return_to_examiner,
    sign,
    stop,
)

__all__ = [
    "ANSWERS",
    "PassingOn",
    "accept",
    "agree",
    "allot",
    "arrive",
    "ask_fee",
    "assign",
    "attach",
    "begin",
    "begin_signing",
    "bring_over",
    "carry_over",
    "come_back",
    "complete",
    "complete_step",
    "conclude",
    "conclude_decided",
    "conclude_transition",
    "consent",
    "consign",
    "consult",
    "decide_at_once",
    "deliver",
    "detach",
    "direct_by_receipt",
    "direct_refund",
    "discard",
    "draft_result",
    "draft_transition",
    "drop_filter",
    "drop_transition",
    "enter_answers",
    "enter_rows",
    "extend",
    "file_paper",
    "fill",
    "follow_calendar",
    "forward",
    "give_back",
    "hand_over",
    "initial_result",
    "inspect",
    "issue",
    "lapse",
    "learn",
    "learn_brought",
    "learn_openings",
    "learn_openings_at_counter",
    "map_steps",
    "note",
    "note_unsigned",
    "note_untaken",
    "number_slip",
    "open_batch",
    "open_dossier",
    "open_letter",
    "open_paper",
    "pass_on",
    "pass_on_filters",
    "pass_on_openings",
    "print_form",
    "print_list",
    "print_register",
    "propose",
    "prove",
    "rate",
    "rate_by_receipt",
    "reach_payer",
    "readmit",
    "receive",
    "refuse",
    "refuse_step",
    "remind",
    "remind_all",
    "remind_to_ask",
    "reopen",
    "request_supplement",
    "restart",
    "resume",
    "retry",
    "return_supplement",
    "return_to_examiner",
    "reuse",
    "save_filter",
    "send",
    "send_after",
    "send_again",
    "send_batch",
    "show_receipt",
    "sign",
    "stop",
    "supply",
    "supply_by_receipt",
    "take_account",
    "take_brought",
    "take_cash",
    "take_decision",
    "take_fee",
    "take_from_below",
    "take_rating",
    "take_signature",
    "take_signed",
    "take_supply",
    "tell_all_looks",
    "tell_fee",
    "tell_looks",
    "tell_moved",
    "tell_opening",
    "tell_owner",
    "tell_passed_on",
    "tell_reception_moved",
    "tell_refund",
    "tell_reminder",
    "waive_fee",
    "warn",
    "warn_all",
    "withdraw",
    "withdraw_by_receipt",
]
