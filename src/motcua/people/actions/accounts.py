"""Open accounts and confirm who people are; appoint to posts."""

from datetime import date, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import Post
from motcua.people.events import (
    AccountOpened,
    Appointed,
    AppointmentEnded,
    IdentityConfirmed,
    OneTimePasswordGiven,
    PasswordChosen,
    PasswordGiven,
)
from motcua.people.models import Account, Appointment
from motcua.people.rules import agency_administrator, oneself, receiver


def clear_sessions() -> int:
    """Sessions whose time is over go, and what was noted of the browsers that had them; how many did."""
    now = timezone.now()
    gone, _kinds = Session.objects.filter(expire_date__lte=now).delete()
    # What is noted of a browser can be there before its session is.
    noted = UserSession.objects.filter(created_at__lt=now - timedelta(days=1))
    noted.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return gone


@action(who=system)
def open_account(account: Account, *, by: Actor, password: str | None = None) -> Account:
    """A person gets an account under their personal number."""
    if Account.objects.filter(username=account.username).exists():
        raise Invalid(_("There is already an account with this personal number."), field="username")
    account.set_password(password)
    account.clean_fields(exclude=["password"])
    account.save(force_insert=True)
    record(AccountOpened(str(account.pk)), about=account, by=by)
    return account


@action(who=(receiver & ~oneself) | system)
def confirm_identity(account: Account, *, by: Actor) -> None:
    """A person has shown themselves and their card at the counter: level 2 (decree 69/2024)."""
    if account.assurance == Account.Assurance.TWO:
        return
    account.assurance = Account.Assurance.TWO
    account.save(update_fields=["assurance"])
    record(IdentityConfirmed(str(account.pk), account.assurance), about=account, by=by)


@action(who=system)
def give_password(account: Account, *, by: Actor, password: str) -> None:
    """A person who cannot sign in any more gets a new password; the old one and all open sessions end."""
    account.set_password(password)
    account.one_time_until = None
    account.save(update_fields=["password", "one_time_until"])
    record(PasswordGiven(str(account.pk)), about=account, by=by)


@action(who=system)
def give_one_time_password(account: Account, *, by: Actor, encoded: str, until: datetime) -> None:
    """A person has shown themselves at a counter: until then a password handed to them opens the page where they choose their own.

    `encoded` is what is kept of the password, never the password itself.
    """
    account.password, account.one_time_until = encoded, until
    account.save(update_fields=["password", "one_time_until"])
    record(OneTimePasswordGiven(str(account.pk), until.isoformat()), about=account, by=by)


@action(who=oneself)
def choose_password(account: Account, *, by: Actor, password: str) -> None:
    """A person chooses their own password; the one that was handed to them is good for nothing any more."""
    account.set_password(password)
    account.one_time_until = None
    account.save(update_fields=["password", "one_time_until"])
    record(PasswordChosen(str(account.pk)), about=account, by=by)


@action(who=agency_administrator | system)
def appoint(post: Post, *, by: Actor, account: Account, since: date) -> Appointment:
    """A person takes a post and from that day holds its role."""
    if Appointment.objects.in_force(since).filter(post=post, account=account).exists():
        raise Invalid(_("This person already holds this post."), field="account")
    appointment = Appointment.objects.create(account=account, post=post, valid_from=since)
    record(
        Appointed(str(account.pk), post.role, post.agency.code, since.isoformat()), about=appointment, by=by
    )
    return appointment


@action(who=agency_administrator | system)
def end_appointment(appointment: Appointment, *, by: Actor, on: date) -> None:
    """A person leaves a post at the end of a day."""
    if on < appointment.valid_from:
        raise Invalid(_("A post cannot be left before it was taken."), field="on")
    appointment.valid_to = on
    appointment.save()
    record(
        AppointmentEnded(
            str(appointment.account_id), appointment.post.role, appointment.post.agency.code, on.isoformat()
        ),
        about=appointment,
        by=by,
    )
