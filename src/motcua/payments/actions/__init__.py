"""All that can be done with money: ask for it, take it, find out what it was for, give it back."""

from motcua.payments.actions.asking import ask_gateway, ask_lost, note_answer
from motcua.payments.actions.owing import (
    attempt,
    attempt_together,
    bundle,
    cancel,
    pass_on,
    raise_charge,
    waive_rest,
)
from motcua.payments.actions.receiving import (
    book,
    book_together,
    confirm,
    confirm_unshared,
    doubt,
    doubt_together,
    fail,
    match,
    refuse_notice,
    take_cash,
    take_notice,
    take_unknown,
)
from motcua.payments.actions.returning import adjust, direct, give_back, make_refund, return_payment
from motcua.payments.actions.stating import read_statement

__all__ = [
    "adjust",
    "ask_gateway",
    "ask_lost",
    "attempt",
    "attempt_together",
    "book",
    "book_together",
    "bundle",
    "cancel",
    "confirm",
    "confirm_unshared",
    "direct",
    "doubt",
    "doubt_together",
    "fail",
    "give_back",
    "make_refund",
    "match",
    "note_answer",
    "pass_on",
    "raise_charge",
    "read_statement",
    "refuse_notice",
    "return_payment",
    "take_cash",
    "take_notice",
    "take_unknown",
    "waive_rest",
]
