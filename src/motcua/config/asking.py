"""Who asks what of a node with a million dossiers, and how often: sessions of several people, and what each opens or does."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from motcua.config.pairs import MOST, fitting, post
from motcua.demo.nodes import SA_PA

# Officers of three communes; heads; who sits at a counter; citizens with drafts of their own.
OFFICERS = ("lam", "dua", "buoi", "suong", "man", "vai", "pa", "san")
HEADS, COUNTERS, CITIZENS = ("lua", "che", "dung"), ("suong", "bi"), ("may", "suoi", "doi")
WORDS = (
    "khai sinh",
    "dang ky ket hon",
    "chung thuc",
    "giấy phép xây dựng",
    "dang ki khai sihn",
    "trợ cấp xã hội",
)
NAMES = ("Nguyễn", "Trần", "Lò Văn", "Giàng")
# In a hundred.
READING = {
    "work list, eight officers": 24,
    "a dossier at the desk": 20,
    "work list, found by name": 6,
    "whole agency, ended in 30 days": 4,
    "head of the agency": 3,
    "nine indicators": 2,
    "reception at the counter": 6,
    "late dossiers, public": 4,
    "front page of the portal": 6,
    "a procedure": 6,
    "search of the catalogue": 6,
    "tracking by code": 5,
    "my dossiers, three citizens": 4,
}
RECEIVE, PROPOSE, BRING, ACCEPT = (
    "an officer receives",
    "an officer proposes",
    "API: bring a dossier",
    "API: receive it",
)
# The last stands for two requests, one after the other.
WRITING = {RECEIVE: 2, PROPOSE: 1, BRING: 1}
DRAFTS, LOOKED_AT = 30, 60

type Door = dict[str, Any]


def enter(requests: int) -> list[Door]:
    """At the node: for each kind of request the ways to make it, and how often; dossiers to write on are brought in before."""
    sessions = Sessions()
    reading = [
        {"name": name, "weight": READING[name], "ways": ways} for name, ways in pages(sessions).items()
    ]
    return [*reading, *writing(sessions, requests)]


class Sessions:
    """Who has signed in at the node, each once."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, str]] = {}

    def of(self, key: str) -> dict[str, str]:
        """What the browser of one of the demo's people sends along; of a stranger for an empty key."""
        if key not in self.known:
            self.known[key] = self.signed_in(key)
        return self.known[key]

    def signed_in(self, key: str) -> dict[str, str]:
        from django.conf import settings  # noqa: PLC0415 — models need the child's settings
        from django.middleware.csrf import _get_new_csrf_string  # noqa: PLC0415
        from django.test import Client  # noqa: PLC0415

        from motcua.demo.people import BY_KEY  # noqa: PLC0415
        from motcua.people.models import Account  # noqa: PLC0415

        if not key:
            return {}
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(Account.objects.get(pk=BY_KEY[key].account))
        secret = _get_new_csrf_string()
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        cookies[settings.CSRF_COOKIE_NAME] = secret
        return {"Cookie": "; ".join(f"{one}={said}" for one, said in cookies.items()), "X-CSRFToken": secret}


def pages(sessions: Sessions) -> dict[str, list[Any]]:
    """For each kind of page who asks for which address."""
    from motcua.demo.people import BY_KEY  # noqa: PLC0415 — as above
    from motcua.dossiers.models import Dossier  # noqa: PLC0415

    def each(people: Iterable[str], *paths: str) -> list[Any]:
        return [way(path, sessions.of(key)) for key in people for path in paths]

    coded = Dossier.objects.exclude(code=None).order_by("id").values_list("code", flat=True)[:200]
    at = {key: BY_KEY[key].posts[0][0] for key in OFFICERS}
    lying = {
        place: Dossier.objects.filter(agency=place).order_by("id").values_list("pk", flat=True)[:LOOKED_AT]
        for place in set(at.values())
    }
    citizens()
    found = [f"/desk/?q={quote(name)}" for name in NAMES]
    asked = [
        each(OFFICERS, "/desk/"),
        [way(f"/desk/dossiers/{pk}/", sessions.of(key)) for key in OFFICERS for pk in lying[at[key]]],
        each(OFFICERS, *found),
        each(OFFICERS, "/desk/?show=closed"),
        each(HEADS, "/desk/agency/"),
        each(HEADS, "/desk/agency/indicators/"),
        each(COUNTERS, "/desk/counter/"),
        each([""], "/overdue/"),
        each([""], "/"),
        each([""], "/procedures/2.000986/", "/procedures/1.004222/"),
        each([""], *(f"/procedures/?q={quote(words)}" for words in WORDS)),
        each([""], *(f"/tracking/{code}/" for code in coded)),
        each(CITIZENS, "/my/"),
    ]
    return dict(zip(READING, asked, strict=True))


