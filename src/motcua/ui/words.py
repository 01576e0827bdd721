"""How the state writes dates, time left, numbers, money and names, in the language of the page."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

HOURS_A_DAY = 8
SOON = 8.0
SWAPPED = str.maketrans(".,", ",.")
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


def local[Moment: date](value: Moment) -> Moment:
    """The same moment on the clock of the country."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(timezone.get_default_timezone())
    return value


def day(value: date) -> str:
    """23/11/2026"""
    return f"{local(value):%d/%m/%Y}"


def short_day(value: date) -> str:
    """23/11"""
    return f"{local(value):%d/%m}"


def clock(value: datetime) -> str:
    """9:12"""
    here = local(value)
    return f"{here:%H:%M}".removeprefix("0")


def weekday(value: date) -> str:
    """thứ Hai, 23/11"""
    return _("%(weekday)s, %(day)s") % {"weekday": WEEKDAYS[local(value).weekday()], "day": short_day(value)}


def moment(value: datetime) -> str:
    """16/11/2026, 9:12"""
    here = local(value)
    return f"{here:%d/%m/%Y}, {f'{here:%H:%M}'.removeprefix('0')}"


def short_moment(value: datetime) -> str:
    """16/11, 9:12"""
    here = local(value)
    return f"{here:%d/%m}, {f'{here:%H:%M}'.removeprefix('0')}"


def full(value: datetime) -> str:
    """thứ Hai, 16/11/2026, 9:12"""
    weekday_name = str(WEEKDAYS[local(value).weekday()])
    return f"{weekday_name}, {moment(value)}"


def until(value: datetime) -> str:
    """thứ Hai, 23/11, trước 17:00"""
    here = local(value)
    return _("%(weekday)s, before %(clock)s") % {"weekday": weekday(here), "clock": clock(here)}


def promised(value: datetime) -> str:
    """Hẹn trả thứ Hai, 23/11, trước 17:00"""
    return _promised(value, get_language())


# A list is looked at all day, and its promises stay the same: each is put into words once in a language.
@lru_cache(maxsize=4096)
def _promised(value: datetime, _language: str | None) -> str:
    return _("Promised for %(until)s") % {"until": until(value)}


STYLES: dict[str, Callable[[datetime], str]] = {
    "day": day,
    "short_day": short_day,
    "clock": clock,
    "weekday": weekday,
    "moment": moment,
    "short_moment": short_moment,
    "full": full,
    "until": until,
    "promised": promised,
}


def term(hours: float) -> str:
    """A length of working time: “2 ngày làm việc”, “3 giờ”, “20 phút”."""
    if hours >= HOURS_A_DAY:
        days = int(hours // HOURS_A_DAY)
        return ngettext("%(count)s working day", "%(count)s working days", days) % {"count": days}
    if hours >= 1:
        return ngettext("%(count)s hour", "%(count)s hours", int(hours)) % {"count": int(hours)}
    minutes = max(1, round(hours * 60))
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def exact(hours: float) -> str:
    """A length of working time of which nothing is left off but minutes beside days: “1 ngày làm việc, 6 giờ”."""
    minutes = round(hours * 60)
    days, rest = divmod(minutes, HOURS_A_DAY * 60)
    parts = (days * HOURS_A_DAY, rest // 60, rest % 60 / 60 if not days else 0)
    return ", ".join(term(part) for part in parts if part) or term(hours)


def left(hours: float) -> str:
    """Working hours left before a deadline, in words; below zero they are hours of delay."""
    return (
        _("%(term)s left") % {"term": term(hours)}
        if hours >= 0
        else _("%(term)s late") % {"term": term(-hours)}
    )


def urgency(hours: float) -> str:
    """The state class of a deadline with so many working hours left."""
    if hours < 0:
        return "late"
    return "soon" if hours < SOON else "ok"


def number(value: float, places: int = 0) -> str:
    """19.300; 97,8"""
    written = f"{value:,.{places}f}"
    return written.translate(SWAPPED) if get_language() == "vi" else written


def money(amount: int) -> str:
    """10.000 đ"""
    return f"{number(amount)} đ"


def size(count: int) -> str:
    """1,8 MB"""
    if count < 1000:
        return _("%(count)s bytes") % {"count": count}
    value, unit = count / 1000, "KB"
    for bigger in ("MB", "GB"):
        if value >= 1000:
            value, unit = value / 1000, bigger
    return f"{number(value, 1 if unit != 'KB' else 0)} {unit}"


def personal_number(digits: str) -> str:
    """000 196 004 821"""
    return " ".join(digits[place : place + 3] for place in range(0, len(digits), 3))


def masked_number(digits: str) -> str:
    """000 196 ••• 821"""
    groups = personal_number(digits).split(" ")
    return " ".join([*groups[:2], *("•••" for _group in groups[2:-1]), *groups[2:][-1:]])


def masked_name(name: str) -> str:
    """T••• H• M••"""
    return " ".join(word[0] + "•" * (len(word) - 1) for word in name.split())


def called(name: str) -> str:
    """What one is called by: the last two words of a Vietnamese name."""
    return " ".join(name.split()[-2:])


def initials(name: str) -> str:
    """HM"""
    return "".join(word[0] for word in called(name).split()).upper()
