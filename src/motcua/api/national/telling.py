"""As an agency's node: our dossiers and what happens with them, in the portal's field names."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.api.national.rows import moment, stamped
from motcua.documents.models import Document
from motcua.dossiers.events import DossierAccepted, DossierSupplied, ResultDelivered, SupplementRequested
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Channel, State
from motcua.journal.actions import name_of
from motcua.journal.models import Entry
from motcua.oversight.words import WORDS
from motcua.payments.models import Charge


def dossiers(found: Sequence[Dossier]) -> list[dict[str, Any]]:
    """DongBoHoSoMC: each as it stands now; five statements, however many. What has no code yet is not told."""
    coded = [one for one in found if one.code]
    urns = [one.urn for one in coded]
    charges = {one.subject: one for one in Charge.objects.filter(subject__in=urns).order_by("raised_at")}
    results: dict[str, list[Document]] = {}
    for document in Document.objects.filter(about__in=urns, kind__in=RESULTS, state=Document.State.SIGNED):
        results.setdefault(document.about, []).append(document)
    happened: dict[str, list[Entry]] = {}
    for entry in Entry.objects.filter(about__in=urns).of(*TOLD).order_by("id"):
        happened.setdefault(entry.about, []).append(entry)
    return [
        row(one, charges.get(one.urn), results.get(one.urn, ()), happened.get(one.urn, ())) for one in coded
    ]


RESULTS = (Document.Kind.BIRTH, Document.Kind.CERTIFICATE, Document.Kind.EXTRACT, Document.Kind.CERTIFIED)
# What the journal knows and the dossier does not keep.
ACCEPTED, ASKED, SUPPLIED, DELIVERED = (
    name_of(one) for one in (DossierAccepted, SupplementRequested, DossierSupplied, ResultDelivered)
)
TOLD = (ACCEPTED, ASKED, SUPPLIED, DELIVERED)


def row(
    dossier: Dossier, charge: Charge | None, results: Sequence[Document], happened: Sequence[Entry]
) -> dict[str, Any]:
    """One dossier; of what the portal has no use for the fields stay empty."""
    version = dossier.version
    delivered = [entry.at for entry in happened if entry.event == DELIVERED]
    return {
        "MaHoSo": dossier.code,
        "MaTTHC": version.code,
        "TenTTHC": version.name_vi,
        "MaLinhVuc": "",
        "TenLinhVuc": version.field_vi,
        "SoBienNhan": "",
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
        "NgayTra": stamped(delivered[-1]) if delivered and dossier.state == State.RETURNED else "",
        "ThongTinTra": "",
        "HinhThuc": "1" if dossier.channel == Channel.ONLINE else "0",
        "NgayKetThucXuLy": stamped(dossier.ended_at),
        "DonViXuLy": dossier.agency,
        "GhiChu": dossier.reason,
        "TaiLieuNop": [file(one) for one in dossier.papers.all()],
        "DanhSachLePhi": [fee(charge)] if charge else [],
        "DanhSachTepDinhKemKhac": [],
        "DanhSachHoSoBoSung": supplements(happened),
        "DanhSachGiayToKetQua": [result(one) for one in results],
    }


def file(paper: Any) -> dict[str, str]:
    return {
        "TepDinhKemId": paper.digest,
        "TenTepDinhKem": paper.name,
        "IsDeleted": "False",
        "MaThanhPhanHoSo": paper.paper,
        "DuongDanTaiTepTin": "",
    }


def supplements(happened: Sequence[Entry]) -> list[dict[str, Any]]:
    """Each request to complete the dossier (form 02), with what came of it; before, after: when the result was, is promised."""
    told: list[dict[str, Any]] = []
    due = ""
    for entry in happened:
        if entry.event == ASKED:
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
    """CapNhatTienDoHoSoMC: what happened with dossiers that have their code, in the order it did."""
    return [
        {
            "MaHoSo": dossier.code or "",
            "NguoiXuLy": str(entry.actor.get("name", "")),
            "ChucDanh": "",
            "ThoiDiemXuLy": stamped(entry.at),
            "PhongBanXuLy": dossier.agency,
            "NoiDungXuLy": words_of(entry.event),
            "TrangThai": str(entry.facts["state"]),
            "NgayBatDau": stamped(dossier.accepted_at),
            "NgayKetThucTheoQuyDinh": stamped(dossier.due_at),
        }
        for entry in entries
        if (dossier := found.get(entry.about))
        and dossier.code
        and entry.at >= (dossier.accepted_at or entry.at)
    ]


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


# What the exchange told the country is dated by the message, which is written a little after the deed.
APART = timedelta(minutes=1)


def is_same(here: str, there: str, *, is_moment: bool) -> bool:
    """Whether two values of a field mean the same."""
    if not (is_moment and here and there):
        return here == there
    try:
        one, other = moment(here), moment(there)
    except ValueError:
        return False
    return one is not None and other is not None and abs(one - other) <= APART
