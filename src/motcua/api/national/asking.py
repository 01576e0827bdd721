"""As the portal: where a dossier stands, and what a procedure says, in its field names."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from motcua.api.national.rows import Taken, stamped
from motcua.dossiers.states import ENDED, State
from motcua.lib.actions import Invalid
from motcua.procedures.models import Version
from motcua.procedures.national.records import AUDIENCES, LEVELS
from motcua.procedures.national.services import CHANNELS, UNITS
from motcua.procedures.schema import Definition, ForSome, Term
from motcua.procedures.vocabulary import Channel
from motcua.tracking.models import Passage, Tracked

KENH = {channel: code for code, channel in CHANNELS.items()}
DONVITINH = {unit: words for words, unit in UNITS.items()}
TENCAP = {level: words for words, level in LEVELS.items()}
TENDOITUONG = {who: words for words, who in AUDIENCES.items()}


def dossier(code: str) -> list[Taken]:
    """TraCuuHoSo: nothing about persons, as on the public page."""
    try:
        found = Tracked.objects.coded(code).first()
    except Invalid:
        found = None
    if found is None:
        return []
    version = in_force().filter(procedure__code=found.procedure).first()
    received, ended, returned = moments(found)
    return [
        taken(
            MaHoSo=found.code,
            MaTTHC=found.procedure,
            TenTTHC=version.name_vi if version else "",
            DonViXuLy=found.agency,
            TrangThaiHoSo=str(found.state),
            NgayTiepNhan=stamped(received),
            NgayHenTra=stamped(found.due_at),
            NgayKetThucXuLy=stamped(ended),
            NgayTra=stamped(returned),
        )
    ]


def moments(found: Tracked) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When it was received, when the work on it ended (at the signature, not when the result was fetched), and when that was."""
    passed = Passage.objects.filter(dossier=found.dossier).order_by("at").values_list("state", "at")
    by_state: dict[int, list[datetime]] = {}
    for state, at in passed:
        by_state.setdefault(state, []).append(at)
    returned = by_state.get(State.RETURNED, [None])[-1] if found.state == State.RETURNED else None
    ends = [at for state in ENDED - {State.RETURNED} for at in by_state.get(state, ())]
    ended = max(ends, default=found.changed_at) if found.has_ended else None
    return by_state.get(State.ACCEPTED, [None])[0], ended, returned


def procedures(after: str, *, most: int = 500) -> list[Taken]:
    """LayDanhSachTTHC: code, name and field of what is in force, by code; `MaTTHC` says after which."""
    found = in_force().defer("content").order_by("procedure__code")
    rows = found.filter(procedure__code__gt=after) if after else found
    return [
        taken(MATTHC=one.code, TENTTHC=one.name_vi, LINHVUCTHUCHIEN=[field(one.field_vi)])
        for one in rows[:most]
    ]


def procedure(code: str) -> list[Taken]:
    """LayThuTuc: one procedure."""
    version = in_force().filter(procedure__code=code).first()
    return [taken(**told(version.definition))] if version else []


def told(definition: Definition) -> dict[str, Any]:
    """What a procedure says, in the portal's fields."""
    cases: list[tuple[str | None, str]] = [(case.id, case.name.vi) for case in definition.cases]
    return {
        "MATTHC": definition.code,
        "TENTTHC": definition.name.vi,
        "LINHVUCTHUCHIEN": [field(definition.field.vi)],
        "CAPTHUCHIEN": [{"CAPTHUCHIEN": "", "TENCAP": TENCAP[one]} for one in definition.levels],
        "DOITUONGTHUCHIEN": [
            {"MADOITUONG": "", "TENDOITUONG": TENDOITUONG[one]} for one in definition.audience.who
        ],
        "MOTADOITUONGTHUCHIEN": ", ".join(TENDOITUONG[one] for one in definition.audience.who),
        "TRINHTUTHUCHIEN": stages(definition),
        "CACHTHUCTHUCHIEN": [way(definition, channel) for channel in definition.channels],
        "THANHPHANHOSO": [papers(definition, case, name) for case, name in cases or [(None, "")]],
        "KETQUATHUCHIEN": [{"MAKETQUA": one.code, "TENKETQUA": one.name.vi} for one in definition.results],
        "CANCUPHAPLY": [{"SOVANBAN": one.number, "TENVANBAN": one.title} for one in definition.legal_basis],
        "COQUANTHUCHIEN": [{"TENDONVI": definition.agency.vi}] if definition.agency else [],
        "YEUCAU": definition.conditions.vi if definition.conditions else "",
    }


def stages(definition: Definition) -> list[dict[str, Any]]:
    """What is done, as one text, for our steps have people and not paragraphs."""
    if definition.process is None:
        return []
    return [{"TRUONGHOP": "", "TRINHTU": [{"TENTRINHTU": definition.process.vi}]}]


def in_force() -> Any:
    return Version.objects.in_force(timezone.localdate()).select_related("procedure")


def field(name: str) -> dict[str, str]:
    return {"MALINHVUC": "", "TENLINHVUC": name}


def way(definition: Definition, channel: Channel) -> dict[str, Any]:
    """How long it takes and what it costs by one way of filing; the portal knows no cases here, so their names stand in MOTA."""
    terms = [one for one in definition.terms if not one.channels or channel in one.channels]
    fees = [one for one in definition.fees if not one.channels or channel in one.channels]
    return {
        "KENH": KENH[channel],
        "THOIGIAN": [term(definition, one) for one in terms],
        "PHILEPHI": [
            {
                "SOTIEN": "" if one.amount is None else str(one.amount),
                "DONVI": "Đồng",
                "MOTA": of_cases(definition, one, one.note.vi if one.note else one.raw),
            }
            for one in fees
        ],
    }


def term(definition: Definition, one: Term) -> dict[str, str]:
    return {
        "THOIGIANGIAIQUYET": "" if one.value is None else str(one.value),
        "DONVITINH": DONVITINH[one.unit] if one.unit else "",
        "MOTA": of_cases(definition, one, one.raw),
    }


def of_cases(definition: Definition, line: ForSome, words: str) -> str:
    """The words of a line, and before them the cases it is for, unless it is for all."""
    named = "; ".join(case.name.vi for case in definition.cases if case.id in line.cases)
    return f"{named}: {words}" if named and words else named or words


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
                "TENMAUDON": one.template,
            }
            for one in definition.papers_for(case)
        ],
    }


def taken(**values: Any) -> Taken:
    return Taken.model_validate(values)
