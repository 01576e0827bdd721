"""The promised day, or an appointment, as a calendar file (RFC 5545), so that a telephone reminds of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers.models import Application
from motcua.portal import standing
from motcua.queues.models import Booking

MEDIA = "text/calendar; charset=utf-8"
OCTETS = 75  # RFC 5545, 3.1: a line is folded at 75 octets


@dataclass(frozen=True)
class Event:
    """What stands in a calendar: always the same event for the same `id`, however often it is taken over."""

    id: str
    begins_at: datetime
    ends_at: datetime
    summary: str
    description: str
    path: str
    # How long before it one is reminded (RFC 5545, 3.3.6), and with which words.
    before: str
    reminder: str


def of(application: Application, *, now: datetime) -> str:
    """One event at the moment the result is due, with a reminder the day before."""
    assert application.due_at  # noqa: S101 — who calls has seen that something is promised
    where = _("Dossier %(code)s at %(agency)s") % {
        "code": application.code,
        "agency": application.agency_name,
    }
    return written(
        Event(
            str(application.pk),
            application.due_at,
            application.due_at + timedelta(minutes=30),
            _("Result due: %(name)s") % {"name": standing.title(application)},
            where,
            reverse("portal:application", args=[application.pk]),
            "P1D",
            _("Your result is due tomorrow."),
        ),
        now=now,
    )


def of_booking(booking: Booking, *, now: datetime) -> str:
    """One event at the time of an appointment, with a reminder two hours before."""
    told = {"agency": booking.agency_name, "name": booking.name, "code": booking.code}
    return written(
        Event(
            str(booking.pk),
            booking.begins_at,
            booking.ends_at,
            _("Appointment at %(agency)s") % told,
            _("%(name)s. Code for the ticket machine: %(code)s") % told,
            reverse("portal:appointment", args=[booking.pk]),
            "PT2H",
            _("You have an appointment in two hours."),
        ),
        now=now,
    )


def written(event: Event, *, now: datetime) -> str:
    """The event as the file has it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mot Cua//Portal//VI",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{event.id}@{settings.NODE.name}.motcua",
        f"DTSTAMP:{moment(now)}",
        f"DTSTART:{moment(event.begins_at)}",
        f"DTEND:{moment(event.ends_at)}",
        f"SUMMARY:{escaped(event.summary)}",
        f"DESCRIPTION:{escaped(event.description)}",
        f"URL:{settings.NODE.web_url}{event.path}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:-{event.before}",
        f"DESCRIPTION:{escaped(event.reminder)}",
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
