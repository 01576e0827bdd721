"""How services are truly used: brought to the counter though they are online, longer or late more often than their peers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from motcua.dossiers.states import Channel
from motcua.indicators.models import Count, Kind
from motcua.procedures.lengths import longest_fit, middles
from motcua.procedures.models import Version

# Fewer dossiers than this say nothing about a service.
LEAST = 20
# By how much the share that was late must be above that of the other services of the field.
WORSE = 0.10


@dataclass(frozen=True)
class Use:
    """What was counted of a procedure in a span of days."""

    filed: int = 0
    online: int = 0
    finished: int = 0
    overdue: int = 0

    @property
    def is_mostly_at_counter(self) -> bool:
        """Open online, and yet fewer than half of them come so."""
        return self.filed >= LEAST and 2 * self.online < self.filed

    @property
    def late(self) -> float:
        """The share of what was finished that was finished late."""
        return self.overdue / self.finished if self.finished else 0.0

    def __add__(self, other: "Use") -> "Use":
        return Use(
            self.filed + other.filed,
            self.online + other.online,
            self.finished + other.finished,
            self.overdue + other.overdue,
        )

    def __sub__(self, other: "Use") -> "Use":
        return self + Use(-other.filed, -other.online, -other.finished, -other.overdue)


@dataclass(frozen=True)
class Usage:
    """The uses of all procedures in a span, and of the fields they belong to."""

    uses: Mapping[str, Use] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    whole: Mapping[str, Use] = field(default_factory=dict)
    # How long the middle service of a field may take, in days.
    middles: Mapping[str, float] = field(default_factory=dict)

    def of(self, code: str) -> Use:
        return self.uses.get(code, Use())

    def peers(self, code: str) -> Use:
        """The other services of its field together."""
        return self.whole.get(self.fields.get(code, ""), Use()) - self.of(code)

    def is_late(self, code: str) -> bool:
        """Late clearly more often than its peers, where there is enough of both to say so."""
        own, peers = self.of(code), self.peers(code)
        return min(own.finished, peers.finished) >= LEAST and own.late > peers.late + WORSE

    def is_long(self, version: Version) -> bool:
        """May take much longer than most services of its field."""
        own, middle = version.term_days, self.middles.get(version.field_vi)
        return own is not None and middle is not None and own > longest_fit(middle)

    @property
    def at_counter(self) -> list[str]:
        return [code for code, use in self.uses.items() if use.is_mostly_at_counter]

    @property
    def late(self) -> list[str]:
        return [code for code in self.uses if self.is_late(code)]


def usage(today: date, days: int) -> Usage:
    """What was counted in the last days; three queries, however many services there are."""
    kinds = {Kind.FILED: "filed", Kind.FINISHED: "finished", Kind.OVERDUE: "overdue"}
    sums = {name: Sum("number", filter=Q(kind=kind), default=0) for kind, name in kinds.items()}
    online = Sum("number", filter=Q(kind=Kind.FILED, channel=Channel.ONLINE), default=0)
    counted = Count.objects.filter(day__gte=today - timedelta(days=days), kind__in=list(kinds))
    rows = counted.values("procedure").order_by().annotate(**sums, online=online)
    names = ("procedure", "filed", "online", "finished", "overdue")
    uses = {str(code): Use(*numbers) for code, *numbers in rows.values_list(*names)}
    known = Version.objects.in_force(today).filter(procedure__code__in=list(uses))
    fields = dict(known.values_list("procedure__code", "field_vi"))
    whole: dict[str, Use] = {}
    for code, use in uses.items():
        name = fields.get(code, "")
        whole[name] = whole.get(name, Use()) + use
    return Usage(uses, fields, whole, middles(Version.objects.in_force(today)))


def reasons(version: Version, found: Usage, *, is_unused: bool) -> Iterator[tuple[str, str]]:
    """What its use says against a service, each with what to do."""
    code = version.code
    own = found.of(code)
    if is_unused:
        yield (
            _("It can be filed online, and nobody has filed it."),
            _("Ask those who need it why; bring it together with what they do file, or abolish it."),
        )
    if own.is_mostly_at_counter:
        yield (
            _("Most still bring it to the counter: %(online)d of %(filed)d came online.")
            % {"online": own.online, "filed": own.filed},
            _("Watch five of them at the counter: what they ask there is what the form does not say."),
        )
    if found.is_long(version):
        yield (
            _("It may take %(own)d days; half of the services of its field may take no more than %(middle)d.")
            % {"own": version.term_days, "middle": round(found.middles[version.field_vi])},
            _("Ask of each step what the time is for, and promise less."),
        )
    if found.is_late(code):
        yield (
            _(
                "It is late more often than the other services of its field: %(own).0f%% against %(peers).0f%%."
            )
            % {"own": 100 * own.late, "peers": 100 * found.peers(code).late},
            _("Look at the step in which it waits longest, on the page of the agency."),
        )
