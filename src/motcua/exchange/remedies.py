"""What a failure on the way to another node means, at which hop it happened, and what an operator can do: in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Fault:
    """What fails, at which hop (drafted, signed, sent, received, handled), and the remedy."""

    hop: str
    what: str
    remedy: str


def of_last_error(words: str) -> Fault:
    """A node did not take a parcel: `words` are those the courier noted."""
    for signs, fault in (
        (("has expired; bring",), _directory),
        (("cannot be reached",), _unreachable),
        (("did not answer in",), _slow),
        (("answered 401",), _unknown),
        (("answered 429", "answered 503", "answered 507"), _strained),
        (("does not hold", "cannot be read"), _unbelieved),
    ):
        if any(sign in words for sign in signs):
            return fault()
    return Fault(
        "sent",
        _("It does not speak as agreed."),
        _("Ask its operator which release it runs and what stands before its exchange; messages wait here."),
    )


def of_held(reason: str) -> Fault:
    """A node answers, but does not take a message: `reason` is its own."""
    if any(sign in reason for sign in ("Files are missing", "have it.", "not take the file")):
        return Fault(
            "sent",
            _("A file that goes with a message does not get through."),
            _(
                "Look whether the file is in this node's home and whether the other node has room; it is tried again."
            ),
        )
    if "is not hosted by" in reason:
        return Fault(
            "sent",
            _("It says that it does not host the recipient: its edition of the directory is another."),
            _("Bring the newest edition to both nodes; the message goes as soon as they agree."),
        )
    if "of this stream has not come" in reason:
        return Fault(
            "received",
            _("It misses an earlier message of a stream."),
            _("What it misses is sent again by itself; if that goes on, look at the dead letters below."),
        )
    if "created in the future" in reason:
        return Fault(
            "sent",
            _("A message was made while a clock was ahead, and the other node's has not come there yet."),
            _("Compare the clocks of both nodes; the message is taken by itself when its moment has come."),
        )
    if "stands in no directory" in reason:
        return _directory()
    return Fault(
        "sent",
        _("It does not take a message yet."),
        _("“motcua exchange queue” shows its words; the message is tried again by itself."),
    )


def _directory() -> Fault:
    return Fault(
        "signed",
        _("The directory has expired or does not name the recipient, so nothing may leave."),
        _("Put the newest edition as directory.json into this node's home."),
    )


def _unreachable() -> Fault:
    return Fault(
        "sent",
        _("No connection to its address comes about."),
        _(
            "Look at the network and at its address in the directory, and ask its operator whether its exchange runs. "
            "Messages wait, signed; nothing is lost."
        ),
    )


def _slow() -> Fault:
    return Fault(
        "sent",
        _("It takes connections and does not answer in time."),
        _("Ask its operator to look at disk and database there. Messages wait, signed; nothing is lost."),
    )


def _unknown() -> Fault:
    return Fault(
        "received",
        _("It does not believe our signature."),
        _(
            "Compare the clocks of both nodes, and whether our key stands in the edition of the directory it has."
        ),
    )


def _strained() -> Fault:
    return Fault(
        "received",
        _("It asks us to wait: its disk, its log or its queue is full, or it has just started."),
        _("Nothing to do here; if it stays so for hours, call its operator."),
    )


def _unbelieved() -> Fault:
    return Fault(
        "received",
        _("Its receipts do not hold: what it signed is not what it logged, or the line changes bytes."),
        _("Call its operator, and look at “motcua exchange witnesses”: its log may have been rewritten."),
    )
