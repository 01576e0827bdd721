"""A plan tried: what would move where, and what keeps it from being carried out. It only reads."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from motcua.dossiers.inheriting import fits
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import OPEN, State
from motcua.organisations.estates import Passing, counted
from motcua.organisations.models import Agency, Post
from motcua.payments.models import Charge
from motcua.people.models import Appointment, Substitution
from motcua.procedures.models import Overlay
from motcua.reorganisations.scheme import Ending, Posting, Scheme

# What is still to be done somewhere: open, or finished with a result that waits to be handed over.
LIVING = OPEN | {State.DONE}


@dataclass(frozen=True)
class Transfer:
    """One officer and what becomes of their appointment; `to` is empty where it ends."""

    appointment: Appointment
    to: str
    role: str
    title_vi: str
    title_en: str

    @property
    def post(self) -> Post:
        return self.appointment.post


@dataclass(frozen=True)
class Opening:
    """A post an heir gets, as an agency that ends has it."""

    post: Post
    to: str
    role: str
    title_vi: str
    title_en: str


@dataclass(frozen=True)
class Allotted:
    """One dossier and where it goes."""

    pk: UUID
    code: str
    procedure: str
    state: int
    due_at: datetime | None
    old: str
    new: str


@dataclass
class Trial:
    """What a scheme would do to the agencies as they are now; each question is asked once."""

    scheme: Scheme
    limit: int = 0

    @cached_property
    def agencies(self) -> dict[str, Agency]:
        """Those the plan speaks of that exist, by code."""
        return {one.code: one for one in Agency.objects.filter(code__in=self.scheme.codes)}

    @cached_property
    def endings(self) -> list[str]:
        return [one.code for one in self.scheme.old]

    @cached_property
    def appointments(self) -> list[Appointment]:
        """Of the agencies that end, those that hold on their last day, or begin later."""
        held = Appointment.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=self.scheme.eve), post__agency__in=self.endings
        )
        return list(
            held.select_related("account", "post__agency").order_by("post__agency", "post__role", "pk")
        )

    @cached_property
    def transfers(self) -> list[Transfer]:
        """What becomes of each officer."""
        return [transfer(self.scheme.ending(one.post.agency_id), one) for one in self.appointments]

    @cached_property
    def openings(self) -> list[Opening]:
        """The posts heirs get; of those by name, only what their holders need."""
        posts = Post.objects.filter(agency__in=self.endings).select_related("agency").order_by("pk")
        kept = [opening(self.scheme.ending(post.agency_id), post) for post in posts]
        return [one for one in kept if one is not None]

    @cached_property
    def with_officer(self) -> dict[tuple[str, UUID], str]:
        """Where the officers of an agency that ends go, by agency and account."""
        return {(t.post.agency_id, t.appointment.account_id): t.to for t in self.transfers if t.to}

    @cached_property
    def dossiers(self) -> list[Allotted]:
        """Every dossier that would move; the first `limit` only, if there is one."""
        rows = living(self.endings)
        return list(self.allotted(rows[: self.limit] if self.limit else rows))

    def allotted(self, rows: QuerySet[Dossier]) -> Iterator[Allotted]:
        """Where these dossiers go."""
        for one in rows.select_related("version__procedure").defer("version__content"):
            ending = self.scheme.ending(one.agency)
            new = self.heir_of(one, ending)
            yield Allotted(one.pk, one.number, one.version.name_vi, one.state, one.due_at, one.agency, new)

    def heir_of(self, dossier: Dossier, ending: Ending) -> str:
        """The heir a dossier goes to: by the first rule that fits, else the main one."""
        officer = self.with_officer.get((dossier.agency, dossier.held_by_id)) if dossier.held_by_id else None
        for rule in ending.dossiers:
            if fits(dossier, rule.as_share()):
                to = officer if rule.with_officer else rule.to
                if to:
                    return to
        return ending.into

    @cached_property
    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many dossiers go from whom to whom."""
        if not any(one.dossiers for one in self.scheme.old):
            found = Counter(living(self.endings).values_list("agency", flat=True))
            return {(old, self.scheme.ending(old).into): number for old, number in found.items()}
        return Counter((one.old, one.new) for one in self.allotted(living(self.endings)))

    @cached_property
    def officers(self) -> Mapping[tuple[str, str], int]:
        """How many officers go from whom to whom."""
        return Counter((one.post.agency_id, one.to) for one in self.transfers)

    @cached_property
    def owed(self) -> dict[str, tuple[int, int]]:
        """How many charges are still to be paid to an agency that ends, and how much that is."""
        due = Charge.objects.filter(payee__in=self.endings, state=Charge.State.DUE)
        rows = due.values_list("payee").annotate(number=Count("pk"), sum=Sum("amount") - Sum("paid"))
        return {str(payee): (number, int(amount or 0)) for payee, number, amount in rows}

    @cached_property
    def estates(self) -> Mapping[str, int]:
        """How much else lies at the agencies that end: petitions, queues, …, by what contexts call it."""
        return counted(self.endings)

    @cached_property
    def filled(self) -> set[str]:
        """The heirs that get anything: dossiers, posts, officers, local values, or whatever else lies there."""
        values = {one.into for one in self.scheme.old for held in self.overlays if held.agency_id == one.code}
        others = {one.into for one in self.scheme.old} if any(self.estates.values()) else set()
        people = {one.to for one in self.transfers} | {one.to for one in self.openings}
        return {new for _old, new in self.counts} | people | values | others

    @cached_property
    def lent(self) -> list[Substitution]:
        """Who stands in for whom at the agencies that end, today or later."""
        found = Substitution.objects.to_come().filter(appointment__post__agency__in=self.endings)
        return list(
            found.select_related("appointment__account", "appointment__post", "stand_in").order_by("pk")
        )

    def passing(self, ending: Ending) -> Passing:
        """What is said to each context when an agency ends."""
        going = {who: to for (code, who), to in self.with_officer.items() if code == ending.code}
        return Passing(ending.code, ending.into, self.scheme.on, self.scheme.decision, self.heirs_of, going)

    def heirs_of(self, dossiers: Iterable[UUID]) -> dict[UUID, str]:
        """To which agency each of these goes; those that do not go anywhere are left out."""
        wanted = list(dossiers)
        return (
            {one.pk: one.new for one in self.allotted(living(self.endings).filter(pk__in=wanted))}
            if wanted
            else {}
        )

    @cached_property
    def overlays(self) -> list[Overlay]:
        """Local values of agencies that end and of those that follow, as long as they hold."""
        held = Overlay.objects.filter(agency__in=self.scheme.codes, effective_until=None)
        return list(held.select_related("procedure", "agency").order_by("set_at", "pk"))

    def name(self, code: str) -> str:
        """What people call an agency of the plan, from its day on for one that begins."""
        new = next((one for one in self.scheme.new if one.code == code), None)
        known = self.agencies.get(code)
        return (new.short_name if new else "") or (known.short_name if known else "") or code


