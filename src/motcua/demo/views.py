"""Pages only the demo has: a sign-in page that lists its people, and the mails they got."""

from email import policy
from email.parser import BytesParser
from pathlib import Path

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import login as sign_in_with_password
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from motcua.demo.history.people import OFFICERS
from motcua.demo.people import BY_KEY, PEOPLE, Person, at
from motcua.organisations.models import Agency
from motcua.people.models import Account

KNOWN = BY_KEY | {officer.key: officer for officer in OFFICERS}


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Choose who to be; or, as outside the demo, sign in with number and password."""
    if request.GET.get("way") == "password" or "login" in request.POST:
        answer: HttpResponseBase = sign_in_with_password(request)
        return answer
    if request.method == "POST":
        return become(request)
    goal = request.GET.get("next", "")
    # Whoever comes from another node may be anyone: identities are kept here for all.
    people = list(PEOPLE) if goal.startswith("/identity/") else at(settings.NODE.name)
    people += came_with_the_past(people)
    page = {
        "citizens": [person for person in people if not person.posts],
        "agencies": by_agency([person for person in people if person.posts]),
        "next": goal,
    }
    return render(request, "demo/sign_in.html", page)


def came_with_the_past(people: list[Person]) -> list[Person]:
    """Those of the demo's past who have an account here; it is there only if the demo was begun with one."""
    here = {person.node for person in people}
    known = set(Account.objects.filter(pk__in=[one.account for one in OFFICERS]).values_list("pk", flat=True))
    return [one for one in OFFICERS if one.node in here and one.account in known]


def by_agency(officers: list[Person]) -> list[tuple[str, list[Person]]]:
    """Officers under the name of the agency of their first post, in the order in which agencies first appear."""
    found: dict[str, list[Person]] = {}
    for officer in officers:
        found.setdefault(officer.posts[0][0], []).append(officer)
    names = {one.code: one.name for one in Agency.objects.filter(code__in=found)}
    return [(names.get(code, code), people) for code, people in found.items()]


def become(request: HttpRequest) -> HttpResponseBase:
    """Sign in as one of the demo's people, by the same road as with a password."""
    person = KNOWN.get(request.POST.get("person", ""))
    account = get_object_or_404(Account, pk=person.account if person else None)
    goal = request.POST.get("next", "")
    safe = goal if url_has_allowed_host_and_scheme(goal, allowed_hosts=None) else None
    home = "/desk/" if person and person.posts and "desk" in settings.NODE.contexts else "/"
    login = Login(user=account, redirect_url=safe or home)
    response: HttpResponseBase = perform_login(request, login)
    return response


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """Every mail this node has sent, newest first."""
    files = sorted(Path(settings.MAIL).glob("*"), key=lambda file: file.stat().st_mtime, reverse=True)
    read = [{"name": file.name, "mail": parsed(file)} for file in files[:100]]
    texts = sorted(Path(settings.TEXTS).glob("*.txt"), key=lambda file: file.stat().st_mtime, reverse=True)
    sent = [file.read_text("utf-8").partition("\n\n")[2] for file in texts[:100]]
    return render(request, "demo/mails.html", {"mails": read, "texts": sent})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as it was sent."""
    file = Path(settings.MAIL) / name
    if file.parent != Path(settings.MAIL) or not file.is_file():
        raise Http404
    message = parsed(file)
    body = message.get_body(("plain",))  # type: ignore[attr-defined]
    return render(request, "demo/mail.html", {"mail": message, "body": body.get_content() if body else ""})


def parsed(file: Path) -> object:
    """The mail in a file."""
    return BytesParser(policy=policy.default).parsebytes(file.read_bytes())
