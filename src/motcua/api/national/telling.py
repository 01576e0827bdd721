"""As an agency's node: our dossiers and what happens with them, in the portal's field names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.api.national.rows import moment, stamped
from motcua.documents.models import Document
from motcua.dossiers.events import (
    DossierAccepted,
    DossierSupplied,
    ResultDelivered,
    ResultPosted,
    SupplementRequested,
)
from motcua.dossiers.models import Dossier, Paper, Step
from motcua.dossiers.states import Channel, State
from motcua.journal.actions import name_of
from motcua.journal.models import Entry
from motcua.oversight.words import WORDS
from motcua.payments.models import Charge
from motcua.people.models import Appointment


def dossiers(found: Sequence[Dossier]) -> list[dict[str, Any]]:
    """DongBoHoSoMC: each as it stands now; five statements, however many. What has no code yet is not told."""
    coded = [one for one in found if one.code]
    urns = [one.urn for one in coded]
    charges = {one.subject: one for one in Charge.objects.filter(subject__in=urns).order_by("raised_at")}
    made: dict[str, list[Document]] = {}
    is_told = Q(kind__in=RESULTS, state=Document.State.SIGNED) | Q(kind=Document.Kind.RECEIPT)
    for document in Document.objects.filter(is_told, about__in=urns).order_by("made_at"):
        made.setdefault(document.about, []).append(document)
    happened: dict[str, list[Entry]] = {}
    for entry in Entry.objects.filter(about__in=urns).of(*TOLD).order_by("id"):
        happened.setdefault(entry.about, []).append(entry)
    return [row(one, charges.get(one.urn), made.get(one.urn, ()), happened.get(one.urn, ())) for one in coded]


RESULTS = (Document.Kind.BIRTH, Document.Kind.CERTIFICATE, Document.Kind.EXTRACT, Document.Kind.CERTIFIED)
# What the journal knows and the dossier does not keep.
TOLD = ACCEPTED, ASKED, SUPPLIED, POSTED, DELIVERED = tuple(
    name_of(one)
    for one in (DossierAccepted, SupplementRequested, DossierSupplied, ResultPosted, ResultDelivered)
)
# A deed and what it did to a step or a paper are written in one transaction, but not at one moment.
APART = timedelta(minutes=1)


def row(
    dossier: Dossier, charge: Charge | None, made: Sequence[Document], happened: Sequence[Entry]
) -> dict[str, Any]:
    """One dossier; of what the portal has no use for the fields stay empty."""
    version = dossier.version
    receipts = [one.number for one in made if one.kind == Document.Kind.RECEIPT]
    delivered = [entry.at for entry in happened if entry.event == DELIVERED]
    is_given = bool(delivered) and dossier.state == State.RETURNED
    return {
        "MaHoSo": dossier.code,
        "MaTTHC": version.code,
        "TenTTHC": version.name_vi,
        "MaLinhVuc": "",
        "TenLinhVuc": version.field_vi,
        "SoBienNhan": receipts[-1] if receipts else "",
        "ChuHoSo": dossier.applicant_name,
        "LoaiDoiTuong": "2" if dossier.applicant_number and dossier.is_of_business else "1",
        "MaDoiTuong": dossier.applicant_number,
        "ThongTinKhac": "",
        "Email": str(dossier.contact.get("email", "")),
        "Fax": "",
        "SoDienThoai": str(dossier.contact.get("phone", "")),
        "TrichYeuHoSo": version.name_vi,
        "NgayTiepNhan": stamped(dossier.accepted_at),
        "NgayHenTra": stamped(dossier.due_at),
        "TrangThaiHoSo": str(dossier.state),
        "NgayTra": stamped(delivered[-1]) if is_given else "",
        "ThongTinTra": how_given(dossier, happened) if is_given else "",
        "HinhThuc": "1" if dossier.channel == Channel.ONLINE else "0",
        "NgayKetThucXuLy": stamped(dossier.ended_at),
        "DonViXuLy": dossier.agency,
        "GhiChu": dossier.reason,
        "TaiLieuNop": [file(one) for one in dossier.papers.all()],
        "DanhSachLePhi": [fee(charge)] if charge else [],
        "DanhSachTepDinhKemKhac": [],
        "DanhSachHoSoBoSung": supplements(happened, dossier.papers.all()),
        "DanhSachGiayToKetQua": [result(one) for one in made if one.kind in RESULTS],
    }


def how_given(dossier: Dossier, happened: Sequence[Entry]) -> str:
    """With which item of the post, or to whom at the counter; online it needs no more than that it is there."""
    posted = [entry.facts["waybill"] for entry in happened if entry.event == POSTED]
    if posted:
        return f"{words_of(POSTED)}: {posted[-1]}"
    return ": ".join(filter(None, [words_of(DELIVERED), dossier.filing.get("handed_to", "")]))


def file(paper: Paper) -> dict[str, str]:
    return {
        "TepDinhKemId": paper.digest,
        "TenTepDinhKem": paper.name,
        "IsDeleted": "False",
        "MaThanhPhanHoSo": paper.paper,
        "DuongDanTaiTepTin": "",
    }


def supplements(happened: Sequence[Entry], papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """Each request to complete the dossier (form 02), with what came of it; before, after: when the result was, is promised."""
    told: list[dict[str, Any]] = []
    due, asked_at = "", datetime.max.replace(tzinfo=UTC)
    for entry in happened:
        if entry.event == ASKED:
            asked_at = entry.at
            told.append(
                {
                    "HoSoBoSungId": str(entry.pk),
                    "NguoiYeuCauBoSung": str(entry.actor.get("name", "")),
                    "NoiDungBoSung": entry.facts["reason"],
                    "NgayBoSung": stamped(entry.at),
                    "NguoiTiepNhanBoSung": "",
                    "ThongTinTiepNhan": "",
                    "NgayTiepNhanBoSung": "",
                    "TrangThaiBoSung": "0",  # the portal names no codes; 0 is asked for, 1 is here
                    "DanhSachGiayToBoSung": [],
                    "DanhSachLePhiBoSung": [],
                    "NgayHenTraTruoc": due,
                    "NgayHenTraMoi": "",
                }
            )
        due = written(entry.facts.get("due_at", "")) or due
        if entry.event == SUPPLIED and told:
            told[-1] |= {
                "NguoiTiepNhanBoSung": str(entry.actor.get("name", "")),
                "NgayTiepNhanBoSung": stamped(entry.at),
                "TrangThaiBoSung": "1",
                "DanhSachGiayToBoSung": [
                    file(one) for one in papers if asked_at < one.added_at < entry.at + APART
                ],
                "NgayHenTraMoi": due,
            }
    return told


def written(at: str) -> str:
    """A moment of the journal as the portal writes it; empty for none."""
    return stamped(datetime.fromisoformat(at)) if at else ""


def fee(charge: Charge) -> dict[str, str]:
    return {
        "TenPhiLePhi": charge.what,
        "MaPhiLePhi": charge.code,
        "HinhThucThu": "1",
        "Gia": str(charge.amount),
        "LoaiPhiLePhi": "1",
    }


def result(document: Document) -> dict[str, str]:
    return {
        "TenGiayTo": document.title,
        "MaThanhPhanHoSo": document.kind,
        "GiayToId": document.code,
        "DuongDanTepTinKetQua": document.check_url,
    }


def progress(entries: Sequence[Entry], found: dict[str, Dossier]) -> list[dict[str, str]]:
    """CapNhatTienDoHoSoMC: what happened with dossiers that have their code, in the order it did; two statements more."""
    told = [
        (entry, dossier)
        for entry in entries
        if (dossier := found.get(entry.about))
        and dossier.code
        and entry.at >= (dossier.accepted_at or entry.at)
    ]
    steps: dict[UUID, list[Step]] = {}
    for step in Step.objects.filter(
        dossier__in=[dossier for _entry, dossier in told], started_at__isnull=False
    ):
        steps.setdefault(step.dossier_id, []).append(step)
    titles = titles_of(entry.actor.get("urn", "") for entry, _dossier in told)
    return [
        moved(
            entry,
            dossier,
            steps.get(dossier.pk, ()),
            titles.get((entry.actor.get("urn", ""), dossier.agency), ""),
        )
        for entry, dossier in told
    ]


def moved(entry: Entry, dossier: Dossier, steps: Sequence[Step], title: str) -> dict[str, str]:
    """One line of progress: when the step began and was to end; the dossier's own days where no step was under way."""
    step = step_at(entry, steps)
    return {
        "MaHoSo": dossier.code or "",
        "NguoiXuLy": str(entry.actor.get("name", "")),
        "ChucDanh": title,
        "ThoiDiemXuLy": stamped(entry.at),
        "PhongBanXuLy": dossier.agency,
        "NoiDungXuLy": words_of(entry.event),
        "TrangThai": str(entry.facts["state"]),
        "NgayBatDau": stamped(step.started_at if step else dossier.accepted_at),
        "NgayKetThucTheoQuyDinh": stamped((step and step.due_at) or dossier.due_at),
    }


