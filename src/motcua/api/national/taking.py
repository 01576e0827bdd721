"""As the portal: take over rows, each for itself, and answer questions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from motcua.api.models import Client
from motcua.api.national import rows
from motcua.api.problems import said
from motcua.dossiers.states import Channel, State
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.procedures.schema import AgencyCode
from motcua.tracking import actions as tracking
from motcua.tracking.actions import Told
from motcua.tracking.codes import read_code
from motcua.tracking.models import Tracked

AHEAD = timedelta(hours=1)
AGENCY: TypeAdapter[str] = TypeAdapter(AgencyCode)


class Unfit(Exception):
    """A row is not taken; the words go back with it, under a code."""

    def __init__(self, words: str, code: str = rows.UNFIT) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class Sender:
    """Who speaks: the system, the unit it names, and whether it says that what it tells of is known."""

    client: Client
    unit: str
    is_updating: bool = False

    @property
    def actor(self) -> Actor:
        """The portal itself acts, on this system's word."""
        return Actor(urn=f"system:{self.client.urn}", name=self.client.name)

    def speaks_for(self, agency: str) -> bool:
        """Whether the system was let in there: at its own agency and, if it may, at those below."""
        return self.client.speaks_for(agency)


def take(sender: Sender, data: Sequence[Mapping[str, Any]], shape: type[rows.Row]) -> list[rows.Taken]:
    """Take over what holds, say of each row what became of it: four statements, however many rows."""
    answers: list[rows.Taken | None] = [None] * len(data)
    read: list[tuple[int, Any]] = []
    for place, one in enumerate(data):
        try:
            read.append((place, shape.model_validate(one)))
        except ValidationError as fault:
            answers[place] = refused(one.get("MaHoSo"), sentence(fault))
    known = mirrored({row.MaHoSo.upper() for _place, row in read})
    told: list[Told] = []
    for place, row in read:
        try:
            told += state_of(row, sender, known)
            answers[place] = answer(row.MaHoSo)
        except Unfit as reason:
            answers[place] = refused(row.MaHoSo, str(reason), reason.code)
    tracking.take_states(told, by=sender.actor)
    tracking.join_stays({one.dossier for one in told}, by=sender.actor)
    return [one for one in answers if one]


def state_of(row: Any, sender: Sender, known: Mapping[str, Tracked]) -> list[Told]:
    """What a row tells the country; nothing if the country knows it. Raises `Unfit`."""
    try:
        code = read_code(row.MaHoSo)
    except Invalid as fault:
        raise Unfit(str(fault)) from fault
    before = known.get(code)
    if before and not sender.speaks_for(before.agency):
        raise Unfit(_("Another agency handles dossier %(dossier)s.") % {"dossier": code})
    if before is None and not sender.speaks_for(agency_in(code)):
        raise Unfit(_("Another agency handles dossier %(dossier)s.") % {"dossier": code})
    found = (
        progressed(row, code, before) if isinstance(row, rows.Progress) else stated(row, code, before, sender)
    )
    if any(one.at > timezone.now() + AHEAD for one in found):
        raise Unfit(_("The state is dated in the future; look at the clock of the sending system."))
    return found


def agency_in(code: str) -> str:
    """The agency whose code a dossier's code begins with (circular 03/2025, art. 13), without the prefix of an older kind."""
    return re.sub(r"^\d{3}\.\d{2}\.\d{2}\.", "", code.rsplit("-", 2)[0])


def progressed(row: rows.Progress, code: str, before: Tracked | None) -> list[Told]:
    """One thing that happened, of a dossier that is known."""
    if before is None:
        raise Unfit(_("This dossier is not known yet. Send it with DongBoHoSoMC first."))
    if row.ThoiDiemXuLy is None:
        raise Unfit(_("ThoiDiemXuLy is missing: when it happened, as yyyyMMddHHmmss."))
    due = row.NgayKetThucTheoQuyDinh or before.due_at
    about = About(before.dossier, code, before.procedure, before.agency, before.channel, due)
    return [about.told(row.TrangThai, row.ThoiDiemXuLy)]


