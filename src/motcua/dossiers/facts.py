"""A procedure as people read it: how long, how much, which papers, who does what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.dossiers.models import Application
from motcua.dossiers.postings import postage
from motcua.organisations.models import Agency
from motcua.organisations.names import role_name
from motcua.procedures.fees import owed
from motcua.procedures.models import Version
from motcua.procedures.online_levels import rules_on
from motcua.procedures.picture import Box, picture
from motcua.procedures.readiness import Weight, judged_here
from motcua.procedures.schema import Case, Definition, Paper, Text
from motcua.procedures.vocabulary import Channel, Level, OnlineKind, StepKind
from motcua.procedures.words import AUDIENCES, CHANNELS, LEVELS, RAW, priced, term_in_words
from motcua.sharing.registers import name_of
from motcua.ui import words
from motcua.ui.context import Link


@dataclass(frozen=True)
class Way:
    """A way to file, with its time and fee."""

    channel: str
    time: str
    fee: str


@dataclass(frozen=True)
class PaperLine:
    """A paper: what it is, what to do about it, and the tag that says so in short."""

    id: str
    name: str
    hint: str
    tag: str
    state: str
    icon: str


@dataclass(frozen=True)
class StepLine:
    """A step as `<c-process>` draws it."""

    title: str
    who: str
    time: str
    mark: str
    state: str = ""


def language() -> str:
    return get_language() or "vi"


def said(text: Text | None) -> str:
    """The sentence in the reader's language; nothing for nothing."""
    return text.said_in(language()) if text else ""


def page(version: Version, definition: Definition, wanted: str) -> dict[str, Any]:
    """What the page of a procedure shows of its definition, in the case asked for or the first; so is a draft previewed."""
    case = chosen_case(definition, wanted)
    case_id = case.id if case else None
    return {
        "version": version,
        "definition": definition,
        "name": version.name_in(language()),
        "field": version.field_in(language()),
        "summary": said(definition.summary),
        "way": first_way(definition, case_id),
        "ways": ways(definition, case_id),
        "grid": grid(definition, case_id),
        "free": exempt(definition, case_id),
        "audience": audience(definition),
        "conditions": said(definition.conditions),
        "papers": papers(definition, case_id),
        "steps": process(definition, case_id, offices_of(definition)) if definition.is_offered else [],
        "has_parallel": has_parallel(definition, case_id),
        "route": said(definition.process),
        "agency": said(definition.agency),
        "results": [said(one.name) for one in definition.results if not one.cases or case_id in one.cases],
        "cases": case_links(definition, case),
        "case": case,
        "questions": asked(definition, case_id),
        "kept": kept_texts(definition),
        "reach": reach(definition),
        "online_level": online_level(version),
    }


def chosen_case(definition: Definition, wanted: str) -> Case | None:
    """The case asked for, or the first."""
    named = [case for case in definition.cases if case.id == wanted]
    return next(iter(named or definition.cases), None)


def case_links(definition: Definition, case: Case | None) -> list[Link]:
    """A choice only where there is one."""
    if len(definition.cases) < 2:
        return []
    return [Link(said(one.name), f"?case={one.id}", one is case) for one in definition.cases]


def cost(application: Application) -> tuple[str, str] | None:
    """What this very application will cost, and why it is nothing or what is lacking for that; None if no amount is known."""
    definition = application.definition
    given = application.attachments.values_list("paper", flat=True) if definition.exemptions else ()
    due = owed(
        definition,
        case=application.case,
        channel=Channel.ONLINE,
        answers=application.answers,
        papers=set(given),
    )
    if due is None:
        return None
    if due.exempt:
        return _("Free of charge"), _("Exempt: %(who)s") % {"who": said(due.exempt.name)}
    if due.unproven:
        why = _("Add the paper that proves it, and you need not pay: %(who)s")
        return words.money(due.amount), why % {"who": said(due.unproven.name)}
    if not due.amount:
        return _("Free of charge"), ""
    return words.money(due.amount), _("To be paid when the dossier has been received. %(note)s") % {
        "note": said(due.fee.note)
    }


def ways(definition: Definition, case: str | None) -> list[Way]:
    """Each way to file in its own line."""
    channels = definition.channels or (Channel.DIRECT,)
    return [
        Way(
            str(CHANNELS[channel]),
            term_in_words(definition.term_for(case, channel)),
            priced(definition.fee_for(case, channel)),
        )
        for channel in channels
    ]


@dataclass(frozen=True)
class CaseLine:
    """One case with what holds for it in each way of filing."""

    name: str
    is_current: bool
    ways: list[Way]


def grid(definition: Definition, case: str | None) -> list[CaseLine]:
    """Case by case and way by way, so that they can be compared; nothing where there is only one case."""
    if len(definition.cases) < 2:
        return []
    return [CaseLine(said(one.name), one.id == case, ways(definition, one.id)) for one in definition.cases]


def first_way(definition: Definition, case: str | None) -> Way | None:
    """What most people want to know: online, if it can be filed so."""
    channels = sorted(definition.channels, key=lambda channel: channel is not Channel.ONLINE)
    if not channels:
        return None
    term, fee = definition.term_for(case, channels[0]), definition.fee_for(case, channels[0])
    return Way(str(CHANNELS[channels[0]]), term_in_words(term), priced(fee))