def step_at(entry: Entry, steps: Sequence[Step]) -> Step | None:
    """The step somebody ended by this deed, else the last that was under way when it was done."""
    urn = entry.actor.get("urn")
    ended = [
        one for one in steps if one.by_urn == urn and one.ended_at and abs(one.ended_at - entry.at) <= APART
    ]
    under_way = [
        one for one in steps if one.started_at and one.started_at <= entry.at <= (one.ended_at or entry.at)
    ]
    return next(iter([*reversed(ended), *reversed(under_way)]), None)


def titles_of(urns: Iterable[str]) -> dict[tuple[str, str], str]:
    """What people are called at an agency by the posts they hold today, by who they are and where."""
    people = {UUID(urn.removeprefix("person:")) for urn in urns if urn.startswith("person:")}
    held = Appointment.objects.in_force().filter(account__in=people).order_by("pk")
    named = held.values_list("account", "post__agency", "post__title_vi")
    return {(f"person:{account}", agency): title for account, agency, title in named}


def words_of(event: str) -> str:
    """What happened, in Vietnamese whatever this process speaks."""
    with override("vi"):
        return str(WORDS.get(event, event))


def numbered(entries: Sequence[Entry], found: Mapping[str, Dossier]) -> set[str]:
    """The codes that were given just now: nobody has told the portal of these."""
    return {
        str(found[entry.about].code) for entry in entries if entry.event == ACCEPTED and entry.about in found
    }


def by_code(codes: Sequence[str]) -> dict[str, Dossier]:
    """Our dossiers of these codes."""
    return {
        str(one.code): one
        for one in Dossier.objects.with_procedures().prefetch_related("papers").filter(code__in=list(codes))
    }


COMPARED = ("MaTTHC", "TrangThaiHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy")


def differences(ours: Dossier | None, told: Mapping[str, Any]) -> list[str]:
    """What the portal says otherwise of a dossier than we, field by field in its names; nothing if it is the same."""
    if ours is None or not told:
        return [_("not known here") if ours is None else _("not known at the portal")]
    here = row(ours, None, (), ())
    return [
        f"{name}: {here[name] or '–'} ≠ {told.get(name) or '–'}"
        for name in COMPARED
        if not is_same(str(here[name] or ""), str(told.get(name) or ""), is_moment=name.startswith("Ngay"))
    ]


# What the exchange told the country is dated by the message, which is written a little after the deed: `APART` as well.
def is_same(here: str, there: str, *, is_moment: bool) -> bool:
    """Whether two values of a field mean the same."""
    if not (is_moment and here and there):
        return here == there
    try:
        one, other = moment(here), moment(there)
    except ValueError:
        return False
    return one is not None and other is not None and abs(one - other) <= APART
