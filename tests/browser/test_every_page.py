"""Every page that has an address is drawn once, with something on it, and looked at: accessible to all, no wider than a phone."""

from inspect import getclosurevars

import pytest
from django.urls import URLResolver, get_resolver

from motcua.sharing import asking
from tests.browser.accounts import accounts
from tests.browser.desk import desk
from tests.browser.looks import Visitors, drawn
from tests.browser.portal import portal
from tests.line import Line
from tests.looking import faults_in
from tests.people.test_vouching import SECRET, service
from tests.portal.test_my import exchange  # noqa: F401 — a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
GATEWAY = "http://localhost/demo/gateway/"

# Named addresses that show no page of ours when one goes there; each line is a decision.
NO_PAGES = {
    "files, to be kept or printed": """
        portal:appointment_calendar portal:calendar portal:holding_file portal:attachment portal:sign_form
        portal:batch_workbook portal:batch_template portal:list_sign_form
        desk:result_paper desk:asked_paper desk:opinion_file desk:print_receipts desk:indicators_table
        desk:document_table desk:tasks_workbook desk:tasks_table desk:indicators_sheet desk:payments desk:file desk:download desk:reorganisation_file desk:control_slip
        desk:mandate_paper desk:post_slips desk:paper desk:document
        desk:incoming_file desk:outgoing_file desk:copy_file desk:version_file desk:draft_preview desk:template_preview desk:folder_contents
        indicators:table indicators:levels_table indicators:list_table indicators:ratings_table desk:ratings_table
        tracking:report_table
        ui:stylesheet mfa_download_recovery_codes""",
    "they only lead on": """
        portal:resume portal:sign_back portal:list_sign_back oversight:home identity_arrive account_logout mfa_login_webauthn""",
    "machines speak here": """
        payments:notice api:axis idp:oidc:configuration idp:oidc:jwks idp:oidc:token idp:oidc:userinfo""",
    "looked at on every screen in tests/ui": "ui:gallery",
    "shadowed here by a page at the same address; looked at in tests/journeys": "node_home",
    "asks for a true key; its form is that of mfa_reauthenticate": "mfa_reauthenticate_webauthn",
}


@pytest.fixture
def node(settings):
    """A node that takes money, keeps identities, and asks others who somebody is."""
    (settings.KEYS / "clients").mkdir(parents=True)
    for name in ("gateway", "clients/tinh", "clients/bank"):
        (settings.KEYS / f"{name}.key").write_text(SECRET)
    settings.NODE = settings.NODE.model_copy(
        update={
            "bank_account": "970436 0011001932418 UBND PHUONG SA PA",
            "gateway_url": GATEWAY,
            "gateway_api": f"{GATEWAY}api/",
            "gateway_code": "MOTCUA01",
            "identity": "provider",
            "identity_clients": (service("tinh", asks_consent=True), service("bank")),
            "identity_issuer": "http://127.0.0.1:9",
            "identity_client": "x",
        }
    )


@pytest.fixture
def registers(exchange):  # noqa: F811
    """What the registers answer, by their keepers."""
    return exchange[1]


@pytest.fixture
def line(monkeypatch):
    """Registers answer as they would over the network."""
    monkeypatch.setattr(asking, "call", Line().call)


def test_every_page_of_the_desk(node, line):
    visitor = Visitors()
    look_at_all(visitor, desk(visitor), "desk", "api")


def test_every_page_for_citizens(node, registers):
    visitor = Visitors()
    look_at_all(visitor, portal(visitor, registers), "portal", "tracking", "payments", "indicators", "ui")


def test_every_page_of_accounts_and_oversight(node):
    visitor = Visitors()
    look_at_all(visitor, accounts(visitor), "", "idp", "notices", "oversight")


BAD = b"""<!doctype html><html lang="vi"><head><title>x</title></head><body><main><h1>x</h1>
<p><font color="#333333">Ai doc duoc</font></p><input name="x"><p style="margin: 0">x</p><pre>%s</pre></main></body></html>"""


def test_what_is_wrong_is_found_and_what_looks_as_before_is_weighed_once():
    found = faults_in({"first": BAD % b"x", "second": BAD % (b"x" * 200)})
    kinds = {where: [one.split(" ")[0] for one in faults] for where, faults in found.items()}
    assert kinds == {
        "first": ["color-contrast", "label", "against"],
        "second": ["label", "against", kinds["second"][2]],
    }
    assert found["second"][2].endswith(" px wide")


def look_at_all(visitor, looks, *contexts):
    """Everything that has a name in these contexts is looked at, or argued about, and nothing is wrong with it."""
    argued = {name for listed in NO_PAGES.values() for name in listed.split() if context_of(name) in contexts}
    looked_at = {look.name for look in looks}
    assert looked_at | argued == {name for name in named() if context_of(name) in contexts}
    assert looked_at & argued == set()
    assert faults_in(drawn(visitor, looks)) == {}


def context_of(name):
    return name.partition(":")[0] if ":" in name else ""


def test_every_context_with_addresses_is_looked_at():
    contexts = {
        "desk",
        "api",
        "portal",
        "tracking",
        "payments",
        "indicators",
        "ui",
        "",
        "idp",
        "notices",
        "oversight",
    }
    assert {context_of(name) for name in named()} == contexts


def named(resolver=None, above=()):
    """The names of all addresses where one can go, and not only send something."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from named(one, (*above, one.namespace) if one.namespace else above)
        elif one.name and "GET" in methods_of(one.callback):
            yield ":".join((*above, one.name))


def methods_of(view):
    """What a view answers, as Django's decorators were told."""
    while view:
        told = getclosurevars(view).nonlocals.get("request_method_list")
        if told:
            return told
        view = getattr(view, "__wrapped__", None)
    return ["GET"]
