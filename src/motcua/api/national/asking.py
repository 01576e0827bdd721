"""As the portal: where a dossier stands, and what a procedure says, in its field names."""

from typing import Any

from django.utils import timezone

from motcua.api.national.rows import Taken, stamped
from motcua.dossiers.states import State
from motcua.lib.actions import Invalid
from motcua.procedures.models import Version
from motcua.procedures.schema import Definition, Term
from motcua.procedures.vocabulary import Channel, Unit
from motcua.tracking.models import Tracked

CHANNELS = {Channel.DIRECT: "1", Channel.ONLINE: "2", Channel.POST: "3"}
UNITS = {
    Unit.WORKING_DAYS: "Ngày làm việc",
    Unit.DAYS: "Ngày",
    Unit.MONTHS: "Tháng",
    Unit.HOURS: "Giờ",
    Unit.AT_ONCE: "Ngay trong ngày",
}


def dossier(code: str) -> list[Taken]:
    """TraCuuHoSo: nothing about persons, as on the public page."""
    try:
        found = Tracked.objects.coded(code).first()
    except Invalid:
        found = None
    if found is None:
        return []
    version = in_force().filter(procedure__code=found.procedure).first()
    return [
        taken(
            MaHoSo=found.code,
            MaTTHC=found.procedure,
            TenTTHC=version.name_vi if version else "",
            DonViXuLy=found.agency,
            TrangThaiHoSo=str(found.state),
            NgayTiepNhan=stamped(found.first_at),
            NgayHenTra=stamped(found.due_at),
            NgayKetThucXuLy=stamped(found.changed_at if found.has_ended else None),
            NgayTra=stamped(found.changed_at if found.state == State.RETURNED else None),
        )
    ]


def procedures(after: str, *, most: int = 500) -> list[Taken]:
    """LayDanhSachTTHC: code, name and field of what is in force, by code; `MaTTHC` says after which."""
    found = in_force().defer("content").order_by("procedure__code")
    rows = found.filter(procedure__code__gt=after) if after else found
    return [taken(MATTHC=one.code, TENTTHC=one.name_vi, LINHVUCTHUCHIEN=[field(one)]) for one in rows[:most]]


def procedure(code: str) -> list[Taken]:
    """LayThuTuc: one procedure."""
    version = in_force().filter(procedure__code=code).first()
    if version is None:
        return []
    definition = version.definition
    return [
        taken(
            MATTHC=version.code,
            TENTTHC=version.name_vi,
            LINHVUCTHUCHIEN=[field(version)],
            CACHTHUCTHUCHIEN=[way(definition, channel) for channel in definition.channels],
            THANHPHANHOSO=[papers(definition, case.id, case.name.vi) for case in definition.cases]
            or [papers(definition, None, "")],
            KETQUATHUCHIEN=[{"MAKETQUA": one.code, "TENKETQUA": one.name.vi} for one in definition.results],
            CANCUPHAPLY=[{"SOVANBAN": one.number, "TENVANBAN": one.title} for one in definition.legal_basis],
            COQUANTHUCHIEN=[{"TENDONVI": definition.agency.vi}] if definition.agency else [],
            YEUCAU=definition.conditions.vi if definition.conditions else "",
        )
    ]


def in_force() -> Any:
    return Version.objects.in_force(timezone.localdate()).select_related("procedure")


def field(version: Version) -> dict[str, str]:
    return {"MALINHVUC": "", "TENLINHVUC": version.field_vi}


def way(definition: Definition, channel: Channel) -> dict[str, Any]:
    """How long it takes and what it costs by one way of filing."""
    terms = [one for one in definition.terms if not one.channels or channel in one.channels]
    fees = [one for one in definition.fees if not one.channels or channel in one.channels]
    return {
        "KENH": CHANNELS[channel],
        "THOIGIAN": [term(one) for one in terms],
        "PHILEPHI": [
            {
                "SOTIEN": "" if one.amount is None else str(one.amount),
                "DONVI": "Đồng",
                "MOTA": one.note.vi if one.note else one.raw,
            }
            for one in fees
        ],
    }


def term(one: Term) -> dict[str, str]:
    return {
        "THOIGIANGIAIQUYET": "" if one.value is None else str(one.value),
        "DONVITINH": UNITS[one.unit] if one.unit else "",
        "MOTA": one.raw,
    }


def papers(definition: Definition, case: str | None, name: str) -> dict[str, Any]:
    """The papers of one case."""
    return {
        "TRUONGHOP": name,
        "GIAYTO": [
            {
                "MAGIAYTO": one.id,
                "TENGIAYTO": one.name.vi,
                "SOBANCHINH": str(one.originals or 0),
                "SOBANSAO": str(one.copies),
            }
            for one in definition.papers_for(case)
        ],
    }


def taken(**values: Any) -> Taken:
    return Taken.model_validate(values)
