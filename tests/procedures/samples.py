"""A small procedure, and its file, for tests to bend."""

import datetime as dt
from pathlib import Path

from motcua.procedures.schema import Definition

ON = dt.date(2026, 11, 20)

MINIMAL = """\
code: "9.000001"
version: 2026-07-01
decision: 1/QĐ-THU
name: {vi: Cấp giấy thử, en: Sample licence}
field: {vi: Thử nghiệm, en: Trials}
levels: [commune]
online: {kind: full}
audience: {who: [citizen]}
papers:
  - {id: photo, name: {vi: Ảnh, en: Photo}}
channels: [online]
fees: [{amount: 0}]
terms: [{value: 3, unit: working_days}]
form:
  - id: you
    title: {vi: Bạn, en: You}
    fields:
      - {id: name, label: {vi: Tên, en: Name}, type: text, max: 20}
      - {id: married, label: {vi: Đã kết hôn, en: Married}, type: yesno}
      - {id: spouse, label: {vi: Vợ hoặc chồng, en: Spouse}, type: text, when: {field: married, is: true}}
steps:
  - id: receive
    name: {vi: Tiếp nhận, en: Receive}
    kind: human
    role: receiver
    hours: 2
    verbs: [accept]
    citizen_reads: {vi: Đang kiểm tra., en: Being checked.}
  - id: ask
    name: {vi: Hỏi, en: Ask}
    kind: service
    agency: G01
    service: population.person
    hours: 8
    after: [receive]
    inputs: {personal_number: applicant.number, name: form.name, photo: papers.photo}
    citizen_reads: {vi: Đang hỏi., en: Asking.}
  - id: deliver
    name: {vi: Trả, en: Deliver}
    kind: automatic
    after: [sign]
    citizen_reads: {vi: Đang gửi., en: On its way.}
  - id: sign
    name: {vi: Ký, en: Sign}
    kind: human
    role: chair
    hours: 4
    after: [ask]
    verbs: [sign]
    citizen_reads: {vi: Đang ký., en: Being signed.}
results:
  - {code: KQ.G15.999999, name: {vi: Giấy thử, en: Sample}, issued_by: deliver}
legal_basis:
  - {number: 1/2026/QH15, title: Luật Thử nghiệm}
"""


def written(folder: Path, text: str = MINIMAL) -> Path:
    """The text as a file."""
    path = folder / "sample.yaml"
    path.write_text(text, "utf-8")
    return path


def bent(old: str, new: str) -> str:
    """The small procedure with one thing changed, which must be there to change."""
    assert old in MINIMAL
    return MINIMAL.replace(old, new, 1)


def portal(code: str, name: str, **more: object) -> Definition:
    """A procedure as the national portal might have it."""
    content = {
        "code": code,
        "version": "2026-07-01",
        "source": "portal",
        "name": {"vi": name},
        "field": {"vi": "Hộ tịch"},
        "levels": ["commune"],
        "online": {"kind": "unknown"},
        "audience": {"who": ["citizen"]},
    }
    return Definition.from_content(content | more)
