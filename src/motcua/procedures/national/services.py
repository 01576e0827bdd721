"""One answer of the portal's service LayThuTuc → one definition: its fields stand apart already, so little is left to guess."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from motcua.procedures.national.records import AUDIENCES, LEVELS, NOTHING, Unusable
from motcua.procedures.schema import (
    Applicants,
    Case,
    Definition,
    Fee,
    LegalBasis,
    Online,
    Paper,
    Result,
    Term,
    Text,
)
from motcua.procedures.vocabulary import Channel, OnlineKind, Source, Unit

CHANNELS = {"1": Channel.DIRECT, "2": Channel.ONLINE, "3": Channel.POST}
UNITS = {
    "Ngày làm việc": Unit.WORKING_DAYS,
    "Ngày": Unit.DAYS,
    "Tháng": Unit.MONTHS,
    "Giờ": Unit.HOURS,
    "Ngay trong ngày": Unit.AT_ONCE,
}
CURRENCIES = {"", "Đồng", "đồng", "VNĐ", "VND", "Việt Nam Đồng"}
OURS = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


class Told(BaseModel):
    """A part of an answer: what is not read here may stand there, and null is nothing."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, coerce_numbers_to_str=True, str_strip_whitespace=True
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_nothing(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {name: value for name, value in given.items() if value is not None}


class Price(Told):
    SOTIEN: str = ""
    DONVI: str = ""
    MOTA: str = ""


class Time(Told):
    """How long it takes; the portal hangs fees here or on the way of filing."""

    THOIGIANGIAIQUYET: str = ""
    DONVITINH: str = ""
    MOTA: str = ""
    PHILEPHI: list[Price] = []


class Way(Told):
    KENH: str = ""
    THOIGIAN: list[Time] = []
    PHILEPHI: list[Price] = []


class Sheet(Told):
    MAGIAYTO: str = ""
    TENGIAYTO: str = ""
    SOBANCHINH: str = ""
    SOBANSAO: str = ""
    TENMAUDON: str = ""


class Sheets(Told):
    TRUONGHOP: str = ""
    GIAYTO: list[Sheet] = []


class Stage(Told):
    TENTRINHTU: str = ""


class Stages(Told):
    TRUONGHOP: str = ""
    TRINHTU: list[Stage] = []


class Named(Told):
    """What is told by a name, whatever it is called by."""

    TENLINHVUC: str = ""
    TENDONVI: str = ""
    TENCAP: str = ""
    TENDOITUONG: str = ""


class Given(Told):
    MAKETQUA: str = ""
    TENKETQUA: str = ""


class Act(Told):
    SOVANBAN: str = ""
    TENVANBAN: str = ""


class Answer(Told):
    """What LayThuTuc tells of a procedure."""

    MATTHC: str = ""
    TENTTHC: str = ""
    LINHVUCTHUCHIEN: list[Named] = []
    CAPTHUCHIEN: list[Named] = []
    DOITUONGTHUCHIEN: list[Named] = []
    TRINHTUTHUCHIEN: list[Stages] = []
    CACHTHUCTHUCHIEN: list[Way] = []
    THANHPHANHOSO: list[Sheets] = []
    KETQUATHUCHIEN: list[Given] = []
    CANCUPHAPLY: list[Act] = []
    COQUANTHUCHIEN: list[Named] = []
    YEUCAU: str = ""


class Reading:
    """One answer being read, and what of it could not be understood, under the names `unread` knows."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.raw = answer, dict[str, str]()

    def puzzled(self, key: str, parts: Iterable[Told]) -> None:
        """Keep the portal's own words: what we made of them is not all they say."""
        self.raw[key] = json.dumps([one.model_dump() for one in parts], ensure_ascii=False)


def read(row: Mapping[str, Any], on: dt.date) -> Definition:
    """The definition an answer describes, in force from the day it was read; raises `Unusable`."""
    reading = Reading(shaped(row))
    answer = reading.answer
    channels = tuple(
        dict.fromkeys(CHANNELS[way.KENH] for way in answer.CACHTHUCTHUCHIEN if way.KENH in CHANNELS)
    )
    cases, papers = papers_of(reading)
    return Definition(
        code=answer.MATTHC,
        version=on,
        source=Source.PORTAL,
        name=Text(vi=answer.TENTTHC),
        field=Text(vi=first(one.TENLINHVUC for one in answer.LINHVUCTHUCHIEN) or "–"),
        levels=labels(reading, "cap_thuc_hien", answer.CAPTHUCHIEN, "TENCAP", LEVELS),
        online=Online(kind=OnlineKind.UNKNOWN if Channel.ONLINE in channels else OnlineKind.NONE),
        audience=Applicants(
            who=labels(reading, "doi_tuong_thuc_hien", answer.DOITUONGTHUCHIEN, "TENDOITUONG", AUDIENCES)
        ),
        conditions=spoken(answer.YEUCAU),
        process=spoken("\n".join(stages(answer.TRINHTUTHUCHIEN))),
        agency=spoken(first(one.TENDONVI for one in answer.COQUANTHUCHIEN)),
        channels=channels,
        terms=terms_of(reading),
        fees=fees_of(reading),
        cases=cases,
        papers=papers,
        results=results_of(reading),
        legal_basis=legal_basis_of(reading),
        raw=reading.raw,
    )


def shaped(row: Mapping[str, Any]) -> Answer:
    """The answer, if it has a procedure's shape, code and name; raises `Unusable`."""
    try:
        answer = Answer.model_validate(row)
    except ValidationError as fault:
        place = ".".join(map(str, fault.errors()[0]["loc"]))
        raise Unusable(place) from fault
    if not re.fullmatch(r"\d\.\d{6}", answer.MATTHC, re.ASCII):
        raise Unusable(f"MATTHC “{answer.MATTHC}”")
    if not answer.TENTTHC:
        raise Unusable("TENTTHC")
    return answer


def spoken(text: str) -> Text | None:
    """Words, where there are any."""
    return None if text in NOTHING else Text(vi=text)


def first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def stages(told: Iterable[Stages]) -> Iterable[str]:
    """What is done, stage after stage, under the heading of its case."""
    for one in told:
        if one.TRUONGHOP:
            yield one.TRUONGHOP
        yield from (stage.TENTRINHTU for stage in one.TRINHTU if stage.TENTRINHTU)


def labels[Label](
    reading: Reading, key: str, told: list[Named], name: str, known: Mapping[str, Label]
) -> tuple[Label, ...]:
    """The labels of a closed list."""
    named = [getattr(one, name) for one in told]
    if any(one not in known for one in named):
        reading.puzzled(key, told)
    return tuple(dict.fromkeys(known[one] for one in named if one in known))


WAYS = "cach_thuc_thuc_hien"


def terms_of(reading: Reading) -> tuple[Term, ...]:
    """How long it takes by each way; a time without a number or a unit we know is shown as it stands."""
    found: dict[Term, None] = {}
    for way, channel in ways(reading):
        for time in way.THOIGIAN:
            unit = UNITS.get(time.DONVITINH)
            value = int(time.THOIGIANGIAIQUYET) if time.THOIGIANGIAIQUYET.isdecimal() else None
            if unit is None or (value is None and unit is not Unit.AT_ONCE):
                reading.puzzled(WAYS, reading.answer.CACHTHUCTHUCHIEN)
                words = f"{time.THOIGIANGIAIQUYET} {time.DONVITINH} {time.MOTA}".strip()
                found[Term(channels=(channel,), raw=words)] = None
            else:
                found[Term(channels=(channel,), value=value, unit=unit, raw=time.MOTA)] = None
    return tuple(found)


def fees_of(reading: Reading) -> tuple[Fee, ...]:
    """What it costs by each way; an amount that is none, or in other money, is shown as it stands."""
    found: dict[Fee, None] = {}
    for way, channel in ways(reading):
        for price in [*way.PHILEPHI, *(one for time in way.THOIGIAN for one in time.PHILEPHI)]:
            written = price.SOTIEN.replace(",", "").replace(".", "")
            if written.isdecimal() and price.DONVI in CURRENCIES:
                note = spoken(price.MOTA)
                found[Fee(channels=(channel,), amount=int(written), note=note)] = None
            elif words := " ".join(
                filter(None, (price.SOTIEN, price.DONVI if price.SOTIEN else "", price.MOTA))
            ):
                reading.puzzled(WAYS, reading.answer.CACHTHUCTHUCHIEN)
                found[Fee(channels=(channel,), raw=words)] = None
    return tuple(found)


def ways(reading: Reading) -> Iterable[tuple[Way, Channel]]:
    """The ways of filing we know; one we do not is left for a person."""
    for way in reading.answer.CACHTHUCTHUCHIEN:
        if way.KENH in CHANNELS:
            yield way, CHANNELS[way.KENH]
        else:
            reading.puzzled(WAYS, reading.answer.CACHTHUCTHUCHIEN)


def papers_of(reading: Reading) -> tuple[tuple[Case, ...], tuple[Paper, ...]]:
    """The cases and the papers of each; the same paper in several cases is one, and one heading alone is no case."""
    told = [one for one in reading.answer.THANHPHANHOSO if one.GIAYTO or one.TRUONGHOP]
    headings = list(dict.fromkeys(one.TRUONGHOP for one in told if one.TRUONGHOP))
    ids = {heading: f"case_{number}" for number, heading in enumerate(headings, start=1)}
    is_divided = len(headings) > 1
    asked: dict[Sheet, dict[str, None]] = {}
    for block in told:
        for sheet in block.GIAYTO:
            asked.setdefault(sheet, {})[block.TRUONGHOP] = None
    if any(not sheet.TENGIAYTO or not is_counted(sheet) for sheet in asked):
        reading.puzzled("thanh_phan_ho_so", told)
    section = spoken(headings[0]) if len(headings) == 1 else None
    papers: list[Paper] = []
    for number, (sheet, within) in enumerate(asked.items(), start=1):
        named = [ids[heading] for heading in within if heading]
        only = tuple(named) if is_divided and set(within) != set(headings) and "" not in within else ()
        taken = {one.id for one in papers}
        known = bool(OURS.fullmatch(sheet.MAGIAYTO)) and sheet.MAGIAYTO not in taken
        papers.append(paper(sheet, sheet.MAGIAYTO if known else f"paper_{number}", only, section))
    cases = tuple(Case(id=ids[heading], name=Text(vi=heading)) for heading in headings) if is_divided else ()
    return cases, tuple(papers)


def is_counted(sheet: Sheet) -> bool:
    return all(not text or text.isdecimal() for text in (sheet.SOBANCHINH, sheet.SOBANSAO))


def paper(sheet: Sheet, id_: str, cases: tuple[str, ...], section: Text | None) -> Paper:
    originals = int(sheet.SOBANCHINH) if sheet.SOBANCHINH.isdecimal() else None
    copies = int(sheet.SOBANSAO) if sheet.SOBANSAO.isdecimal() else 0
    return Paper(
        id=id_,
        name=Text(vi=sheet.TENGIAYTO or "–"),
        section=section,
        originals=originals,
        copies=copies,
        required=originals != 0 or copies > 0,
        upload=False,
        cases=cases,
        template=sheet.TENMAUDON,
    )


def results_of(reading: Reading) -> tuple[Result, ...]:
    told = reading.answer.KETQUATHUCHIEN
    if any(not one.MAKETQUA for one in told):
        reading.puzzled("ket_qua_xu_ly", told)
    found = {one.MAKETQUA: Result(code=one.MAKETQUA, name=Text(vi=one.TENKETQUA or "–")) for one in told}
    return tuple(one for code, one in found.items() if code)


def legal_basis_of(reading: Reading) -> tuple[LegalBasis, ...]:
    told = reading.answer.CANCUPHAPLY
    if any(not one.SOVANBAN for one in told):
        reading.puzzled("can_cu_phap_ly", told)
    found = {
        one.SOVANBAN: LegalBasis(number=one.SOVANBAN, title=one.TENVANBAN or one.SOVANBAN) for one in told
    }
    return tuple(one for number, one in found.items() if number)
