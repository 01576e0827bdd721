"""What the exchange itself takes from other nodes: word of how our messages were handled, and trials of the way."""

from motcua.exchange.actions.telling import take_handled
from motcua.exchange.actions.trying import take_trial
from motcua.exchange.messages import HANDLED, SELFTEST, receives

receives(HANDLED)(take_handled)
receives(SELFTEST)(take_trial)