def stated(row: rows.Dossier, code: str, before: Tracked | None, sender: Sender) -> list[Told]:
    """A dossier as it stands: received, and in the state it is in now.

    A new one that is sent again is taken again; what is said to be known must be, and what is said to be new not another's.
    """
    if before is None and sender.is_updating:
        raise Unfit(_("This dossier is not known yet. Send it with isUpdating “False” first."), rows.UNKNOWN)
    if before and not sender.is_updating and before.procedure != row.MaTTHC:
        raise Unfit(
            _("Another dossier has this code already, of procedure %(code)s.") % {"code": before.procedure}
        )
    agency = before.agency if before else agency_of(row, sender)
    dossier = before.dossier if before else uuid5(NAMESPACE_URL, f"dossier:{code}")
    channel = Channel.ONLINE if row.HinhThuc == "1" else Channel.DIRECT
    if row.NgayTiepNhan is None:
        raise Unfit(_("NgayTiepNhan is missing: when it was received, as yyyyMMddHHmmss."))
    states = [(State.ACCEPTED, row.NgayTiepNhan)]
    if row.TrangThaiHoSo not in {State.NEW, State.ACCEPTED}:
        states += since(row, before)
    about = About(dossier, code, row.MaTTHC, agency, channel, row.NgayHenTra)
    return [about.told(state, at) for state, at in states]


def since(row: rows.Dossier, before: Tracked | None) -> list[tuple[State, datetime]]:
    """Since when it is in its state: the row's own date if it has one, else since we were told; nothing if that is no news."""
    state = State(row.TrangThaiHoSo)
    dated = row.NgayTra if state == State.RETURNED else None
    dated = dated or (row.NgayKetThucXuLy if state in ENDINGS else None)
    if dated:
        return [(state, dated)]
    return [] if before and before.state == state else [(state, timezone.now())]


ENDINGS = {State.REFUSED, State.WITHDRAWN, State.STOPPED, State.DONE, State.RETURNED}


def agency_of(row: rows.Dossier, sender: Sender) -> str:
    """Who handles it: the unit named in the row if it is named by its code, else the one that sends."""
    try:
        agency = AGENCY.validate_python(row.DonViXuLy.strip())
    except ValidationError:
        return sender.unit
    if not sender.speaks_for(agency):
        raise Unfit(
            _("%(sender)s cannot speak for %(agency)s.") % {"sender": sender.client.agency, "agency": agency}
        )
    return agency


@dataclass(frozen=True)
class About:
    """Which dossier is told of."""

    dossier: UUID
    code: str
    procedure: str
    agency: str
    channel: int
    due: datetime | None

    def told(self, state: int, at: datetime) -> Told:
        """That it came into a state."""
        return Told(
            dossier=self.dossier,
            code=self.code,
            procedure=self.procedure,
            agency=self.agency,
            channel=self.channel,
            state=state,
            step="",
            at=at,
            due_at=self.due,
            on_time=self.due is None or state not in ENDINGS or at <= self.due,
        )


def mirrored(codes: set[str]) -> dict[str, Tracked]:
    """What the country knows under these codes."""
    return {one.code: one for one in Tracked.objects.filter(code__in=codes).order_by("-first_at", "-dossier")}


def answer(code: Any) -> rows.Taken:
    return rows.Taken.model_validate({"MaHoSo": str(code)})


def refused(code: Any, why: str, as_what: str = rows.UNFIT) -> rows.Taken:
    return rows.Taken.model_validate({"MaHoSo": str(code or "")[:60], "error_code": as_what, "message": why})


def sentence(fault: ValidationError) -> str:
    """The first thing that is wrong with a row, and where."""
    first = fault.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'data'}: {said(first)}"
