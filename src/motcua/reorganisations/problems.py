"""What keeps a plan from being carried out, or should be seen to before its day; each with how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.documents.models import keyring
from motcua.exchange.questions import hosted
from motcua.organisations.models import Agency, CalendarDay, OfficeHours, Post, unit_on
from motcua.people.models import Appointment
from motcua.procedures.models import Overlay, Procedure
from motcua.reorganisations.models import Plan
from motcua.reorganisations.scheme import Amiss, Heir, faults
from motcua.reorganisations.trial import Trial

CHAIR, RECEIVER = Post.Role.CHAIR, Post.Role.RECEIVER


@dataclass(frozen=True)
class Problem:
    """Where it is, what it is and what to do; one that does not block is only said."""

    where: str
    says: str
    blocks: bool = True


def problems(trial: Trial, *, plan: Plan | None = None) -> list[Problem]:
    """Everything found, what blocks first. A plan already under way is not asked again what it has done itself."""
    found = [
        *(Problem(one_code(trial, one), one.plain) for one in faults(trial.scheme)),
        *about_the_day(trial, plan),
        *about_endings(trial, plan),
        *about_heirs(trial),
        *about_rules(trial),
        *about_officers(trial),
        *about_substitutions(trial),
        *about_values(trial),
        *about_machines(trial),
        *about_calendars(trial),
    ]
    return sorted(found, key=lambda problem: not problem.blocks)


def one_code(trial: Trial, amiss: Amiss) -> str:
    """The agency a fault of the plan itself is about, or the plan as a whole."""
    if len(amiss.place) > 1 and isinstance(number := amiss.place[1], int):
        return trial.scheme.old[number].code
    return _("Plan")


def about_the_day(trial: Trial, plan: Plan | None) -> Iterator[Problem]:
    today, scheme = timezone.localdate(), trial.scheme
    if scheme.on < today and (plan is None or plan.state == Plan.State.DRAFT):
        yield Problem("on", _("The day has passed. Choose today or a later one."))
    others = Plan.objects.open()
    for other in others.exclude(pk=plan.pk) if plan else others:
        if both := sorted({one.code for one in other.scheme.old} & set(trial.endings)):
            yield Problem(
                both[0],
                _("Another open plan ends it as well: “%(title)s”. Give one of them up.")
                % {"title": other.title},
            )


def about_endings(trial: Trial, plan: Plan | None) -> Iterator[Problem]:
    eve = trial.scheme.eve
    for code in trial.endings:
        agency = trial.agencies.get(code)
        if agency is None:
            yield Problem(code, _("There is no agency with this code. Look at its spelling."))
        elif not agency.is_in_force(eve) or agency.valid_to is not None:
            yield Problem(
                code, _("The agency does not exist on the eve of that day, or ends already by itself.")
            )
    below = Agency.objects.in_force(trial.scheme.on).filter(parent__in=trial.endings)
    for agency in below.exclude(code__in=trial.endings).order_by("code")[:10]:
        yield Problem(
            agency.code,
            _("%(name)s stands under %(code)s, which ends. Say in the plan who follows it, too.")
            % {"name": agency.short_name, "code": agency.parent_id},
        )


def about_heirs(trial: Trial) -> Iterator[Problem]:
    written = {one.code: one for one in trial.scheme.new}
    for code in trial.scheme.heirs:
        agency = trial.agencies.get(code)
        if agency is None:
            yield from about_newcomer(trial, code, written.get(code))
        elif not agency.is_in_force(trial.scheme.on):
            yield Problem(code, _("The agency that is to follow does not exist on that day."))
    for code in written.keys() - set(trial.agencies) - {c for one in trial.scheme.old for c in one.heirs}:
        yield Problem(code, _("It begins, and nobody's work comes to it. Say whose work it takes over."))


def about_newcomer(trial: Trial, code: str, new: Heir | None) -> Iterator[Problem]:
    """An agency that is yet to begin needs its names, its place, and someone above it."""
    if new is None or not (new.name_vi and new.short_name):
        yield Problem(
            code,
            _("No agency has this code yet. Write its names in the plan, or mend the code."),
        )
        return
    above = code.rpartition(".")[0]
    if not Agency.objects.in_force(trial.scheme.on).filter(code=above).exists():
        yield Problem(
            code, _("The agency above it, %(code)s, does not exist on that day.") % {"code": above or "–"}
        )
    if new.unit_code and unit_on(new.unit_code, trial.scheme.on) is None:
        yield Problem(
            code,
            _("There is no place %(code)s in the table of administrative units on that day.")
            % {"code": new.unit_code},
        )


def about_rules(trial: Trial) -> Iterator[Problem]:
    named = {code for one in trial.scheme.old for rule in one.dossiers for code in rule.procedures}
    known = set(Procedure.objects.filter(code__in=named).values_list("code", flat=True))
    for code in sorted(named - known):
        yield Problem(
            code, _("There is no procedure with this code; the rule fits no dossier."), blocks=False
        )
    names = {one.account.name for one in trial.appointments}
    for ending in trial.scheme.old:
        for name in sorted({name for rule in ending.posts for name in rule.names} - names):
            yield Problem(ending.code, _("Nobody called %(name)s holds a post there.") % {"name": name})


def about_officers(trial: Trial) -> Iterator[Problem]:
    day = trial.scheme.on
    for one in trial.appointments:
        if one.valid_from >= day:
            yield Problem(
                one.post.agency_id,
                _(
                    "%(name)s is to take the post “%(title)s” on that day or later. End this appointment first."
                )
                % {"name": one.account.name, "title": one.post.title},
            )
    staying = Appointment.objects.in_force(day).filter(
        post__agency__in=trial.scheme.heirs, post__role__in=(CHAIR, RECEIVER)
    )
    held = {(a, r, p) for a, r, p in staying.values_list("post__agency", "post__role", "account")}
    coming = {(one.to, one.role, one.appointment.account_id) for one in trial.transfers if one.to}
    for code in trial.scheme.heirs:
        heads = {who for agency, role, who in held | coming if agency == code and role == CHAIR}
        if len(heads) > 1:
            yield Problem(
                code,
                _("It would have %(count)d heads. Say in the plan whose post ends or what they become.")
                % {"count": len(heads)},
            )
        elif not heads:
            yield Problem(code, _("Nobody there could sign: it would have no head."), blocks=False)
        if not any(agency == code and role == RECEIVER for agency, role, _who in held | coming):
            yield Problem(
                code, _("Nobody there could receive: it would have no one-stop officer."), blocks=False
            )


def about_substitutions(trial: Trial) -> Iterator[Problem]:
    """Who stands in for a colleague can go on only where both go to the same agency."""
    for one in trial.lent:
        post, away = one.appointment.post, one.appointment.account
        to = trial.with_officer.get((post.agency_id, away.pk), "")
        if not to or trial.with_officer.get((post.agency_id, one.stand_in_id), "") != to:
            yield Problem(
                post.agency_id,
                _(
                    "%(stand_in)s stands in for %(name)s until %(day)s, and they part: this ends with the agency. "
                    "Let the agencies that follow arrange another."
                )
                % {"stand_in": one.stand_in.name, "name": away.name, "day": f"{one.until:%d/%m/%Y}"},
                blocks=False,
            )


def about_values(trial: Trial) -> Iterator[Problem]:
    """Two agencies that become one may have set the same part differently; somebody must say which holds."""
    values: dict[tuple[str, ...], Overlay] = {}
    kept = {one.code: one.into for one in trial.scheme.old if one.values == "take over"}
    for overlay in trial.overlays:
        if overlay.agency_id in trial.endings and overlay.agency_id not in kept:
            continue
        at = kept.get(overlay.agency_id, overlay.agency_id)
        part = (at, overlay.procedure.code, overlay.key, overlay.case, overlay.channel, overlay.step)
        other = values.setdefault(part, overlay)
        if other.value != overlay.value:
            yield Problem(
                overlay.procedure.code,
                _(
                    "%(one)s and %(other)s have set different local values for the same part. Say in the plan "
                    "whose values end."
                )
                % {"one": other.agency.short_name, "other": overlay.agency.short_name},
            )


def about_machines(trial: Trial) -> Iterator[Problem]:
    """Who follows must be hosted here, be in the directory, and have a seal; elsewhere, if nothing goes there but the name."""
    listed, ring, filled = hosted(), keyring(), trial.filled
    for code in trial.scheme.heirs:
        if code not in settings.NODE.agencies and code not in filled:
            continue
        if code not in settings.NODE.agencies:
            yield Problem(
                code,
                _(
                    "This node does not host it. Add it to `agencies` in node.toml; the old code stays there, too. On another node "
                    "it can follow only once no dossier, officer or other work is left to go there."
                ),
            )
        elif listed is not None and code not in listed:
            yield Problem(
                code,
                _(
                    "It does not stand in the directory of nodes. Publish a new edition: motcua directory sign."
                ),
            )
        if not ring.has_seal(code):
            yield Problem(
                code, _("It has no seal yet, and nothing could be signed: motcua certificates."), blocks=False
            )


def about_calendars(trial: Trial) -> Iterator[Problem]:
    own = Q(agency__in=trial.endings)
    days = CalendarDay.objects.filter(own, date__gte=trial.scheme.on).values_list("agency", flat=True)
    hours = OfficeHours.objects.filter(own).values_list("agency", flat=True)
    for code in sorted({code for code in (*days, *hours) if code}):
        yield Problem(
            code,
            _(
                "It has working days or hours of its own. Decide those of the agency that follows at Working days."
            ),
            blocks=False,
        )