def way(path: str, headers: Mapping[str, str], body: str = "") -> list[Any]:
    return [path, headers, body]


def citizens() -> None:
    """Those who have no account at the province's node get one, and drafts in it."""
    from django.utils import timezone  # noqa: PLC0415 — as above

    from motcua.demo.people import BY_KEY  # noqa: PLC0415
    from motcua.demo.seeding import open_account  # noqa: PLC0415
    from motcua.dossiers import actions  # noqa: PLC0415
    from motcua.people.models import actor_of  # noqa: PLC0415
    from motcua.procedures.models import Version  # noqa: PLC0415

    version = Version.objects.in_force(timezone.localdate()).get(procedure__code="2.000986")
    for key in CITIZENS:
        by = actor_of(open_account(BY_KEY[key]))
        for _draft in range(DRAFTS):
            actions.begin(version, by=by, case="lien_thong", agency=SA_PA, agency_name="Phường Sa Pa")


def writing(sessions: Sessions, requests: int) -> list[Door]:
    """What is received, proposed, and brought by a system: on dossiers of their own, twice as many as will be wanted."""
    from motcua.api import actions, tokens  # noqa: PLC0415 — as above
    from motcua.api.models import Client  # noqa: PLC0415
    from motcua.api.scopes import Scope  # noqa: PLC0415
    from motcua.dossiers.models import Dossier  # noqa: PLC0415
    from motcua.lib.actors import Actor  # noqa: PLC0415

    scopes = [Scope.FILE, Scope.RECEIVE]
    client = Client(agency=SA_PA, name="Bench", scopes=scopes, per_minute=MOST)
    actions.register(client, by=Actor.system("bench"))
    token = tokens.issue(client, scopes)
    body, _first = fitting(token)
    waiting = brought(token, body, needed(RECEIVE, requests))
    received = brought(token, body, needed(PROPOSE, requests))
    for pk in received:
        post(token, f"/dossiers/{pk}/accept", {})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    by = sessions.of(examiner(Dossier.objects.get(pk=received[0]))) | form
    machine = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    told = "opinion=" + quote("Hồ sơ đủ điều kiện.")
    ways = {
        RECEIVE: [way(f"/desk/dossiers/{pk}/accept/", sessions.of("suong") | form) for pk in waiting],
        PROPOSE: [way(f"/desk/dossiers/{pk}/propose/", by, told) for pk in received],
        BRING: [way("/api/v1/dossiers", machine, json.dumps(body))],
    }
    return [{"name": name, "weight": WRITING[name], "ways": ways[name]} for name in WRITING]


def needed(name: str, requests: int) -> int:
    """Twice as many as are to be expected, and some more."""
    return 2 * requests * WRITING[name] // 100 + 20


def brought(token: str, body: Mapping[str, Any], count: int) -> Sequence[str]:
    """So many dossiers more, as a system brings them."""
    return [post(token, "/dossiers", dict(body))[1]["id"] for _dossier in range(count)]


def examiner(dossier: Any) -> str:
    """Who at Sa Pa holds the post of the step a dossier stands at."""
    from motcua.demo.people import PEOPLE  # noqa: PLC0415 — as above

    role = dossier.steps.filter(state="running").values_list("role", flat=True).get()
    return next(one.key for one in PEOPLE if any(place[:2] == (SA_PA, role) for place in one.posts))
