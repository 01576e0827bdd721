"""Whether a procedure can truly be done online: a verdict from what its own definition asks, with what to change.

Nothing here is asked of the agency that offers it. The papers, steps, fees and results of the definition are read,
and what would make somebody come, send paper or wait is named together with its remedy.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.procedures.schema import Definition, Paper, Text
from motcua.procedures.vocabulary import Channel, OnlineKind, Source

SHOWN = 90


class Weight(StrEnum):
    """What a hindrance does: nothing can be filed, somebody must come or send paper, or it is only a burden."""

    STOPS = "stops"
    COMES = "comes"
    BURDENS = "burdens"


class Hindrance(StrEnum):
    """The closed list of what keeps a procedure from being done online."""

    NO_CHANNEL = "no_channel"
    NO_FORM = "no_form"
    PRESENCE = "presence"
    SITE = "site"
    ORIGINAL = "original"
    CERTIFIED = "certified"
    FEE_UNKNOWN = "fee_unknown"
    NO_PAYMENT = "no_payment"
    PAPER_RESULT = "paper_result"
    REGISTER = "register"
    PAPER_FORM = "paper_form"
    NO_TERM = "no_term"
    QUESTIONS = "questions"


WEIGHTS = {
    Hindrance.NO_CHANNEL: Weight.STOPS,
    Hindrance.NO_FORM: Weight.STOPS,
    Hindrance.PRESENCE: Weight.COMES,
    Hindrance.SITE: Weight.COMES,
    Hindrance.ORIGINAL: Weight.COMES,
    Hindrance.CERTIFIED: Weight.COMES,
    Hindrance.FEE_UNKNOWN: Weight.COMES,
    Hindrance.NO_PAYMENT: Weight.COMES,
    Hindrance.PAPER_RESULT: Weight.COMES,
    Hindrance.REGISTER: Weight.BURDENS,
    Hindrance.PAPER_FORM: Weight.BURDENS,
    Hindrance.NO_TERM: Weight.BURDENS,
    Hindrance.QUESTIONS: Weight.BURDENS,
}


@dataclass(frozen=True)
class Reason:
    """One hindrance: what it is, where it stands (in the words of the procedure), what to change."""

    hindrance: Hindrance
    where: str
    says: str
    change: str

    @property
    def weight(self) -> Weight:
        return WEIGHTS[self.hindrance]


@dataclass(frozen=True)
class Judgement:
    """How far a procedure can be done online, why no further, and what in its source could not be read."""

    verdict: OnlineKind
    claimed: OnlineKind
    reasons: tuple[Reason, ...]
    unread: tuple[str, ...]

    @property
    def hindrances(self) -> list[str]:
        return list(dict.fromkeys(str(reason.hindrance) for reason in self.reasons))

    @property
    def is_sure(self) -> bool:
        """Whether every field of the source was understood."""
        return not self.unread

    @property
    def claims_too_much(self) -> bool:
        """Offered as fully online, but somebody must come or send paper all the same."""
        return self.claimed is OnlineKind.FULL and self.verdict is not OnlineKind.FULL


@dataclass(frozen=True)
class Facilities:
    """What the node itself can do for every procedure."""

    takes_payment: bool = True

    @classmethod
    def here(cls) -> "Facilities":
        """By the node's settings. Fees are taken where a dossier is received: a portal that only shows the services of
        others, and tracks them, knows nothing that speaks against those.
        """
        node = settings.NODE
        only_shows = "tracking" in node.contexts and set(node.agencies) <= {node.national}
        return cls(takes_payment=only_shows or bool(node.bank_account or node.gateway_url))


def judged(definition: Definition, facilities: Facilities = Facilities()) -> Judgement:
    """The verdict over a definition: `full`, `partial` (somebody must come or send paper) or `none`."""
    found = tuple(reason for check in CHECKS for reason in check(definition, facilities))
    return Judgement(verdict_of(found), definition.online.kind, found, tuple(definition.raw))


def judged_here(definition: Definition) -> Judgement:
    """The verdict with what this node can do."""
    return judged(definition, Facilities.here())


def verdict_of(reasons: Iterable[Reason]) -> OnlineKind:
    weights = {reason.weight for reason in reasons}
    if Weight.STOPS in weights:
        return OnlineKind.NONE
    return OnlineKind.PARTIAL if Weight.COMES in weights else OnlineKind.FULL


# Can it be filed at all?


def channels(definition: Definition, _facilities: Facilities) -> Iterator[Reason]:
    if Channel.ONLINE not in definition.channels:
        yield Reason(
            Hindrance.NO_CHANNEL,
            "",
            _("It cannot be filed online."),
            _("Open the online way of filing."),
        )
    elif definition.source is Source.FILE and not definition.form:
        yield Reason(
            Hindrance.NO_FORM, "", _("It has no electronic form."), _("Write the questions of its form.")
        )


# Must somebody come?

PRESENCE = re.compile(
    r"có mặt|phỏng vấn|vân tay|lăn tay|sinh trắc|chụp ảnh khuôn mặt|giao nhận con|dự (?:thi|kiểm tra|sát hạch)\b",
    re.IGNORECASE,
)
SITE = re.compile(
    r"kiểm tra thực tế|thẩm định thực tế|kiểm tra tại chỗ|kiểm tra tại cơ sở|kiểm tra hiện trường|xác minh tại",
    re.IGNORECASE,
)


def presence(definition: Definition, _facilities: Facilities) -> Iterator[Reason]:
    for place in places(definition):
        if found := sentence_with(PRESENCE, place):
            yield Reason(
                Hindrance.PRESENCE,
                found,
                _("Somebody must come in person."),
                _("Take it from a register or a video call, or book the one visit together with the result."),
            )
            break
    for place in places(definition):
        if found := sentence_with(SITE, place):
            yield Reason(
                Hindrance.SITE,
                found,
                _("Something is inspected on site."),
                _("Accept photos, or inspect afterwards by risk; otherwise say the day before filing."),
            )
            break


def places(definition: Definition) -> Iterator[str]:
    """The texts in which a visit could be hidden."""
    yield from (text.vi for text in (definition.online.reason, definition.conditions) if text)
    for step in definition.steps:
        yield step.name.vi
        yield step.citizen_reads.vi
    if definition.process:
        yield definition.process.vi


def sentence_with(pattern: re.Pattern[str], text: str) -> str:
    """The piece of the text that matches, short enough to be quoted; empty if none does."""
    for sentence in re.split(r"(?<=[.;])\s+|\n", text):
        if found := pattern.search(sentence):
            begin = max(0, found.start() - SHOWN // 2)
            return ("…" if begin else "") + sentence[begin : begin + SHOWN].strip()
    return ""


# Must paper be fetched or sent?

CERTIFIED = re.compile(
    r"(?:bản sao|được|đã|có)\b[^,;.]{0,30}(?:chứng thực|công chứng(?! viên))|công chứng hoặc chứng thực",
    re.IGNORECASE,
)
SHOWN_ORIGINAL = re.compile(
    r"xuất trình|bản chính gửi|bản chính.{0,20}đối chiếu|đối chiếu.{0,20}bản chính", re.IGNORECASE
)
PAPER_FORM = re.compile(
    r"^(?:mẫu |tờ khai|đơn |đơn$|phiếu (?:đề nghị|khai)|văn bản (?:đề nghị|yêu cầu))", re.IGNORECASE
)
# Where an electronic copy will do as well, or paper only if a register does not answer, nobody need fetch anything.
ALTERNATIVE = re.compile(
    r"(?:bản sao|bản chính|bản) điện tử|chứng thực điện tử|không khai thác được", re.IGNORECASE
)
FOREIGN = re.compile(r"nước ngoài", re.IGNORECASE)
# What a register of the state holds already, by words in the name of a paper.
HELD = (
    (re.compile(r"căn cước|chứng minh nhân dân|cư trú|sổ hộ khẩu|sổ tạm trú|nhân thân", re.IGNORECASE), "population"),
    (re.compile(r"khai sinh|kết hôn|khai tử|tình trạng hôn nhân|trích lục hộ tịch", re.IGNORECASE), "civil"),
    (re.compile(r"bảo hiểm (?:xã hội|y tế)", re.IGNORECASE), "insurance"),
    (re.compile(r"quyền sử dụng đất|chỗ ở hợp pháp|diện tích nhà ở", re.IGNORECASE), "land"),
    (re.compile(r"đăng ký (?:doanh nghiệp|kinh doanh|hợp tác xã)", re.IGNORECASE), "business"),
    (re.compile(r"phiếu lý lịch tư pháp", re.IGNORECASE), "records"),
)  # fmt: skip


def papers(definition: Definition, _facilities: Facilities) -> Iterator[Reason]:
    for paper in definition.papers:
        is_read = paper.unnecessary_if or (definition.is_offered and not paper.upload)
        if not is_read:
            yield from of_paper(definition, paper)


def of_paper(definition: Definition, paper: Paper) -> Iterator[Reason]:
    name, called = paper.name.vi.lstrip("-+ "), short(paper.name)
    is_form = bool(PAPER_FORM.search(name))
    register = register_of(name) if paper.required and not is_form else ""
    if ALTERNATIVE.search(name):
        return
    if SHOWN_ORIGINAL.search(name):
        yield Reason(
            Hindrance.ORIGINAL,
            called,
            _("The original must be shown."),
            _("Read it from the %(register)s instead.") % {"register": register}
            if register
            else _("Accept a signed electronic copy."),
        )
    elif CERTIFIED.search(name):
        yield Reason(
            Hindrance.CERTIFIED,
            called,
            _("A certified copy is asked for."),
            _("Read it from the %(register)s instead.") % {"register": register}
            if register
            else _(
                "Accept a photo, or a certified electronic copy; compare with the original when in doubt."
            ),
        )
    elif register:
        yield Reason(
            Hindrance.REGISTER,
            called,
            _("A paper is asked for that the state has already."),
            _("Read it from the %(register)s instead.") % {"register": register},
        )
    if definition.form and is_form:
        yield Reason(
            Hindrance.PAPER_FORM,
            called,
            _("A paper form is asked for beside the electronic one."),
            _("Print it from the answers; ask for no second one."),
        )


def register_of(name: str) -> str:
    """The register that holds what a paper of this name proves, as people call it; foreign papers stand in none."""
    if FOREIGN.search(name):
        return ""
    return next((registers()[register] for pattern, register in HELD if pattern.search(name)), "")


def registers() -> dict[str, str]:
    return {
        "population": _("National Population Database"),
        "civil": _("Electronic Civil Status Database"),
        "insurance": _("Social Insurance Database"),
        "land": _("Land Database"),
        "business": _("National Business Registration Database"),
        "records": _("Judicial Records Database"),
    }


# Can it be paid, and does the result come by itself?


def payment(definition: Definition, facilities: Facilities) -> Iterator[Reason]:
    online = [fee for fee in definition.fees if not fee.channels or Channel.ONLINE in fee.channels]
    if any(fee.amount is None for fee in online):
        yield Reason(
            Hindrance.FEE_UNKNOWN,
            "",
            _("The fee is not a number, so that it cannot be paid online."),
            _("Give the amount by case and way of filing; let provinces set theirs."),
        )
    if any(fee.amount for fee in online) and not facilities.takes_payment:
        yield Reason(
            Hindrance.NO_PAYMENT,
            "",
            _("The fee cannot be paid online here."),
            _("Switch on online payment at this node."),
        )


def results(definition: Definition, _facilities: Facilities) -> Iterator[Reason]:
    for result in definition.results if definition.is_offered else ():
        if not result.template:
            yield Reason(
                Hindrance.PAPER_RESULT,
                short(result.name),
                _("The result exists only on paper."),
                _("Give it a template, so that it is signed and sent electronically."),
            )


# What only burdens


def terms(definition: Definition, _facilities: Facilities) -> Iterator[Reason]:
    if not definition.terms or any(term.unit is None for term in definition.terms):
        yield Reason(
            Hindrance.NO_TERM,
            "",
            _("The time it takes has no number or no unit, so that no date can be promised."),
            _("Write the term with its unit, such as 3 working days."),
        )


def questions(definition: Definition, _facilities: Facilities) -> Iterator[Reason]:
    """More questions answered by hand than the node's settings allow are a burden the registers could take away."""
    typed = sum(
        1
        for field in definition.fields_by_id.values()
        if field.required and not (field.prefill or field.when)
    )
    if typed > settings.NODE.form_questions:
        yield Reason(
            Hindrance.QUESTIONS,
            "",
            _("%(count)d questions are answered by hand.") % {"count": typed},
            _("Prefill from registers what they know."),
        )


CHECKS: tuple[Callable[[Definition, Facilities], Iterator[Reason]], ...] = (
    channels,
    presence,
    papers,
    payment,
    results,
    terms,
    questions,
)


def short(text: Text) -> str:
    """A name as it can be quoted in a line, in the reader's language."""
    said = text.said_in(get_language() or "vi")
    return said if len(said) <= SHOWN else f"{said[: SHOWN - 1].rstrip()}…"