def papers(definition: Definition, case: str | None) -> list[PaperLine]:
    """The papers of a case, those the state already has first."""
    lines = [paper_line(paper) for paper in definition.papers_for(case)]
    return sorted(lines, key=lambda line: line.state != "ok")


def paper_line(paper: Paper) -> PaperLine:
    name, section = said(paper.name), said(paper.section)
    register = name_of(paper.unnecessary_if or "")
    if register and not paper.upload:
        hint = _("We read it from the %(register)s.") % {"register": register}
        return PaperLine(paper.id, name, hint, _("We have it"), "ok", "data")
    if register:
        hint = _("Not needed if the %(register)s already has it.") % {"register": register}
        return PaperLine(paper.id, name, hint, _("If asked"), "plain", "data")
    tag = "" if paper.required else _("If it applies")
    return PaperLine(paper.id, name, section or copies(paper), tag, "plain", "paper")


def copies(paper: Paper) -> str:
    """How many originals and copies, for those who file on paper."""
    parts = [
        ngettext("%(count)s original", "%(count)s originals", paper.originals or 0)
        % {"count": paper.originals}
        if paper.originals
        else "",
        ngettext("%(count)s copy", "%(count)s copies", paper.copies) % {"count": paper.copies}
        if paper.copies
        else "",
    ]
    return ", ".join(filter(None, parts))


def process(definition: Definition, case: str | None, offices: Mapping[str, str]) -> list[StepLine]:
    """The steps as a picture; those that run beside each other bear the same number."""
    begin = StepLine(_("You apply"), _("Online or at the counter"), "", "1", "now")
    drawn = picture(definition, case)
    return [
        begin,
        *(
            StepLine(said(box.name), holder(box, offices), time_of(box), str(number))
            for number, stage in enumerate(drawn.stages, start=2)
            for box in stage.boxes
        ),
    ]


def has_parallel(definition: Definition, case: str | None) -> bool:
    return any(stage.is_parallel for stage in picture(definition, case).stages)


def holder(box: Box, offices: Mapping[str, str]) -> str:
    """Who does a step, as people call them."""
    if box.kind is StepKind.AUTOMATIC:
        return _("The system")
    if box.kind.is_elsewhere:
        return offices.get(box.holder) or said(box.asks) or box.holder
    return role_name(box.holder)


def time_of(box: Box) -> str:
    return words.exact(box.hours) if box.hours else _("At once")


def offices_of(definition: Definition) -> dict[str, str]:
    """Names of the agencies that take part, by code."""
    codes = {step.agency for step in definition.steps if step.agency}
    return {agency.code: agency.name for agency in Agency.objects.filter(code__in=codes)}


def audience(definition: Definition) -> str:
    """Who may apply, as one sentence."""
    who = ", ".join(str(AUDIENCES[one]) for one in definition.audience.who)
    return said(definition.audience.note) or capfirst(f"{who}." if who else "")


def levels(definition_levels: list[str]) -> str:
    return ", ".join(str(LEVELS[Level(level)]) for level in definition_levels)


def asked(definition: Definition, case: str | None) -> int:
    """How many questions a person who lives an ordinary life answers by hand."""
    groups = [group for group in definition.form if not group.cases or case in group.cases]
    return sum(
        1
        for group in groups
        for field in group.fields
        if field.required and not field.prefill and not field.when
    )


@dataclass(frozen=True)
class Reach:
    """How far it can be done online, in one sentence, and what makes somebody come or send paper all the same."""

    state: str
    says: str
    reasons: tuple[tuple[str, str], ...]


def reach(definition: Definition) -> Reach:
    """What the readiness check says to the citizen: judged from the papers and steps, not from what is promised."""
    judgement = judged_here(definition)
    reasons = tuple((one.says, one.where) for one in judgement.reasons if one.weight is Weight.COMES)
    if judgement.verdict is OnlineKind.FULL:
        return Reach("ok", _("All of it online: you need not come, and you send no paper."), ())
    if judgement.verdict is OnlineKind.PARTIAL:
        return Reach("soon", _("Not all of it online: you may have to come once or send paper."), reasons)
    return Reach("plain", _("It cannot be filed online yet."), reasons)


def exempt(definition: Definition, case: str | None) -> list[tuple[str, str, str]]:
    """Who need not pay in a case, by which proof, and on which basis."""
    papers = {paper.id: said(paper.name) for paper in definition.papers}
    return [
        (said(one.name), papers.get(one.proof or "", ""), one.basis)
        for one in definition.exemptions
        if not one.cases or case in one.cases
    ]


def online_level(version: Version) -> tuple[str, str]:
    """What the rules of today call a service that is so far online, and the act that says so."""
    rules = rules_on(timezone.localdate())
    return said(rules.level_of(version).name), rules.basis[0].number


def kept_texts(definition: Definition) -> list[tuple[str, str]]:
    """What the national portal says where we could not take it apart, under its heading."""
    return [(str(RAW.get(key, key)), text) for key, text in {**definition.notes, **definition.raw}.items()]


def by_post(application: Application) -> tuple[str, int] | None:
    """Where the result goes by post, in one line, and what the postman asks for; None if it does not go by post."""
    said = application.answers
    if said.get("receive_by") != "post":
        return None
    parts = (said.get(f"receive_{part}") for part in ("name", "address", "commune", "province"))
    province = str(said.get("receive_province") or "")
    fee = postage(province, agency=application.agency, on=timezone.localdate())
    return ", ".join(str(part) for part in parts if part), fee
