"""One's own: dossiers, notices, papers, and who has read one's data."""

from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.people.middleware import ActorRequest
from motcua.people.models import Account
from motcua.portal import own
from motcua.portal.agencies import answering
from motcua.portal.appointing import appointments
from motcua.portal.brought import brought
from motcua.portal.opened import opened
from motcua.portal.paying import together
from motcua.portal.readings import named, place, readings_of
from motcua.portal.represented import choices, represented_by, subject_of
from motcua.portal.standing import headline, rows, waits
from motcua.ui.addresses import address
from motcua.ui.context import Link

ON_A_PAGE = 20


@login_required
@require_safe
def dossiers(request: ActorRequest) -> HttpResponseBase:
    """Every application of one's own, the last changed first."""
    me, today = account(request).pk, timezone.localdate()
    known = own.known(me, today)
    page = Paginator(known, ON_A_PAGE).get_page(request.GET.get("page"))
    first = (page.number - 1) * ON_A_PAGE
    shown = rows(own.newest(first, first + ON_A_PAGE)(me, today), now=timezone.now())
    waiting = {one.pk for one in known if waits(one)}
    context = {
        "tabs": tabs(request, "my"),
        "headline": headline(known),
        "waiting": [row for row in shown if row.id in waiting],
        "together": together(known),
        "rows": shown,
        "page": page,
        "appointments": appointments(request.actor),
        "brought": brought(request.actor) if page.number == 1 else [],
    }
    return render(request, "portal/my/dossiers.html", context)


@login_required
@require_safe
def inbox(request: ActorRequest) -> HttpResponseBase:
    """What one has been told, newest first."""
    page = Paginator(Notice.objects.to(account(request)), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = tabs(request, "inbox")
    return render(request, "portal/my/inbox.html", {"tabs": shown, "unread": shown[1].count, "page": page})


@login_required
@require_POST
def open_notice(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A notice is read, and leads to what it is about."""
    notice = get_object_or_404(Notice.objects.to(account(request)), pk=pk)
    notices.read(notice, by=request.actor)
    return redirect(notice.link or address("portal:inbox"))


@login_required
@require_POST
def read_all(request: ActorRequest) -> HttpResponseBase:
    """Everything that was told is read."""
    for notice in Notice.objects.to(account(request)).unread():
        notices.read(notice, by=request.actor)
    return redirect("portal:inbox")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: ActorRequest) -> HttpResponseBase:
    """Every reading of one's records in all registers, or of a child's or a business's that one represents.

    A POST asks the registers again: what they said is forgotten after any (`middleware.Afresh`).
    """
    if request.method == "POST":
        return redirect(request.get_full_path())
    me, today, represented = account(request).pk, timezone.localdate(), represented_by(request.actor)
    subject = subject_of(account(request), request.GET.get("of", ""), represented)
    upto = place(request.GET.get("upto", ""))
    only = request.GET.get("register", "") if upto else ""
    if only and only not in subject.registers:
        raise Http404
    told = readings_of(subject, by=request.actor, visit=request.session, only=only, upto=upto)
    answers = answering()
    registers = named(told.registers, called(me, today), subject=subject, answers=answers)
    page = {
        "tabs": tabs(request, "data"),
        "choices": choices(subject, represented),
        "subject": subject,
        "registers": registers,
        "told_at": told.at,
        "is_later": bool(only),
        "openings": None if only else opened(account(request), subject, answers, page_of_openings(request)),
        "petitions": own.questions(me),
    }
    return render(request, "portal/my/data.html", page)


def page_of_openings(request: ActorRequest) -> int:
    """Which page of who opened one's dossiers is asked for; the first, if it is none."""
    asked = request.GET.get("openings", "")
    return min(int(asked), own.PAGES) if asked.isdecimal() and int(asked[:4]) > 0 and len(asked) < 5 else 1


def called(me: UUID, today: date) -> dict[str, str]:
    """What one's own applications are called, by the id under which a register was read before they had a code."""
    mine = own.codes(me, today)
    return {str(pk): code or _("your application, before it had a code") for pk, code in mine}


def tabs(request: ActorRequest, current: str) -> list[Link]:
    """The five pages of one's own."""
    unread = own.unread.first(account(request).pk)
    return [
        Link(_("Dossiers"), address("portal:my"), current == "my"),
        Link(_("Messages"), address("portal:inbox"), current == "inbox", unread),
        Link(_("Wallet"), address("portal:wallet"), current == "wallet"),
        Link(_("Who has read my data"), address("portal:data"), current == "data"),
        Link(_("Acting for others"), address("portal:mandates"), current == "mandates"),
    ]


def account(request: HttpRequest) -> Account:
    """Who is signed in; `login_required` has seen to it that someone is."""
    assert isinstance(request.user, Account)  # noqa: S101 — for the type checker
    return request.user
