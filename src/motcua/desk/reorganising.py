"""A reorganisation at the desk: the form in which its file is written, what it says, and the picture of before and after."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext, gettext_lazy, ngettext

from motcua.desk.forms.filing import AsFile, text_of_file
from motcua.dossiers.models import Dossier
from motcua.organisations.models import Post
from motcua.people.models import Appointment
from motcua.reorganisations.models import Plan
from motcua.reorganisations.scheme import Allotment, Posting, Scheme, read
from motcua.reorganisations.trial import LIVING, Trial

LONGEST = 100_000
# In the units of the view box: narrow enough to be read on a telephone.
WIDTH, BOX, GAP, LINE = 360.0, 144.0, 14.0, 16.0
LETTERS = 16


class Written(AsFile[Scheme]):
    """The whole plan as its file."""

    text = text_of_file(
        gettext_lazy("The plan as a file"),
        hint=gettext_lazy("The same file that `motcua reorganise check` reads."),
        missing=gettext_lazy("Write the plan."),
        rows=24,
        most=LONGEST,
    )

    def read(self, text: str) -> Scheme:
        return read(text)


# The picture


@dataclass
class Box:
    """An agency before or after: where it stands, its name in lines, what lies there."""

    code: str
    lines: Sequence[str]
    words: Sequence[str]
    y: float
    height: float
    is_ending: bool = False

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def written(self) -> list[tuple[float, str]]:
        """Each line of the name with its height."""
        return [(self.y + 20 + number * LINE, line) for number, line in enumerate(self.lines)]

    @property
    def held(self) -> list[tuple[float, str]]:
        """What lies there, below the name."""
        below = self.y + 20 + len(self.lines) * LINE
        return [(below + number * LINE, line) for number, line in enumerate(self.words)]


@dataclass(frozen=True)
class Arrow:
    """Who goes where: the path, and the number of dossiers on it; dashed where nothing moves."""

    path: str
    y: float
    words: str
    is_still: bool


@dataclass
class Picture:
    """Agencies before on the left, after on the right; 360 units wide, all on whole numbers."""

    before: list[Box]
    after: list[Box]
    arrows: list[Arrow] = field(default_factory=list)

    @property
    def height(self) -> int:
        return int(max(box.y + box.height for box in (*self.before, *self.after)) + 2)


type Flows = Mapping[tuple[str, str], int]


def picture(trial: Trial, dossiers: Flows, officers: Flows) -> Picture:
    """What the plan does, drawn; agencies that go on stand on both sides with what they have already."""
    heirs = trial.scheme.heirs
    staying = [code for code in heirs if code in trial.agencies]
    lying = standing(staying)
    flows = dict(dossiers) | {(code, code): lying[code][0] for code in staying}
    hands = dict(officers) | {(code, code): lying[code][1] for code in staying}
    before = column(trial, [*trial.endings, *staying], flows, hands, side=0)
    after = column(trial, heirs, flows, hands, side=1)
    for box in before:
        box.is_ending = box.code in trial.endings
    shorter, longer = sorted((before, after), key=lambda boxes: boxes[-1].y + boxes[-1].height)
    shift = (longer[-1].y + longer[-1].height - shorter[-1].y - shorter[-1].height) / 2
    for box in shorter:
        box.y += round(shift)
    pairs = {(one.code, heir): 0 for one in trial.scheme.old for heir in one.heirs} | flows
    return Picture(before, after, list(arrows(before, after, pairs)))


def column(trial: Trial, codes: Sequence[str], flows: Flows, hands: Flows, *, side: int) -> list[Box]:
    """The boxes of one side, one below the other."""
    boxes, y = list[Box](), 1.0
    for code in codes:
        lines = textwrap.wrap(trial.name(code), LETTERS)[:3]
        height = 14 + LINE * (len(lines) + 2)
        boxes.append(Box(code, lines, holding(total(flows, code, side), total(hands, code, side)), y, height))
        y += height + GAP
    return boxes


def arrows(before: Iterable[Box], after: Iterable[Box], flows: Flows) -> Iterable[Arrow]:
    starts, ends = {box.code: box for box in before}, {box.code: box for box in after}
    middle = WIDTH / 2
    for (old, new), number in flows.items():
        if old in starts and new in ends:
            y, to = round(starts[old].middle), round(ends[new].middle)
            path = f"M{BOX:.0f} {y}C{middle:.0f} {y} {middle:.0f} {to} {WIDTH - BOX - 7:.0f} {to}"
            yield Arrow(path, (y + to) / 2, "" if old == new else str(number), old == new)


def holding(dossiers: int, officers: int) -> list[str]:
    """“12 dossiers”, “3 officers”"""
    return [
        ngettext("%(count)s dossier", "%(count)s dossiers", dossiers) % {"count": dossiers},
        ngettext("%(count)s officer", "%(count)s officers", officers) % {"count": officers},
    ]


def total(flows: Flows, code: str, side: int) -> int:
    return sum(number for pair, number in flows.items() if pair[side] == code)


def standing(codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many open dossiers and officers agencies have now: two queries."""
    lying = Dossier.objects.filter(agency__in=codes, state__in=LIVING).order_by()
    held = Appointment.objects.in_force().filter(post__agency__in=codes).order_by()
    dossiers = dict(lying.values_list("agency").annotate(Count("pk")))
    officers = dict(held.values_list("post__agency").annotate(Count("pk")))
    return {code: (dossiers.get(code, 0), officers.get(code, 0)) for code in codes}


def moved(plan: Plan) -> dict[tuple[str, str], int]:
    """What has moved so far, from the plan's report: (from, to) → dossiers."""
    found = plan.report.get("dossiers", {})
    return {(pair.split()[0], pair.split()[1]): number for pair, number in found.items()}


# What the plan's page says of each entry


def entries_of(plan: Plan, trial: Trial) -> dict[str, Any]:
    """What a plan says, entry by entry, in the names of today, or of its day for what begins."""
    old, new = plan.scheme.old, plan.scheme.new
    return {
        "endings": [
            (
                one,
                trial.name(one.code),
                trial.name(one.into),
                [(dossiers_of(rule), trial.name(rule.to or "")) for rule in one.dossiers],
                [(posts_of(rule), trial.name(rule.to or ""), rule) for rule in one.posts],
            )
            for one in old
        ],
        "newcomers": [(one, one.code in trial.agencies) for one in new],
        "is_removable": len(old) + len(new) > 1,
    }


def dossiers_of(rule: Allotment) -> str:
    """Which dossiers a rule is about: “2.000986, Tả Van”."""
    words = [*rule.procedures, *(rule.contains if rule.field else ())]
    return ", ".join(words) or gettext("with their officer")


def posts_of(rule: Posting) -> str:
    """Which posts a rule is about: “the head, Giàng A Pả”."""
    roles = [str(Post.Role(role).label) for role in rule.roles]
    return ", ".join([*roles, *rule.titles, *rule.names])
