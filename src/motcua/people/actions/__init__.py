"""Open accounts and confirm who people are; appoint to posts; sign on at other services, and sign out everywhere."""

from motcua.people.actions.accounts import (
    appoint,
    choose_password,
    clear_sessions,
    confirm_identity,
    end_appointment,
    give_one_time_password,
    give_password,
    open_account,
)
from motcua.people.actions.identity import (
    admit,
    dismiss,
    drop_second_steps,
    list_service,
    recognise,
    sign_out,
    tell_service,
    vouch,
)
from motcua.people.actions.substitutions import end_substitution, stand_in

__all__ = [
    "admit",
    "appoint",
    "choose_password",
    "clear_sessions",
    "confirm_identity",
    "dismiss",
    "drop_second_steps",
    "end_appointment",
    "end_substitution",
    "give_one_time_password",
    "give_password",
    "list_service",
    "open_account",
    "recognise",
    "sign_out",
    "stand_in",
    "tell_service",
    "vouch",
]