def living(codes: list[str]) -> QuerySet[Dossier]:
    """The dossiers of these agencies that still have a way to go."""
    return Dossier.objects.filter(agency__in=codes, state__in=LIVING).order_by("arrived_at", "pk")


def transfer(ending: Ending, appointment: Appointment) -> Transfer:
    """What becomes of one appointment: by the first rule that fits, else the same post at the main heir."""
    post = appointment.post
    rule = next((one for one in ending.posts if concerns(one, post, appointment.account.name)), Posting())
    to = "" if rule.ends else rule.to or ending.into
    return Transfer(appointment, to, *called(rule, post))


def opening(ending: Ending, post: Post) -> Opening | None:
    """What becomes of a post as such; nothing where it ends with the agency, or where a rule speaks of persons only."""
    rule = next((one for one in ending.posts if not one.names and concerns(one, post, "")), Posting())
    return None if rule.ends else Opening(post, rule.to or ending.into, *called(rule, post))


def concerns(rule: Posting, post: Post, name: str) -> bool:
    return (
        (not rule.roles or post.role in rule.roles)
        and (not rule.titles or post.title_vi in rule.titles)
        and (not rule.names or name in rule.names)
        and bool(rule.roles or rule.titles or rule.names)
    )


def called(rule: Posting, post: Post) -> tuple[str, str, str]:
    """Role and title of a post after the reorganisation."""
    role = str(rule.becomes or post.role)
    if rule.title:
        return role, rule.title, ""
    return (role, "", "") if rule.becomes else (role, post.title_vi, post.title_en)
