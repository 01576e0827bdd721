"""Every address of a node, knocked at by nobody: closed, unless it stands in the list of what is public."""

import re
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

SAMPLES = {"uuid": str(UUID(int=7)), "int": "7", "slug": "khac", "str": "khac", "path": "khac"}

# What anyone may read or ask without signing in; each line is a decision.
PUBLIC = {
    "/": "the front page",
    "/account/inactive/": "says that an account is closed",
    "/account/login/": "where one signs in",
    "/account/logout/": "leads to the front page",
    "/api/": "how machines talk to the node",
    "/api/v1/openapi.json": "the same for machines",
    "/api/v1/token": "where a machine shows its secret",
    "/api/v1/verifications": "checks a paper, for machines",
    "/demo/gateway/ledger/": "the demo's bank",
    "/demo/gateway/statement/": "the demo's bank",
    "/demo/gateway/transfer/": "the demo's bank",
    "/demo/mails/": "the demo's mail",
    "/help/": "the guides",
    "/numbers/": "public figures",
    "/numbers/levels.csv": "public figures",
    "/numbers/levels/": "public figures",
    "/numbers/lists/": "public figures",
    "/numbers/overdue/": "overdue dossiers by their codes",
    "/numbers/ratings.csv": "public figures",
    "/numbers/report.csv": "public figures",
    "/numbers/report/": "public figures",
    "/numbers/table.csv": "public figures",
    "/numbers/unused/": "services nobody uses",
    "/overdue/": "overdue dossiers by their codes",
    "/oversight/": "leads to the integrity of the journal",
    "/oversight/integrity/": "signed heads of the journal, no content",
    "/procedures/": "the catalogue",
    "/rate/": "who filed at a counter says how it was",
    "/rate/thanks/": "thanks for it",
    "/receipt/": "who filed at a counter shows the receipt",
    "/receipt/00000000-0000-0000-0000-000000000007/leave/": "closes what the receipt opened",
    "/tracking/": "asks for a code",
    "/ui/": "the components",
    "/ui/khac.css": "the components",
    "/ui/language/": "sets a cookie",
    "/ui/theme/": "sets a cookie",
    "/verify/": "checks a paper",
}


def addresses(resolver=None, before="/"):
    """All addresses with their parameters filled in."""
    for one in (resolver or get_resolver()).url_patterns:
        here = before + filled(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, here)
        elif isinstance(one, URLPattern):
            yield here


def filled(pattern):
    """A path with something for each parameter; of a regular expression its fixed beginning."""
    route = getattr(pattern, "_route", None)
    if route is None:
        return re.split(r"[(\[\\^$]", str(pattern).lstrip("^"))[0]
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "khac"), str(route))


def is_shut(answer):
    """Sent to sign in, refused, or told that there is nothing."""
    to_sign_in = answer.status_code == 302 and "/account/login/" in answer["Location"]
    return to_sign_in or answer.status_code in {400, 401, 403, 404, 405, 415, 422}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gets_in_but_where_it_is_public(client, method):
    knock = getattr(client, method)
    answers = {address: knock(address) for address in sorted(set(addresses())) if address not in PUBLIC}
    assert len(answers) > 100
    found = [f"{answer.status_code} {address}" for address, answer in answers.items() if not is_shut(answer)]
    assert found == [], "\n" + "\n".join(found)
