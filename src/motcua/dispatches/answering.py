"""Which receivers answered in time what they were asked, which late, and which owe it still: counted from the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from motcua.dispatches.models.mails import names_of
from motcua.dispatches.statistics import Period, midnight, percent, rows

# Each receiver's tasks given in a period; what was refused, recalled or replaced and never answered is no task any more.
COUNT = """
WITH given AS (
    SELECT about, facts->>'agency' AS agency, (facts->>'answer_by')::date AS last FROM journal_entry
    WHERE event = 'dispatches.TaskGiven' AND at >= %(since)s AND at < %(until)s AND facts->>'sender' = ANY(%(senders)s)
), answer AS (
    SELECT DISTINCT ON (about, facts->>'agency') about, facts->>'agency' AS agency, (facts->>'in_time')::boolean AS in_time
    FROM journal_entry WHERE event IN ('dispatches.TaskAnswered', 'dispatches.AnswerLost')
    AND about IN (SELECT about FROM given) ORDER BY about, facts->>'agency', id DESC
), standing AS (
    SELECT about, facts->>'agency' AS agency, bool_or(facts->>'state' = '06') AS done,
           bool_or(facts->>'state' IN ('02', '15')) AS dropped
    FROM journal_entry WHERE event = 'dispatches.StandingTold' AND about IN (SELECT about FROM given) GROUP BY 1, 2
), task AS (
    SELECT agency, last < %(today)s AS is_over, in_time, in_time IS NULL AND done IS TRUE AS done,
           in_time IS NULL AND done IS NOT TRUE AS owed
    FROM given LEFT JOIN answer USING (about, agency) LEFT JOIN standing USING (about, agency)
    WHERE in_time IS NOT NULL OR dropped IS NOT TRUE
)
SELECT agency, count(*), count(*) FILTER (WHERE in_time), count(*) FILTER (WHERE NOT in_time), count(*) FILTER (WHERE done),
       count(*) FILTER (WHERE owed AND NOT is_over), count(*) FILTER (WHERE owed AND is_over)
FROM task GROUP BY agency ORDER BY agency
"""


@dataclass(frozen=True)
class Answered:
    """The tasks of one receiver in a period."""

    code: str
    name: str
    given: int = 0
    in_time: int = 0
    late: int = 0
    done: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def owed(self) -> int:
        """How many answers are still to come, in time or overdue."""
        return self.open + self.overdue

    @property
    def percent_in_time(self) -> float | None:
        """Of those that are answered or overdue: what is still open, or was done without an answer, says nothing of time."""
        return percent(self.in_time, self.in_time + self.late + self.overdue)


def answered(senders: Sequence[str], period: Period, today: date) -> list[Answered]:
    """Every receiver who was asked for an answer by one of these agencies in the period, by its code."""
    asked = {
        "senders": list(senders),
        "since": midnight(period.first),
        "until": midnight(period.after),
        "today": today,
    }
    found = rows(COUNT, asked)
    names = names_of([code for code, *_ in found])
    return [Answered(code, names[code], *numbers) for code, *numbers in found]


def all_together(lines: Sequence[Answered]) -> Answered:
    """The sums of all receivers."""
    names = ("given", "in_time", "late", "done", "open", "overdue")
    return Answered("", "", *(sum(getattr(one, name) for one in lines) for name in names))
