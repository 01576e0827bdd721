"""All that can be done with plans of reorganisations."""

from motcua.reorganisations.actions.carrying import carry_out, finish, hinder, move_on, set_up
from motcua.reorganisations.actions.learning import learn
from motcua.reorganisations.actions.writing import abandon, authorise, reopen, rewrite, write

__all__ = [
    "abandon",
    "authorise",
    "carry_out",
    "finish",
    "hinder",
    "learn",
    "move_on",
    "reopen",
    "rewrite",
    "set_up",
    "write",
]
