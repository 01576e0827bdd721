"""Accounts of persons, and their appointments to posts of agencies."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor, Grant, anonymous
from motcua.lib.statements import prepared
from motcua.organisations.models import Post


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """An account under a personal number; without a password no one can sign in with one."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who can sign in; known outside this table by the account's own id only, never by the personal number."""

    class Assurance(models.IntegerChoices):
        """Level of the electronic identity (law on identification 2023, decree 69/2024)."""

        ONE = 1, _("Level 1")
        TWO = 2, _("Level 2")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(
        _("personal number"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^\d{12}$", _("A personal number has 12 digits."))],
    )
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    # By which ways the person wants to be told, besides the inbox.
    wants_mail = models.BooleanField(default=True)
    wants_text = models.BooleanField(default=True)
    assurance = models.PositiveSmallIntegerField(choices=Assurance, default=Assurance.ONE)
    # While set, the password was given at a counter: it opens nothing but the page where another is chosen, and lapses then.
    one_time_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"person:{self.pk}"

    @property
    def initials(self) -> str:
        """First letters of the middle and given names: how the page's corner shows them."""
        return "".join(word[0] for word in self.name.split()[-2:]).upper()

    @property
    def given_name(self) -> str:
        """The last two words of a Vietnamese name: how one is addressed."""
        return " ".join(self.name.split()[-2:])


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_force(self, on: date | None = None) -> Self:
        """Appointments that hold on a day, by default today."""
        day = on or timezone.localdate()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Appointment(models.Model):
    """A person holds a post of an agency, from one day to another."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "post", "valid_from"], name="one_appointment_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="appointment_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}, {self.post}"

    @property
    def urn(self) -> str:
        return f"appointment:{self.pk}"


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def in_force(self, on: date | None = None) -> Self:
        """Those that hold on a day, by default today."""
        day = on or timezone.localdate()
        return self.filter(ended_at=None, since__lte=day, until__gte=day)

    def to_come(self) -> Self:
        """Those that hold today or will."""
        return self.filter(ended_at=None, until__gte=timezone.localdate())


class Substitution(models.Model):
    """While someone is away another stands in for one of their posts, from one day to another."""

    # What can be lent; nobody looks after posts, or audits, in another's stead.
    LENDABLE = (
        Post.Role.RECEIVER,
        Post.Role.REGISTRAR,
        Post.Role.SPECIALIST,
        Post.Role.CLERK,
        Post.Role.CHAIR,
    )

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="substitutions")
    stand_in = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="substitutions")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=300)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")), name="substitution_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["stand_in"], condition=Q(ended_at=None), name="substitution_by_stand_in")
        ]

    def __str__(self) -> str:
        return f"{self.stand_in} → {self.appointment}"

    @property
    def urn(self) -> str:
        return f"substitution:{self.pk}"


def acting_at(agencies: Iterable[str]) -> dict[tuple[str, str], list[Account]]:
    """Who does today what posts at these agencies do, by (agency, role): who holds one, and who stands in. Two statements."""
    held: dict[tuple[str, str], list[Account]] = {}
    posts = Appointment.objects.in_force().filter(post__agency__in=list(agencies))
    for one in posts.select_related("account", "post").order_by("pk"):
        held.setdefault((one.post.agency_id, one.post.role), []).append(one.account)
    lent = Substitution.objects.in_force().filter(appointment__in=posts.order_by().values("pk"))
    for sub in lent.select_related("stand_in", "appointment__post").order_by("pk"):
        held[sub.appointment.post.agency_id, sub.appointment.post.role].append(sub.stand_in)
    return held


def may_stand_in(role: str, at: str, own: Iterable[Grant]) -> bool:
    """Whether these posts of their own let someone do what `role` does: only a deputy of the same agency acts for its head.

    Decree 30/2020, annex I: *KT.* stands before the head's title where a deputy signs.
    """
    there = {grant.role for grant in own if grant.place == at}
    return Post.Role.DEPUTY in there if role == Post.Role.CHAIR else bool(there)


class SignOnQuerySet(models.QuerySet["SignOn"]):
    def open(self) -> Self:
        """Those whose session here still runs."""
        return self.filter(ended_at__isnull=True)


class SignOn(models.Model):
    """A service asked who someone is, and we vouched for them; it is told when their session here ends."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ons")
    session_key = models.CharField(max_length=40)
    client = models.CharField(max_length=100)
    # SHA-256 of the authorization code: what we vouched for is looked up when the code is handed in.
    code_digest = models.CharField(max_length=64, unique=True)
    level = models.PositiveSmallIntegerField(choices=Account.Assurance)
    methods = models.JSONField(default=list)
    authenticated_at = models.DateTimeField()
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = SignOnQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["session_key"], condition=Q(ended_at__isnull=True), name="sign_on_of_open_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account}, {self.client}"

    @property
    def urn(self) -> str:
        return f"sign-on:{self.pk}"

    @property
    def sid(self) -> str:
        """The session's name for others: the same for all services, and of no use to whoever learns it."""
        return salted_hmac("motcua.people.sid", self.session_key, algorithm="sha256").hexdigest()[:32]


class Admission(models.Model):
    """A session here that began with another node's word for who someone is; it ends when that node says so."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="admissions")
    session_key = models.CharField(max_length=40, unique=True)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    sid = models.CharField(max_length=255, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["issuer", "sid"], name="admission_by_sid"),
            models.Index(fields=["issuer", "subject"], name="admission_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.account}, {self.issuer}"

    @property
    def urn(self) -> str:
        return f"admission:{self.pk}"


# The posts somebody holds on a day, and those that are lent to them with the name of who lent them. Asked by every request
# of whoever is signed in: written out, because putting the question together took longer than answering it. With each the
# agencies that have ended and for whose papers its own answers (`organisations.heirs.answering`), so that no rule asks again.
HELD = """
SELECT post.role, post.agency_id, owner.name, held.account_id = %(account)s, ARRAY(
    SELECT old_id FROM organisations_heir WHERE new_id = post.agency_id AND main AND "on" <= %(day)s)
FROM people_appointment held
JOIN organisations_post post ON post.id = held.post_id
JOIN people_account owner ON owner.id = held.account_id
WHERE held.valid_from <= %(day)s AND (held.valid_to IS NULL OR held.valid_to >= %(day)s)
    AND (held.account_id = %(account)s OR held.id IN (
        SELECT appointment_id FROM people_substitution
        WHERE stand_in_id = %(account)s AND ended_at IS NULL AND since <= %(day)s AND until >= %(day)s))
"""


def actor_of(account: Any) -> Actor:
    """The account as an actor, with what it holds today; an account that is not signed in is nobody."""
    if not isinstance(account, Account):
        return anonymous
    with prepared() as cursor:
        cursor.execute(HELD, {"account": account.pk, "day": timezone.localdate()})
        held = cursor.fetchall()
    own = {
        Grant(role, place, follows=frozenset(follows))
        for role, place, _name, is_own, follows in held
        if is_own
    }
    others = {
        Grant(role, place, name, frozenset(follows))
        for role, place, name, is_own, follows in held
        if not is_own and may_stand_in(role, place, own)
    }
    return Actor(urn=account.urn, name=account.name, grants=frozenset(own | others))
