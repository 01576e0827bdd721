"""All that can be done to the catalogue of procedures."""

from motcua.procedures.actions.comparing import compare
from motcua.procedures.actions.drafting import (
    approve,
    begin_new,
    bring,
    discard,
    edit,
    propose,
    revise,
    send_back,
)
from motcua.procedures.actions.overlaying import keep_overlay, localise, restore
from motcua.procedures.actions.polling import count_poll, open_poll
from motcua.procedures.actions.publishing import (
    Taken,
    digest_of,
    judge_again,
    keep_version,
    mark,
    publish,
    take_over,
    unmark,
)

__all__ = [
    "Taken",
    "approve",
    "begin_new",
    "bring",
    "compare",
    "count_poll",
    "digest_of",
    "discard",
    "edit",
    "judge_again",
    "keep_overlay",
    "keep_version",
    "localise",
    "mark",
    "open_poll",
    "propose",
    "publish",
    "restore",
    "revise",
    "send_back",
    "take_over",
    "unmark",
]
