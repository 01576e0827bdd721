"""What can be done with messages: send one, let a received one have its effect, decide about one that is stuck."""

from motcua.exchange.actions.carrying import carry_in, carry_key, carry_out, note_carried
from motcua.exchange.actions.operating import (
    cancel,
    replay,
    retry,
    return_to_sender,
    send_back,
    set_aside,
    wait_no_longer,
)
from motcua.exchange.actions.sending import drafted, gathered, leave, send
from motcua.exchange.actions.showing import take_evidence
from motcua.exchange.actions.trying import selftest

__all__ = [
    "cancel",
    "carry_in",
    "carry_key",
    "carry_out",
    "drafted",
    "gathered",
    "leave",
    "note_carried",
    "replay",
    "retry",
    "return_to_sender",
    "selftest",
    "send",
    "send_back",
    "set_aside",
    "take_evidence",
    "wait_no_longer",
]
