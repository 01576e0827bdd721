"""One record of the national portal → one definition; what is not understood stays as the portal's own text."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from motcua.procedures.national import tables
from motcua.procedures.schema import Applicants, Case, Definition, LegalBasis, Online, Result, Text
from motcua.procedures.vocabulary import Audience, Channel, Level, OnlineKind, Source

NOTHING = {"", "Không có thông tin", "Không", "Không.", "Không có", "Không có."}

LEVELS = {
    "Cấp bộ": Level.MINISTRY,
    "Cấp tỉnh": Level.PROVINCE,
    "Cấp xã": Level.COMMUNE,
    "Cơ quan khác": Level.OTHER,
}

# Two of the labels contain commas, one is the beginning of others: found longest first, never split.
AUDIENCES = {
    "Công dân Việt Nam": Audience.CITIZEN,
    "Doanh nghiệp": Audience.ENTERPRISE,
    "Doanh nghiệp Việt Nam": Audience.VIETNAMESE_ENTERPRISE,
    "Doanh nghiệp có vốn đầu tư nước ngoài": Audience.FOREIGN_INVESTED_ENTERPRISE,
    "Hợp tác xã": Audience.COOPERATIVE,
    "Tổ chức (không bao gồm doanh nghiệp, HTX)": Audience.ORGANISATION,
    "Tổ chức nước ngoài": Audience.FOREIGN_ORGANISATION,
    "Người nước ngoài": Audience.FOREIGNER,
    "Người nước ngoài cư trú tại Việt Nam": Audience.RESIDENT_FOREIGNER,
    "Người Việt Nam định cư ở nước ngoài": Audience.OVERSEAS_VIETNAMESE,
    "Cán bộ, công chức, viên chức": Audience.CIVIL_SERVANT,
    "Đảng viên": Audience.PARTY_MEMBER,
    "Tổ chức Đảng": Audience.PARTY_ORGANISATION,
}

NOTES = (
    "loai_thu_tuc",
    "dia_chi_tiep_nhan",
    "co_quan_duoc_uy_quyen",
    "co_quan_phoi_hop",
    "thu_tuc_lien_quan",
)


class Unusable(Exception):
    """The record has no code or no name; the message says which."""


@dataclass
class Reading:
    """One record being read, and the fields whose text we could not understand in full."""

    record: Mapping[str, str]
    raw: dict[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """The field's text, tidied; "" where the portal says it has nothing."""
        text = str(self.record.get(key) or "").replace("\xa0", " ").strip()
        return "" if text in NOTHING else text

    def spoken(self, key: str) -> Text | None:
        text = self.text(key)
        return Text(vi=text) if text else None

    def puzzled(self, key: str) -> None:
        """Keep the portal's text: what we made of it is not all it says."""
        self.raw[key] = self.text(key)

    def labels[Label](self, key: str, known: Mapping[str, Label]) -> tuple[Label, ...]:
        """The labels of a closed list that the field names, in its order."""
        pattern = "|".join(re.escape(label) for label in sorted(known, key=len, reverse=True))
        found = re.findall(rf"\s*({pattern})\s*(?:,|$)", self.text(key))
        if ", ".join(found) != ", ".join(part.strip() for part in self.text(key).split(",")):
            self.puzzled(key)
        return tuple(dict.fromkeys(known[label] for label in found))


def read(record: Mapping[str, str], on: dt.date) -> Definition:
    """The definition a record describes, in force from the day it was read; raises `Unusable`."""
    reading = Reading(record)
    code, name = reading.text("ma_thu_tuc"), reading.text("ten_thu_tuc")
    if not re.fullmatch(r"\d\.\d{6}", code):
        raise Unusable(f"ma_thu_tuc “{code}”")
    if not name:
        raise Unusable("ten_thu_tuc")
    ways = ways_of(reading)
    asked = papers_of(reading)
    channels = tuple(dict.fromkeys(way.channel for way in ways))
    return Definition(
        code=code,
        version=on,
        source=Source.PORTAL,
        decision=reading.text("so_quyet_dinh"),
        name=Text(vi=name),
        field=Text(vi=reading.text("linh_vuc") or "–"),
        levels=reading.labels("cap_thuc_hien", LEVELS),
        online=Online(kind=OnlineKind.UNKNOWN if Channel.ONLINE in channels else OnlineKind.NONE),
        audience=Applicants(who=reading.labels("doi_tuong_thuc_hien", AUDIENCES)),
        conditions=reading.spoken("yeu_cau_dieu_kien"),
        process=reading.spoken("trinh_tu_thuc_hien"),
        agency=reading.spoken("co_quan_thuc_hien") or reading.spoken("co_quan_co_tham_quyen"),
        channels=channels,
        fees=tuple(dict.fromkeys(way.fee for way in ways if way.fee)),
        terms=tuple(dict.fromkeys(way.term for way in ways if way.term)),
        cases=tuple(Case(id=id_, name=Text(vi=heading)) for id_, heading in asked.cases.items()),
        papers=tuple(asked.papers),
        results=results_of(reading),
        legal_basis=legal_basis_of(reading),
        notes={key: text for key in NOTES if (text := reading.text(key))},
        raw=reading.raw,
    )


def ways_of(reading: Reading) -> list[tables.Way]:
    text = reading.text("cach_thuc_thuc_hien")
    ways = tables.ways(text)
    if text and not (ways and all(way.is_understood for way in ways)):
        reading.puzzled("cach_thuc_thuc_hien")
    return ways


def papers_of(reading: Reading) -> tables.Asked:
    asked = tables.papers(reading.text("thanh_phan_ho_so"))
    if asked.left_over:
        reading.puzzled("thanh_phan_ho_so")
    return asked


def results_of(reading: Reading) -> tuple[Result, ...]:
    results, left_over = tables.results(reading.text("ket_qua_xu_ly"))
    if left_over:
        reading.puzzled("ket_qua_xu_ly")
    return results


def legal_basis_of(reading: Reading) -> tuple[LegalBasis, ...]:
    basis, left_over = tables.legal_basis(reading.text("can_cu_phap_ly"))
    if left_over:
        reading.puzzled("can_cu_phap_ly")
    return basis
