"""What the exchange itself takes from other nodes: word of how our messages were handled."""

from motcua.exchange.actions.handling import HANDLED
from motcua.exchange.actions.telling import take_handled
from motcua.exchange.messages import receives

receives(HANDLED)(take_handled)
