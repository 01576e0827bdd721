"""Dates and times as Vietnamese official papers write them, in figures and in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def figures(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def clock(moment: datetime) -> str:
    """Write a moment as a receipt does: "14 giờ 05 phút, ngày 20/11/2026", in Vietnam's time."""
    return f"{moment.astimezone(VIETNAM):%H giờ %M phút, ngày %d/%m/%Y}"


def dated(day: date, place: str = "") -> str:
    """Write the line of place and date of decree 30/2020: days below 10 and months 1 and 2 take a nought."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    line = f"ngày {day.day:02} tháng {month} năm {day.year}"
    return f"{place}, {line}" if place else line.capitalize()


def spelled(day: date) -> str:
    """Spell a date out: "Ngày chín tháng mười một năm hai nghìn không trăm hai mươi sáu"."""
    month = "tư" if day.month == 4 else number(day.month)
    return f"Ngày {number(day.day)} tháng {month} năm {number(day.year)}"


def number(value: int) -> str:
    """Spell a whole number from 0 to 9999. Raises ValueError beyond."""
    if not 0 <= value <= 9999:
        raise ValueError(value)
    thousands, rest = divmod(value, 1000)
    if not thousands:
        return _hundreds(rest)
    head = f"{DIGITS[thousands]} nghìn"
    return f"{head} {_hundreds(rest, full=True)}" if rest else head


def spelled_money(amount: int) -> str:
    """Spell an amount of đồng from 0 to 999,999,999,999: "Mười sáu nghìn đồng". Raises ValueError beyond."""
    if not 0 <= amount < 10**12:
        raise ValueError(amount)
    said: list[str] = []
    for scale, name in ((10**9, "tỷ"), (10**6, "triệu"), (1000, "nghìn"), (1, "")):
        group = amount // scale % 1000
        if group:
            said += [_hundreds(group, full=bool(said)), name]
    words = " ".join(filter(None, said)) or DIGITS[0]
    return f"{words[0].upper()}{words[1:]} đồng"


def _hundreds(value: int, *, full: bool = False) -> str:
    hundreds, rest = divmod(value, 100)
    if not hundreds and not full:
        return _tens(rest)
    head = f"{DIGITS[hundreds]} trăm"
    if not rest:
        return head
    return f"{head} linh {DIGITS[rest]}" if rest < 10 else f"{head} {_tens(rest)}"


def _tens(value: int) -> str:
    tens, unit = divmod(value, 10)
    if not tens:
        return DIGITS[unit]
    head = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    return f"{head} {_unit(unit, tens)}" if unit else head


def _unit(unit: int, tens: int) -> str:
    """The unit changes its sound after ten and after the tens: mười lăm, hai mươi mốt, hai mươi tư."""
    if unit == 5:
        return "lăm"
    if tens > 1:
        return {1: "mốt", 4: "tư"}.get(unit, DIGITS[unit])
    return DIGITS[unit]
