"""The portal's envelope and rows, in its field names; days and times are written yyyyMMddHHmmss, in Vietnam's time."""

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from motcua.api.shapes.parts import Given, Shown

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
STAMP = "%Y%m%d%H%M%S"
MOST_ROWS = 500

Service = Literal["DongBoHoSoMC", "CapNhatTienDoHoSoMC", "TraCuuHoSo", "LayThuTuc", "LayDanhSachTTHC"]

# What the portal answers with; only 00 is success.
GOOD, NO_SESSION, NOT_YOURS, UNFIT, UNKNOWN, TOO_MANY = "00", "01", "02", "03", "04", "05"


def stamped(at: datetime | None) -> str:
    """A moment as the portal writes it; empty for none."""
    return at.astimezone(VIETNAM).strftime(STAMP) if at else ""


def moment(text: Any) -> datetime | None:
    """A moment the portal's way; a day alone is its first second; empty is none."""
    written = str(text or "").strip()
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) in {8, 14}):
        raise ValueError("yyyyMMddHHmmss")
    return datetime.strptime(written.ljust(14, "0"), STAMP).replace(tzinfo=VIETNAM)


def as_text(value: Any) -> Any:
    """Systems send codes as numbers or as texts."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value or ""


def as_number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


Moment = Annotated[datetime | None, BeforeValidator(moment)]
Code = Annotated[str, BeforeValidator(as_text), StringConstraints(max_length=60, strip_whitespace=True)]
State = Annotated[int, BeforeValidator(as_number), Field(ge=1, le=10)]


class Envelope(Given):
    """What a system sends; what a service does not look at may be left out."""

    session: Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[!-~]+$")]
    madonvi: Annotated[str, StringConstraints(pattern=r"^[A-Y][0-9]{2}(\.[A-Z0-9]+)*$", max_length=35)]
    service: Service
    isUpdating: Literal["True", "False"] = "False"  # noqa: N815 — the portal's own word
    data: Annotated[list[dict[str, Any]], Field(max_length=MOST_ROWS)] = []
    MaHoSo: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\u0000]*$")] = ""
    MaTTHC: Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\u0000]*$")] = ""


class Row(BaseModel):
    """A row of `data`: what we do not keep is not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    MaHoSo: Code


class Dossier(Row):
    """DongBoHoSoMC: a dossier as it stands. Names, numbers and papers of persons are taken by nobody here."""

    MaTTHC: Annotated[str, BeforeValidator(as_text), StringConstraints(min_length=1, max_length=20)]
    TrangThaiHoSo: State
    NgayTiepNhan: Moment = None
    NgayHenTra: Moment = None
    NgayTra: Moment = None
    NgayKetThucXuLy: Moment = None
    HinhThuc: Code = ""
    DonViXuLy: Annotated[str, BeforeValidator(as_text), StringConstraints(max_length=300)] = ""


class Progress(Row):
    """CapNhatTienDoHoSoMC: one thing that happened with a dossier."""

    TrangThai: State
    ThoiDiemXuLy: Moment = None
    NgayKetThucTheoQuyDinh: Moment = None


class Taken(Shown):
    """What became of one row, or one thing that was found."""

    model_config = ConfigDict(extra="allow", frozen=True)

    error_code: str = GOOD
    message: str = ""


class Reply(Shown):
    """What the portal answers: a code, what it means, and what became of each row."""

    error_code: str
    message: str
    result: list[Taken] = []
