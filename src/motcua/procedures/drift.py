"""The drift report: what places have set for themselves, beside what holds in the whole country.

The table of overlays is the report; nothing is compared with copies, because there are none.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.organisations.names import role_name
from motcua.procedures.localising import Key
from motcua.procedures.models import Overlay, Version
from motcua.procedures.schema import Definition, Fee, Term, Text
from motcua.procedures.vocabulary import Channel
from motcua.procedures.words import CHANNELS, KEYS, priced, term_in_words


@dataclass(frozen=True)
class Difference:
    """One line of the report, as people read it."""

    overlay: Overlay
    code: str
    name: str
    agency: str
    what: str
    part: str
    national: str
    local: str


def differences(overlays: Iterable[Overlay], on: dt.date) -> Iterator[Difference]:
    """What these overlays make different from the versions in force on a day; two queries, however many there are."""
    rows = list(overlays)
    varied = {row.procedure_id for row in rows}
    versions = Version.objects.in_force(on).filter(procedure__in=varied).defer("content") if varied else ()
    known = {version.procedure_id: version for version in versions}
    language = get_language() or "vi"
    for row in rows:
        version = known.get(row.procedure_id)
        if version is None:
            continue
        definition = version.definition
        yield Difference(
            overlay=row,
            code=row.procedure.code,
            name=version.name_in(language),
            agency=row.agency.name if language == "en" else row.agency.short_name,
            what=str(KEYS[row.key]),
            part=part_of(definition, row),
            national=national(definition, row),
            local=local(definition, row),
        )


def part_of(definition: Definition, row: Overlay) -> str:
    """For which case, way of filing or step it holds; empty for all."""
    language = get_language() or "vi"
    cases = {case.id: case.name.said_in(language) for case in definition.cases}
    steps = {step.id: step.name.said_in(language) for step in definition.steps}
    named = [cases.get(row.case, row.case), steps.get(row.step, row.step)]
    if row.channel and row.key != Key.CHANNEL:
        named.append(str(CHANNELS[Channel(row.channel)]))
    return ", ".join(filter(None, named))


def national(definition: Definition, row: Overlay) -> str:
    """The value that holds in the whole country for the same part."""
    case = row.case or (definition.cases[0].id if definition.cases else None)
    channel = row.channel or next(iter(definition.channels), "")
    match row.key:
        case Key.FEE:
            return priced(definition.fee_for(case, channel)) or "–"
        case Key.TERM:
            return term_in_words(definition.term_for(case, channel)) or "–"
        case Key.OFFICE:
            return definition.agency.said_in(get_language() or "vi") if definition.agency else "–"
        case Key.HOLDER:
            return next((role_name(step.role or "") for step in definition.steps if step.id == row.step), "–")
        case Key.CHANNEL:
            return ", ".join(str(CHANNELS[one]) for one in definition.channels)
    return "–"


def local(definition: Definition, row: Overlay) -> str:
    """The value the place has set."""
    case = row.case or (definition.cases[0].id if definition.cases else None)
    channel = row.channel or next(iter(definition.channels), "")
    match row.key:
        case Key.FEE:
            return priced(Fee(amount=row.value))
        case Key.TERM:
            like = definition.term_for(case, channel)
            return term_in_words(Term(value=row.value, unit=like.unit if like else None))
        case Key.OFFICE:
            return Text.model_validate(row.value).said_in(get_language() or "vi")
        case Key.HOLDER:
            return role_name(str(row.value))
        case Key.CHANNEL:
            return _("also %(way)s") % {"way": str(CHANNELS[Channel(row.channel)]).lower()}
    return "–"


def write_csv(found: Iterable[Difference], file: IO[str]) -> None:
    """The report for a spreadsheet."""
    lines = csv.writer(file)
    lines.writerow(
        ["code", "name", "agency", "what", "part", "national", "local", "since", "until", "decision"]
    )
    for one in found:
        dates = (one.overlay.effective_from, one.overlay.effective_until)
        told = [one.code, one.name, one.overlay.agency_id, one.what, one.part, one.national, one.local]
        lines.writerow([*told, *(day.isoformat() if day else "" for day in dates), one.overlay.decision])
