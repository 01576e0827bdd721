"""A dossier being taken at the counter, kept with the officer's visit until the button is pressed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from motcua.dossiers.cards import Card
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Way
from motcua.exchange.calls import Denied, Unreachable
from motcua.lib.actors import Actor
from motcua.procedures.answers import Unreadable, answer
from motcua.procedures.models import Version
from motcua.procedures.schema import Answer, FormField, Paper
from motcua.sharing.asking import NotKnown, read
from motcua.sharing.registers import keeper_of, name_of
from motcua.ui import words

PERSON, BUSINESS = "population.person", "business.enterprise"
LONGEST_PURPOSE = 200
KEY, MOST = "receptions", 8


@dataclass
class Reception:
    """Whose dossier, of which procedure, brought how; and what the register said of the person or the business."""

    id: str
    version: int
    case: str
    way: str
    agency: str
    number: str
    card: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    register: dict[str, str] = field(default_factory=dict)
    read_at: str = ""
    silence: str = ""
    visit: str = ""
    # The ticket it began with: its row while it is called, and what the dossier notes of it.
    ticket: int = 0
    ticket_label: str = ""
    # Who comes instead of the person, as the appointment says.
    bringer: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, dict[str, Any]] = field(default_factory=dict)
    # What registers have said in place of papers: by paper what was asked, and the answer as a paper.
    proofs: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def is_business(self) -> bool:
        """Whether it is a business's, known by its code."""
        return Card(self.number).is_business

    @property
    def service(self) -> str:
        """What says who this is."""
        return BUSINESS if self.is_business else PERSON

    @property
    def asked_by(self) -> dict[str, str]:
        """With what the register is asked."""
        return {"code" if self.is_business else "personal_number": self.number}

    @property
    def known(self) -> dict[str, str]:
        """What is known of the person or business: by the register, and where it is silent by the card."""
        return {**self.card, **self.register}

    @property
    def name(self) -> str:
        return self.known.get("name" if self.is_business else "full_name", "")

    @property
    def address(self) -> str:
        return self.known.get("address" if self.is_business else "residence", "")

    def has_read(self, paper: Paper) -> bool:
        """Whether reading the person's record, as the page opened, answers for this paper."""
        asks = dict.fromkeys(self.asked_by, "applicant.number")
        return bool(self.read_at) and paper.unnecessary_if == self.service and paper.asks == asks

    @property
    def born(self) -> date | None:
        """The person's date of birth."""
        return parse_date(self.known.get("born_on", ""))

    @property
    def source(self) -> str:
        """Where prefilled values come from, in words."""
        if not self.read_at:
            return _("From the card")
        when = words.short_moment(datetime.fromisoformat(self.read_at))
        return _("From the %(register)s, %(when)s") % {
            "register": name_of(self.service),
            "when": when,
        }

    def keep(self, request: HttpRequest) -> None:
        """Keep it with the visit; of many begun ones the oldest are forgotten."""
        kept = {**request.session.get(KEY, {})}
        kept.pop(self.id, None)
        kept[self.id] = asdict(self)
        request.session[KEY] = dict(list(kept.items())[-MOST:])

    def forget(self, request: HttpRequest) -> None:
        """It is a dossier now, or was thrown away."""
        request.session[KEY] = {
            id_: one for id_, one in request.session.get(KEY, {}).items() if id_ != self.id
        }

    @classmethod
    def of(cls, request: HttpRequest, pk: UUID) -> Self | None:
        """The one of this id, if this officer began it."""
        kept = request.session.get(KEY, {}).get(str(pk))
        return cls(**kept) if kept else None

    def dossier(self, version: Version) -> Dossier:
        """The dossier it becomes, not saved."""
        now = timezone.now()
        return Dossier(
            pk=UUID(self.id),
            version=version,
            case=self.case,
            channel=Way(self.way).channel,
            agency=self.agency,
            origin=self.agency,
            applicant_name=self.name,
            applicant_number=self.number,
            filing={"way": self.way, **({"ticket": self.ticket_label} if self.ticket_label else {})},
            visit=UUID(self.visit) if self.visit else None,
            sent_at=now,
            arrived_at=now,
        )


def begun(
    version: Version, *, case: str, way: str, agency: str, card: Card, visit: str, by: Actor
) -> Reception:
    """Begin, and ask the register who this is; if it is silent, the officer fills in by hand."""
    reception = Reception(
        id=str(uuid4()),
        version=version.pk,
        case=case,
        way=way,
        agency=agency,
        number=card.number,
        card=card.answers,
        doubts=card.doubts,
        visit=visit or str(uuid4()),
    )
    try:
        told = ask(reception, version, by=by)
    except NotKnown as reason:
        reception.silence = str(reason)
    except (Unreachable, Denied):
        reception.silence = (
            _(
                "The register of enterprises does not answer just now. Fill in by hand, from the certificate of registration."
            )
            if card.is_business
            else _("The population register does not answer just now. Fill in by hand, from the card.")
        )
    else:
        reception.register = {name: str(value) for name, value in told.items() if value not in {None, ""}}
        reception.read_at = timezone.now().isoformat()
        reception.doubts += differences(reception.card, reception.register) + rests(told)
    return reception


def ask(reception: Reception, version: Version, *, by: Actor) -> dict[str, Any]:
    """The record of the person or the business; the register notes who read it, for which procedure and dossier."""
    return read(
        reception.service,
        reception.asked_by,
        sender=reception.agency,
        to=keeper_of(reception.service),
        purpose=version.name_vi[:LONGEST_PURPOSE],
        dossier=reception.id,
        by=by,
    )


def rests(told: Mapping[str, Any]) -> list[str]:
    """What the register says of a business that does not work; the officer asks whether it may apply."""
    if told.get("is_active") is False:
        return [_("By the register this business has ended.")]
    return [_("By the register this business has paused.")] if told.get("is_paused") else []


def differences(card: Mapping[str, str], register: Mapping[str, str]) -> list[str]:
    """Where card and register do not say the same; the officer looks at the card again."""
    told = {"full_name": _("name"), "born_on": _("date of birth"), "sex": _("sex")}
    differing = [
        label
        for name, label in told.items()
        if card.get(name) and register.get(name) and card[name].casefold() != register[name].casefold()
    ]
    if not differing:
        return []
    return [_("Card and register differ: %(what)s.") % {"what": ", ".join(differing)}]


def value_of(question: FormField, reception: Reception) -> Answer:
    """What is known of the person or the business, if it is an answer to this question at all."""
    service, _dot, name = (question.prefill or "").rpartition(".")
    value = reception.known.get(name, "")
    if service != reception.service or not value:
        return None
    try:
        return answer(question, value, {}, timezone.localdate())
    except Unreadable:
        return None
