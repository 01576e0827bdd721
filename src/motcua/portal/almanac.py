"""The promised day as a calendar file (RFC 5545), so that a telephone reminds of it."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers.models import Application
from motcua.portal import standing

MEDIA = "text/calendar; charset=utf-8"
OCTETS = 75  # RFC 5545, 3.1: a line is folded at 75 octets


def of(application: Application, *, now: datetime) -> str:
    """One event at the moment the result is due, with a reminder the day before; again and again the same event."""
    assert application.due_at  # noqa: S101 — who calls has seen that something is promised
    where = _("Dossier %(code)s at %(agency)s") % {
        "code": application.code,
        "agency": application.agency_name,
    }
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mot Cua//Portal//VI",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{application.pk}@{settings.NODE.name}.motcua",
        f"DTSTAMP:{moment(now)}",
        f"DTSTART:{moment(application.due_at)}",
        f"DTEND:{moment(application.due_at + timedelta(minutes=30))}",
        f"SUMMARY:{escaped(_('Result due: %(name)s') % {'name': standing.title(application)})}",
        f"DESCRIPTION:{escaped(where)}",
        f"URL:{settings.NODE.web_url}{reverse('portal:application', args=[application.pk])}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-P1D",
        f"DESCRIPTION:{escaped(_('Your result is due tomorrow.'))}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """Text as RFC 5545, 3.3.11 wants it; what separates or ends values is marked."""
    marked = text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    return r"\n".join(line.strip() for line in marked.splitlines())


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never through the middle of a letter."""
    pieces, piece, length = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if length + octets > OCTETS:
            pieces.append(piece)
            piece, length = "", 1  # the blank that begins the next piece counts
        piece, length = piece + letter, length + octets
    return "\r\n ".join([*pieces, piece])
