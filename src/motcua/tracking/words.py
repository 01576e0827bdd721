"""The ten states in the words of the public page: addressed to the one who waits."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers.states import PAUSED, Channel, State
from motcua.tracking.models import Tracked

VERDICTS = {
    State.DRAFT: gettext_lazy("The dossier is not sent yet"),
    State.NEW: gettext_lazy("The dossier has been sent and waits to be received"),
    State.ACCEPTED: gettext_lazy("The dossier has been received"),
    State.REFUSED: gettext_lazy("The dossier was not received"),
    State.PROCESSING: gettext_lazy("The dossier is being handled"),
    State.SUPPLEMENT: gettext_lazy("The dossier waits for you to add papers"),
    State.FEE: gettext_lazy("The dossier waits for the fee"),
    State.WITHDRAWN: gettext_lazy("The dossier has been withdrawn"),
    State.STOPPED: gettext_lazy("Work on the dossier has stopped"),
    State.DONE: gettext_lazy("The result is ready"),
    State.RETURNED: gettext_lazy("The result has been delivered"),
}

MOMENTS = {
    State.DRAFT: gettext_lazy("Begun"),
    State.NEW: gettext_lazy("Sent to the agency"),
    State.ACCEPTED: gettext_lazy("The desk received it"),
    State.REFUSED: gettext_lazy("Not received; the notice says why"),
    State.PROCESSING: gettext_lazy("The agency handles it"),
    State.SUPPLEMENT: gettext_lazy("The agency asked for more papers"),
    State.FEE: gettext_lazy("The agency asked for the fee"),
    State.WITHDRAWN: gettext_lazy("Withdrawn by the applicant"),
    State.STOPPED: gettext_lazy("Stopped; the notice says why"),
    State.DONE: gettext_lazy("The result is signed"),
    State.RETURNED: gettext_lazy("The result is delivered"),
}


def titled(state: State, step: str) -> str:
    """A moment of the timeline: while the dossier is handled, the step says more than the state."""
    return step if step and state == State.PROCESSING else str(MOMENTS[state])


def lead(tracked: Tracked, *, is_late: bool) -> str:
    """The sentence below the verdict: what it means, and whether there is something to do."""
    if is_late:
        return _(
            "It is late, and we are sorry. The agency must write to you with the reason and a new date, once; "
            "if that date has passed too, complain to its head."
        )
    state = State(tracked.state)
    if state in PAUSED and tracked.channel != Channel.ONLINE:
        return str(AWAY[state])
    if state in PAUSED:
        return _("Sign in to see what is asked for. The clock stands still until then.")
    if state in {State.DONE, State.RETURNED}:
        return ended_on_time(tracked)
    return str(LEADS[state])


def ended_on_time(tracked: Tracked) -> str:
    return _("It was finished on time.") if tracked.on_time else _("It was finished late. We are sorry.")


# Whoever filed at a counter or by post has nothing to sign in to.
AWAY = {
    State.SUPPLEMENT: gettext_lazy(
        "What to add stands in the letter and the message sent to you. The clock stands still until you have."
    ),
    State.FEE: gettext_lazy(
        "The amount and the code of the payment stand on the receipt and in the message sent to you;"
        " at the counter you can pay as well. The clock stands still until then."
    ),
}

LEADS = {
    State.DRAFT: gettext_lazy("No agency has it yet."),
    State.NEW: gettext_lazy("The desk looks at it within the working day. You need not do anything."),
    State.ACCEPTED: gettext_lazy("All is on time. You need not do anything."),
    State.PROCESSING: gettext_lazy("All is on time. You need not do anything."),
    State.REFUSED: gettext_lazy(
        "The reason stands in the notice sent to you. You may file again at any time."
    ),
    State.WITHDRAWN: gettext_lazy("The applicant took it back. It may be filed again at any time."),
    State.STOPPED: gettext_lazy("The reason stands in the notice sent to you."),
}
