"""What a register says in place of a paper: whom to ask what, and the answer printed as it lies in the dossier."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.documents import press
from motcua.documents.answer import RegisterAnswer
from motcua.documents.models import store
from motcua.documents.papers import Check, Office
from motcua.dossiers.models import Paper
from motcua.dossiers.states import Reuse
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.procedures.inputs import resolve
from motcua.procedures.schema import Paper as Asked
from motcua.sharing.asking import read
from motcua.sharing.registers import keeper_of, name_of

# Of what a register is told to be read for.
LONGEST = 200
PERSON = (
    ("full_name", "Họ, chữ đệm, tên"),
    ("personal_number", "Số định danh cá nhân"),
    ("born_on", "Ngày, tháng, năm sinh"),
    ("sex", "Giới tính"),
    ("residence", "Nơi cư trú"),
)
# What is printed of an answer, in Vietnamese as all papers are: no more than the paper would have said.
PRINTED: dict[str, tuple[tuple[str, str], ...]] = {
    "population.person": PERSON,
    "population.kinship": (
        ("full_name", "Họ, chữ đệm, tên"),
        ("relation", "Là"),
        ("relative_name", "Của"),
    ),
    "civil.birth": (
        ("full_name", "Họ, chữ đệm, tên"),
        ("born_on", "Ngày, tháng, năm sinh"),
        ("sex", "Giới tính"),
        ("mother.name", "Họ tên mẹ"),
        ("father.name", "Họ tên cha"),
        ("certificate_number", "Số Giấy khai sinh"),
        ("registered_on", "Ngày đăng ký"),
    ),
    "business.enterprise": (
        ("name", "Tên"),
        ("code", "Mã số"),
        ("address", "Trụ sở"),
        ("representative_name", "Người đại diện"),
        ("trade", "Ngành, nghề kinh doanh"),
        ("registered_on", "Ngày đăng ký"),
        ("is_active", "Đang hoạt động"),
        ("is_paused", "Đang tạm ngừng"),
    ),
}
WORDS = {
    "male": "Nam",
    "female": "Nữ",
    "True": "Có",
    "False": "Không",
    "child": "Cha hoặc mẹ",
    "parent": "Con",
}
DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class Question:
    """A paper a register may prove, and what the register is to be asked for it."""

    paper: Asked
    service: str
    params: dict[str, Any]

    @property
    def register(self) -> str:
        """What people call the register."""
        return name_of(self.service)


@dataclass(frozen=True)
class Reader:
    """Who reads, for which agency, what for and under which dossier: so it stands in the register's log, and on the paper."""

    by: Actor
    agency: str
    agency_name: str
    purpose: str
    dossier: str
    # The applicant who will see the answer; nothing where only officers do.
    told_to: str = ""


def question(paper: Asked, facts: Mapping[str, Any]) -> Question | None:
    """What could be asked instead of this paper now; nothing where no register knows it, or an answer of the form lacks."""
    service = paper.unnecessary_if
    if service is None or not name_of(service):
        return None
    params = resolve(paper.asks, facts)
    return Question(paper, service, params) if all(params.values()) else None


def questions(papers: Iterable[Asked], facts: Mapping[str, Any]) -> list[Question]:
    """The same of several papers, those that can be asked."""
    return [found for paper in papers if (found := question(paper, facts))]


def ask(asked: Question, reader: Reader) -> dict[str, Any]:
    """The register's answer. Raises `sharing.asking.NotKnown`, `exchange.calls.Unreachable`, `Denied`."""
    told_to = {"told_to": reader.told_to} if reader.told_to else {}
    return read(
        asked.service,
        asked.params | told_to,
        sender=reader.agency,
        to=keeper_of(asked.service),
        purpose=reader.purpose[:LONGEST],
        dossier=reader.dossier,
        by=reader.by,
    )


def printed(asked: Question, answer: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """The answer as a paper of a dossier; raises Invalid for a letter that cannot be printed."""
    at = timezone.now()
    paper = RegisterAnswer(
        office=Office(agency=reader.agency_name),
        on=timezone.localdate(at),
        stands_for=asked.paper.name.vi,
        register=name_of(asked.service),
        read_at=timezone.localtime(at),
        read_by=reader.by.name,
        purpose=reader.purpose,
        dossier=reader.dossier,
        entries=tuple(entries(asked.service, answer)),
        check=Check(url="", shown=""),
    )
    try:
        pdf = press.print_paper(paper, at=at)
    except press.Unprintable as fault:
        raise Invalid(
            _("The form holds a letter that cannot be printed. Check the names and addresses.")
        ) from fault
    blob = store().put([pdf])
    return {
        "paper": asked.paper.id,
        "name": asked.paper.name.vi[:200],
        "media": "application/pdf",
        "size": blob.size,
        "digest": blob.digest,
        "copy": Paper.Copy.REGISTER.value,
        "reuse": Reuse.REGISTER.value,
    }


def entries(service: str, answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of what is printed; what the register does not say is left out."""
    found = [(label, look_up(answer, key)) for key, label in PRINTED.get(service, ())]
    return [(label, in_words(value)) for label, value in found if value not in {None, ""}]


def look_up(answer: Mapping[str, Any], key: str) -> Any:
    first, _dot, rest = key.partition(".")
    found = answer.get(first)
    return look_up(found, rest) if rest and isinstance(found, Mapping) else found


def in_words(value: Any) -> str:
    """A value as people write it here."""
    text = str(value)
    if DAY.match(text):
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    return WORDS.get(text, text)
