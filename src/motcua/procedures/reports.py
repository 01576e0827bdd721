"""The readiness of procedures as tables: for the terminal, and as CSV for a spreadsheet."""

import csv
from collections import Counter
from collections.abc import Iterable
from typing import IO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rich.table import Table

from motcua.procedures.models import Version
from motcua.procedures.readiness import Judgement
from motcua.procedures.words import HINDRANCES, VERDICTS


def summary_table(versions: Iterable[Version]) -> Table:
    """How many procedures reach how far, and how many each hindrance keeps back."""
    verdicts, hindrances, unread, claims = Counter[str](), Counter[str](), 0, 0
    for version in versions:
        verdicts[version.readiness] += 1
        hindrances.update(version.hindrances)
        unread += not version.is_understood
        claims += version.claims_too_much
    table = Table(_("Verdict or reason"), _("Procedures"))
    for verdict, count in verdicts.most_common():
        table.add_row(str(VERDICTS.get(verdict, verdict or "–")), str(count))
    table.add_section()
    for hindrance, count in hindrances.most_common():
        table.add_row(str(HINDRANCES[hindrance]), str(count))
    table.add_section()
    table.add_row(_("offered as fully online, but is not"), str(claims))
    table.add_row(_("judged only in part: the source was not understood in full"), str(unread))
    return table


def reasons_table(judgement: Judgement) -> Table:
    """Every reason of one procedure, with what to change."""
    table = Table(_("Reason"), _("Where"), _("What to change"), caption=str(VERDICTS[judgement.verdict]))
    for reason in judgement.reasons:
        table.add_row(reason.says, reason.where, reason.change)
    return table


def write_csv(versions: Iterable[Version], file: IO[str]) -> None:
    """A line for each reason; a procedure without any has one line all the same."""
    lines = csv.writer(file)
    lines.writerow(
        ["code", "name", "source", "claimed", "verdict", "understood", "reason", "weight", "where", "change"]
    )
    language = get_language() or "vi"
    for version in versions:
        judgement = version.judgement
        head = [version.code, version.name_in(language), version.source, version.online, judgement.verdict]
        head.append("yes" if judgement.is_sure else "no")
        reasons = [
            [reason.hindrance, reason.weight, reason.where, reason.change] for reason in judgement.reasons
        ]
        lines.writerows([*head, *more] for more in reasons or [["", "", "", ""]])
