"""What can be done with documents: write, sign and send them; take them in, work on them, and tell the sender."""

from motcua.dispatches.actions.arriving import arrive, meet, take_recall, take_standing
from motcua.dispatches.actions.copying import copy, send_copy
from motcua.dispatches.actions.digitising import take_paper
from motcua.dispatches.actions.enclosing import enclose, take_out
from motcua.dispatches.actions.forwarding import forward
from motcua.dispatches.actions.indexing import index
from motcua.dispatches.actions.numbering import free_year, set_numbering
from motcua.dispatches.actions.receiving import assign, begin, finish, give_back, keep_on, refuse, register
from motcua.dispatches.actions.relaying import (
    follow,
    note_fetched,
    note_news_fetched,
    relay,
    relay_recall,
)
from motcua.dispatches.actions.sending import draft, hand_back, issue, recall, redraft, sign, submit, void

__all__ = [
    "arrive", "assign", "begin", "copy", "draft", "enclose", "finish", "follow", "forward", "free_year", "give_back",
    "hand_back", "index", "issue", "keep_on", "meet", "note_fetched", "note_news_fetched", "recall", "redraft",
    "refuse", "register", "relay", "relay_recall", "send_copy", "set_numbering", "sign", "submit", "take_out", "take_paper",
    "take_recall", "take_standing", "void",
]  # fmt: skip
