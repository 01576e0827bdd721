"""What can be done with documents: write, sign and send them; take them in, work on them, and tell the sender."""

from motcua.dispatches.actions.arriving import arrive, meet, take_recall, take_standing
from motcua.dispatches.actions.classifying import classify, issue_on_paper, turn_away
from motcua.dispatches.actions.copying import copy, send_copy
from motcua.dispatches.actions.digitising import take_paper
from motcua.dispatches.actions.enclosing import enclose, take_out
from motcua.dispatches.actions.filing import (
    amend_folder,
    archive,
    close_folder,
    file_in,
    open_folder,
    take_from,
)
from motcua.dispatches.actions.forwarding import forward
from motcua.dispatches.actions.indexing import index
from motcua.dispatches.actions.mailing import keep_correspondent, note_heard, put_off, send_again, send_out
from motcua.dispatches.actions.numbering import free_year, set_numbering
from motcua.dispatches.actions.opening import let_read, open_document, take_off
from motcua.dispatches.actions.receiving import assign, begin, finish, give_back, keep_on, refuse, register
from motcua.dispatches.actions.receiving_mail import dismiss, take_in, take_mail
from motcua.dispatches.actions.relaying import (
    follow,
    note_fetched,
    note_news_fetched,
    relay,
    relay_recall,
)
from motcua.dispatches.actions.reminding import note_reminder_refused, remind, take_reminder
from motcua.dispatches.actions.routing import call_off, initial, opine, remark, route, send_back, settle
from motcua.dispatches.actions.sending import draft, hand_back, issue, recall, redraft, sign, submit, void
from motcua.dispatches.actions.templating import drop_template, keep_template

__all__ = [
    "amend_folder", "archive", "arrive", "assign", "begin", "call_off", "classify", "close_folder", "copy",
    "dismiss", "draft", "drop_template", "enclose", "file_in", "finish", "follow", "forward", "free_year",
    "give_back", "hand_back", "index", "initial", "issue", "issue_on_paper", "keep_correspondent", "keep_on",
    "keep_template", "let_read", "meet", "note_fetched", "note_heard", "note_news_fetched",
    "note_reminder_refused", "open_document", "open_folder", "opine", "put_off", "recall",
    "redraft", "refuse", "register", "relay", "relay_recall", "remark", "remind", "route", "send_again",
    "send_back", "send_copy", "send_out", "set_numbering", "settle", "sign", "submit", "take_from", "take_in",
    "take_mail", "take_off", "take_out", "take_paper", "take_recall", "take_reminder", "take_standing",
    "turn_away", "void",
]  # fmt: skip
